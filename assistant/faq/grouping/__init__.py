"""Groups logged questions that ask the same."""
