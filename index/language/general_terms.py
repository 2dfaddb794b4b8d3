"""The general glossary of all subjects that ships with the project, and what of it concerns given notes.

Students ask in one language about notes in the other, and no course brings its own glossary at first. Of some thousands
of entries those are taken that have a word of the notes: the others could match nothing.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from index.language.glossary import GENERAL, GENERAL_EVERYDAY, GlossaryEntry
from index.language.terms import stem

#: A row an entry: Korean forms, English forms, each parted by ``|``; a third column marks everyday words.
FILE = Path(__file__).parent.parent / "data" / "general_terms.tsv"
_LATIN = re.compile(r"[a-z]+")
_HANGUL = re.compile(r"[가-힣]+")
_LONGEST_PIECE = 6
_VERB = "다"
_PARTICLES = ("", *"은는이가을를의에로도과와만")


@lru_cache(maxsize=1)
def all_general_terms() -> tuple[GlossaryEntry, ...]:
    """Return all entries."""
    rows = (line.split("\t") for line in FILE.read_text(encoding="utf-8").splitlines() if not line.startswith("#"))
    return tuple(
        GlossaryEntry(tuple(korean.split("|")), tuple(english.split("|")), GENERAL_EVERYDAY if everyday else GENERAL)
        for korean, english, everyday in rows
    )


def general_terms(texts: Iterable[str]) -> tuple[GlossaryEntry, ...]:
    """Return the entries that have a form which ``texts`` may hold; in doubt one more than needed."""
    whole = "\n".join(texts)
    english = [stem(word) for word in _LATIN.findall(whole.lower())]
    stems, flowing = set(english), f" {' '.join(english)} "
    runs = set(_HANGUL.findall(whole))
    pieces = {run[at : at + size] for run in runs for at in range(len(run)) for size in range(2, _LONGEST_PIECE + 1)}
    pieces |= {run[0] for run in runs if run[1:] in _PARTICLES}
    beginnings = {run[0] for run in runs}  # for one syllable that is a verb's stem, or a word of a longer form

    def holds_english(form: str) -> bool:
        words = [stem(word) for word in _LATIN.findall(form.lower())]
        return stems.issuperset(words) and (len(words) == 1 or f" {' '.join(words)} " in flowing)

    def holds_korean(form: str) -> bool:
        *words, last = form.split()
        words.append(last[:-1] if last.endswith(_VERB) and len(last) > 1 else last)
        known = all(
            word[:_LONGEST_PIECE] in (beginnings if word != last and len(word) == 1 else pieces) for word in words
        )
        return known and (len(words) == 1 or " ".join(words) in whole)

    return tuple(
        entry
        for entry in all_general_terms()
        if any(map(holds_english, entry.english)) or any(map(holds_korean, entry.korean))
    )
