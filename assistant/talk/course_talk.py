"""Replies to what no single line of the notes answers: small talk, summaries, wishes about the last answer.

It searches nothing and decides nothing about what the notes say; what it does not reply to is a question for them.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.answering.excerpt_markdown import render
from assistant.records import Answer, AnswerKind, Turn
from assistant.safe_markdown import safe
from assistant.selection import Excerpt, Part, Selection, Shape
from assistant.talk.course_questions import CourseQuestion, read_course_question
from assistant.talk.guide import CourseGuide
from assistant.talk.replies import Replies, said
from assistant.talk.reshaping import Reshaper
from assistant.talk.small_talk import Tone, read_small_talk
from assistant.talk.summary import LONGER, SHORTER, USUAL, Size, Summariser
from assistant.talk.syllabus import Scope, Syllabus
from assistant.talk.wishes import Wish, Wished, read_wish
from assistant.understanding.dialogue import language_of
from assistant.understanding.follow_up import Leaning, read_follow_up
from index import CourseIndex, Decision, SearchResult
from index.language.terms import TermKind
from index.search import in_module

_SIZES = {Wish.SHORTER: SHORTER, Wish.LONGER: LONGER}
_OF_LINES = (Wish.TABLE, Wish.LIST, Wish.COUNT, Wish.EXPLAIN)
_LEANS_ON_NOTHING = (Leaning.WHY, Leaning.EXAMPLE)
#: How what is wished of an answer, and needs a search, is said to the conversation.
_SAID = {
    Wish.SHORTER: {"ko": "더 간단히 설명해 주세요", "en": "explain it more simply"},
    Wish.LONGER: {"ko": "더 자세히 알려 주세요", "en": "tell me more"},
    Wish.EXAMPLE: {"ko": "예를 들어 주세요", "en": "for example"},
}
_SAID_IN = {"ko": "한국어로", "en": "in English"}
_TWO_WORDS = 2
_MOST_HEADINGS = 8


@dataclass(frozen=True, slots=True)
class Heard:
    """What a message asks: ``question`` without greeting, or the one that a plain yes agrees to, and where to look."""

    question: str
    module: str | None


@dataclass(frozen=True, slots=True)
class Reply:
    """A reply: its selection (question, language, excerpts) and its text; ``repeated`` is an answer given once more."""

    kind: AnswerKind
    selection: Selection
    text: str
    repeated: Answer | None = None


class CourseTalk:
    """Talks about the course of one index; what was said before is handed in each time."""

    def __init__(self, index: CourseIndex) -> None:
        self._index = index
        self._syllabus = Syllabus(index)
        self._summariser = Summariser(index)
        self._reshaper = Reshaper(index)
        self.guide = CourseGuide(index)
        self._replies = Replies(self.guide, self._syllabus)

    def hear(self, message: str, module: str | None, history: Sequence[Turn]) -> Heard:
        """Return what ``message`` asks of the notes, and in which module."""
        small = read_small_talk(message)
        last = history[-1].answer if history else None
        if small.tone is Tone.CONSENT and last is not None and last.offer:
            return self._scoped(last.offer, module)
        wished = read_wish(message) if any(turn.answer.asks_of_notes for turn in history) else None
        if wished and wished.language and wished.wish is Wish.LANGUAGE:
            return Heard(_SAID_IN[wished.language], module)
        if wished and wished.wish in _SAID and not _is_summary(history):
            return Heard(_SAID[wished.wish][language_of(message, history)], module)
        return self._scoped(small.question or message, module)

    def reply(
        self, message: str, module: str | None, history: Sequence[Turn], language: str | None = None
    ) -> Reply | None:
        """Return the reply to ``message`` as it was heard, None where it is a question for the notes.

        :param language: ``ko`` or ``en``; by default the message's.
        """
        spoken = language or language_of(message, history)
        small, wished = read_small_talk(message), read_wish(message)
        asked = [turn for turn in history if turn.answer.asks_of_notes]
        if small.tone is not None and not (small.needs_no_dialogue and asked):
            if not self._is_of_the_notes(message, small.tone):
                return self._small_talk(message, small.tone.value, spoken)
        elif wished is not None:
            return self._wish(message, wished, module, history, spoken)
        elif not asked and read_follow_up(message).leaning in _LEANS_ON_NOTHING:
            return self._small_talk(message, "no_last", spoken)
        question = read_course_question(message)
        if question is not None and question.is_here:
            module = module or next((c.module for turn in reversed(asked) for c in turn.answer.citations), None)
        return self._course(message, question, module, spoken) if question else None

    # What is asked ----------------------------------------------------------------------------------------------

    def _scoped(self, question: str, module: str | None) -> Heard:
        """Return a question that begins with a module to look in, as offers do, apart from that module."""
        if ": " not in question:
            return Heard(question, module)
        for language in ("ko", "en"):
            for name in {section.module for section in self._index.sections}:
                opening = said("elsewhere.ask", language, name=short_name(name), question="").rstrip()
                if question.startswith(opening) and question[len(opening) :].strip():
                    return Heard(question[len(opening) :].strip(), short_name(name))
        return Heard(question, module)

    def _is_of_the_notes(self, message: str, tone: Tone) -> bool:
        """Return whether an exclamation of a word or two (test!) is rather a word that the notes have."""
        if tone is not Tone.NOTHING or len(message.split()) > _TWO_WORDS:
            return False
        matches = self._index.words.match(message)
        return any(match.keys and match.term.kind is not TermKind.VERB for match in matches)

    # Replies ----------------------------------------------------------------------------------------------------

    def _small_talk(self, message: str, tone: str, language: str) -> Reply:
        return Reply(AnswerKind.SMALL_TALK, _selection(message, language), self._replies.small_talk(tone, language))

    def _wish(
        self, message: str, wished: Wished, module: str | None, history: Sequence[Turn], language: str
    ) -> Reply | None:
        asked = [turn for turn in history if turn.answer.asks_of_notes]
        if not asked and history and wished.wish in (Wish.AGAIN, Wish.LANGUAGE):
            latest = history[-1]
            return self.reply(latest.question, module, (), wished.language or latest.answer.language)
        if not asked:
            return self._first_wish(message, wished, module, language)
        last = asked[-1]
        if wished.wish in _OF_LINES:
            return self._reshaped(message, wished, last, language)
        return self._once_more(message, wished, last.answer)

    def _once_more(self, message: str, wished: Wished, last: Answer) -> Reply | None:
        """Return ``last`` again, a summary also longer, shorter or in another language; None for what is searched."""
        if last.kind is AnswerKind.SUMMARY and wished.wish in (Wish.SHORTER, Wish.LONGER, Wish.LANGUAGE):
            language = wished.language or last.language
            return self._summary(message, self._scope(last, language), _SIZES.get(wished.wish, USUAL), language)
        if wished.wish is Wish.AGAIN and last.body:
            return Reply(last.kind, _selection(message, last.language, last.standalone), last.body, repeated=last)
        return None

    def _reshaped(self, message: str, wished: Wished, last: Turn, language: str) -> Reply:
        reshaped = self._reshaper.reshaped(last.answer, wished, language)
        if reshaped is None:
            return self._small_talk(message, "nothing_shown", language)
        standalone = last.answer.standalone or last.question
        selection = _selection(message, language, standalone, reshaped.excerpts)
        return Reply(last.answer.kind, selection, reshaped.text)

    def _first_wish(self, message: str, wished: Wished, module: str | None, language: str) -> Reply:
        """Return the reply to a wish with no answer before it: 요약해 줘 alone wants a summary of all."""
        if wished.wish is Wish.SHORTER and any(word in message.lower() for word in ("요약", "summar", "정리")):
            whole = self._course(message, CourseQuestion(), module, language)
            if whole is not None:
                return whole
        return self._small_talk(message, "no_last", language)

    def _course(self, message: str, question: CourseQuestion, module: str | None, language: str) -> Reply | None:
        """Return what a part of the course holds, or that there is no such module; None for no part of it."""
        if question.number is not None:
            scope = self._syllabus.numbered(question.number, language)
            if scope is None:
                text = self._replies.no_module(question.unit, language)
                return Reply(AnswerKind.COURSE, _selection(message, language), text)
            return self._summary(message, scope, USUAL, language)
        if question.name:
            name = question.name.strip()
            scope = self._syllabus.named(name, language) or self._syllabus.named(name.removeprefix("the "), language)
            return self._summary(message, scope, USUAL, language) if scope else None
        chosen = [one for one in self._syllabus.modules(language) if module and in_module(one.sections[0], module)]
        return self._summary(message, chosen[0] if chosen else self._syllabus.whole(language), USUAL, language)

    def _scope(self, summary: Answer, language: str) -> Scope:
        """Return what ``summary`` was of, in the edition of ``language``."""
        cited = {(citation.file, citation.first_line) for citation in summary.citations}
        keys = {
            section.edition_key
            for section in self._index.sections
            if any(file == section.file and section.first_line <= line <= section.last_line for file, line in cited)
        }
        named = self._syllabus.named(summary.standalone, language) if summary.standalone else None
        if named and keys <= {section.edition_key for section in named.sections}:
            return named
        for module in self._syllabus.modules(language):
            if keys and keys <= {section.edition_key for section in module.sections}:
                return module
        return self._syllabus.whole(language)

    def _summary(self, message: str, scope: Scope, size: Size, language: str) -> Reply:
        summary = self._summariser.summary(scope, size)
        name = safe(scope.name) or self._replies.course(language)
        standalone = scope.name or message
        if not summary.groups:
            selection = _selection(message, language, standalone)
            return Reply(AnswerKind.COURSE, selection, said("summary.empty", language, name=name))
        shown, total = len(summary.groups), summary.total
        if scope.is_course and shown == total > 1:
            lead = said("summary.course", language, course=self._replies.course(language), total=total)
        elif shown < total:
            lead = said("summary.some_of", language, name=name, total=total, count=shown)
        else:
            lead = said("summary.part" if total > 1 else "summary.single", language, name=name, total=total)
        excerpts = summary.excerpts
        foreign = all(excerpt.section.language != language for excerpt in excerpts)
        pieces = [" ".join([lead, *([said("summary.foreign", language)] if foreign else [])])]
        for (part, quoted), headings in zip(summary.groups, summary.outline, strict=True):
            lines = [render(excerpt, self._index.note(excerpt.section.file)) for excerpt in quoted]
            named = [safe(heading) for heading in headings[:_MOST_HEADINGS]]
            more = ["…"] if len(headings) > len(named) else []
            outline = [said("summary.sections", language, names=" · ".join([*named, *more]))] if named else []
            pieces.append("\n\n".join([f"**{safe(part)}**", *outline, *lines]))
        selection = _selection(message, language, standalone, excerpts)
        return Reply(AnswerKind.SUMMARY, selection, "\n\n".join(pieces))


def answer_of(reply: Reply, seconds: float, engine: str) -> Answer:
    """Return ``reply`` as an answer."""
    selection = reply.selection
    if reply.repeated is not None:
        return replace(reply.repeated, question=selection.question, seconds=seconds, notice="")
    return Answer(
        question=selection.question,
        language=selection.language,
        grounded=bool(selection.excerpts),
        body=reply.text,
        citations=selection.citations,
        suggestions=(),
        absent=(),
        probability=selection.probability,
        engine=engine,
        seconds=seconds,
        standalone=selection.standalone,
        kind=reply.kind,
    )


def short_name(module: str) -> str:
    """Return what a module can be called: what stands before its colon (``Module 3``), else its whole name."""
    return module.partition(":")[0].strip() or module


def _selection(message: str, language: str, standalone: str = "", excerpts: Sequence[Excerpt] = ()) -> Selection:
    """Return the selection of ``excerpts``, which nothing was searched for."""
    result = SearchResult(message, language, (), Decision(bool(excerpts), float(bool(excerpts)), ()))
    part = Part(standalone or message, Shape.LIST, result, bool(excerpts), tuple(excerpts))
    return Selection(message, language, standalone, (part,))


def _is_summary(history: Sequence[Turn]) -> bool:
    asked = [turn for turn in history if turn.answer.asks_of_notes]
    return bool(asked) and asked[-1].answer.kind is AnswerKind.SUMMARY
