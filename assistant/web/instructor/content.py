"""The instructor's content page: state of the index, notes in trouble, reading them again, uploads and versions."""

import contextlib
import threading
from collections.abc import Callable, Generator, Sequence
from typing import Annotated

from fastapi import APIRouter, Form, HTTPException, Query, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse, RedirectResponse, Response
from pydantic import AfterValidator
from starlette.datastructures import UploadFile

from assistant.publishing.archives import MAX_UPLOAD_BYTES, MOST_FILES_SENT, Upload, telling
from assistant.publishing.documents_as_notes import holds_documents
from assistant.publishing.notes_folder import NotesFolderError, translated
from assistant.publishing.notices import Problem, PublishingOutcome, UploadReport
from assistant.publishing.publisher import Publishing, Read
from assistant.web.api.guard import limited
from assistant.web.fields import FormName
from assistant.web.instructor.access import HOME
from assistant.web.instructor.content_parts import ContentParts
from assistant.web.instructor.desk import InstructorDesk
from assistant.web.instructor.note_checks import NoteChecks
from index.border import mended
from index.reading.note_names import note_stem


class NotesReading:
    """Reads the notes again in the background, one at a time; a change of the notes is part of such a reading."""

    def __init__(self, desk: InstructorDesk, publishing: Publishing) -> None:
        self._desk = desk
        self._publishing = publishing
        self._busy = threading.Lock()
        self.doing = "reading"

    @property
    def is_busy(self) -> bool:
        """Whether the notes are being read, also for the first time."""
        service = self._desk.context.service
        return self._busy.locked() or not (service.ready or service.error)

    def start(self, change: Callable[[Read], None] | None = None, doing: str = "reading") -> bool:
        """Begin to read unless that is under way, and return whether it begins now.

        :param change: Called instead of reading, with what reads and returns why that failed.
        :param doing: What is said to be under way meanwhile: ``reading`` or ``converting``.
        """
        if self.is_busy or not self._busy.acquire(blocking=False):
            return False
        self.doing = doing
        self._desk.context.progress.advance(0, 0)
        self._desk.context.background.once("reload-notes", lambda: self._run(change))
        return True

    def _run(self, change: Callable[[Read], None] | None) -> None:
        try:
            if change is None:
                self._read()
            else:
                change(self._read)
        except NotesFolderError as error:
            self._publishing.notices.tell(PublishingOutcome("failed", str(error)))
        finally:
            self._busy.release()

    def _read(self) -> str:
        self._desk.context.service.reload()
        return str(self._desk.context.service.error or "")

    def publish(self) -> bool:
        """Begin to publish what waits, and return whether it begins now: not while the notes are being read.

        Where the index leaves one of these notes out, that is no success: what it stood in place of would be gone.
        """

        def change(read: Read) -> None:
            stems = {note_stem(note.name) for note in self._publishing.staged.files()}
            self._publishing.publish(lambda: read() or self._unusable(stems))

        return self.start(change)

    def convert(self, uploads: Sequence[Upload]) -> bool:
        """Begin to make notes of ``uploads`` of other formats, to wait with the rest; return whether it begins now."""

        def change(_: Read) -> None:
            self._publishing.notices.tell(self._staged(uploads))

        return self.start(change, "converting")

    def _staged(self, uploads: Sequence[Upload]) -> UploadReport:
        try:
            return self._publishing.staged.stage(uploads, self._desk.context.progress.advance)
        except NotesFolderError as error:  # nobody waits for an answer here
            names = [telling(upload.name) for upload in uploads]
            return UploadReport(problems=tuple(Problem(name, "not_stored", None, str(error)) for name in names))

    def _unusable(self, stems: set[str]) -> str:
        """Return why notes of these names are left out of the index in force, ``""`` where none is."""
        left_out = self._desk.context.service.assistant.index.left_out
        return " ".join(str(problem) for problem in left_out if note_stem(problem.file) in stems)


def add_content_routes(router: APIRouter, desk: InstructorDesk) -> None:
    """Add the routes of the content page."""
    publishing = Publishing(desk.context.settings.dir, desk.context.settings.data_dir)
    reading = NotesReading(desk, publishing)
    checks = NoteChecks(desk.context.settings.dir)

    @router.get("/content")
    def content(request: Request) -> Response:
        parts = ContentParts(desk, publishing, checks)
        return desk.render(
            request,
            "instructor_content.html",
            "content",
            **parts.values,
            busy=reading.is_busy,
            doing=reading.doing,
            progress=desk.context.progress.to_json(),
        )

    @router.get("/content/state")
    def state() -> Response:
        return JSONResponse({"busy": reading.is_busy, **desk.context.progress.to_json()})

    @router.post("/content/reload")
    def reload() -> Response:
        reading.start()
        return _back()

    @router.post("/content/seen")
    def seen() -> Response:
        publishing.notices.seen()
        return _back()

    _add_waiting_routes(router, desk, publishing, reading)
    _add_decisions(router, desk, publishing, reading)


def _add_waiting_routes(router: APIRouter, desk: InstructorDesk, publishing: Publishing, reading: NotesReading) -> None:
    """Add the routes that change what waits."""

    @router.post("/content/upload")
    async def upload(request: Request) -> Response:
        uploads = await _uploads(request, desk)
        if any(holds_documents(upload) for upload in uploads):  # minutes: the page tells how far it is
            if not reading.convert(uploads):
                raise HTTPException(409, desk.strings(request)["instructor.notes_busy"])
            return _back()
        with _told():
            # Unpacking takes seconds; whoever else asks something meanwhile must not wait for it.
            publishing.notices.tell(await run_in_threadpool(publishing.staged.stage, uploads))
        return _back()

    @router.get("/content/waiting")
    def waiting(file: Annotated[str, AfterValidator(mended), Query(max_length=2000)]) -> Response:
        found = next((note for note in publishing.staged.files() if note.name == file), None)
        if found is None:
            raise HTTPException(404, f"No note called {file} waits.")
        with _told(), translated(found.path.parent):
            return Response(found.path.read_bytes(), media_type="text/plain; charset=utf-8")

    @router.post("/content/take-out")
    def take_out(file: Annotated[str, AfterValidator(mended), Form(max_length=2000)]) -> Response:
        with _told():
            publishing.staged.take_out(file)
        return _back()

    @router.post("/content/discard")
    def discard() -> Response:
        with _told():
            publishing.staged.discard()
        return _back()


def _add_decisions(router: APIRouter, desk: InstructorDesk, publishing: Publishing, reading: NotesReading) -> None:
    """Add the routes by which an upload goes live or not, and by which an earlier version comes back."""

    @router.post("/content/publish")
    def publish(request: Request) -> Response:
        if not reading.publish():
            raise HTTPException(409, desk.strings(request)["instructor.notes_busy"])
        return _back()

    @router.post("/content/restore")
    def restore(request: Request, version: FormName) -> Response:
        with _told():
            publishing.earlier.files(version)
        if not reading.start(lambda read: publishing.restore(version, read)):
            raise HTTPException(409, desk.strings(request)["instructor.notes_busy"])
        return _back()


async def _uploads(request: Request, desk: InstructorDesk) -> list[Upload]:
    """Return the uploaded files; the guard has run before, so that nobody else's are read.

    :raises HTTPException: 413 if they are larger than the limit.
    """
    told = desk.strings(request).format("instructor.upload_too_large", megabytes=MAX_UPLOAD_BYTES // 2**20)
    async with limited(request, MAX_UPLOAD_BYTES, told).form(max_files=MOST_FILES_SENT) as form:
        files = [value for value in form.getlist("files") if isinstance(value, UploadFile) and value.filename]
        return [Upload(file.filename or "", await file.read()) for file in files]


@contextlib.contextmanager
def _told() -> Generator[None]:
    try:
        yield
    except NotesFolderError as error:
        raise HTTPException(400, str(error)) from error


def _back() -> Response:
    return RedirectResponse(f"{HOME}/content", 303)
