"""The one rule of names: which are those of notes, what a note is called, and which names are one note.

A name is in Unicode's composed form (NFC), whatever the system wrote that a file comes from: macOS takes Hangul apart
(NFD), and a name that looks the same would be another. Limits count bytes, as file systems do.
"""

import re
import unicodedata
from pathlib import Path, PurePosixPath

from index.language.languages import LANGUAGES

SUFFIXES = (".md", ".markdown", ".mdx", ".qmd", ".rmd")
#: File systems allow 255 bytes a part; what is put in place atomically needs a longer name for a moment.
PART_BYTES = 240
NAME_BYTES = 800
_NOTION_ID = re.compile(r"[\s_-][0-9a-f]{32}(?=[./]|$)")


def is_note(name: str) -> bool:
    """Return whether a file called ``name`` is a note by its ending, in capitals or not."""
    return name.lower().endswith(SUFFIXES)


def composed(name: str) -> str:
    """Return ``name`` with composed letters."""
    return unicodedata.normalize("NFC", name)


def shown_name(name: str) -> str:
    """Return a note's ``name`` as people read it: without the ids that Notion puts into names of files and folders."""
    return _NOTION_ID.sub("", name)


def note_stem(name: str) -> str:
    """Return the composed ``name`` without its ending: equal for names that are one note."""
    name = composed(name)
    return next((name[: -len(suffix)] for suffix in SUFFIXES if name.lower().endswith(suffix)), name)


def edition_of(name: str) -> tuple[str, str | None]:
    """Split ``a/b.ko.md`` into its stem ``a/b`` and language ``ko``; the language is None without such a suffix."""
    stem = note_stem(name)
    base, _, suffix = stem.rpartition(".")
    return (base, suffix) if base and suffix in LANGUAGES else (stem, None)


def wrong_with(name: str) -> str:
    """Return what is wrong with the composed ``name`` of a note to be: ``""``, or the kind of problem.

    ``unsafe_name``: it leads out of its folder, hides, or holds what no name should; ``long_name``: a file system
    would refuse it; ``not_markdown``: another kind of file.
    """
    parts = name.split("/")
    is_safe = (
        name.isprintable()
        and ":" not in name
        and not PurePosixPath(name).is_absolute()
        and all(part and not part.startswith(".") and part == part.strip() for part in parts)
    )
    if not is_safe:
        return "unsafe_name"
    if len(name.encode()) > NAME_BYTES or any(len(part.encode()) > PART_BYTES for part in parts):
        return "long_name"
    return "" if is_note(name) else "not_markdown"


def file_below(folder: Path, name: str) -> Path | None:
    """Return the file called ``name`` below ``folder``, however its letters are composed there, or None.

    Nothing outside of the folder is found, and whatever cannot be a name is not there.
    """
    try:
        root = found = folder.resolve()
        for part in composed(name).split("/"):
            if part == "..":
                return None
            apart = found / unicodedata.normalize("NFD", part)
            found = found / part
            if not found.exists() and apart.exists():
                found = apart
        found = found.resolve()
        return found if found.is_relative_to(root) and found.is_file() else None
    except (OSError, ValueError):  # too long for the file system, or with a character that it has no room for
        return None
