"""Loads glossaries that say which Korean and English words mean the same; knows nothing of retrieval."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, cast

import yaml

from index.errors import ContentError
from index.safe_yaml import parse_yaml

FILE_NAME = "glossary.yaml"
EVERYDAY = "everyday"
SHIPPED = tuple(Path(__file__).parent / "data" / f"{name}.yaml" for name in ("cloud_names", "computing_terms"))
EVERYDAY_WORDS = Path(__file__).parent / "data" / "everyday_words.yaml"


@dataclass(frozen=True, slots=True)
class GlossaryEntry:
    """The forms of one term; the first of a language is the preferred one. ``group`` joins parallel terms."""

    korean: tuple[str, ...]
    english: tuple[str, ...]
    group: str = ""

    @property
    def forms(self) -> tuple[str, ...]:
        """All forms, Korean first."""
        return self.korean + self.english


def load_glossary(path: Path) -> tuple[GlossaryEntry, ...]:
    """Return the entries of a YAML list of ``{ko: […], en: […], class: …}``; a missing file is an empty glossary.

    :raises ContentError: If the file is not such a list.
    """
    if not path.is_file():
        return ()
    try:
        rows: Any = parse_yaml(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise ContentError(f"the glossary cannot be read: {str(error).splitlines()[0]}", path) from error
    if rows is None:
        return ()
    if not isinstance(rows, list):
        raise ContentError("the glossary must be a list of {ko: […], en: […]}", path)
    return tuple(_entry(row, path) for row in cast("list[Any]", rows))


def shipped_glossary() -> tuple[GlossaryEntry, ...]:
    """Return the glossaries that ship with the project: cloud services, computing, and everyday words (so grouped)."""
    named = [entry for path in SHIPPED for entry in load_glossary(path)]
    return (*named, *(replace(entry, group=EVERYDAY) for entry in load_glossary(EVERYDAY_WORDS)))


def _entry(row: Any, path: Path) -> GlossaryEntry:  # noqa: ANN401 - anything can stand in a YAML file
    if not isinstance(row, dict):
        raise ContentError(f"a glossary entry must be {{ko: […], en: […]}}, not {row!r}", path)
    fields = cast("dict[str, Any]", row)
    korean, english = (_forms(fields.get(language), path) for language in ("ko", "en"))
    return GlossaryEntry(korean, english, str(fields.get("class") or ""))


def _forms(value: Any, path: Path) -> tuple[str, ...]:  # noqa: ANN401
    if value is None:
        return ()
    if isinstance(value, str):
        return (value,)
    if not isinstance(value, list):
        raise ContentError(f"the forms of a glossary entry must be a list, not {value!r}", path)
    return tuple(str(form) for form in cast("list[Any]", value))


def as_rows(entries: Iterable[GlossaryEntry]) -> list[list[Any]]:
    """Return ``entries`` as plain JSON values."""
    return [[list(entry.korean), list(entry.english), entry.group] for entry in entries]


def from_rows(rows: Iterable[list[Any]]) -> tuple[GlossaryEntry, ...]:
    """Undo :func:`as_rows`."""
    return tuple(GlossaryEntry(tuple(korean), tuple(english), group) for korean, english, group in rows)
