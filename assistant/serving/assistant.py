"""Answers a question from the notes: understand, retrieve, decide, select, compose. Knows no page and no HTTP."""

import time
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import replace

from assistant.answering.answer_phrases import phrases
from assistant.answering.composition import compose, first_words, frame
from assistant.answering.selector import Selector
from assistant.generating.answer_writer import Writer, WrittenAnswer
from assistant.generating.model_errors import ChatModelError, notice
from assistant.records import Answer, Turn
from assistant.selection import Part, Selection, Shape
from assistant.serving.cache import AnswerCache, cache_key
from assistant.serving.verified import VerifiedText, VerifiedTexts, text_for, verified_answer
from assistant.talk.course_talk import CourseTalk, Heard, answer_of
from assistant.talk.elsewhere import elsewhere, with_guess
from assistant.talk.guide import CourseGuide
from assistant.talk.replies import said
from assistant.talk.reshaping import first_excerpts
from assistant.talk.slips import Spelling, told
from assistant.talk.wishes import read_limit
from assistant.understanding.dialogue import DialogueReader, Rewriter
from assistant.understanding.question_shape import asks_too_much
from index import CourseIndex, QuestionError
from index.border import clean_name, clean_question

EXTRACTIVE = "extractive"
HITS = 10
REPLAYED_QUESTIONS = 6


class Assistant:
    """One assistant over one index; it keeps no state of a conversation.

    :param writer: Words the answers to what the notes answer; without it, and where it fails, the notes are quoted.
    :param rewriter: Says follow-ups as questions that stand alone; without it, and where it fails, rules read them.
    :param cache: Remembers finished answers; without it every answer is worked out anew.
    :param published: Knows what the instructor verified; that stands in place of what the notes say.
    """

    def __init__(
        self,
        course_index: CourseIndex,
        writer: Writer | None = None,
        cache: AnswerCache | None = None,
        rewriter: Rewriter | None = None,
        published: VerifiedTexts | None = None,
    ) -> None:
        self._index = course_index
        self._published = published
        self._writer = writer
        self._cache = cache
        self._rewriter = rewriter
        self._dialogue = DialogueReader(course_index, rewriter)
        self._by_rules = DialogueReader(course_index)
        self._selector = Selector(course_index)
        self._talk = CourseTalk(course_index)
        self._spelling = Spelling(course_index)

    @property
    def index(self) -> CourseIndex:
        """The index that answers come from."""
        return self._index

    @property
    def engine(self) -> str:
        """What words the answers: ``extractive`` or the chat model's name."""
        return self._writer.name if self._writer else EXTRACTIVE

    @property
    def guide(self) -> CourseGuide:
        """What the notes can be asked."""
        return self._talk.guide

    @property
    def rewriter(self) -> Rewriter | None:
        """What says follow-ups as questions that stand alone, if anything but rules does."""
        return self._rewriter

    def ask(
        self,
        question: str,
        *,
        module: str | None = None,
        history: Sequence[Turn] = (),
        language: str | None = None,
        from_notes: bool = False,
    ) -> Answer:
        """Return the answer to ``question``.

        :param from_notes: What the notes say, also where the instructor verified an answer.
        :param module: Answer only from this module (its name, or what stands before its colon).
        :param history: Earlier turns of this conversation, oldest first.
        :param language: ``ko`` or ``en``; by default the question's.
        :raises QuestionError: If the question is empty, too long or no text.
        """
        answering = self._from_notes if from_notes else self.stream
        *_, answer = answering(question, module=module, history=history, language=language)
        return answer

    def stream(
        self,
        question: str,
        *,
        module: str | None = None,
        history: Sequence[Turn] = (),
        language: str | None = None,
    ) -> Generator[Answer, None, None]:
        """Yield the answer as it grows; the last one is whole. The errors of :meth:`ask`.

        The first one, with the opening sentence, comes as soon as the search is done. With a chat model the first one
        is the whole answer in the notes' own lines, marked as provisional; it comes again and again while the model
        writes, so that closing the iterator stops it. The last one is the model's, if it wrote one that holds.

        What the instructor published stands from the first one on, and no model is asked then.
        """
        text: VerifiedText | None = None
        with closing(self._from_notes(question, module=module, history=history, language=language)) as growing:
            for number, answer in enumerate(growing):
                if number == 0 and self._published is not None:
                    text = text_for(answer, question, self._published)
                yield verified_answer(answer, text) if text else answer
                if text and self._writer is not None:
                    return  # no model needs to word what nobody will see

    def _from_notes(
        self, question: str, *, module: str | None, history: Sequence[Turn], language: str | None
    ) -> Generator[Answer, None, None]:
        """Yield the notes' answer as it grows."""
        started = time.perf_counter()
        question, module = clean_question(question), clean_name(module)

        def reread() -> Selection:
            return self.understand(question, module=module, history=history, language=language)

        def work() -> Iterator[Answer]:
            begun = self._begun(question, module, history, language, started)
            if isinstance(begun, Answer):
                return iter((begun,))
            leans = bool(history) and self._rewriter is not None
            if self._writer is None:
                return self._quotations(reread() if leans else begun, started)
            return self._wordings(begun, reread if leans else None, started)

        if self._cache is None:
            yield from map(_advised, work())
            return
        versions = [part.version for part in (self._writer, self._rewriter) if part is not None]
        key = cache_key(question, module, history, "/".join([*versions, language or ""]))
        for answer in self._cache.shared(key, self._index.generation, work):
            yield _advised(replace(answer, question=question, seconds=time.perf_counter() - started))

    def quote(self, question: str, *, module: str | None = None, history: Sequence[Turn] = ()) -> Answer:
        """Return the answer in the notes' own lines, whatever else could word it; the errors of :meth:`ask`.

        No model is asked: nobody waits for one where the notes' lines are enough.
        """
        started = time.perf_counter()
        begun = self._begun(clean_question(question), clean_name(module), history, None, started)
        return begun if isinstance(begun, Answer) else self._quoted(self.select(begun), started)

    def replay(self, questions: Sequence[str], module: str | None = None) -> list[Turn]:
        """Return the latest ``questions`` of a conversation, oldest first, as turns, answered anew from the notes.

        A client's own account of earlier answers is not believed: what it cites might not be in the notes.
        """
        turns: list[Turn] = []
        for question in questions[-REPLAYED_QUESTIONS:]:
            try:
                answer = self.quote(question, module=module, history=turns)
            except QuestionError:
                continue
            turns.append(Turn(answer.question, answer, answer.standalone))
        return turns

    def warm_up(self) -> None:
        """Make ready what the first questions would wait for, such as the analyser of Korean."""
        self._spelling.prepare()
        for question in ("무엇을 다루나요?", "What is this about?"):
            self.quote(question)

    def _quotations(self, understood: Selection, started: float) -> Iterator[Answer]:
        yield self._answer(understood, first_words(understood), started)
        yield self._quoted(self.select(understood), started)

    def _wordings(
        self, understood: Selection, reread: Callable[[], Selection] | None, started: float
    ) -> Iterator[Answer]:
        """Yield what the notes say at once, and again while a model words it; last what it wrote, if that holds.

        :param reread: Has a model understand a question that leans on the dialogue; None where there is none.
        """
        if understood.grounded:
            yield replace(self._quoted(self.select(understood), started), provisional=True)
        if reread is not None:
            understood = reread()
        if self._writer is None or not understood.grounded:
            yield self._quoted(self.select(understood), started)
            return
        selection = self.select(understood)
        quoted = self._quoted(selection, started)
        try:
            written = WrittenAnswer()
            for grown in self._writer.write(selection):
                written = grown
                yield replace(quoted, provisional=True)
            yield self._written(selection, written, frame(written.text, selection), started)
        except ChatModelError as error:
            yield replace(quoted, notice=notice(error.trouble, selection.language))

    def understand(
        self, question: str, *, module: str | None = None, history: Sequence[Turn] = (), language: str | None = None
    ) -> Selection:
        """Return what was asked, searched for and decided, with no excerpts yet; the errors of :meth:`ask`."""
        question = clean_question(question)
        heard = self._talk.hear(question, clean_name(module), history)
        return self._understood(question, heard, history, language, self._dialogue)

    def _understood(
        self, question: str, heard: Heard, history: Sequence[Turn], language: str | None, dialogue: DialogueReader
    ) -> Selection:
        asked, turns = read_limit(heard.question), [turn for turn in history if turn.answer.asks_of_notes]
        understood = dialogue.understand(asked.question, heard.module, turns)
        respelt = self._spelling.read(asked.question)
        if respelt.question != asked.question:
            read = dialogue.understand(respelt.question, heard.module, turns)
            if read.grounded or not understood.grounded:
                understood = replace(read, read_as=told(respelt.changes))
        understood = replace(understood, question=question, most=asked.count)
        if asked.count:
            understood = replace(understood, parts=tuple(map(_listing, understood.parts)))
        if language is None or language == understood.language:
            return understood
        return self._in_language(understood, heard.module, language)

    def _in_language(self, understood: Selection, module: str | None, language: str) -> Selection:
        """Return ``understood`` with the hits in the edition of ``language``; what was decided stands."""
        parts = [
            replace(
                part,
                result=replace(
                    self._index.search(part.question, HITS, module, language), decision=part.result.decision
                ),
            )
            for part in understood.parts
        ]
        return replace(understood, language=language, parts=tuple(parts))

    def select(self, understood: Selection) -> Selection:
        """Return ``understood`` with the excerpts that answer it."""
        selection = self._selector.select(understood)
        if not selection.most or len(selection.parts) != 1:
            return selection
        part = selection.parts[0]
        kept = first_excerpts(self._index, part.excerpts, selection.most)
        shape = part.shape if kept == part.excerpts else Shape.FACT  # it is not everything that the notes list
        return replace(selection, parts=(replace(part, excerpts=kept, shape=shape),))

    def _begun(
        self, question: str, module: str | None, history: Sequence[Turn], language: str | None, started: float
    ) -> Answer | Selection:
        """Return what was understood, without a model; or, where no lines answer, a reply or which module does."""
        heard = self._talk.hear(question, module, history)
        reply = self._talk.reply(heard.question, heard.module, history, language)
        if reply is not None:
            return replace(answer_of(reply, time.perf_counter() - started, EXTRACTIVE), question=question)
        within = self._understood(question, heard, history, language, self._by_rules)
        if heard.module is None or within.grounded:
            return within
        anywhere = self._understood(heard.question, replace(heard, module=None), history, language, self._by_rules)
        return elsewhere(self._quoted(within, started), heard.module, anywhere) or within

    def _quoted(self, selection: Selection, started: float) -> Answer:
        answer = self._answer(selection, compose(selection, self._index), started)
        return answer if answer.grounded else self._guessed(answer, selection)

    def _guessed(self, declined: Answer, selection: Selection) -> Answer:
        """Return ``declined``; where a name in it looks like a slip of one that the notes have, asking about that."""
        guess = self._spelling.guess(selection.standalone)
        if guess.changes and self._index.search(guess.question).decision.grounded:
            return with_guess(declined, told(guess.changes), guess.question)
        return declined

    def _written(self, selection: Selection, written: WrittenAnswer, text: str, started: float) -> Answer:
        answer = self._answer(selection, text, started)
        return replace(answer, citations=written.citations, engine=self.engine)

    def _answer(self, selection: Selection, text: str, started: float) -> Answer:
        return Answer(
            question=selection.question,
            language=selection.language,
            grounded=selection.grounded,
            body=text,
            citations=selection.citations,
            suggestions=selection.suggestions,
            absent=selection.absent,
            probability=selection.probability,
            engine=EXTRACTIVE,
            seconds=time.perf_counter() - started,
            notice=said("slips.read_as", selection.language, meant=selection.read_as) if selection.read_as else "",
            standalone=selection.standalone,
        )


def _listing(part: Part) -> Part:
    """Return ``part`` asking for a list where it asks for no other form: some number of things was wanted."""
    return replace(part, shape=Shape.LIST) if part.shape is Shape.FACT else part


def _advised(answer: Answer) -> Answer:
    """Return ``answer``; where more was asked than is answered at a time, with a sentence that says so."""
    if not asks_too_much(answer.question):
        return answer
    return replace(answer, notice=" ".join(filter(None, (answer.notice, phrases(answer.language).two_at_a_time))))
