"""From files of other formats (slides, PDF, Word, HTML, notebooks, tables, Hangul) to Markdown notes."""
