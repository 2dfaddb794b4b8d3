"""Drafts entries from what the notes say about a group of questions, and notes for what they do not say."""

from dataclasses import replace

from assistant.faq.records import Entry, Phrasing
from assistant.markers import renumbered
from assistant.records import Answer
from assistant.serving.assistant import Assistant

_NOT_WRITTEN = {"ko": "(여기에 답을 써 주세요.)", "en": "(Write the answer here.)"}


def draft_entry(assistant: Assistant, cluster: int, phrasings: list[Phrasing]) -> Entry:
    """Return an unpublished entry for a group: its most frequent question and the notes' answer in both languages.

    A language in which nobody asked has an empty question; where the notes don't answer, the answer is empty too.

    :raises QuestionError: If no question of the group can be searched for.
    """
    questions = {
        language: next((phrasing.text for phrasing in phrasings if phrasing.language == language), "")
        for language in ("ko", "en")
    }
    asked = questions["ko"] or questions["en"]
    korean = assistant.ask(questions["ko"] or asked, language="ko", from_notes=True)
    english = assistant.ask(questions["en"] or asked, language="en", from_notes=True)
    cited = (*korean.citations, *english.citations)
    shift = len(korean.citations)
    return Entry(
        identifier=0,
        slug="",
        cluster=cluster,
        module=cited[0].module if cited else "",
        question_ko=questions["ko"],
        question_en=questions["en"],
        answer_ko=korean.body if korean.grounded else "",
        answer_en=_shifted(english, shift) if english.grounded else "",
        citations=(
            *korean.citations,
            *(replace(citation, marker=citation.marker + shift) for citation in english.citations),
        ),
        published_ko=False,
        published_en=False,
        pinned=False,
        position=0,
        created_ms=0,
        updated_ms=0,
    )


def _shifted(answer: Answer, shift: int) -> str:
    cited = {citation.marker for citation in answer.citations}
    return renumbered(answer.body, lambda marker: marker + shift if marker in cited else None)


def note_snippet(title: str, language: str, answer: str = "", *, level: int = 3) -> str:
    """Return a section for a note that answers ``title``, to be copied or downloaded and completed.

    :param level: Of the heading, from 1 to 6.
    """
    return f"{'#' * level} {' '.join(title.split())}\n\n{answer.strip() or _NOT_WRITTEN[language]}\n"
