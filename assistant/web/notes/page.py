"""The notes page: the course as a readable book, with search, both editions, and an address for every line."""

from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Query, Request
from fastapi.responses import FileResponse, HTMLResponse, JSONResponse, RedirectResponse, Response

from assistant.web.app_context import AppContext
from assistant.web.highlighting import highlight_styles
from assistant.web.language import interface_language
from assistant.web.notes.book import Finding, NotesBook, current_book
from assistant.web.page_frame import PageFrame
from assistant.web.safe_html import render_note
from assistant.web.strings import Strings
from index import Note, Section
from index.language.readable_formulas import without_marks
from index.reading.figure_names import figure_type

_MAX_QUERY = 200
#: A drawing (SVG) may hold script and addresses of elsewhere: opened by itself, it may run none and load nothing.
_FIGURE_HEADERS = {
    "Content-Security-Policy": "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:",
    "Cache-Control": "no-cache",
}
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
        return current_book(self._context.service, self._context.settings)

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
            title=note.title,
            note=note,
            tree=notes,
            html=render_note(note.shown, anchors=True, **self._surroundings(book, note, strings)),
            edition=others[0] if others else None,
            edition_lines=_paired_lines(note, others[0]) if others else {},
            previous=notes[position - 1] if position else None,
            next=notes[position + 1] if position + 1 < len(notes) else None,
            note_url=_note_url,
        )

    def panel(self, request: Request, file: str, first: Line, last: Line) -> Response:
        """Show the section that holds lines ``first`` to ``last`` of ``file``, as a piece of HTML."""
        strings = self._frame.strings_for(request)
        book = self._book()
        note = book.note(file)
        sections = (
            [section for section in note.sections if section.first_line <= last and section.last_line >= first]
            if note
            else []
        )
        if note is None or not sections:
            return HTMLResponse(f"<p>{strings['notes.not_found']}</p>", 404)
        start, end = sections[0].first_line, sections[-1].last_line
        around = self._surroundings(book, note, strings, with_lines=True)
        html = render_note(note.shown_lines(start, end), start, **around)
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
        found = self._context.places.picture(path)
        if found is None:
            return Response(status_code=404)
        return FileResponse(found, media_type=figure_type(path), headers=_FIGURE_HEADERS)

    def code_styles(self) -> Response:
        """Serve the colours of highlighted code."""
        return Response(highlight_styles(), media_type="text/css", headers={"Cache-Control": "max-age=86400"})

    def _surroundings(
        self, book: NotesBook, note: Note, strings: Strings, *, with_lines: bool = False
    ) -> dict[str, Any]:
        places = self._context.places
        return {
            "missing_figure": strings["notes.missing_figure"],
            "image_url": places.figures_in(note.file),
            "link_url": places.links_in(note.file, book.all, with_lines=with_lines),
        }


def _note_url(note: Note) -> str:
    return f"/notes/{quote(note.file)}"


def _paired_lines(note: Note, other: Note) -> dict[int, int]:
    """Return, by first line of each section of ``note``, where the same section begins in its other edition."""
    return {ours.first_line: theirs.first_line for ours, theirs in zip(note.sections, other.sections, strict=False)}


def _finding_json(finding: Finding) -> dict[str, str]:
    section: Section = finding.section
    return {
        "url": f"/notes/{quote(section.file)}#L{finding.line}",
        "module": section.module,
        "heading": section.leaf,
        "text": without_marks(finding.text),
    }
