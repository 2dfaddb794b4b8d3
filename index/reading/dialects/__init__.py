"""The ways Markdown is written, one module each: each turns its own marks into portable Markdown, line for line."""
