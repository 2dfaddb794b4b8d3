"""The instructor's pages below ``/instructor``: groups of questions, gaps, answers, overview, content."""

import re
from typing import Annotated

from fastapi import APIRouter, Depends, Form, HTTPException, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import Field

from assistant.faq.errors import DatabaseUnavailableError
from assistant.faq.storage.cluster_store import read_phrasings, set_out_of_scope
from assistant.faq.storage.entry_store import save_entry
from assistant.web.app_context import AppContext
from assistant.web.faq_page import CATALOGUE
from assistant.web.fields import HIGHEST_NUMBER, FormName, FormNumber, Number
from assistant.web.instructor.access import HOME, Access
from assistant.web.instructor.content import add_content_routes
from assistant.web.instructor.desk import InstructorDesk
from assistant.web.instructor.drafts import add_draft_routes, drafted, read_group, snippet_for
from assistant.web.instructor.entries import add_entry_routes
from assistant.web.instructor.error_pages import desk_route
from assistant.web.instructor.group_lists import LISTS, GroupList, read_list
from assistant.web.instructor.overview import add_overview_routes
from assistant.web.page_frame import PageFrame
from assistant.web.strings import load_strings

#: Every method that a request can have: what is below ``/instructor`` answers none of them to a stranger.
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")
_SHOWN = 100
Numbers = Annotated[list[Annotated[int, Field(ge=0, le=HIGHEST_NUMBER)]], Form()]


def create_router(context: AppContext, frame: PageFrame) -> APIRouter:
    """Return all routes below ``/instructor``. Only the sign-in is open to strangers."""
    outer = APIRouter(include_in_schema=False)
    if context.faq is None:
        _add_notice(outer, frame)
        return outer
    desk = InstructorDesk(context, context.faq, frame)
    access = Access(context.faq, frame, desk.texts)
    outer.include_router(access.router())
    inner = APIRouter(
        prefix=HOME,
        dependencies=[Depends(access.guard)],
        route_class=desk_route(frame, desk.texts),
        include_in_schema=False,
    )
    _add_group_routes(inner, desk)
    add_draft_routes(inner, desk)
    _add_correction_routes(inner, desk)
    add_entry_routes(inner, desk)
    add_overview_routes(inner, desk)
    add_content_routes(inner, desk)

    @inner.api_route("", methods=list(METHODS))
    @inner.api_route("/{rest:path}", methods=list(METHODS))
    def nothing_here(rest: str = "") -> Response:
        raise HTTPException(404, f"There is no page {rest}.")

    outer.include_router(inner)
    return outer


def _add_notice(router: APIRouter, frame: PageFrame) -> None:
    """Tell that nobody can sign in: the database could not be opened when the app started."""
    texts = load_strings(CATALOGUE)

    @router.get(HOME)
    @router.api_route(f"{HOME}/{{rest:path}}", methods=list(METHODS))
    def no_database(request: Request) -> Response:
        strings = texts[frame.strings_for(request).language]
        return frame.render(request, "instructor_no_database.html", 503, title=strings["instructor.title"], f=strings)


def _add_group_routes(router: APIRouter, desk: InstructorDesk) -> None:
    @router.get("")
    def asked(request: Request) -> Response:
        return _groups(desk, request, "asked")

    @router.get("/gaps")
    def gaps(request: Request) -> Response:
        return _groups(desk, request, "gaps")

    @router.get("/groups/{group}")
    def group(request: Request, group: Number) -> Response:
        found = read_group(desk, group)
        with desk.faq.database.reading() as connection:
            phrasings = read_phrasings(connection, group)
        tab = "gaps" if found.is_gap else "asked"
        snippet = snippet_for(desk, request, found) if found.is_gap else None
        return desk.render(request, "instructor_group.html", tab, group=found, phrasings=phrasings, snippet=snippet)


def _groups(desk: InstructorDesk, request: Request, tab: str) -> Response:
    trouble = ""
    try:
        with desk.faq.database.reading() as connection:
            found = read_list(connection, desk.now_ms(), tab)
    except DatabaseUnavailableError as error:
        found, trouble = GroupList([], {}), str(error)
    return desk.render(
        request,
        "instructor_groups.html",
        tab,
        rows=found.rows[:_SHOWN],
        answered=found.answered,
        gaps=tab == "gaps",
        back=tab,
        trouble=trouble,
    )


def _add_correction_routes(router: APIRouter, desk: InstructorDesk) -> None:
    @router.post("/groups/{group}/scope")
    def scope(group: Number, out: Annotated[bool, Form()]) -> Response:
        with desk.told(), desk.faq.database.writing() as connection:
            set_out_of_scope(connection, group, out)
        return _back(group)

    @router.post("/groups/{group}/merge")
    def merge(group: Number, other: FormNumber, back: FormName = "") -> Response:
        if other != group:
            with desk.told():
                desk.grouper().merge(group, other)
        return _back(group, back)

    @router.post("/groups/{group}/apart")
    def apart(group: Number, other: FormNumber, back: FormName = "") -> Response:
        with desk.told():
            desk.grouper().keep_apart(group, other)
        return _back(group, back)

    @router.post("/groups/{group}/move")
    def move(request: Request, group: Number, phrasing: Numbers = [], target: FormName = "") -> Response:  # noqa: B006 - FastAPI copies it
        if not phrasing:
            raise HTTPException(400, desk.strings(request)["instructor.not_enough"])
        with desk.told():
            desk.grouper().move(phrasing, _group_number(target.strip()))
        with desk.faq.database.reading() as connection:
            is_left = bool(read_phrasings(connection, group))
        return _back(group) if is_left else RedirectResponse(HOME, 303)

    @router.post("/groups/{group}/draft")
    def draft(request: Request, group: Number) -> Response:
        entry = drafted(desk, request, group)
        with desk.told(), desk.faq.database.writing() as connection:
            saved = save_entry(connection, entry, desk.now_ms())
        return RedirectResponse(f"{HOME}/entries/{saved.identifier}", 303)


def _group_number(text: str) -> int | None:
    """Return the group that a form names, None for a new one."""
    return int(text) if re.fullmatch(r"\d{1,9}", text, re.ASCII) else None


def _back(group: int, listed: str = "") -> Response:
    """Lead to the page of a group, or to its card on the list that the form was on."""
    address = f"{LISTS[listed]}#group-{group}" if listed in LISTS else f"{HOME}/groups/{group}"
    return RedirectResponse(address, 303)
