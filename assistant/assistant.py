"""Answers a question from the notes: understand, retrieve, decide, select, compose. Knows no page and no HTTP."""

import time
from collections.abc import Iterator, Sequence

from assistant.composition import compose, lead
from assistant.conversation import Conversation
from assistant.records import Answer, Turn
from assistant.selection import Selection
from assistant.selector import Selector
from index import CourseIndex


class Assistant:
    """One assistant over one index; it keeps no state of a conversation."""

    def __init__(self, course_index: CourseIndex) -> None:
        self._index = course_index
        self._conversation = Conversation(course_index)
        self._selector = Selector(course_index)

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
        """Yield the answer as it grows; the last one is whole. The errors of :meth:`ask`.

        The first one, with the opening sentence, comes as soon as the search is done.
        """
        started = time.perf_counter()
        understood = self.understand(question, module=module, history=history)
        yield self._answer(understood, lead(understood.parts[0], understood.language), started)
        selection = self.select(understood)
        yield self._answer(selection, compose(selection, self._index), started)

    def understand(self, question: str, *, module: str | None = None, history: Sequence[Turn] = ()) -> Selection:
        """Return what was asked, searched for and decided, with no excerpts yet; the errors of :meth:`ask`."""
        return self._conversation.understand(question, module, history)

    def select(self, understood: Selection) -> Selection:
        """Return ``understood`` with the excerpts that answer it."""
        return self._selector.select(understood)

    def _answer(self, selection: Selection, text: str, started: float) -> Answer:
        return Answer(
            question=selection.question,
            language=selection.language,
            grounded=selection.grounded,
            text=text,
            citations=selection.citations,
            suggestions=selection.suggestions,
            absent=selection.absent,
            probability=selection.probability,
            engine="extractive",
            seconds=time.perf_counter() - started,
            standalone=selection.standalone,
        )
