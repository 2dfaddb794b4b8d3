"""The database of the FAQ: its tables, their history, and reading and writing them."""
