"""Orders names as people do: ``2-x`` before ``10-x``, ``2주차`` before ``10주차``, and what opens a folder first."""

import re
from pathlib import PurePosixPath

from index.reading.note_names import composed, edition_of

_DIGITS = re.compile(r"(\d+)")
_LONGEST_NUMBER = 18
_FRONT_PAGES = frozenset({"index", "_index", "readme"})

#: A place among the files and folders of one folder: what opens it, what has a position, the rest by name.
Rank = tuple[int, float, tuple[tuple[int, int, str], ...]]
_FRONT, _PLACED, _NAMED = range(3)


def is_front_page(name: str) -> bool:
    """Return whether the note called ``name`` is the one that opens its folder: ``README.md``, ``index.ko.md``."""
    return PurePosixPath(edition_of(name)[0]).name.casefold() in _FRONT_PAGES


def rank_of(name: str, position: float | None = None) -> Rank:
    """Return the place of a file or folder called ``name``, without its ending, in its folder.

    :param position: What its author gave it; the lowest comes first, and before all that have none.
    """
    words = (word for word in _DIGITS.split(composed(name).casefold()) if word)
    spelt = tuple((0, int(word[:_LONGEST_NUMBER]), word) if word.isdecimal() else (1, 0, word) for word in words)
    if position is not None:
        return _PLACED, position, spelt
    return (_FRONT if name.casefold() in _FRONT_PAGES else _NAMED), 0.0, spelt


def natural_key(name: str) -> tuple[tuple[Rank, ...], str]:
    """Return what the note called ``name`` is sorted by among all notes: the places of its folders and its own."""
    stem, _ = edition_of(name)
    return tuple(rank_of(part) for part in PurePosixPath(stem).parts), name
