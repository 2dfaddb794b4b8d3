"""Which files are figures, by their names."""

#: What browsers show as pictures, by the ending of a file's name.
FIGURE_TYPES = {
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".gif": "image/gif",
    ".webp": "image/webp",
    ".avif": "image/avif",
    ".bmp": "image/bmp",
    ".svg": "image/svg+xml",
}


def figure_type(name: str) -> str | None:
    """Return the media type of a file called ``name``, None where it is no figure."""
    dot = name.rfind(".")
    return FIGURE_TYPES.get(name[dot:].lower()) if dot > name.rfind("/") + 1 else None
