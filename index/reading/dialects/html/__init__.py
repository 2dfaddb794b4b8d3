"""HTML in notes: each tag becomes the Markdown that says the same, on the line where it ends, or nothing."""
