"""Where relative links between notes lead: to which note, and to which of its lines."""

import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence
from urllib.parse import quote, unquote

from index import Note
from index.language.languages import LANGUAGES
from index.reading.note_names import composed, note_stem

_LINES = re.compile(r"L\d{1,9}(?:-L\d{1,9})?")
_NOT_IN_SLUG = re.compile(r"[^\w\- ]")
_ENDINGS = (".html", ".htm", ".qmd", ".rmd", ".mdx", ".ipynb", ".md", ".markdown")
_INDEXES = ("index", "README", "_index")
_LONGEST_ADDRESS = 1000


class NoteLinks:
    """Finds among ``notes`` the one that a link in another means.

    :param notes: All notes, by file.
    """

    def __init__(self, notes: Mapping[str, Note]) -> None:
        self._notes = notes
        self._by_stem: dict[str, list[str]] = {}
        self._by_name: dict[str, list[str]] = {}
        for file in notes:
            stem = note_stem(file).casefold()
            for known in {stem, _without_language(stem)}:
                self._by_stem.setdefault(known, []).append(file)
                self._by_name.setdefault(posixpath.basename(known), []).append(file)

    def address(self, note: str, href: str, *, with_lines: bool = False) -> str | None:
        """Return the address on this site that a link ``href`` in the note called ``note`` leads to, None for none.

        :param with_lines: Name lines also where the link means a whole note: those of its first section.
        """
        if len(href) > _LONGEST_ADDRESS:
            return None
        path, _, anchor = href.partition("#")
        path, anchor = unquote(path.split("?")[0]).replace("\\", "/"), unquote(anchor)
        file = self._file(note, path) if path else (note if note in self._notes else None)
        if file is None:
            return None
        lines = lines_of_anchor(self._notes[file], anchor) if anchor else ""
        if not lines and with_lines:
            lines = f"L{self._notes[file].sections[0].first_line}"
        return f"/notes/{quote(file)}#{lines}" if lines else f"/notes/{quote(file)}"

    def _file(self, note: str, path: str) -> str | None:
        if path.removeprefix("/notes/") in self._notes:
            return path.removeprefix("/notes/")
        for stem in _stems(note, composed(path)):
            if stem in self._by_stem:
                return self._nearest(self._by_stem[stem], note)
        name = posixpath.basename(_without_ending(composed(path).rstrip("/"))).casefold()
        return self._nearest(self._by_name.get(name, []), note)

    def _nearest(self, files: Sequence[str], note: str) -> str | None:
        """Return that of ``files`` in the language of ``note``, of several the one with the shortest way."""
        language = self._notes[note].language if note in self._notes else ""

        def rank(file: str) -> tuple[bool, bool, int, str]:
            away = posixpath.dirname(file) != posixpath.dirname(note)
            return self._notes[file].language != language, away, file.count("/"), file

        return min(files, key=rank, default=None)


def _stems(note: str, path: str) -> Iterator[str]:
    """Yield the stems that ``path`` may mean, in lower case: relative to the note, then to the root."""
    base = posixpath.dirname(note)
    for start in ([base] if not path.startswith("/") else []) + [""]:
        full = posixpath.normpath(posixpath.join(start, path.lstrip("/"))).casefold()
        for stem in dict.fromkeys((full, _without_ending(full))):
            yield stem
            yield from (posixpath.join(stem, name.casefold()) for name in _INDEXES)
    # A site with an address a page has one more step in its relative links.
    yield _without_ending(posixpath.normpath(posixpath.join(note_stem(note), path)).casefold())


def _without_ending(path: str) -> str:
    return next((path[: -len(ending)] for ending in _ENDINGS if path.lower().endswith(ending)), path)


def _without_language(stem: str) -> str:
    base, _, suffix = stem.rpartition(".")
    return base if base and suffix in LANGUAGES else stem


def lines_of_anchor(note: Note, anchor: str) -> str:
    """Return what ``anchor`` means in ``note``, such as ``L12``; ``""`` where nothing there is called so.

    It may be lines as this site writes them, a heading, as written or as sites make an address of it, the name that
    the note gives a place, or a block's.
    """
    if _LINES.fullmatch(anchor):
        return anchor
    wanted = anchor.rsplit("#", 1)[-1].strip()
    seen: dict[str, int] = {}
    loosely = ""
    for section in note.sections:
        slug = _slug(section.leaf)
        seen[slug] = seen.get(slug, -1) + 1
        numbered = f"{slug}-{seen[slug]}" if seen[slug] else slug
        if wanted.casefold() == numbered:
            return f"L{section.first_line}"
        if not loosely and _letters(section.leaf) == _letters(wanted):
            loosely = f"L{section.first_line}"
    return loosely or _named_place(note.text, wanted)


def _named_place(text: str, name: str) -> str:
    """Return the line on which a note names a place: ``{#name}``, ``<a id="name">``, ``^name``."""
    marks = (f"{{#{name}", f'id="{name}"', f'name="{name}"', f"id='{name}'", f" {name}\n" if name[:1] == "^" else "\0")
    found = min((place for mark in marks if (place := text.find(mark)) >= 0), default=-1)
    return f"L{text.count(chr(10), 0, found) + 1}" if found >= 0 else ""


def _slug(heading: str) -> str:
    return _NOT_IN_SLUG.sub("", composed(heading).strip().casefold()).replace(" ", "-")


def _letters(text: str) -> str:
    counted = "".join(letter for letter in composed(text).casefold() if letter.isalnum())
    return counted or text
