"""The chat page: its components, and which event leads to what. What happens in an event is in ``chat_events``."""

import functools
from collections.abc import AsyncGenerator, Callable, Generator, Mapping
from dataclasses import dataclass
from html import escape
from typing import Any, cast

import gradio as gr

from assistant.serving.waiting_room import BusyError, ClosingError, WaitingPlace
from assistant.web.answer_log import Visit, visit_of
from assistant.web.app_context import AppContext
from assistant.web.chat.archive import Archive, from_json, to_json
from assistant.web.chat.events import LONGEST_WAIT_SECONDS, ChatEvents
from assistant.web.chat.export import file_name, to_markdown
from assistant.web.chat.picks import picked_exchange, picked_text, verdict_of
from assistant.web.faq_page import keeping_note
from assistant.web.strings import Strings

_STORAGE_KEY = "notes_conversations"
_MODE_KEY = "notes_quiz_mode"
#: Gradio scrambles what it stores with this word; it must outlive the server for conversations to do so.
_STORAGE_WORD = "ask-the-notes"
_MAX_BOX_LINES = 8
#: What can be said to a quiz at any time, in the order of its buttons.
_QUIZ_COMMANDS = ("hint", "tell", "skip", "another", "easier", "harder", "stop")
_LONGEST_REASON = 500
_REASONS = ("reason_wrong", "reason_source", "reason_incomplete", "reason_unclear")
_DOWNLOAD = "(file) => window.notesChat.download(file)"
#: In words, as Gradio's browser state forgets to store what is false.
_KEEP_MODE = "(on) => on ? 'quiz' : 'plain'"
_SHOW_MODE = "(mode) => mode === 'quiz'"
_FOCUS = "() => window.notesChat.focusQuestion()"
Update = Any  # Gradio's updates are dicts without a type of their own
UNCHANGED: Update = {"__type__": "update"}


def create_blocks(context: AppContext, language: str) -> gr.Blocks:
    """Return the chat page in one interface language."""
    return ChatPage(ChatEvents(context, language), context.strings[language]).blocks


@dataclass(frozen=True, slots=True)
class _Growing:
    """The updates of the view as an answer grows; ``is_provisional`` where a chat model is still wording it."""

    view: list[Update]
    is_provisional: bool = False


class ChatPage:
    """The components of the page, by what they are for.

    Answers wait in Gradio's queue. What follows a press at once does not: the queue sends all its results over one
    stream a page, which Gradio closes after the last, and an answer that is asked for at that moment would be lost.
    """

    def __init__(self, events: ChatEvents, strings: Strings) -> None:
        self._events = events
        self._strings = strings
        title = f"{strings['chat.title']} · {strings['site.name']}"
        with gr.Blocks(title=title, analytics_enabled=False, fill_width=True) as self.blocks:
            self.archive = gr.BrowserState(None, storage_key=_STORAGE_KEY, secret=_STORAGE_WORD)
            self.kept_mode = gr.BrowserState("plain", storage_key=_MODE_KEY, secret=_STORAGE_WORD)
            self.editing = gr.State(False)
            self.begun = gr.State(False)
            self.rated = gr.State(-1)
            self.file = gr.JSON(visible=False)
            # chat.js presses these when the notes have been read, and when a lost connection is back.
            self.welcome = gr.Button(visible="hidden", elem_id="welcome")
            self.resume = gr.Button(visible="hidden", elem_id="resume")
            with gr.Row(elem_id="layout"):
                with gr.Column(elem_id="side", scale=0, min_width=230):
                    self._lay_out_side()
                with gr.Column(elem_id="main", scale=1, min_width=280):
                    self._lay_out_talk()
            self._wire_asking()
            self._wire_conversations()
            self._wire_feedback()
            self.blocks.load(self._open, [self.archive, self.begun], self._view, show_progress="hidden", queue=False)
            self._switch(self.resume.click, lambda archive: archive)
            self.welcome.click(self._welcome, None, [self.chatbot, self.module], show_progress="hidden", queue=False)
            # In the browser alone: what a student switches must not wait for the server.
            self.quiz_mode.input(None, [self.quiz_mode], [self.kept_mode], js=_KEEP_MODE)
            self.blocks.load(None, [self.kept_mode], [self.quiz_mode], js=_SHOW_MODE)

    def _lay_out_side(self) -> None:
        text = self._strings
        self.new = gr.Button(text["chat.new"], elem_id="new-conversation", size="md")
        self.module = gr.Dropdown(
            [(text["chat.all_modules"], "")], value="", label=text["chat.module"], elem_id="module", filterable=False
        )
        self.quiz_mode = gr.Checkbox(label=text["chat.quiz_mode"], elem_id="quiz-mode", container=False)
        with gr.Accordion(text["chat.conversations"], open=False, elem_id="conversations"):
            self._list_conversations()
            gr.HTML(f'<p class="hint">{text["chat.kept_here"]}</p>', js_on_load=None)
            self.delete_all = gr.Button(text["chat.delete_all"], size="sm", elem_id="delete-all")

    def _lay_out_talk(self) -> None:
        text = self._strings
        self.chatbot = gr.Chatbot(
            elem_id="chat",
            label=text["chat.log"],
            show_label=False,
            container=False,
            placeholder=f"## {text['chat.heading']}\n\n{text['chat.knows_unread']}",
            autoscroll=False,  # chat.js keeps the latest question in view; the end of a long answer is not its start
            height="100%",
            buttons=[],
            feedback_options=("Like", "Dislike"),
            latex_delimiters=[],
            group_consecutive_messages=False,
            layout="bubble",
        )
        self.place = gr.HTML("", elem_id="place", js_on_load=None, container=False, apply_default_css=False)
        with gr.Row(elem_id="actions", visible=False) as self.actions:
            self.simpler = gr.Button(text["chat.simpler"], size="sm", elem_id="simpler")
            self.detail = gr.Button(text["chat.detail"], size="sm", elem_id="detail")
            self.edit = gr.Button(text["chat.edit"], size="sm")
            self.export = gr.Button(text["chat.export"], size="sm")
            self.instructor = gr.Button(text["chat.ask_instructor"], size="sm", variant="primary", visible=False)
        with gr.Row(elem_id="quiz-actions", visible=False) as self.quiz_actions:
            self.quiz_commands = {
                name: gr.Button(text[f"chat.quiz_{name}"], size="sm", elem_id=f"quiz-{name}") for name in _QUIZ_COMMANDS
            }
        with gr.Column(elem_id="reasons", visible=False) as self.reasons:
            self.reason = gr.Radio([text[f"chat.{key}"] for key in _REASONS], label=text["chat.reason"])
            self.reason_text = gr.Textbox(
                label=text["chat.reason_other"], lines=1, max_lines=3, max_length=_LONGEST_REASON
            )
            self.reason_send = gr.Button(text["chat.reason_send"], size="sm")
        self.question = gr.Textbox(
            elem_id="question",
            label=text["chat.question"],
            placeholder=text["chat.placeholder"],
            show_label=False,
            container=False,
            max_lines=_MAX_BOX_LINES,
            autofocus=True,
            submit_btn=text["chat.send"],
            stop_btn=False,
        )
        if self._events.keeps_questions:
            gr.HTML(keeping_note(text.language), elem_id="keeping", js_on_load=None, container=False)

    def _list_conversations(self) -> None:
        triggers = [self.archive.change, self.blocks.load]

        @gr.render(inputs=[self.archive], triggers=triggers, show_progress="hidden", queue=False)
        def show(value: object) -> None:
            kept = from_json(value)
            for conversation in kept.conversations:
                is_current = conversation.identifier == kept.current
                with gr.Row(elem_classes=["conversation", "current"] if is_current else ["conversation"]):
                    opening = gr.Button(conversation.title, size="sm", elem_classes=["open-conversation"])
                    deleting = gr.Button("✕", size="sm", min_width=32, scale=0, elem_classes=["delete-conversation"])
                self._switch(opening.click, lambda archive, key=conversation.identifier: archive.opened(key))
                self._switch(deleting.click, lambda archive, key=conversation.identifier: archive.deleted(key))

    # Wiring -----------------------------------------------------------------------------------------------------

    @property
    def _view(self) -> list[Any]:
        """What a changed archive changes."""
        return [
            self.archive,
            self.chatbot,
            self.actions,
            self.quiz_actions,
            self.instructor,
            self.question,
            self.reasons,
            self.place,
        ]

    def _shown(
        self, archive: Archive, *, busy: bool = False, finished: bool = True, clear: bool = False
    ) -> list[Update]:
        """Return the updates of the view.

        :param busy: An answer is under way: the box offers to stop it.
        :param finished: Offer next questions.
        :param clear: Empty the question box.
        """
        next_questions = self._events.next_questions(archive) if finished else ()
        text = self._strings
        quiz = archive.conversation.quiz
        box: dict[str, Any] = {
            "placeholder": text["chat.quiz_placeholder" if quiz else "chat.placeholder"],
            "submit_btn": False if busy else text["chat.send"],
            "stop_btn": text["chat.stop"] if busy else False,
        }
        box |= {"value": ""} if clear else {}
        last = archive.conversation.last
        return [
            to_json(archive),
            # Only the value: a change of anything else makes Gradio describe the whole component anew.
            self._events.shown(archive, next_questions),
            gr.update(visible=not busy and last is not None and not quiz),
            gr.update(visible=not busy and quiz is not None),
            gr.update(visible=not busy and self._events.can_ask_instructor(archive)),
            gr.update(**box),
            gr.update(visible=False),
            gr.update(value=""),
        ]

    def _restored(self, archive: Archive) -> list[Update]:
        """Return the updates that show another conversation, with its thumbs."""
        shown = self._shown(archive)
        shown[1] = gr.update(value=shown[1], feedback_value=self._events.feedback(archive))
        return shown

    def _open(self, value: object, begun: bool) -> list[Update]:
        """Show what the browser kept, unless a quick student has asked already, which showed it too."""
        return [UNCHANGED] * len(self._view) if begun else self._restored(self._events.resumed(value))

    def _welcome(self) -> tuple[Update, Update]:
        """Show what the notes can be asked, and leave the conversation alone: an answer may be under way."""
        welcome, starters, modules = self._events.welcome()
        examples = [{"text": question} for question in starters]
        return gr.update(placeholder=welcome, examples=examples), gr.update(choices=modules)

    def _asks(self, trigger: Callable[..., Any], begin: Callable[..., Archive], inputs: list[Any]) -> Any:  # noqa: ANN401
        """Let ``trigger`` put the question that ``begin`` makes pending, and answer it; return the answering event."""

        @functools.wraps(begin)  # Gradio passes an event's data to parameters that are annotated with it
        def pend(*values: Any) -> list[Update]:  # noqa: ANN401 - what the inputs hold
            return [*self._shown(begin(*values), busy=True, finished=False, clear=True), False, True]

        outputs = [*self._view, self.editing, self.begun]
        begun = trigger(pend, inputs, outputs, show_progress="hidden", queue=False)
        answered = begun.then(
            self._answer,
            [self.module, self.archive],
            self._view,
            show_progress="hidden",
            concurrency_limit=None,  # questions wait in the room, where they see their place; not in Gradio's queue
            concurrency_id="answers",
            trigger_mode="multiple",  # the one before may have said all without Gradio having heard of its end
        )
        # A fault of the program must not leave the page waiting; Gradio has logged it.
        answered.failure(self._broken, [self.archive], self._view, show_progress="hidden", queue=False)
        return answered

    async def _answer(
        self, module: str | None, value: object, request: gr.Request
    ) -> AsyncGenerator[list[Update], None]:
        """Yield the view while the question waits for its turn, then as its answer grows."""
        archive, room = from_json(value), self._events.room
        try:
            turn = room.enter(LONGEST_WAIT_SECONDS)
        except (BusyError, ClosingError) as error:
            yield self._shown(self._events.sent_away(archive, error))
            return
        try:
            async for place in turn.places():
                # Only the place: a whole view for all who wait would keep the answers waiting.
                yield [*[UNCHANGED] * (len(self._view) - 1), self._waiting(place)]
            answers = await turn.run(self._answers, archive, module, _visit(request))
            try:
                while (growing := await turn.run(next, answers, None)) is not None:
                    if growing.is_provisional:
                        room.leave(turn)  # the lines are there; who waits for a model keeps nobody from theirs
                    yield growing.view
            finally:
                answers.close()
        except ClosingError as error:
            yield self._shown(self._events.sent_away(archive, error))
        finally:
            room.leave(turn)

    def _answers(self, archive: Archive, module: str | None, visit: Visit) -> Generator[_Growing, None, None]:
        seen, unchanged = archive, [UNCHANGED] * len(self._view)
        for grown in self._events.answer(module, archive, visit):
            view = unchanged if grown is seen else self._shown(grown, busy=True, finished=False)
            seen, last = grown, grown.conversation.last
            yield _Growing(view, bool(last and last.answer and last.answer.provisional))
        yield _Growing(self._shown(seen))

    def _waiting(self, place: WaitingPlace) -> Update:
        return gr.update(
            value=f'<p class="waiting" role="status">{escape(self._events.waiting(place))}</p>', visible=True
        )

    def _wire_asking(self) -> None:
        events = self._events
        answering = [
            self._asks(self.question.submit, events.ask, [self.question, self.archive, self.editing, self.quiz_mode]),
            self._asks(self.chatbot.example_select, self._picked, [self.archive, self.quiz_mode]),
            self._asks(self.chatbot.option_select, self._picked, [self.archive, self.quiz_mode]),
            self._asks(self.chatbot.retry, self._retried, [self.archive]),
        ]
        says = {"chat.simpler_question": self.simpler, "chat.detail_question": self.detail}
        says |= {f"chat.quiz_{name}": button for name, button in self.quiz_commands.items()}
        for key, button in says.items():
            answering.append(self._asks(button.click, functools.partial(events.follow_up, key), [self.archive]))
        self.question.stop(
            self._stopped, [self.archive], self._view, cancels=answering, show_progress="hidden", queue=False
        )
        self.edit.click(
            self._edited, [self.archive], [self.question, self.editing], show_progress="hidden", queue=False
        ).then(js=_FOCUS)

    def _broken(self, value: object) -> list[Update]:
        """Show that the answer failed.

        Now and then Gradio tells this of an answer that was stopped, when the next question has been asked already.
        """
        broken = self._events.broken(value)
        return [UNCHANGED] * len(self._view) if broken is None else self._shown(broken)

    def _stopped(self, value: object) -> list[Update]:
        return self._shown(self._events.stopped(value))

    def _picked(self, value: object, as_quiz: bool, event: gr.EventData) -> Archive:
        return self._events.ask(picked_text(event), value, as_quiz=as_quiz)

    def _retried(self, value: object, event: gr.EventData) -> Archive:
        return self._events.retry(value, picked_exchange(event))

    def _edited(self, value: object) -> list[Any]:
        last = from_json(value).conversation.last
        return [last.question if last else "", last is not None]

    def _switch(self, trigger: Callable[..., Any], change: Callable[[Archive], Archive]) -> None:
        """Let ``trigger`` show another state of the archive."""

        def show(value: object) -> list[Update]:
            return self._restored(self._events.resumed(to_json(change(from_json(value)))))

        trigger(show, [self.archive], self._view, show_progress="hidden", queue=False)

    def _wire_conversations(self) -> None:
        self._switch(self.new.click, Archive.begun)
        self._switch(self.delete_all.click, lambda _: Archive())
        self.export.click(self._file, [self.archive], [self.file], show_progress="hidden", queue=False).then(
            None, [self.file], js=_DOWNLOAD
        )

    def _file(self, value: object) -> dict[str, str]:
        conversation = from_json(value).conversation
        return {"name": file_name(conversation), "text": to_markdown(conversation, self._strings)}

    def _wire_feedback(self) -> None:
        self.chatbot.like(self._rated, [self.archive], [self.archive, self.reasons, self.rated], show_progress="hidden")
        self.reason_send.click(
            self._reasoned,
            [self.archive, self.rated, self.reason, self.reason_text],
            [self.reasons, self.reason, self.reason_text],
            show_progress="hidden",
        )
        self.instructor.click(self._sent, [self.archive], [self.instructor], show_progress="hidden")

    def _rated(self, value: object, event: gr.EventData, request: gr.Request) -> list[Any]:
        number, liked = picked_exchange(event), verdict_of(event)
        rated = self._events.rate(value, number, liked, _visit(request))
        if not rated.is_stored:
            gr.Warning(self._strings["chat.not_stored"])
        elif liked is True:
            gr.Info(self._strings["chat.thanks"])
        return [to_json(rated.archive), gr.update(visible=liked is False), number]

    def _reasoned(
        self, value: object, number: int, picked: str | None, written: str | None, request: gr.Request
    ) -> list[Update]:
        reason = " · ".join(part for part in (picked, (written or "").strip()[:_LONGEST_REASON]) if part)
        if reason:
            stored = self._events.report(from_json(value), number, helpful=False, reason=reason, visit=_visit(request))
            if not stored:
                gr.Warning(self._strings["chat.not_stored"])
                return [gr.update(visible=True), picked, written]
        gr.Info(self._strings["chat.thanks"])
        return [gr.update(visible=False), None, ""]

    def _sent(self, value: object, request: gr.Request) -> Update:
        if not self._events.send_to_instructor(value, _visit(request)):
            gr.Warning(self._strings["chat.not_stored"])
            return gr.update(visible=True)
        gr.Info(self._strings["chat.sent"])
        return gr.update(visible=False)


def _visit(request: gr.Request) -> Visit:
    """Return the visit that an event belongs to: Gradio's mark of the page, and the student's choice."""
    return visit_of(request.session_hash, cast("Mapping[str, str]", request.cookies))
