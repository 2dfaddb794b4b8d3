"""What the class asks: the question log, groups of questions that ask the same, and the instructor's FAQ entries."""
