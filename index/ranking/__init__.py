"""One file a signal of how near sections and lines are to a question, and their fusion."""
