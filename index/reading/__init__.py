"""From Markdown files to notes, sections, blocks and the passages that are embedded."""
