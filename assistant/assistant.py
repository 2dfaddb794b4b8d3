"""Answers a question from the notes: retrieve, decide, compose. Knows no page and no HTTP."""

import time
from collections.abc import Iterator, Sequence

from assistant.records import Answer, Citation, Suggestion, Turn
from index import CourseIndex, Hit
from index.passages import line_pieces

_SUGGESTIONS = 3


class Assistant:
    """One assistant over one index; it keeps no state of a conversation."""

    def __init__(self, course_index: CourseIndex) -> None:
        self._index = course_index

    @property
    def index(self) -> CourseIndex:
        """The index that answers come from."""
        return self._index

    def ask(self, question: str, *, module: str | None = None, history: Sequence[Turn] = ()) -> Answer:
        """Return the answer to ``question``.

        :param module: Answer only from this module (its name, or what stands before its colon).
        :param history: Earlier turns of this conversation, oldest first.
        :raises QuestionError: If the question is empty or too long.
        """
        *_, answer = self.stream(question, module=module, history=history)
        return answer

    def stream(
        self, question: str, *, module: str | None = None, history: Sequence[Turn] = ()
    ) -> Iterator[Answer]:
        """Yield the answer as it grows; the last one is whole. The errors of :meth:`ask`."""
        started = time.perf_counter()
        result = self._index.search(question, 10, module)
        citations = tuple(self._citations(result.hits[:1])) if result.decision.grounded else ()
        text = "\n".join(f"> {citation.quote} [{citation.marker}]" for citation in citations)
        yield Answer(
            question=question,
            language=result.language,
            grounded=result.decision.grounded,
            text=text or "The notes don't say.",
            citations=citations,
            suggestions=() if citations else tuple(_suggestion(hit) for hit in result.hits[:_SUGGESTIONS]),
            absent=result.decision.absent,
            probability=result.decision.probability,
            engine="extractive",
            seconds=time.perf_counter() - started,
        )

    def _citations(self, hits: Sequence[Hit]) -> Iterator[Citation]:
        for hit in hits:
            piece = line_pieces(hit.section)[:1]
            first, last = (piece[0].first_line, piece[0].last_line) if piece else (hit.section.first_line,) * 2
            quote = self._index.note(hit.section.file).quote(first, last)
            yield Citation(1, hit.section.module, hit.section.heading_path, hit.section.file, first, last, quote)


def _suggestion(hit: Hit) -> Suggestion:
    section = hit.section
    return Suggestion(section.module, section.heading_path, section.file, section.first_line, section.last_line)
