"""The notes as a book to read."""
