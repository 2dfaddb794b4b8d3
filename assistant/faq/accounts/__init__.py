"""Who may sign in as an instructor, who is signed in, and how guessing is slowed down."""
