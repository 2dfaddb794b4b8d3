"""Quizzes in the chat: whether a question asks for one, and what the tutor says to it. Keeps nothing, shows nothing."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.quiz.leading.commands import Command, command_of, quiz_topic
from assistant.quiz.leading.replies import said
from assistant.quiz.leading.session import QuizSession
from assistant.quiz.leading.tutor import Lesson, QuizTutor
from assistant.quiz.records import ItemKind
from assistant.records import Answer, Turn
from assistant.serving.assistant import Assistant
from assistant.web.app_context import AppContext
from assistant.web.chat.archive import Conversation, Exchange, QuizStep
from index import detect_language
from index.language.languages import LANGUAGES

_PICKED = (ItemKind.CHOICE, ItemKind.TRUE_FALSE)


@dataclass(frozen=True, slots=True)
class QuizTurn:
    """What the latest question is answered with: a ``step`` of a quiz, an ``answer``, or both.

    ``asked`` is the answer that stands for the request in the question log, None for mere replies.
    """

    step: QuizStep | None
    answer: Answer | None = None
    asked: Answer | None = None

    def finish(self, exchange: Exchange) -> Exchange:
        """Return ``exchange`` answered."""
        return replace(exchange, quiz=self.step, answer=self.answer, state="done")


@dataclass(frozen=True, slots=True)
class _Wish:
    """A quiz that is wished for; without a ``language``, in the one that its topic would be answered in."""

    topic: str
    language: str | None = None


class QuizChat:
    """Leads the quizzes of the chat with the tutor that all pages share."""

    def __init__(self, context: AppContext) -> None:
        self._context = context

    def turn(self, conversation: Conversation, module: str | None = None) -> QuizTurn | None:
        """Return what a quiz makes of the latest question, None where it is an ordinary one.

        :param module: Quiz on this module only.
        :raises NotesError: Where the same question could not be answered in the chat either.
        """
        exchange = conversation.last
        before = conversation.exchanges[-2] if len(conversation.exchanges) > 1 else None
        if exchange is None:
            return None
        if before and before.quiz and _goes_on(before.quiz, exchange.question):
            return self._reply(before.quiz, exchange.question)
        wish = _wish(exchange, before)
        if wish is None:
            return None
        return self._begin(wish, conversation.history(), module)

    # Beginning --------------------------------------------------------------------------------------------------

    def _begin(self, wish: _Wish, history: Sequence[Turn], module: str | None) -> QuizTurn:
        """Return the first step of a quiz; without a topic, on what was last answered."""
        topic = wish.topic
        if not topic:
            if not history or not history[-1].answer.grounded:
                language = wish.language or LANGUAGES[0]
                return QuizTurn(QuizStep(said("which_topic", language), language, awaits_topic=True))
            topic, history = history[-1].standalone or history[-1].question, ()
        assistant = self._context.service.assistant
        asked = assistant.quote(topic, module=module, history=history)
        topic = asked.standalone or topic
        language = wish.language or asked.language
        lesson = self._context.tutor.current().start(topic, language=language, module=module)
        if lesson.step is None:
            return self._without_items(assistant, topic, language, module)
        return QuizTurn(self._step(lesson), None, replace(asked, question=topic, language=language))

    def _without_items(self, assistant: Assistant, topic: str, language: str, module: str | None) -> QuizTurn:
        """Return the plain answer: the notes do not say, or nothing can be asked about what they say."""
        answer = assistant.ask(topic, module=module, language=language)
        told = QuizStep(said("no_items", language, topic=topic), language) if answer.grounded else None
        return QuizTurn(told, answer, answer)

    # Going on ---------------------------------------------------------------------------------------------------

    def _reply(self, step: QuizStep, text: str) -> QuizTurn:
        tutor = self._context.tutor.current()
        session = _unpacked(tutor, step)
        if session is None:
            return QuizTurn(QuizStep(self._context.strings[step.language]["chat.quiz_changed"], step.language))
        lesson = tutor.reply(session, text)
        return QuizTurn(self._step(lesson), lesson.answer)

    def _step(self, lesson: Lesson) -> QuizStep:
        assert lesson.step is not None, "only a lesson with a step is shown as one"
        session, ended = lesson.step.session, lesson.step.ended
        item = session.item
        missed = session.missed if session.finished else ()
        return QuizStep(
            message=lesson.message,
            language=session.language,
            session=self._context.tutor.current().packed(session),
            running=not session.finished,
            options=item.options if item and item.kind in _PICKED else (),
            citation=replace(ended.item.citation, marker=1) if ended and "[1]" in lesson.message else None,
            read_again=tuple(dict.fromkeys(item.citation for item in missed)),
            closing=lesson.closing,
        )


def _goes_on(step: QuizStep, text: str) -> bool:
    """Return whether ``text`` is a reply to a quiz whose latest step was ``step``."""
    command = command_of(text)
    if step.session is None:
        return False
    if not step.running:  # The last answer can still be counted as right.
        return command is Command.COUNT
    return command is not None or quiz_topic(text) is None


def _wish(exchange: Exchange, before: Exchange | None) -> _Wish | None:
    """Return which quiz the question of ``exchange`` wishes for, None where it is an ordinary one."""
    step = before.quiz if before else None
    if before and step and before.answer and command_of(exchange.question) is Command.ANOTHER:
        return _Wish(before.answer.question, step.language)
    topic = quiz_topic(exchange.question)
    if topic is not None:
        return _Wish(topic, detect_language(exchange.question))
    if step and step.awaits_topic:
        return _Wish(exchange.question, step.language)
    return _Wish(exchange.question) if exchange.as_quiz else None


def _unpacked(tutor: QuizTutor, step: QuizStep) -> QuizSession | None:
    """Return the session that the browser kept, None where the notes no longer give it or it was tampered with."""
    try:
        return tutor.unpacked(step.session or {})
    except ValueError:
        return None
