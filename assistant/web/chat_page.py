"""The chat page: its components, and which event leads to what. What happens in an event is in ``chat_events``."""

import functools
from collections.abc import Callable, Iterator
from typing import Any

import gradio as gr

from assistant.web.chat_events import ChatEvents
from assistant.web.conversation import Archive, from_json, to_json
from assistant.web.export import file_name, to_markdown
from assistant.web.site import Site
from assistant.web.strings import Strings

_STORAGE_KEY = "notes_conversations"
#: Gradio scrambles what it stores with this word; it must outlive the server for conversations to do so.
_STORAGE_WORD = "ask-the-notes"
_MAX_BOX_LINES = 8
_REASONS = ("reason_wrong", "reason_source", "reason_incomplete", "reason_unclear")
_DOWNLOAD = "(file) => window.notesChat.download(file)"
_FOCUS = "() => window.notesChat.focusQuestion()"
_CONFIRM_DELETE = "() => window.notesChat.confirmDelete()"
Update = Any  # Gradio's updates are dicts without a type of their own
UNCHANGED: Update = {"__type__": "update"}


def create_blocks(site: Site, language: str) -> gr.Blocks:
    """Return the chat page in one interface language."""
    return ChatPage(ChatEvents(site, language), site.strings[language]).blocks


class ChatPage:
    """The components of the page, by what they are for."""

    def __init__(self, events: ChatEvents, strings: Strings) -> None:
        self._events = events
        self._strings = strings
        title = f"{strings['chat.title']} · {strings['site.name']}"
        with gr.Blocks(title=title, analytics_enabled=False, fill_width=True) as self.blocks:
            self.archive = gr.BrowserState(None, storage_key=_STORAGE_KEY, secret=_STORAGE_WORD)
            self.editing = gr.State(False)
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
            gr.on([self.blocks.load, self.resume.click], self._open, [self.archive], self._view, show_progress="hidden")
            self.welcome.click(self._welcome, None, [self.chatbot, self.module], show_progress="hidden")

    def _lay_out_side(self) -> None:
        text = self._strings
        self.new = gr.Button(text["chat.new"], elem_id="new-conversation", size="md")
        self.module = gr.Dropdown(
            [(text["chat.all_modules"], "")], value="", label=text["chat.module"], elem_id="module", filterable=False
        )
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
        with gr.Row(elem_id="actions", visible=False) as self.actions:
            self.simpler = gr.Button(text["chat.simpler"], size="sm")
            self.detail = gr.Button(text["chat.detail"], size="sm")
            self.edit = gr.Button(text["chat.edit"], size="sm")
            self.export = gr.Button(text["chat.export"], size="sm")
            self.instructor = gr.Button(text["chat.ask_instructor"], size="sm", variant="primary", visible=False)
        with gr.Column(elem_id="reasons", visible=False) as self.reasons:
            self.reason = gr.Radio([text[f"chat.{key}"] for key in _REASONS], label=text["chat.reason"])
            self.reason_text = gr.Textbox(label=text["chat.reason_other"], lines=1, max_lines=3, max_length=500)
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

    def _list_conversations(self) -> None:
        @gr.render(inputs=[self.archive], triggers=[self.archive.change, self.blocks.load], show_progress="hidden")
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
        return [self.archive, self.chatbot, self.actions, self.instructor, self.question, self.reasons, self.module]

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
        box: dict[str, Any] = {
            "submit_btn": False if busy else text["chat.send"],
            "stop_btn": text["chat.stop"] if busy else False,
        }
        box |= {"value": ""} if clear else {}
        last = archive.conversation.last
        return [
            to_json(archive),
            self._events.chatbot(archive, next_questions),
            gr.update(visible=not busy and last is not None),
            gr.update(visible=not busy and self._events.can_ask_instructor(archive)),
            gr.update(**box),
            gr.update(visible=False),
            UNCHANGED,
        ]

    def _open(self, value: object) -> list[Update]:
        """Show what the browser kept, and what the notes can be asked."""
        shown = self._shown(self._events.resumed(value))
        chatbot, shown[-1] = self._welcome()
        shown[1] |= chatbot
        return shown

    def _welcome(self) -> tuple[Update, Update]:
        """Show what the notes can be asked, and leave the conversation alone: an answer may be under way."""
        welcome, starters, modules = self._events.welcome()
        examples = [{"text": question} for question in starters]
        return gr.update(placeholder=welcome, examples=examples), gr.update(choices=modules)

    def _asks(self, trigger: Callable[..., Any], begin: Callable[..., Archive], inputs: list[Any]) -> Any:  # noqa: ANN401
        """Let ``trigger`` put the question that ``begin`` makes pending, and answer it; return the answering event."""

        @functools.wraps(begin)  # Gradio passes an event's data to parameters that are annotated with it
        def pend(*values: Any) -> list[Update]:  # noqa: ANN401 - what the inputs hold
            return [*self._shown(begin(*values), busy=True, finished=False, clear=True), False]

        begun = trigger(pend, inputs, [*self._view, self.editing], show_progress="hidden", queue=False)
        answered = begun.then(
            self._answer,
            [self.module, self.archive],
            self._view,
            show_progress="hidden",
            concurrency_limit=self._events.concurrent_answers,
            concurrency_id="answers",
        )
        # A fault of the program must not leave the page waiting; Gradio has logged it.
        answered.failure(self._broken, [self.archive], self._view, show_progress="hidden")
        return answered

    def _answer(self, module: str | None, value: object) -> Iterator[list[Update]]:
        archive = from_json(value)
        for archive in self._events.answer(module, archive):  # noqa: B020 - the archive as it grows
            yield self._shown(archive, busy=True, finished=False)
        yield self._shown(archive)

    def _wire_asking(self) -> None:
        events = self._events
        answering = [
            self._asks(self.question.submit, events.ask, [self.question, self.archive, self.editing]),
            self._asks(
                self.simpler.click, functools.partial(events.follow_up, "chat.simpler_question"), [self.archive]
            ),
            self._asks(self.detail.click, functools.partial(events.follow_up, "chat.detail_question"), [self.archive]),
            self._asks(self.chatbot.example_select, self._picked_example, [self.archive]),
            self._asks(self.chatbot.option_select, self._picked_option, [self.archive]),
            self._asks(self.chatbot.retry, self._retried, [self.archive]),
        ]
        self.question.stop(self._stopped, [self.archive], self._view, cancels=answering, show_progress="hidden")
        self.edit.click(self._edited, [self.archive], [self.question, self.editing], show_progress="hidden").then(
            js=_FOCUS
        )

    def _broken(self, value: object) -> list[Update]:
        return self._shown(self._events.broken(value))

    def _stopped(self, value: object) -> list[Update]:
        return self._shown(self._events.stopped(value))

    def _picked_example(self, value: object, event: gr.SelectData) -> Archive:
        return self._events.ask(event.value["text"], value, False)

    def _picked_option(self, value: object, event: gr.SelectData) -> Archive:
        return self._events.ask(str(event.value), value, False)

    def _retried(self, value: object, event: gr.RetryData) -> Archive:
        return self._events.retry(value, _exchange_number(event.index))

    def _edited(self, value: object) -> list[Any]:
        last = from_json(value).conversation.last
        return [last.question if last else "", last is not None]

    def _switch(self, trigger: Callable[..., Any], change: Callable[[Archive], Archive], **options: Any) -> None:  # noqa: ANN401
        """Let ``trigger`` show another state of the archive."""

        def show(value: object) -> list[Update]:
            return self._shown(self._events.resumed(to_json(change(from_json(value)))))

        trigger(show, [self.archive], self._view, show_progress="hidden", **options)

    def _wire_conversations(self) -> None:
        self._switch(self.new.click, Archive.begun)
        self._switch(self.delete_all.click, lambda _: Archive())
        self.export.click(self._file, [self.archive], [self.file], show_progress="hidden").then(
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

    def _rated(self, value: object, event: gr.LikeData) -> list[Any]:
        number = _exchange_number(event.index)
        rated = self._events.rate(value, number, event.liked)
        if event.liked is True:
            gr.Info(self._strings["chat.thanks"])
        return [to_json(rated), gr.update(visible=event.liked is False), number]

    def _reasoned(self, value: object, number: int, picked: str | None, written: str) -> list[Update]:
        reason = " · ".join(part for part in (picked, written.strip()) if part)
        if reason:
            self._events.report(from_json(value), number, helpful=False, reason=reason)
        gr.Info(self._strings["chat.thanks"])
        return [gr.update(visible=False), None, ""]

    def _sent(self, value: object) -> Update:
        self._events.send_to_instructor(value)
        gr.Info(self._strings["chat.sent"])
        return gr.update(visible=False)


def _exchange_number(index: int | tuple[int, ...]) -> int:
    """Return which exchange a message belongs to; Gradio numbers messages, two an exchange."""
    first = index if isinstance(index, int) else index[0]
    return first // 2
