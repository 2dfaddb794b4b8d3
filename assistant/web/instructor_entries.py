"""The instructor's pages for answers: the list, side-by-side editing with preview, publishing, checking again."""

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Form, HTTPException, Request
from fastapi.responses import PlainTextResponse, RedirectResponse, Response

from assistant.faq.entry_store import delete_entry, order_entries, read_entries, read_entry, save_entry
from assistant.faq.errors import FaqFileError
from assistant.faq.exchange import formats
from assistant.faq.freshness import check_entry, is_flagged, refreshed
from assistant.faq.records import LANGUAGES, Entry
from assistant.faq.statistics import Editions
from assistant.web.faq_page import shown_entry
from assistant.web.instructor_access import HOME
from assistant.web.instructor_desk import InstructorDesk

_LONGEST_TEXT = 20_000
Text = Annotated[str, Form(max_length=_LONGEST_TEXT)]


def add_entry_routes(router: APIRouter, desk: InstructorDesk) -> None:
    """Add the routes of answers."""
    _add_pages(router, desk)
    _add_changes(router, desk)

    @router.get("/export/faq{suffix}")
    def export(suffix: str) -> Response:
        form = next((form for form in formats() if form.suffix == suffix), None)
        if form is None:
            raise HTTPException(404, str(FaqFileError("there is no such form.", suffix)))
        with desk.told(), desk.faq.database.reading() as connection:
            text = form.write(read_entries(connection))
        return PlainTextResponse(text, headers={"Content-Disposition": f'attachment; filename="faq{suffix}"'})


def _add_pages(router: APIRouter, desk: InstructorDesk) -> None:
    @router.get("/entries")
    def entries(request: Request) -> Response:
        with desk.told(), desk.faq.database.reading() as connection:
            found = read_entries(connection)
        notes = desk.notes()
        flagged = {entry.identifier for entry in found if notes and is_flagged(entry, notes)}
        editions = Editions([section for note in notes for section in note.sections], desk.strings(request).language)
        return desk.render(
            request, "instructor_entries.html", "entries", entries=found, flagged=flagged, module=editions.module
        )

    @router.get("/entries/{number}")
    def entry(request: Request, number: int) -> Response:
        found = _read(desk, number)
        notes = desk.notes()
        changed = [checked for checked in check_entry(found, notes) if checked.needs_review] if notes else []
        previews = [(language, shown_entry(found, language)) for language in LANGUAGES]
        return desk.render(request, "instructor_entry.html", "entries", entry=found, changed=changed, previews=previews)


def _add_changes(router: APIRouter, desk: InstructorDesk) -> None:
    @router.post("/entries/{number}")
    def save(
        number: int,
        question_ko: Text = "",
        question_en: Text = "",
        answer_ko: Text = "",
        answer_en: Text = "",
        module: Text = "",
    ) -> Response:
        changed = replace(
            _read(desk, number),
            question_ko=_lines(question_ko),
            question_en=_lines(question_en),
            answer_ko=_lines(answer_ko),
            answer_en=_lines(answer_en),
            module=module.strip(),
        )
        return _save(desk, changed)

    @router.post("/entries/{number}/state")
    def state(number: int, published: Annotated[bool, Form()], pinned: Annotated[bool, Form()]) -> Response:
        return _save(desk, replace(_read(desk, number), published=published, pinned=pinned))

    @router.post("/entries/{number}/looked-at")
    def looked_at(number: int) -> Response:
        return _save(desk, refreshed(_read(desk, number), desk.notes()))

    @router.post("/entries/{number}/up")
    def up(number: int) -> Response:
        with desk.told(), desk.faq.database.writing() as connection:
            order = [entry.identifier for entry in read_entries(connection)]
            if number in order[1:]:
                place = order.index(number)
                order[place - 1 : place + 1] = [number, order[place - 1]]
                order_entries(connection, order)
        return RedirectResponse(f"{HOME}/entries", 303)

    @router.post("/entries/{number}/delete")
    def delete(number: int) -> Response:
        with desk.told(), desk.faq.database.writing() as connection:
            delete_entry(connection, number)
        return RedirectResponse(f"{HOME}/entries", 303)


def _read(desk: InstructorDesk, number: int) -> Entry:
    with desk.told(), desk.faq.database.reading() as connection:
        return read_entry(connection, number)


def _save(desk: InstructorDesk, entry: Entry) -> Response:
    with desk.told(), desk.faq.database.writing() as connection:
        save_entry(connection, entry, desk.now_ms())
    return RedirectResponse(f"{HOME}/entries/{entry.identifier}", 303)


def _lines(text: str) -> str:
    """Return ``text`` with the line ends of files instead of those of forms."""
    return text.replace("\r\n", "\n").replace("\0", "").strip()
