"""The notes page: the course as a readable book, with search, both editions, and an address for every line."""

import mimetypes
import posixpath
from collections.abc import Callable
from pathlib import Path
from typing import Annotated
from urllib.parse import quote, unquote

from fastapi import APIRouter, Query, Request
from fastapi.responses import FileResponse, HTMLResponse, JSONResponse, RedirectResponse, Response

from assistant.web.app_context import AppContext
from assistant.web.highlighting import highlight_styles
from assistant.web.language import interface_language
from assistant.web.notes.book import Finding, NotesBook, current_book
from assistant.web.page_frame import PageFrame
from assistant.web.safe_html import render_note
from index import Note, Section
from index.reading.note_names import file_below

_MAX_QUERY = 200
Line = Annotated[int, Query(ge=1, le=10**9)]


def create_router(context: AppContext, frame: PageFrame) -> APIRouter:
    """Return the routes below ``/notes``, and ``/panel``, which shows one cited section."""
    router = APIRouter(include_in_schema=False)
    pages = NotesPages(context, frame)
    router.add_api_route("/notes", pages.first, response_class=HTMLResponse)
    router.add_api_route("/notes/", pages.first, response_class=HTMLResponse)
    router.add_api_route("/search-notes", pages.search)
    router.add_api_route("/figures/{path:path}", pages.figure)
    router.add_api_route("/code.css", pages.code_styles)
    router.add_api_route("/notes/{file:path}", pages.note, response_class=HTMLResponse)
    router.add_api_route("/panel/{file:path}", pages.panel, response_class=HTMLResponse)
    return router


class NotesPages:
    """The handlers of the notes pages."""

    def __init__(self, context: AppContext, frame: PageFrame) -> None:
        self._context = context
        self._frame = frame

    def _book(self) -> NotesBook:
        return current_book(self._context.service, self._context.settings.dir)

    def first(self, request: Request) -> Response:
        """Open the first note."""
        note = self._book().notes(interface_language(request))[0]
        return RedirectResponse(f"/notes/{quote(note.file)}", 303)

    def note(self, request: Request, file: str) -> Response:
        """Show the note called ``file``."""
        book, strings = self._book(), self._frame.strings_for(request)
        note = book.note(file)
        if note is None:
            return self._frame.render(request, "notes_missing.html", 404, title=strings["notes.not_found"])
        notes = book.notes(note.language)
        position = next(number for number, other in enumerate(notes) if other.file == note.file)
        others = [edition for edition in book.editions(note).values() if edition is not note]
        return self._frame.render(
            request,
            "notes.html",
            title=note.sections[0].leaf,
            note=note,
            tree=notes,
            html=self._html(note, 1, note.shown, strings["notes.missing_figure"], anchors=True),
            edition=others[0] if others else None,
            edition_lines=_paired_lines(note, others[0]) if others else {},
            previous=notes[position - 1] if position else None,
            next=notes[position + 1] if position + 1 < len(notes) else None,
            note_url=_note_url,
        )

    def panel(self, request: Request, file: str, first: Line, last: Line) -> Response:
        """Show the section that holds lines ``first`` to ``last`` of ``file``, as a piece of HTML."""
        strings = self._frame.strings_for(request)
        note = self._book().note(file)
        sections = (
            [section for section in note.sections if section.first_line <= last and section.last_line >= first]
            if note
            else []
        )
        if note is None or not sections:
            return HTMLResponse(f"<p>{strings['notes.not_found']}</p>", 404)
        start, end = sections[0].first_line, sections[-1].last_line
        html = self._html(note, start, note.shown_lines(start, end), strings["notes.missing_figure"])
        page = self._frame.fragment(
            "panel.html",
            strings.language,
            section=sections[0],
            html=html,
            url=f"{_note_url(note)}#L{first}-L{last}",
            note_language=note.language,
        )
        return HTMLResponse(page)

    def search(self, request: Request, q: str = Query(max_length=_MAX_QUERY), language: str = "") -> JSONResponse:
        """Return the places in the notes that hold the words of ``q``."""
        found = self._book().find(q, language or interface_language(request))
        return JSONResponse({"results": [_finding_json(finding) for finding in found]})

    def figure(self, path: str) -> Response:
        """Serve a figure that lies beside the notes; nothing else, and nothing outside of their folder."""
        found = _figure_path(self._context.settings.dir, path)
        return FileResponse(found) if found else Response(status_code=404)

    def code_styles(self) -> Response:
        """Serve the colours of highlighted code."""
        return Response(highlight_styles(), media_type="text/css", headers={"Cache-Control": "max-age=86400"})

    def _html(self, note: Note, first_line: int, text: str, missing: str, *, anchors: bool = False) -> str:
        return render_note(
            text,
            first_line,
            anchors=anchors,
            missing_figure=missing,
            image_url=_figures_of(note, self._context.settings.dir),
        )


def _note_url(note: Note) -> str:
    return f"/notes/{quote(note.file)}"


def _figures_of(note: Note, folder: Path) -> Callable[[str], str | None]:
    """Return what finds the address of a figure that ``note`` shows."""

    def find(source: str) -> str | None:
        path = posixpath.normpath(posixpath.join(posixpath.dirname(note.file), unquote(source)))
        return f"/figures/{quote(path)}" if _figure_path(folder, path) else None

    return find


def _figure_path(folder: Path, path: str) -> Path | None:
    """Return the image at ``path`` below ``folder``; None for anything else, and for SVG, which can hold script."""
    kind = mimetypes.guess_type(posixpath.basename(path))[0] or ""  # of a whole path it would be asked as an address
    if not kind.startswith("image/") or kind == "image/svg+xml" or ":" in path:
        return None
    return file_below(folder, path)


def _paired_lines(note: Note, other: Note) -> dict[int, int]:
    """Return, by first line of each section of ``note``, where the same section begins in its other edition."""
    return {ours.first_line: theirs.first_line for ours, theirs in zip(note.sections, other.sections, strict=False)}


def _finding_json(finding: Finding) -> dict[str, str]:
    section: Section = finding.section
    return {
        "url": f"/notes/{quote(section.file)}#L{finding.line}",
        "module": section.module,
        "heading": section.leaf,
        "text": finding.text,
    }
