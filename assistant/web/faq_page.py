"""The public FAQ: published entries by module, and the same as JSON."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import quote

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, JSONResponse

from assistant.faq.entry_text import EntryText, nearest_text
from assistant.faq.errors import DatabaseUnavailableError
from assistant.faq.records import Entry
from assistant.faq.service import FaqService
from assistant.faq.statistics import Editions
from assistant.faq.storage.entry_store import read_published
from assistant.records import Citation
from assistant.web.app_context import AppContext
from assistant.web.page_frame import PageFrame
from assistant.web.places.course_places import CoursePlaces
from assistant.web.safe_html import render_answer
from assistant.web.strings import Strings, load_strings

CATALOGUE = Path(__file__).with_name("faq_strings.yaml")


@dataclass(frozen=True, slots=True)
class ShownEntry:
    """An entry as the page shows it; ``answer`` is HTML that is safe, written in ``language``."""

    slug: str
    language: str
    question: str
    answer: str
    module: str
    pinned: bool
    citations: tuple[Citation, ...]


def create_router(context: AppContext, frame: PageFrame) -> APIRouter:
    """Return the routes of ``/faq`` and ``/api/faq``; where there is no database, they say so."""
    router = APIRouter()
    desk, texts = context.faq, load_strings(CATALOGUE)

    def page(
        request: Request, strings: Strings, entries: Sequence[ShownEntry], message: str, status_code: int = 200
    ) -> HTMLResponse:
        return frame.render(
            request,
            "faq.html",
            status_code,
            title=strings["faq.title"],
            f=strings,
            modules=by_module(entries),
            message=message,
            address=note_address,
        )

    @router.get("/faq", response_class=HTMLResponse, include_in_schema=False)
    def show(request: Request) -> HTMLResponse:
        strings = texts[frame.strings_for(request).language]
        try:
            entries = published(desk)
        except DatabaseUnavailableError:
            return page(request, strings, (), strings["faq.unavailable"], 503)
        editions = Editions(context.service.assistant.index.sections if context.service.ready else (), strings.language)
        shown = [
            shown_entry(entry, nearest_text(entry, strings.language), context.places, editions) for entry in entries
        ]
        return page(request, strings, shown, "" if shown else strings["faq.empty"])

    @router.get("/api/faq")
    def api() -> JSONResponse:
        """Return the published entries, pinned ones first."""
        try:
            return JSONResponse({"entries": [public_json(entry) for entry in published(desk)]})
        except DatabaseUnavailableError:
            return JSONResponse({"detail": "The FAQ is not available now."}, 503)

    return router


def published(desk: FaqService | None) -> list[Entry]:
    """Return the published entries.

    :raises DatabaseUnavailableError: If the database cannot be read, or could not be opened at the start (None).
    """
    if desk is None:
        raise DatabaseUnavailableError("The FAQ database could not be opened.")
    with desk.database.reading() as connection:
        return read_published(connection)


def public_json(entry: Entry) -> dict[str, Any]:
    """Return what students may know of an entry."""
    hidden = {"identifier", "cluster", "published_ko", "published_en", "position"}
    return {name: value for name, value in entry.to_json().items() if name not in hidden}


def shown_entry(entry: Entry, text: EntryText, places: CoursePlaces, editions: Editions | None = None) -> ShownEntry:
    """Return ``entry`` as ``text`` has it, its markers and links linked to the notes.

    :param places: Finds what links mean.
    :param editions: Names the module in its language; without it, it is called as it was stored.
    """
    by_marker = {citation.marker: citation for citation in text.citations}

    def link(marker: int) -> str | None:
        citation = by_marker.get(marker)
        return f'<a href="{escape(note_address(citation))}">[{citation.marker}]</a>' if citation else None

    return ShownEntry(
        entry.slug,
        text.language,
        text.question,
        render_answer(text.answer, link, places.links_among(text.citations)),
        editions.module(entry.module) if editions else entry.module,
        entry.pinned,
        text.citations,
    )


def by_module(entries: Sequence[ShownEntry]) -> list[tuple[str, list[ShownEntry]]]:
    """Return the entries under their modules, in the order in which modules first come."""
    modules = dict.fromkeys(entry.module for entry in entries)
    return [(module, [entry for entry in entries if entry.module == module]) for module in modules]


def keeping_note(language: str) -> str:
    """Return the line below the question box, as HTML: that questions are kept, and the button to opt out."""
    strings = load_strings(CATALOGUE)[language]
    halves = [
        f'<span class="{name}">{escape(strings[f"keeping.{name}"])} '
        f'<button type="button">{escape(strings[f"keeping.{name}_button"])}</button></span>'
        for name in ("kept", "not-kept")
    ]
    return f'<p class="keeping" aria-live="polite">{"".join(halves)}</p>'


def note_address(citation: Citation) -> str:
    """Return the address of the cited lines on the notes page."""
    return f"/notes/{quote(citation.file)}#L{citation.first_line}-L{citation.last_line}"
