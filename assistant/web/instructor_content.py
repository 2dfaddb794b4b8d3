"""The instructor's content page: state of the index, notes in trouble, reading them again, uploads and versions."""

import contextlib
import threading
from collections.abc import Callable, Generator
from typing import Annotated, Any

from fastapi import APIRouter, Form, HTTPException, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response
from starlette.datastructures import UploadFile

from assistant.faq.archives import MAX_FILES, MAX_UPLOAD_BYTES, Upload
from assistant.faq.staging import NotesFolderError, Problem, StagedNotes
from assistant.web.api_guard import limited
from assistant.web.instructor_access import HOME
from assistant.web.instructor_desk import InstructorDesk
from index import NotesError, needs_build
from index.notes import unpaired_editions


class Reading:
    """Reads the notes again in the background, one at a time."""

    def __init__(self, desk: InstructorDesk) -> None:
        self._desk = desk
        self._busy = threading.Lock()

    @property
    def is_busy(self) -> bool:
        """Whether the notes are being read."""
        return self._busy.locked()

    def start(self, on_failure: Callable[[], object] | None = None) -> None:
        """Begin to read unless that is under way. :param on_failure: Called if they could not be read."""
        if self._busy.acquire(blocking=False):
            self._desk.site.progress.advance(0, 0)
            self._desk.site.background.once("reload-notes", lambda: self._run(on_failure))

    def _run(self, on_failure: Callable[[], object] | None) -> None:
        try:
            self._desk.site.service.reload()
            if self._desk.site.service.error is not None and on_failure is not None:
                on_failure()
        finally:
            self._busy.release()


def add_content_routes(router: APIRouter, desk: InstructorDesk) -> None:
    """Add the routes of the content page."""
    settings = desk.site.settings
    reading, staged = Reading(desk), StagedNotes(settings.dir, settings.data_dir)

    def page(request: Request, status_code: int = 200, problems: list[Problem] | None = None) -> Response:
        return desk.render(
            request,
            "instructor_content.html",
            "content",
            status_code,
            **_state(desk, reading),
            in_trouble=staged.problems(),
            unpaired=unpaired_editions(desk.notes()),
            rejected=problems or [],
            waiting=staged.waiting(),
            versions=staged.versions(),
        )

    @router.get("/content")
    def content(request: Request) -> Response:
        return page(request)

    @router.get("/content/state")
    def state() -> Response:
        return JSONResponse({"busy": reading.is_busy, **desk.site.progress.to_json()})

    @router.post("/content/reload")
    def reload() -> Response:
        reading.start()
        return _back()

    @router.post("/content/upload")
    async def upload(request: Request) -> Response:
        uploads = await _uploads(request)
        with _told():
            problems = staged.stage(uploads)
        return page(request, 422, problems) if problems else _back()

    _add_decisions(router, staged, reading)


def _add_decisions(router: APIRouter, staged: StagedNotes, reading: Reading) -> None:
    """Add the routes by which an upload goes live or not, and by which an earlier version comes back."""

    @router.post("/content/publish")
    def publish() -> Response:
        if reading.is_busy:
            raise HTTPException(409, "The notes are being read. Please try again in a moment.")
        with _told():
            before = staged.publish()
        # Notes that cannot be indexed must not stay: the next start would fail.
        reading.start(on_failure=lambda: staged.restore(before))
        return _back()

    @router.post("/content/discard")
    def discard() -> Response:
        staged.discard()
        return _back()

    @router.post("/content/restore")
    def restore(version: Annotated[str, Form(max_length=64)]) -> Response:
        with _told():
            staged.restore(version)
        reading.start()
        return _back()


def _state(desk: InstructorDesk, reading: Reading) -> dict[str, Any]:
    """Return what the page tells of the index."""
    service, error = desk.site.service, str(desk.site.service.error or "")
    index = service.assistant.index if service.ready else None
    try:
        outdated = index is not None and needs_build(desk.site.settings)
    except NotesError as reason:
        outdated, error = True, str(reason)
    return {
        "notes": desk.notes(),
        "passages": len(index.searcher.stored.passages) if index else 0,
        "encoder": index.searcher.stored.manifest.encoder if index else "",
        "outdated": outdated,
        "busy": reading.is_busy,
        "progress": desk.site.progress.to_json(),
        "error": error,
    }


async def _uploads(request: Request) -> list[Upload]:
    """Return the uploaded files; the guard has run before, so that nobody else's are read.

    :raises HTTPException: 413 if they are larger than the limit.
    """
    told = f"An upload has at most {MAX_UPLOAD_BYTES // 2**20} MB."
    async with limited(request, MAX_UPLOAD_BYTES, told).form(max_files=MAX_FILES) as form:
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
