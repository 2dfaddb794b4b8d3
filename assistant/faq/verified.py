"""Puts the instructor's published answer first where a student asks a question that it answers."""

import re
from collections.abc import Callable, Generator, Sequence
from dataclasses import replace

from assistant.assistant import Assistant
from assistant.faq.records import Entry
from assistant.records import Answer, Citation, Turn

ENGINE = "verified"
_MARKER = re.compile(r"\[(\d{1,3})\]")
_WORDS = {
    "ko": ("강사님이 확인한 답변이에요.", "노트에서 찾은 내용도 함께 보여 드릴게요."),
    "en": ("This answer was verified by your instructor.", "This is what the notes say."),
}


class VerifiedAssistant(Assistant):
    """An assistant that looks for a published answer first.

    :param plain: Whose index, chat model and memory are used.
    :param verified: Returns the published entry for a question, None if there is none; must not fail.
    """

    def __init__(self, plain: Assistant, verified: Callable[[str], Entry | None]) -> None:
        super().__init__(plain.index, plain._writer, plain._cache, plain._rewriter)
        self._verified = verified
        self.plain = plain

    def stream(
        self,
        question: str,
        *,
        module: str | None = None,
        history: Sequence[Turn] = (),
        language: str | None = None,
    ) -> Generator[Answer]:
        """Yield the answer as it grows, below the instructor's where there is one; see :meth:`Assistant.stream`."""
        entry: Entry | None = None
        looked_up = False
        for answer in super().stream(question, module=module, history=history, language=language):
            if not looked_up:
                entry, looked_up = self._verified(answer.standalone or question), True
            yield with_entry(answer, entry) if entry else answer


def with_entry(answer: Answer, entry: Entry) -> Answer:
    """Return ``answer`` with the instructor's text and its citations first, and what the notes say below."""
    own = tuple(replace(citation, marker=number) for number, citation in enumerate(entry.citations, start=1))
    renumbered = {citation.marker: citation.marker + len(own) for citation in answer.citations}
    heading, below = _WORDS[answer.language]
    parts = [f"**{heading}**", _remarked(entry.answer(answer.language), _numbers(entry.citations))]
    if answer.grounded:
        parts += ["---", below, _remarked(answer.text, renumbered)]
    others = tuple(replace(citation, marker=renumbered[citation.marker]) for citation in answer.citations)
    return replace(
        answer,
        grounded=True,
        text="\n\n".join(parts),
        citations=(*own, *(others if answer.grounded else ())),
        suggestions=(),
        engine=ENGINE,
    )


def _numbers(citations: Sequence[Citation]) -> dict[int, int]:
    return {citation.marker: number for number, citation in enumerate(citations, start=1)}


def _remarked(text: str, numbers: dict[int, int]) -> str:
    return _MARKER.sub(lambda match: f"[{numbers.get(int(match[1]), int(match[1]))}]", text)
