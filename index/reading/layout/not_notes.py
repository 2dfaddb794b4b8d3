"""Says which Markdown files are no notes, and why: drafts of sites, templates, what programs brought along or made."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import pathspec

from index.errors import ContentError

IGNORE_FILE = ".notesignore"
_MOST_BYTES = 256 * 1024

#: Folders by name: what they hold is never a note.
_FOLDERS: Final = {
    **dict.fromkeys(("node_modules", "bower_components", "site-packages", "__pycache__"), "packages"),
    **dict.fromkeys(("_site", "_freeze"), "output"),
    **dict.fromkeys(("templates", "template", "_templates", "_includes", "_layouts", "archetypes"), "templates"),
    "_drafts": "draft",
}
#: Folders that are a program's output where a page lies in them, or the program's file beside them.
_OUTPUTS: Final = frozenset({"site", "public", "build", "dist", "_build", "_book", "book"})
_PAGES: Final = ("index.html", "sitemap.xml", "404.html")
_MAKERS: Final = {
    "site": ("mkdocs.yml", "mkdocs.yaml"),
    "public": ("hugo.toml", "hugo.yaml", "hugo.yml", "hugo.json"),
    "build": tuple(f"docusaurus.config.{kind}" for kind in ("js", "ts", "mjs", "cjs")),
    "dist": tuple(f"astro.config.{kind}" for kind in ("js", "ts", "mjs")),
    "_build": ("conf.py", "_toc.yml", "myst.yml"),
    "_book": ("_quarto.yml", "_bookdown.yml", "book.json"),
    "book": ("book.toml",),
}
#: Files by their names without ending, in capitals as projects write them: in small letters they may be lectures.
_PAPERS: Final = frozenset({"LICENSE", "LICENCE", "CONTRIBUTING", "CHANGELOG", "SECURITY", "PULL_REQUEST_TEMPLATE"})
_CONTENTS: Final = frozenset({"_sidebar", "_navbar", "_footer", "_coverpage", "_toc"})
SUMMARY = "SUMMARY"
#: Why something is no note, in English and without a full stop.
REASONS: Final = {
    "packages": "it belongs to packages that a program installed",
    "output": "it is what a site's program made of the notes",
    "templates": "it is a template",
    "draft": "it is a draft",
    "project": "it is a paper of the project, no note",
    "contents": "it is the list of the notes; they are ordered by it",
    "outside": "it lies outside the folder of the site's notes",
    "ignored": f"{IGNORE_FILE} says so",
}


@dataclass(frozen=True, slots=True)
class PassedOver:
    """A file or folder that is left out on purpose; ``kind`` is a key of :data:`REASONS`."""

    file: str
    kind: str

    def __str__(self) -> str:
        """Return one sentence."""
        return f"{self.file} is no note: {REASONS[self.kind]}"


@dataclass(frozen=True, slots=True)
class IgnoreRules:
    """The patterns of ``.notesignore``, which are those of Git; ``wrong_lines`` are no patterns."""

    spec: pathspec.GitIgnoreSpec = field(default_factory=lambda: pathspec.GitIgnoreSpec.from_lines([]))
    wrong_lines: tuple[int, ...] = ()
    has_exceptions: bool = False

    def says(self, name: str, *, is_folder: bool = False) -> bool | None:
        """Return whether ``name`` is left out (True) or taken after all (False); None where nothing is said of it."""
        return self.spec.check_file(f"{name}/" if is_folder else name).include


def ignore_rules(folder: Path) -> IgnoreRules:
    """Return the patterns beside the notes in ``folder``, none where there is no such file.

    :raises ContentError: If it cannot be read: what it keeps from students must not be shown.
    """
    path = folder / IGNORE_FILE
    if not path.is_file():
        return IgnoreRules()
    try:
        with path.open("rb") as stream:
            text = stream.read(_MOST_BYTES).decode("utf-8-sig", "replace")
    except OSError as error:
        raise ContentError(f"the file cannot be read: {error.strerror}", path) from error
    good: list[str] = []
    wrong: list[int] = []
    for number, line in enumerate(text.splitlines(), start=1):
        if _is_pattern(line):
            good.append(line)
        else:
            wrong.append(number)
    has_exceptions = any(line.startswith("!") for line in good)
    return IgnoreRules(pathspec.GitIgnoreSpec.from_lines(good), tuple(wrong), has_exceptions)


def _is_pattern(line: str) -> bool:
    try:
        pathspec.GitIgnoreSpec.from_lines([line])
    except ValueError:
        return False
    return True


def folder_kind(path: Path, siblings: Iterable[str]) -> str:
    """Return why the folder at ``path`` holds no notes, ``""`` where it may.

    :param siblings: The names of the files beside it.
    """
    name = path.name.casefold()
    if name in _OUTPUTS:
        makes = not set(_MAKERS[name]).isdisjoint(siblings)
        return "output" if makes or any((path / page).is_file() for page in _PAGES) else ""
    return _FOLDERS.get(name, "")


def file_kind(path: Path) -> str:
    """Return why a file, a note by its ending, is none; ``""`` where it is one."""
    stem = path.name.partition(".")[0]
    if stem in _PAPERS or stem.casefold().replace("-", "_") == "code_of_conduct":
        return "project"
    if stem.casefold() in _CONTENTS or (stem == SUMMARY and _lists_notes(path)):
        return "contents"
    return ""


def _lists_notes(path: Path) -> bool:
    try:
        with path.open("rb") as stream:
            start = stream.read(_MOST_BYTES)
    except OSError:
        return False
    return b"](" in start and b".md" in start
