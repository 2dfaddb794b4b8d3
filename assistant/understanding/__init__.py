"""From a message in its dialogue to questions that stand alone, and the form of answer they ask for."""
