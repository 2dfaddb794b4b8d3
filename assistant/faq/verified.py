"""Answers with what the instructor published where a student asks a question that it answers, and with nothing else."""

from collections.abc import Callable, Generator, Sequence
from contextlib import closing
from dataclasses import replace

from assistant.faq.entry_text import EntryText, text_of
from assistant.faq.records import LANGUAGES, Entry
from assistant.records import Answer, Turn
from assistant.serving.assistant import Assistant

ENGINE = "verified"
_VERIFIED = {"ko": "강사님이 확인한 답변이에요.", "en": "This answer was verified by your instructor."}
_ONLY_IN = {
    ("ko", "en"): "강사님이 확인한 답변이에요. 영어로만 있어요.",
    ("en", "ko"): "This answer was verified by your instructor. There is only a Korean one.",
}


class VerifiedAssistant(Assistant):
    """An assistant that looks for a published answer first.

    :param plain: Whose index, chat model and memory are used.
    :param verified: Returns the published entry for a question, with what is published of it, None if there is none;
        must not fail.
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
        """Yield the instructor's answer where there is one, else the notes', as it grows."""
        text: EntryText | None = None
        looked_up = False
        with closing(super().stream(question, module=module, history=history, language=language)) as growing:
            for answer in growing:
                if not looked_up:
                    text, looked_up = self._text_for(answer, question), True
                yield verified_answer(answer, text) if text else answer
                if text and self._writer is not None:
                    return  # no model needs to word what nobody will see

    def _text_for(self, answer: Answer, question: str) -> EntryText | None:
        """Return what was published for ``question``, None if nothing was.

        Where it was published in the other language only, that is shown if the notes don't answer.
        """
        if not answer.asks_of_notes:
            return None
        entry = self._verified(answer.standalone or question)
        if entry is None:
            return None
        published = [language for language in LANGUAGES if entry.is_published_in(language)]
        if answer.language in published:
            return text_of(entry, answer.language)
        return text_of(entry, published[0]) if published and not answer.grounded else None


def verified_answer(answer: Answer, text: EntryText) -> Answer:
    """Return ``answer`` with the instructor's text and the sources that it cites in place of all that was found."""
    told = _ONLY_IN.get((answer.language, text.language), _VERIFIED[answer.language])
    return replace(
        answer,
        grounded=True,
        text=f"**{told}**\n\n{text.answer}",
        citations=text.citations,
        suggestions=(),
        absent=(),
        engine=ENGINE,
        notice="",
    )
