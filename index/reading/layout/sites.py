"""Knows the programs that make a site of Markdown: by which file they are told, and where below it the notes lie."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import tomli

from index.errors import ContentError
from index.safe_yaml import parse_yaml, yaml_text

MKDOCS_FILES = ("mkdocs.yml", "mkdocs.yaml")
_HUGO_FOLDERS = frozenset({"archetypes", "themes", "layouts"})


@dataclass(frozen=True, slots=True)
class Site:
    """A site whose file ``config`` lies in ``folder``, and whose notes lie in ``notes``, both below the notes' folder.

    Folders are relative, ``""`` is the notes' folder itself.
    """

    config: str
    folder: str
    notes: str


def foreign_yaml(path: Path) -> Any:  # noqa: ANN401 - anything can stand in a YAML file
    """Return what another program's YAML file holds, None where it cannot be read."""
    try:
        return parse_yaml(yaml_text(path), path, foreign=True)
    except ContentError:
        return None


def mkdocs_folder(config: Path) -> str:
    """Return where ``config``, a ``mkdocs.yml``, says that its notes lie, relative to it."""
    return _entry(foreign_yaml(config), "docs_dir") or "docs"


def _entry(values: Any, *names: str) -> str:  # noqa: ANN401
    """Return the text at ``names`` in nested mappings, ``""`` where there is none."""
    for name in names:
        values = cast("dict[str, Any]", values).get(name) if isinstance(values, dict) else None
    return values if isinstance(values, str) else ""


def _toml_entry(path: Path, *names: str) -> str:
    try:
        return _entry(tomli.loads(path.read_text(encoding="utf-8")), *names)
    except (OSError, UnicodeDecodeError, tomli.TOMLDecodeError, RecursionError):
        return ""


def _hugo_folder(config: Path) -> str:
    if config.suffix == ".toml":
        return _toml_entry(config, "contentDir") or "content"
    return _entry(foreign_yaml(config), "contentDir") or "content"


#: By the file that tells of a program: where its notes lie, relative to that file.
_FOLDERS: dict[str, Callable[[Path], str]] = {
    **dict.fromkeys(MKDOCS_FILES, mkdocs_folder),
    **dict.fromkeys(("hugo.toml", "hugo.yaml", "hugo.yml", "hugo.json"), _hugo_folder),
    **{f"docusaurus.config.{kind}": lambda _: "docs" for kind in ("js", "ts", "mjs", "cjs")},
    **{f"astro.config.{kind}": lambda _: "src/content/docs" for kind in ("js", "ts", "mjs")},
    "book.toml": lambda config: _toml_entry(config, "book", "src") or "src",
    ".gitbook.yaml": lambda config: _entry(foreign_yaml(config), "root"),
}
#: Hugo's file had this name once, as those of other programs have: folders of Hugo's must stand beside it.
_OLD_HUGO = ("config.toml", "config.yaml", "config.yml")


def site_folder(folder: Path, files: Collection[str], folders: Collection[str]) -> tuple[str, Path] | None:
    """Return the file of a program in ``folder`` and where its notes lie; None where there is neither.

    :param files: The names of the files in ``folder``; ``folders``: of the folders.
    """
    makers = dict(_FOLDERS)
    if not _HUGO_FOLDERS.isdisjoint(folders):
        makers |= dict.fromkeys(_OLD_HUGO, _hugo_folder)
    for name, folder_of in makers.items():
        if name in files:
            notes = folder / folder_of(folder / name)
            if notes.is_dir() and _is_below(notes, folder):
                return name, notes
    return None


def _is_below(path: Path, folder: Path) -> bool:
    return path.resolve() != folder.resolve() and path.resolve().is_relative_to(folder.resolve())
