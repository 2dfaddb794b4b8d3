"""Loads the short texts about other subjects that ship with the project: what no one course is about."""

from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from index.language.concepts import ConceptFinder

FILE = Path(__file__).parent.parent / "data" / "other_subjects.tsv"


@dataclass(frozen=True, slots=True)
class OtherText:
    """A question, heading or sentence about ``subject``, in ``language``."""

    subject: str
    language: str
    text: str


@lru_cache(maxsize=1)
def other_texts() -> tuple[OtherText, ...]:
    """Return all of them, in both languages."""
    rows = (line.split("\t") for line in FILE.read_text(encoding="utf-8").splitlines())
    return tuple(OtherText(subject, language, text) for subject, language, text in rows)


@lru_cache(maxsize=2)
def word_counts(finder: ConceptFinder) -> dict[str, int]:
    """Return for each key (see :meth:`ConceptFinder.keys_of`) how many of the texts hold it; not to be changed."""
    return dict(Counter(key for other in other_texts() for key in finder.keys_of(other.text)))
