"""What happens in the chat: asking, answering as a stream, retrying, feedback, opening and deleting conversations."""

import uuid
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from typing import Any

from assistant.records import Answer
from assistant.serving.service import StillLoadingError
from assistant.serving.waiting_room import BusyError, ClosingError, WaitingPlace, WaitingRoom, whole_seconds
from assistant.talk.guide import CourseGuide
from assistant.web.answer_log import ANYONE, Visit
from assistant.web.app_context import AppContext
from assistant.web.chat.answer_view import messages
from assistant.web.chat.archive import Archive, Conversation, Exchange, from_json
from assistant.web.chat.quiz_chat import QuizChat
from index import NotesError, QuestionError
from index.border import MAX_QUESTION_CHARACTERS, mended

_MAX_REASON = 600
_STARTERS = 3
#: Who waits in the chat sees the place; after so long, coming back is better than waiting.
LONGEST_WAIT_SECONDS = 600.0
_FEEDBACK = {"up": "Like", "down": "Dislike", "": None}


@dataclass(frozen=True, slots=True)
class Rated:
    """The archive with a thumb, and whether nothing of it is left to be stored."""

    archive: Archive
    is_stored: bool


class ChatEvents:
    """The event handlers of the chat page in one interface language. They keep nothing: the browser does."""

    def __init__(self, context: AppContext, language: str) -> None:
        self._context = context
        self._strings = context.strings[language]
        self._language = language
        self._quiz = QuizChat(context)

    @property
    def room(self) -> WaitingRoom:
        """Where questions wait for their turn."""
        return self._context.room

    @property
    def keeps_questions(self) -> bool:
        """Whether what students ask is kept, unless they choose otherwise."""
        return self._context.log is not None

    # Pages ------------------------------------------------------------------------------------------------------

    def guide(self) -> CourseGuide | None:
        """Return the guide to the loaded notes, None while there are none."""
        if not self._context.service.ready:
            return None
        return self._context.service.assistant.guide

    def welcome(self) -> tuple[str, list[str], list[tuple[str, str]]]:
        """Return the empty state's text, the first questions, and the choices of the module filter."""
        strings, guide = self._strings, self.guide()
        everything = [(strings["chat.all_modules"], "")]
        if guide is None:
            return f"## {strings['chat.heading']}\n\n{strings['chat.knows_unread']}", [], everything
        modules = guide.modules(self._language)
        text = strings.format("chat.knows", course=guide.course(self._language))
        return (
            f"## {strings['chat.heading']}\n\n{text}",
            list(guide.starters(self._language)),
            everything + [(module, module) for module in modules],
        )

    # Asking -----------------------------------------------------------------------------------------------------

    def ask(self, question: str | None, archive: object, editing: bool = False, as_quiz: bool = False) -> Archive:
        """Return the archive with ``question`` pending; in place of the latest one while that is being edited."""
        kept, question = from_json(archive), mended(question or "").strip()
        if not question:
            return kept
        keep = -1 if editing and kept.conversation.exchanges else None
        return kept.asked(question, keep, as_quiz=as_quiz)

    def follow_up(self, key: str, archive: object) -> Archive:
        """Return the archive with the follow-up of this catalogue key pending, in the conversation's language."""
        kept = from_json(archive)
        last = kept.conversation.last
        said = (last.quiz or last.answer) if last else None
        return kept.asked(self._context.strings[said.language if said else self._language][key])

    def retry(self, archive: object, number: int) -> Archive:
        """Return the archive with question ``number`` pending again and nothing after it."""
        kept = from_json(archive)
        exchanges = kept.conversation.exchanges
        if not 0 <= number < len(exchanges):
            return kept
        return kept.asked(exchanges[number].question, number, as_quiz=exchanges[number].as_quiz)

    def answer(self, module: str | None, archive: Archive, visit: Visit = ANYONE) -> Iterator[Archive]:
        """Yield the archive as the answer to its pending question grows; the same one while it does not."""
        pending = archive.conversation.pending
        if pending is None:
            return
        try:
            told = self._told(archive.conversation)
            quiz = self._quiz.turn(told, module or None)
            if quiz is not None:
                receipt = self._record(quiz.asked, visit) if quiz.asked else ""
                if quiz.answer and quiz.answer is not quiz.asked:
                    receipt = self._context.receipts.issue(uuid.uuid4().hex, quiz.answer)
                finished = archive.changed(len(archive.conversation.exchanges) - 1, quiz.finish)
                yield finished.with_last(receipt=receipt)
                return
            history = told.history()
            stream = self._context.service.assistant.stream(pending.question, module=module or None, history=history)
            with closing(stream):  # type: ignore[type-var] - a generator; closing it stops a chat model's request
                shown: Answer | None = None
                for partial in stream:
                    if partial.differs(shown):
                        identifier = uuid.uuid4().hex
                        receipt = self._context.receipts.issue(identifier, partial) if partial.provisional else ""
                        shown, archive = partial, archive.with_last(answer=partial, receipt=receipt)
                    yield archive
        except GeneratorExit:
            self._record_provisional(archive, visit)
            raise
        except NotesError as error:
            yield archive.with_last(state="failed", trouble=self._trouble(error, pending.question))
            return
        last = archive.conversation.last
        receipt = self._record(last.answer, visit) if last and last.answer else ""
        yield archive.with_last(state="done", receipt=receipt)

    def waiting(self, place: WaitingPlace) -> str:
        """Return what one who waits is told about the place."""
        key = "chat.waiting" if place.ahead else "chat.waiting_next"
        return self._strings.format(key, count=place.ahead, seconds=whole_seconds(place.seconds))

    def sent_away(self, archive: Archive, error: NotesError) -> Archive:
        """Return the archive with the pending question unanswered because of ``error``; it stays, to be asked again."""
        pending = archive.conversation.pending
        if pending is None:
            return archive
        return archive.with_last(state="failed", trouble=self._trouble(error, pending.question))

    def _record_provisional(self, archive: Archive, visit: Visit) -> None:
        """Tell the question log of a question whose student left, or had enough, while a model worded the answer."""
        believed = self._believed(archive.conversation.pending)
        if believed and self._context.log is not None and visit.may_keep:
            identifier, answer = believed
            self._context.log.record(answer, visit.mark, identifier=identifier)

    def _record(self, answer: Answer, visit: Visit) -> str:
        """Tell the question log of ``answer``, and return the receipt by which a browser may speak of it later."""
        identifier = uuid.uuid4().hex
        if self._context.log is not None and visit.may_keep:
            self._context.log.record(answer, visit.mark, identifier=identifier)
        return self._context.receipts.issue(identifier, answer)

    def _believed(self, exchange: Exchange | None) -> tuple[str, Answer] | None:
        """Return the answer that ``exchange`` shows and what it is kept as, None unless the server gave it."""
        if exchange is None or exchange.answer is None:
            return None
        identifier = self._context.receipts.identifier(exchange.receipt, exchange.answer)
        return None if identifier is None else (identifier, exchange.answer)

    def _told(self, conversation: Conversation) -> Conversation:
        """Return ``conversation`` as it is read: of answers that may not be the server's, nothing but the question."""
        exchanges = tuple(
            exchange
            if exchange.answer is None or self._believed(exchange)
            else replace(exchange, answer=replace(exchange.answer, body="", citations=(), suggestions=(), absent=()))
            for exchange in conversation.exchanges
        )
        return replace(conversation, exchanges=exchanges)

    def _trouble(self, error: NotesError, question: str) -> str:
        if isinstance(error, BusyError):
            return self._strings.format("chat.busy", seconds=whole_seconds(error.seconds))
        if isinstance(error, ClosingError):
            return self._strings["chat.restarting"]
        if isinstance(error, StillLoadingError):
            return self._strings["chat.not_ready"]
        if isinstance(error, QuestionError) and len(question) > MAX_QUESTION_CHARACTERS:
            return self._strings.format("chat.too_long", count=len(question), limit=MAX_QUESTION_CHARACTERS)
        return f"{self._strings['chat.trouble']} {error}"

    def next_questions(self, archive: Archive) -> tuple[str, ...]:
        """Return what the student may ask next."""
        guide, last = self.guide(), archive.conversation.last
        if guide is None or last is None or last.answer is None or last.state != "done":
            return ()
        asked = [exchange.question for exchange in archive.conversation.exchanges]
        if last.answer.offer:
            return (last.answer.offer,)
        if not last.answer.asks_of_notes:
            return tuple(question for question in guide.starters(last.answer.language) if question not in asked)[
                :_STARTERS
            ]
        return guide.next_questions(last.answer, asked)

    # Feedback ---------------------------------------------------------------------------------------------------

    def rate(self, archive: object, number: int, verdict: bool | str, visit: Visit = ANYONE) -> Rated:
        """Put a thumb on answer ``number``: True is up, False down, anything else none."""
        kept = from_json(archive)
        mark = "up" if verdict is True else "down" if verdict is False else ""
        rated = kept.changed(number, lambda exchange: replace(exchange, feedback=mark))
        told = bool(mark) and rated is not kept
        return Rated(rated, not told or self.report(rated, number, helpful=mark == "up", visit=visit))

    def report(self, archive: Archive, number: int, *, helpful: bool, reason: str = "", visit: Visit = ANYONE) -> bool:
        """Tell the question log what a student thinks of answer ``number``; return False if it is not stored yet."""
        exchanges = archive.conversation.exchanges
        if self._context.log is None or not visit.may_keep:
            return True
        believed = self._believed(exchanges[number]) if 0 <= number < len(exchanges) else None
        if believed is None:
            return False
        identifier, answer = believed
        return self._context.log.feedback(
            answer, visit.mark, identifier=identifier, helpful=helpful, reason=reason[:_MAX_REASON]
        )

    def send_to_instructor(self, archive: object, visit: Visit = ANYONE) -> bool:
        """Send the latest question to the instructor and return whether it is safely stored."""
        believed = self._believed(from_json(archive).conversation.last)
        if self._context.log is None or believed is None:
            return False
        identifier, answer = believed
        return self._context.log.ask_instructor(answer, visit.mark, identifier=identifier)

    # Showing ----------------------------------------------------------------------------------------------------

    def shown(self, archive: Archive, next_questions: tuple[str, ...] = ()) -> list[dict[str, Any]]:
        """Return the messages of the current conversation."""
        return messages(archive.conversation.exchanges, self._strings, next_questions, self._context.places)

    def feedback(self, archive: Archive) -> list[str | None]:
        """Return the thumbs of the current conversation's answers, in Gradio's words."""
        return [_FEEDBACK[exchange.feedback] for exchange in archive.conversation.exchanges]

    def resumed(self, archive: object) -> Archive:
        """Return what the browser kept; a question that was never answered says so."""
        kept = from_json(archive)
        return _ended(kept, state="failed", trouble=self._strings["chat.unfinished"])

    def broken(self, archive: object) -> Archive | None:
        """Return the archive with the pending answer marked as failed, None if no answer is pending."""
        kept = from_json(archive)
        if kept.conversation.pending is None:
            return None
        trouble = f"{self._strings['chat.trouble']} {self._strings['chat.try_again']}"
        return _ended(kept, state="failed", trouble=trouble)

    def stopped(self, archive: object) -> Archive:
        """Return the archive with the pending answer marked as stopped by the student."""
        return _ended(from_json(archive), state="stopped")

    def can_ask_instructor(self, archive: Archive) -> bool:
        """Return whether the latest question was declined and somebody receives it."""
        last = archive.conversation.last
        is_gap = last is not None and last.answer is not None and last.answer.is_gap and last.state == "done"
        return is_gap and self._context.log is not None and self._believed(last) is not None


def _ended(archive: Archive, **changes: str) -> Archive:
    """Return ``archive`` with ``changes`` to its pending answer; one that only a model's words were missing is done."""
    pending = archive.conversation.pending
    if pending is None:
        return archive
    is_whole = pending.answer is not None and pending.answer.provisional
    return archive.with_last(state="done") if is_whole else archive.with_last(**changes)
