"""An entry in one language, and what of an entry students may see. Reads no database and makes no HTML."""

import itertools
from dataclasses import dataclass, replace

from assistant.faq.records import LANGUAGES, Entry
from assistant.markers import markers_of, renumbered
from assistant.records import Citation


@dataclass(frozen=True, slots=True)
class EntryText:
    """An entry in one language, with the sources that its answer cites and no others, counted from 1."""

    language: str
    question: str
    answer: str
    citations: tuple[Citation, ...]


def text_of(entry: Entry, language: str) -> EntryText:
    """Return ``entry`` as it is written in ``language``; empty texts where it is not."""
    korean = language == "ko"
    answer = entry.answer_ko if korean else entry.answer_en
    markers = {*markers_of(answer)}
    cited = [citation for citation in entry.citations if citation.marker in markers]
    without_source = markers - {citation.marker for citation in cited}
    free = (number for number in itertools.count(1) if number not in without_source)
    numbers = {citation.marker: next(free) for citation in cited}
    return EntryText(
        language,
        entry.question_ko if korean else entry.question_en,
        renumbered(answer, numbers.get),
        tuple(replace(citation, marker=numbers[citation.marker]) for citation in cited),
    )


def nearest_text(entry: Entry, language: str) -> EntryText:
    """Return ``entry`` in ``language``, or in the other one where its answer was not written."""
    found = text_of(entry, language)
    if not found.answer:
        other = text_of(entry, next(code for code in LANGUAGES if code != language))
        found = other if other.answer else found
    return found if found.question else replace(found, question=entry.question(language))


def as_published(entry: Entry) -> Entry:
    """Return what students may see of ``entry``: a language that is not published is empty, its sources are gone.

    A question without which a published answer would have none stays.
    """
    texts = {f"{part}_{code}": "" for code in LANGUAGES if not entry.is_published_in(code) for part in _PARTS}
    shown = replace(entry, **texts)
    if not (shown.question_ko or shown.question_en):
        shown = replace(shown, question_ko=entry.question_ko, question_en=entry.question_en)
    cited = {*markers_of(shown.answer_ko), *markers_of(shown.answer_en)}
    return replace(shown, citations=tuple(c for c in entry.citations if c.marker in cited))


_PARTS = ("question", "answer")
