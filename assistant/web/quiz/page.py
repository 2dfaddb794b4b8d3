"""The practice page ``/quiz``: chooses items, passes replies on, and keeps nothing: sessions live in the browser."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timezone
from html import escape
from pathlib import Path
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, JSONResponse
from pydantic import BaseModel, ConfigDict, Field

from assistant.quiz.export import FORMATS, export
from assistant.quiz.leading.commands import Command, command_of
from assistant.quiz.leading.current_tutor import TutorOfService
from assistant.quiz.leading.scheduling import Memory, due, remember
from assistant.quiz.leading.session import QuizSession
from assistant.quiz.leading.tutor import Lesson, QuizTutor
from assistant.quiz.making.bank import draw
from assistant.quiz.records import TYPED, Item, ItemKind
from assistant.records import Citation
from assistant.web.api.answer_streams import SECONDS_TO_WAIT
from assistant.web.api.guard import GuardedRoute
from assistant.web.app_context import AppContext
from assistant.web.faq_page import note_address
from assistant.web.page_frame import PageFrame
from assistant.web.places.course_places import CoursePlaces
from assistant.web.safe_html import formulas_html, render_answer
from assistant.web.strings import Strings, load_strings
from index import QuestionError
from index.border import MAX_NAME_CHARACTERS
from index.language.languages import LANGUAGES

CATALOGUE = Path(__file__).parent.parent / "quiz_strings.yaml"
_PAGE_TEXTS = ("failed", "due_count", "nothing_due", "memory_confirm", "memory_deleted")
_FILES = {
    "markdown": ("quiz.md", "text/markdown"),
    "csv": ("quiz.csv", "text/csv"),
    "anki": ("quiz-anki.txt", "text/plain"),
    "moodle": ("quiz-moodle.xml", "application/xml"),
}


class _Body(BaseModel):
    model_config = ConfigDict(extra="ignore")


class StartBody(_Body):
    """What to practise. ``memory`` given means: what is due for review."""

    language: str = "ko"
    module: str = Field(default="", max_length=MAX_NAME_CHARACTERS)
    topic: str = Field(default="", max_length=200)
    kind: str = ""
    count: int = Field(default=5, ge=1, le=30)
    memory: dict[str, Any] | None = None


class ReplyBody(_Body):
    """A reply to the running quiz."""

    session: dict[str, Any]
    text: str = Field(max_length=300)
    memory: dict[str, Any] | None = None


class MemoryBody(_Body):
    """The reviews that the browser keeps."""

    memory: dict[str, Any]


class ExportBody(_Body):
    """A quiz to be written in a format."""

    session: dict[str, Any]
    format: str


class QuizChangedError(QuestionError):
    """A quiz whose items the notes no longer give, or that is not one of ours."""


def create_router(context: AppContext, frame: PageFrame) -> APIRouter:
    """Return the routes of ``/quiz``."""
    router = APIRouter(include_in_schema=False, route_class=GuardedRoute)
    desk = QuizPages(context.tutor, load_strings(CATALOGUE), context.places)

    @router.get("/quiz", response_class=HTMLResponse)
    def show(request: Request) -> HTMLResponse:
        strings = desk.strings[frame.strings_for(request).language]
        modules = desk.modules(strings.language) if context.service.ready else []
        texts = {name: strings[f"quiz.{name}"] for name in _PAGE_TEXTS}
        return frame.render(request, "quiz.html", title=strings["quiz.title"], q=strings, texts=texts, modules=modules)

    @router.post("/quiz/start")
    async def start(body: StartBody) -> JSONResponse:
        async with context.room.turn(SECONDS_TO_WAIT) as turn:
            return JSONResponse(await turn.run(desk.start, body))

    @router.post("/quiz/reply")
    async def reply(body: ReplyBody) -> JSONResponse:
        async with context.room.turn(SECONDS_TO_WAIT) as turn:
            return JSONResponse(await turn.run(desk.reply, body))

    @router.post("/quiz/due")
    def count_due(body: MemoryBody) -> JSONResponse:
        return JSONResponse({"due": len(due(Memory.from_json(body.memory), datetime.now(timezone.utc)))})

    @router.post("/quiz/export")
    async def write(body: ExportBody) -> JSONResponse:
        async with context.room.turn(SECONDS_TO_WAIT) as turn:
            return JSONResponse(await turn.run(desk.export, body))

    return router


class QuizPages:
    """Answers what the page asks: starts, replies and exports, each from what the browser sends alone."""

    def __init__(self, tutor: TutorOfService, strings: dict[str, Strings], places: CoursePlaces) -> None:
        self._tutor = tutor
        self._places = places
        self.strings = strings

    def modules(self, language: str) -> list[str]:
        """Return the names of the modules that can be practised in a language."""
        return self._tutor.current().bank.modules(language)

    def start(self, body: StartBody) -> dict[str, Any]:
        """Return the first step of a quiz, or a notice where there is nothing to ask."""
        tutor = self._tutor.current()
        language = body.language if body.language in LANGUAGES else LANGUAGES[0]
        strings = self.strings[language]
        if body.topic.strip() and body.memory is None and not body.kind and not body.module:
            return self._step(tutor, tutor.start(body.topic, language=language), {})
        items = self._due(tutor, body, language) if body.memory is not None else self._chosen(tutor, body, language)
        if not items:
            return {"session": None, "notice": strings["quiz.none" if body.memory is None else "quiz.nothing_due"]}
        return self._step(tutor, tutor.practise(items, body.topic.strip() if body.memory is None else ""), {})

    def _due(self, tutor: QuizTutor, body: StartBody, language: str) -> list[Item]:
        pairs = due(Memory.from_json(body.memory or {}), datetime.now(timezone.utc))
        other = next(code for code in LANGUAGES if code != language)
        found = [tutor.bank.item(f"{pair}-{language}") or tutor.bank.item(f"{pair}-{other}") for pair in pairs]
        return [item for item in found if item][: body.count]

    def _chosen(self, tutor: QuizTutor, body: StartBody, language: str) -> list[Item]:
        kinds = [ItemKind(body.kind)] if body.kind in list(ItemKind) else []
        places = tutor.places(body.topic) if body.topic.strip() else ()
        if body.topic.strip() and not places:
            return []
        items = tutor.bank.select(language, places=places, module=body.module or None, kinds=kinds)
        return draw(items, body.count)

    def reply(self, body: ReplyBody) -> dict[str, Any]:
        """Return the step after a reply, with the reviews as they are then.

        :raises QuizChangedError: If the notes no longer give the items.
        :raises MemoryFormatError: If the reviews cannot be read.
        """
        tutor = self._tutor.current()
        lesson = tutor.reply(self._session(tutor, body.session), body.text)
        memory = Memory.from_json(body.memory) if body.memory else Memory()
        ended = lesson.step.ended if lesson.step else None
        judged = lesson.step is not None and lesson.step.verdict is not None
        if ended and (judged or command_of(body.text) is Command.TELL):
            memory = remember(memory, ended.item.pair, ended.verdict, ended.tries, datetime.now(timezone.utc))
        return self._step(tutor, lesson, {"memory": memory.to_json()})

    def _session(self, tutor: QuizTutor, row: Mapping[str, Any]) -> QuizSession:
        language = row.get("language")
        sentence = self.strings[language if language in LANGUAGES else LANGUAGES[0]]["quiz.changed"]
        try:
            session = tutor.unpacked(row)
        except ValueError as error:
            raise QuizChangedError(sentence) from error
        if session is None:
            raise QuizChangedError(sentence)
        return session

    def _step(self, tutor: QuizTutor, lesson: Lesson, more: dict[str, Any]) -> dict[str, Any]:
        if lesson.step is None:
            return {"session": None, "notice": lesson.message}
        session, item = lesson.step.session, lesson.step.session.item
        options = list(item.options) if item and item.kind not in (*TYPED, ItemKind.ORDERING) else []
        return {
            "session": tutor.packed(session),
            "html": self._html(lesson),
            "options": options,
            "labels": [formulas_html(option) for option in options],
            "commands": [text for text in lesson.step.buttons if text not in options],
            "position": session.position,
            "total": len(session.items),
            "finished": session.finished,
            "source": note_address(lesson.step.ended.item.citation) if lesson.step.ended else "",
            **more,
        }

    def _html(self, lesson: Lesson) -> str:
        """Return the message and the closing of a lesson as HTML, their markers and links linked to the notes."""
        ended = lesson.step.ended if lesson.step else None
        cited = (replace(ended.item.citation, marker=1),) if ended else ()
        asked = lesson.step.session.item if lesson.step else None
        quoted = (*cited, *((asked.citation,) if asked else ()))
        message = render_answer(lesson.message, _links(cited), self._places.links_among(quoted))
        if lesson.answer is None:
            return message
        citations = lesson.answer.citations
        closing = f"{lesson.closing}\n\n{lesson.answer.text}"
        return message + render_answer(closing, _links(citations), self._places.links_among(citations))

    def export(self, body: ExportBody) -> dict[str, Any]:
        """Return the items of a quiz as a file, the sheet as HTML too.

        :raises QuestionError: If there is no such format.
        :raises QuizChangedError: If the notes no longer give the items.
        """
        if body.format not in FORMATS:
            raise QuestionError(f"There is no format {body.format[:20]!r}; there are {', '.join(FORMATS)}.")
        session = self._session(self._tutor.current(), body.session)
        name, kind = _FILES[body.format]
        text = export(session.items, body.format)
        sheet = {"html": render_answer(text, lambda _: None)} if body.format == "markdown" else {}
        return {"name": name, "type": kind, "text": text, **sheet}


def _links(citations: Sequence[Citation]) -> Callable[[int], str | None]:
    cited = {citation.marker: citation for citation in citations}

    def link(marker: int) -> str | None:
        citation = cited.get(marker)
        return f'<a href="{escape(note_address(citation))}">[{marker}]</a>' if citation else None

    return link
