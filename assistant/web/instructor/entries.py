"""The instructor's pages for answers: the list, export and order, deleting and undoing it."""

from typing import Annotated

from fastapi import APIRouter, HTTPException, Query, Request
from fastapi.responses import PlainTextResponse, RedirectResponse, Response

from assistant.faq.errors import FaqFileError
from assistant.faq.exchange import formats
from assistant.faq.freshness import is_flagged
from assistant.faq.statistics import Editions
from assistant.faq.storage.entry_store import (
    DELETED_KEPT_DAYS,
    delete_entry,
    order_entries,
    read_deleted,
    read_entries,
    restore_entry,
)
from assistant.web.fields import HIGHEST_NUMBER, Number
from assistant.web.instructor.access import HOME
from assistant.web.instructor.desk import InstructorDesk
from assistant.web.instructor.writing import add_writing_routes

ENTRIES = f"{HOME}/entries"


def add_entry_routes(router: APIRouter, desk: InstructorDesk) -> None:
    """Add the routes of answers."""
    _add_list(router, desk)
    add_writing_routes(router, desk)
    _add_changes(router, desk)

    @router.get("/export/faq{suffix}")
    def export(suffix: str) -> Response:
        form = next((form for form in formats() if form.suffix == suffix), None)
        if form is None:
            raise HTTPException(404, str(FaqFileError("there is no such form.", suffix)))
        with desk.told(), desk.faq.database.reading() as connection:
            text = form.write(read_entries(connection))
        headers = {"Content-Disposition": f'attachment; filename="faq{suffix}"', "Cache-Control": "no-store"}
        return PlainTextResponse(text, headers=headers)


def _add_list(router: APIRouter, desk: InstructorDesk) -> None:
    @router.get("/entries")
    def entries(request: Request, deleted: Annotated[int, Query(ge=0, le=HIGHEST_NUMBER)] = 0) -> Response:
        with desk.told(), desk.faq.database.reading() as connection:
            found, gone = read_entries(connection), read_deleted(connection)
        notes = desk.notes()
        flagged = {entry.identifier for entry in found if notes and is_flagged(entry, notes)}
        editions = Editions([section for note in notes for section in note.sections], desk.strings(request).language)
        return desk.render(
            request,
            "instructor_entries.html",
            "entries",
            entries=found,
            flagged=flagged,
            module=editions.module,
            just_deleted=next((entry for entry in gone if entry.identifier == deleted), None),
            deleted=gone,
            kept_days=DELETED_KEPT_DAYS,
        )


def _add_changes(router: APIRouter, desk: InstructorDesk) -> None:
    @router.post("/entries/{number}/up")
    def up(number: Number) -> Response:
        with desk.told(), desk.faq.database.writing() as connection:
            order = [entry.identifier for entry in read_entries(connection)]
            if number in order[1:]:
                place = order.index(number)
                order[place - 1 : place + 1] = [number, order[place - 1]]
                order_entries(connection, order)
        return RedirectResponse(ENTRIES, 303)

    @router.post("/entries/{number}/delete")
    def delete(number: Number) -> Response:
        with desk.told(), desk.faq.database.writing() as connection:
            delete_entry(connection, number, desk.now_ms())
        return RedirectResponse(f"{ENTRIES}?deleted={number}", 303)

    @router.post("/entries/{number}/restore")
    def restore(number: Number) -> Response:
        with desk.told(), desk.faq.database.writing() as connection:
            restore_entry(connection, number)
        return RedirectResponse(f"{ENTRIES}/{number}", 303)
