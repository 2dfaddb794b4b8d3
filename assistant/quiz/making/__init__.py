"""Makes quiz items from the structure of the notes, and checks them."""
