"""Loads glossaries that say which Korean and English words mean the same; knows nothing of retrieval."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, cast

from index.errors import ContentError
from index.safe_yaml import Rows, read_yaml

FILE_NAME = "glossary.yaml"
MAX_FORM_CHARACTERS = 200
#: Groups that are no class of parallel terms: everyday words, and those of the general glossary, which has such, too.
EVERYDAY, GENERAL, GENERAL_EVERYDAY = "everyday", "general", "general everyday"
SHIPPED = tuple(Path(__file__).parent.parent / "data" / f"{name}.yaml" for name in ("cloud_names", "computing_terms"))
EVERYDAY_WORDS = Path(__file__).parent.parent / "data" / "everyday_words.yaml"


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

    @property
    def is_everyday(self) -> bool:
        """Whether it is no term of any field."""
        return self.group in (EVERYDAY, GENERAL_EVERYDAY)

    @property
    def is_general(self) -> bool:
        """Whether it is of the general glossary of all subjects."""
        return self.group in (GENERAL, GENERAL_EVERYDAY)

    @property
    def term_class(self) -> str:
        """The class of terms that are parallel to it, empty for none."""
        return "" if self.is_everyday or self.is_general else self.group


def load_glossary(path: Path) -> tuple[GlossaryEntry, ...]:
    """Return the entries of a YAML list of ``{ko: […], en: […], class: …}``; a missing file is an empty glossary.

    :raises ContentError: If the file is not such a list.
    """
    if not path.is_file():
        return ()
    rows: Any = read_yaml(path)
    if rows is None:
        return ()
    if not isinstance(rows, Rows):
        raise ContentError("the glossary must be a list of {ko: […], en: […]}", path, 1)
    return tuple(_entry(row, path, line) for row, line in zip(rows, rows.lines, strict=True))


def shipped_glossary() -> tuple[GlossaryEntry, ...]:
    """Return the glossaries that ship with the project: cloud services, computing, and everyday words (so grouped)."""
    named = [entry for path in SHIPPED for entry in load_glossary(path)]
    return (*named, *(replace(entry, group=EVERYDAY) for entry in load_glossary(EVERYDAY_WORDS)))


def _entry(row: Any, path: Path, line: int) -> GlossaryEntry:  # noqa: ANN401 - anything can stand in a YAML file
    if not isinstance(row, dict):
        raise ContentError(f"a glossary entry must be {{ko: […], en: […]}}, not {row!r:.200}", path, line)
    fields = cast("dict[str, Any]", row)
    korean, english = (_forms(fields.get(language), path, line) for language in ("ko", "en"))
    group = fields.get("class") or ""
    if not isinstance(group, str):
        raise ContentError(f"the class of a glossary entry must be a word, not {group!r:.200}", path, line)
    return GlossaryEntry(korean, english, group)


def _forms(value: Any, path: Path, line: int) -> tuple[str, ...]:  # noqa: ANN401
    forms: Any = [] if value is None else [value] if isinstance(value, str) else value
    if not isinstance(forms, list):
        raise ContentError(f"the forms of a glossary entry must be a list, not {value!r:.200}", path, line)
    for form in cast("list[Any]", forms):
        if not isinstance(form, str) or len(form) > MAX_FORM_CHARACTERS:
            told = f"a form in a glossary must be a text of at most {MAX_FORM_CHARACTERS} characters, not {form!r:.200}"
            raise ContentError(told, path, line)
    return tuple(cast("list[str]", forms))
