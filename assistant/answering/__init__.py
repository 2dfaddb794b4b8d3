"""From hits to the lines that answer, and from those to an answer in words."""
