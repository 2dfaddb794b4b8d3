"""What an instructor verified and published in answer to a question: it stands in place of all that was found."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from assistant.records import Answer, Citation

ENGINE = "verified"
_VERIFIED = {"ko": "강사님이 확인한 답변이에요.", "en": "This answer was verified by your instructor."}
_ONLY_IN = {
    ("ko", "en"): "강사님이 확인한 답변이에요. 영어로만 있어요.",
    ("en", "ko"): "This answer was verified by your instructor. There is only a Korean one.",
}


@dataclass(frozen=True, slots=True)
class VerifiedText:
    """What was published in one language, and the sources that it cites, counted from 1."""

    language: str
    body: str
    citations: tuple[Citation, ...]


#: Returns what was published in answer to a question, by language; nothing if nothing was. It must not fail.
VerifiedTexts = Callable[[str], Mapping[str, VerifiedText]]


def text_for(answer: Answer, question: str, published: VerifiedTexts) -> VerifiedText | None:
    """Return what was published for ``question``, which the notes answer with ``answer``; None if nothing was.

    Where it was published in the other language only, that is shown if the notes don't answer.
    """
    if not answer.asks_of_notes:
        return None
    texts = published(answer.standalone or question)
    if answer.language in texts or not texts:
        return texts.get(answer.language)
    return None if answer.grounded else next(iter(texts.values()))


def verified_answer(answer: Answer, text: VerifiedText) -> Answer:
    """Return ``answer`` with the instructor's text and the sources that it cites in place of all that was found."""
    told = _ONLY_IN.get((answer.language, text.language), _VERIFIED[answer.language])
    return replace(
        answer,
        grounded=True,
        body=f"**{told}**\n\n{text.body}",
        citations=text.citations,
        suggestions=(),
        absent=(),
        engine=ENGINE,
        notice="",
    )
