"""How the notes were read: what each is, and what of it was not understood, missing or left out."""
