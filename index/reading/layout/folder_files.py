"""Reads what the files of a folder say of it: its name, its position, the order of what lies in it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any, cast

from index.reading.layout.sites import foreign_yaml
from index.reading.note_names import composed, edition_of, is_note

#: Docusaurus's and the MkDocs plugins' files, those read first that go before.
FOLDER_FILES = ("_category_.json", "_category_.yml", "_category_.yaml", ".nav.yml", ".pages")
_MOST_BYTES = 256 * 1024
_REST = "..."


@dataclass(frozen=True, slots=True)
class FolderSays:
    """What is said of a folder: its ``label``, its ``position`` among others, and the places of what lies in it.

    ``places`` and ``titles`` go by the names of files and folders without endings; ``rest`` is where the others stand.
    """

    label: str = ""
    position: float | None = None
    places: Mapping[str, float] = field(default_factory=dict[str, float])
    titles: Mapping[str, str] = field(default_factory=dict[str, str])
    rest: float | None = None


def said_of(folder: Path) -> FolderSays:
    """Return what the files in ``folder`` say of it; what cannot be read says nothing."""
    for name in FOLDER_FILES:
        path = folder / name
        if path.is_file():
            values = _json(path) if path.suffix == ".json" else foreign_yaml(path)
            if isinstance(values, dict):
                return _said(cast("dict[str, Any]", values))
    return FolderSays()


def _json(path: Path) -> Any:  # noqa: ANN401
    try:
        with path.open("rb") as stream:
            return json.loads(stream.read(_MOST_BYTES))
    except (OSError, ValueError, RecursionError):
        return None


def _said(values: Mapping[str, Any]) -> FolderSays:
    label = next((values[name] for name in ("label", "title") if isinstance(values.get(name), str)), "")
    places: dict[str, float] = {}
    titles: dict[str, str] = {}
    rest: float | None = None
    rows = values.get("nav") or values.get("arrange")
    for number, (name, title) in enumerate(_rows(rows)):
        if name.startswith(_REST):
            rest = float(number)
        elif name not in places:
            places[name] = float(number)
            if title:
                titles[name] = title
    return FolderSays(" ".join(label.split()), _number(values.get("position")), places, titles, rest)


def _rows(rows: Any) -> list[tuple[str, str]]:  # noqa: ANN401
    """Return the names that a ``nav`` lists, each with its title, those of its headings where they stand."""
    found: list[tuple[str, str]] = []
    for row in cast("list[Any]", rows) if isinstance(rows, list) else []:
        if isinstance(row, str):
            found.append((_bare(row), ""))
        elif isinstance(row, dict):
            for title, value in cast("dict[str, Any]", row).items():
                found += [(_bare(value), title)] if isinstance(value, str) else _rows(value)
    return found


def _bare(name: str) -> str:
    name = composed(name).strip("/")
    return PurePosixPath(edition_of(name)[0]).name if is_note(name) else name


def _number(value: Any) -> float | None:  # noqa: ANN401
    try:
        number = float(value)
    except (TypeError, ValueError):
        return None
    return number if abs(number) < float("inf") else None
