"""The layout of a course: the order of its notes, and what lists and folders around each call it."""

import posixpath
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path, PurePosixPath

from index.reading.layout.contents import ListedNote, listed_by_book, listed_by_mkdocs, listed_by_summary
from index.reading.layout.folder_files import FOLDER_FILES, FolderSays, said_of
from index.reading.layout.front_matter import FrontMatter
from index.reading.layout.natural_order import Rank, is_front_page, rank_of
from index.reading.layout.not_notes import IGNORE_FILE, SUMMARY
from index.reading.layout.note_files import NotesFound
from index.reading.layout.sites import MKDOCS_FILES, mkdocs_folder
from index.reading.layout.unit_names import readable_name, unit_of
from index.reading.note_names import composed, edition_of

_POSITIONS = ("sidebar_position", "nav_order", "weight", "order")
_BOOK_FILES = ("_toc.yml", "_quarto.yml", "myst.yml")
_LEVELS_ABOVE = 3
_LINES_OF_A_TITLE = 60


@dataclass(frozen=True, slots=True)
class NotePlace:
    """What stands around a note: the ``title`` that a list of contents gives it, and the names of what it lies in.

    ``folders`` are what the folders around it are called, ``above`` the headings of the list, outermost first.
    """

    title: str = ""
    folders: tuple[str, ...] = ()
    above: tuple[str, ...] = ()

    @property
    def groups(self) -> tuple[str, ...]:
        """All that it lies in, outermost first: what a list of contents says counts more than folders."""
        return (*self.folders, *self.above)


@dataclass(frozen=True, slots=True)
class _Page:
    """The note that opens a folder; ``is_section``: it is there to name it, as Hugo's is."""

    title: str
    front: FrontMatter
    is_section: bool


@dataclass(frozen=True, slots=True)
class _Listed:
    """A list of contents: what it lists by stem below the notes' folder, and the folder that it is of."""

    base: str
    notes: Mapping[str, tuple[int, ListedNote]]


class CourseLayout:
    """The layout of the notes in ``folder``.

    :param texts: The readable notes by name; ``fronts``: their front matter.
    """

    def __init__(
        self, folder: Path, found: NotesFound, texts: Mapping[str, str], fronts: Mapping[str, FrontMatter]
    ) -> None:
        self._folder = folder
        self._fronts = fronts
        self._lists = list(_lists(folder, found))
        self._pages: dict[str, dict[str | None, _Page]] = {}
        for name in filter(is_front_page, texts):
            stem, language = edition_of(name)
            is_section = PurePosixPath(stem).name == "_index"
            page = _Page(_title(texts[name], fronts[name]), fronts[name], is_section)
            self._pages.setdefault(_parent(name), {})[language] = page
        self._said = lru_cache(maxsize=None)(self._said_anew)
        self._label = lru_cache(maxsize=None)(self._label_anew)

    def sorted(self) -> list[str]:
        """Return the names of the notes in the order of the course."""
        return sorted(self._fronts, key=lambda name: (self._key(name), name))

    def place(self, name: str) -> NotePlace:
        """Return what stands around the note called ``name``."""
        stem = edition_of(name)[0]
        listed = next((one.notes[stem][1] for one in self._lists if stem in one.notes), ListedNote(""))
        title = listed.title or self._said(_parent(name)).titles.get(PurePosixPath(stem).name, "")
        parent = self._fronts[name].text("parent")
        language = edition_of(name)[1]
        around = [str(folder) for folder in reversed(PurePosixPath(name).parents) if folder.name]
        folders = [self._label(folder, language) for folder in around]
        return NotePlace(title, tuple(folders), (*listed.above, *([parent] if parent else [])))

    def _key(self, name: str) -> tuple[Rank, ...]:
        """Return what a note is sorted by: the places of its folders and its own, or its place in a list."""
        stem = edition_of(name)[0]
        parts = PurePosixPath(stem).parts
        ranks: list[Rank] = []
        for depth, part in enumerate(parts):
            at = "/".join(parts[:depth])
            for one in self._lists:
                if one.base == at and stem in one.notes:
                    return (*ranks, (-1, float(one.notes[stem][0]), ()))
            ranks.append(self._rank(name, at, part, is_folder=depth < len(parts) - 1))
        return tuple(ranks)

    def _rank(self, name: str, at: str, part: str, *, is_folder: bool) -> Rank:
        said = self._said(at)
        position = said.places.get(part)
        if position is None and is_folder:
            position = self._position_of_folder(posixpath.join(at, part))
        elif position is None and not is_front_page(name):
            position = self._fronts[name].number(*_POSITIONS)
        return rank_of(part, said.rest if position is None else position)

    def _position_of_folder(self, folder: str) -> float | None:
        position = self._said(folder).position
        page = self._page(folder, None)
        return page.front.number(*_POSITIONS) if position is None and page else position

    def _page(self, folder: str, language: str | None) -> _Page | None:
        """Return the note that opens ``folder``, in ``language`` where there is such an edition."""
        pages = self._pages.get(folder, {})
        return pages.get(language) or next(iter(pages.values()), None)

    def _said_anew(self, folder: str) -> FolderSays:
        return said_of(self._folder / folder)

    def _label_anew(self, folder: str, language: str | None) -> str:
        """Return what a folder is called: by its label, by the title of the note that opens it, by its name."""
        name = readable_name(PurePosixPath(folder).name)
        page = self._page(folder, language)
        own = self._said(folder).label or (page.front.text("title") if page and page.is_section else "")
        if unit_of(own):
            return own
        unit, title = unit_of(name), page.title if page else ""
        if unit_of(title) and (not unit or _digits(unit) == _digits(unit_of(title))):
            return title
        return f"{unit}: {own}" if unit and own else own or name


def layout_files(folder: Path, found: NotesFound) -> dict[str, Path]:
    """Return the files beside the notes that decide their order and names, by a name that tells them apart."""
    names = [posixpath.join(base, name) for base in _bases(found) for name in (f"{SUMMARY}.md", *_BOOK_FILES)]
    names += [IGNORE_FILE, *MKDOCS_FILES, *(site.config for site in found.sites)]
    folders = {str(parent) for note in found.notes for parent in PurePosixPath(note.name).parents}
    names += [posixpath.join("" if at == "." else at, name) for at in folders for name in FOLDER_FILES]
    files = {name: folder / name for name in sorted(names)}
    above = _mkdocs_above(folder)
    if above:
        files[f"above/{above.name}"] = above
    return {name: path for name, path in files.items() if path.is_file()}


def _lists(folder: Path, found: NotesFound) -> Iterator[_Listed]:
    """Yield the lists of contents, those first that go before others."""
    for site in found.sites:
        if PurePosixPath(site.config).name in MKDOCS_FILES:
            yield _listed(site.notes, "", listed_by_mkdocs(folder / site.config))
    above = _mkdocs_above(folder) or next((folder / name for name in MKDOCS_FILES if (folder / name).is_file()), None)
    if above and not any(site.folder == "" for site in found.sites):
        yield _listed("", "", listed_by_mkdocs(above))
    for base in _bases(found):
        summary = folder / base / f"{SUMMARY}.md"
        if summary.is_file():
            yield _listed(base, "", listed_by_summary(summary))
        for name in _BOOK_FILES:
            if (folder / base / name).is_file():
                yield _listed(base, "", listed_by_book(folder / base / name))


def _bases(found: NotesFound) -> list[str]:
    """Return the folders in which a list of contents may lie, those first that go before others."""
    summaries = [item.file for item in found.passed_over if PurePosixPath(item.file).stem == SUMMARY]
    sites = [*(site.notes for site in found.sites), *(site.folder for site in found.sites)]
    return list(dict.fromkeys([*sites, *map(_parent, summaries), ""]))


def _listed(base: str, below: str, notes: list[ListedNote]) -> _Listed:
    found: dict[str, tuple[int, ListedNote]] = {}
    for number, note in enumerate(notes):
        path = posixpath.normpath(posixpath.join(base, below, composed(note.path)))
        found.setdefault(edition_of(path)[0], (number, note))
    return _Listed(base, found)


def _mkdocs_above(folder: Path) -> Path | None:
    """Return the ``mkdocs.yml`` above ``folder`` that says that its notes lie there, None where there is none."""
    try:
        notes = folder.resolve()
    except OSError:
        return None
    for parent in list(notes.parents)[:_LEVELS_ABOVE]:
        for name in MKDOCS_FILES:
            config = parent / name
            if config.is_file() and (parent / mkdocs_folder(config)).resolve() == notes:
                return config
    return None


def _parent(name: str) -> str:
    parent = str(PurePosixPath(name).parent)
    return "" if parent == "." else parent


def _title(text: str, front: FrontMatter) -> str:
    """Return the title of a note that opens its folder, as far as a look at its beginning tells."""
    for line in text.split("\n")[:_LINES_OF_A_TITLE]:
        if line.startswith(("```", "~~~")):
            break
        if line.startswith("# "):
            return line.strip("# \t\r").replace("*", "")
    return front.text("title")


def _digits(text: str) -> str:
    return "".join(letter for letter in text if letter.isdecimal()).lstrip("0")
