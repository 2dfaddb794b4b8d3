"""The instructor's pages below ``/instructor``: groups of questions, gaps, answers, overview, content."""

from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends, Form, HTTPException, Request
from fastapi.responses import PlainTextResponse, RedirectResponse, Response

from assistant.faq.cluster_store import read_phrasings, read_summaries, set_out_of_scope
from assistant.faq.drafting import draft_entry, note_snippet
from assistant.faq.entry_store import save_entry
from assistant.faq.errors import DatabaseUnavailableError, UnknownItemError
from assistant.faq.records import ClusterSummary
from assistant.service import StillLoadingError
from assistant.web.instructor_access import HOME, Access
from assistant.web.instructor_desk import InstructorDesk
from assistant.web.instructor_entries import add_entry_routes
from assistant.web.instructor_overview import add_overview_routes
from assistant.web.shell import Shell
from assistant.web.site import Site
from index import NotesError

_SHOWN = 100
Numbers = Annotated[list[int], Form()]


def create_router(site: Site, shell: Shell) -> APIRouter:
    """Return all routes below ``/instructor``; without a FAQ, none. Only the sign-in is open to strangers."""
    outer = APIRouter(include_in_schema=False)
    if site.faq is None:
        return outer
    desk = InstructorDesk(site, site.faq, shell)
    access = Access(site.faq, shell, desk.texts)
    outer.include_router(access.router())
    inner = APIRouter(prefix=HOME, dependencies=[Depends(access.guard)], include_in_schema=False)
    _add_group_routes(inner, desk)
    _add_correction_routes(inner, desk)
    add_entry_routes(inner, desk)
    add_overview_routes(inner, desk)

    @inner.api_route("/{rest:path}", methods=["GET", "POST", "PUT", "DELETE", "PATCH"])
    def nothing_here(rest: str) -> Response:
        raise HTTPException(404, f"There is no page {rest}.")

    outer.include_router(inner)
    return outer


def _add_group_routes(router: APIRouter, desk: InstructorDesk) -> None:
    @router.get("")
    def asked(request: Request) -> Response:
        return _groups(desk, request, "asked", gaps=False)

    @router.get("/gaps")
    def gaps(request: Request) -> Response:
        return _groups(desk, request, "gaps", gaps=True)

    @router.get("/groups/{group}")
    def group(request: Request, group: int) -> Response:
        with desk.faq.database.reading() as connection:
            found = read_summaries(connection, desk.now_ms(), group)
            phrasings = read_phrasings(connection, group)
        if not found:
            raise HTTPException(404, str(UnknownItemError("group", group)))
        tab = "gaps" if found[0].is_gap else "asked"
        return desk.render(request, "instructor_group.html", tab, group=found[0], phrasings=phrasings)

    @router.get("/groups/{group}/snippet")
    def snippet(request: Request, group: int) -> Response:
        with desk.faq.database.reading() as connection:
            found = read_summaries(connection, desk.now_ms(), group)
        if not found:
            raise HTTPException(404, str(UnknownItemError("group", group)))
        name = quote(f"draft-{group}.md")
        return PlainTextResponse(
            note_snippet(found[0].title, desk.strings(request).language),
            media_type="text/markdown; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )


def _groups(desk: InstructorDesk, request: Request, tab: str, *, gaps: bool) -> Response:
    try:
        with desk.faq.database.reading() as connection:
            groups = read_summaries(connection, desk.now_ms())
    except DatabaseUnavailableError as error:
        return desk.render(request, "instructor_groups.html", tab, groups=[], gaps=gaps, trouble=str(error))
    wanted = sorted((group for group in groups if group.is_gap == gaps), key=_rank)
    return desk.render(request, "instructor_groups.html", tab, groups=wanted[:_SHOWN], gaps=gaps)


def _rank(group: ClusterSummary) -> tuple[bool, int]:
    return (group.out_of_scope, -group.count)


def _add_correction_routes(router: APIRouter, desk: InstructorDesk) -> None:
    @router.post("/groups/{group}/scope")
    def scope(group: int, out: Annotated[bool, Form()]) -> Response:
        with desk.told(), desk.faq.database.writing() as connection:
            set_out_of_scope(connection, group, out)
        return _back(group)

    @router.post("/groups/{group}/merge")
    def merge(group: int, other: Annotated[int, Form()]) -> Response:
        if other != group:
            with desk.told():
                desk.grouper().merge(group, other)
        return _back(group)

    @router.post("/groups/{group}/move")
    def move(request: Request, group: int, phrasing: Numbers = [], target: Annotated[str, Form()] = "") -> Response:  # noqa: B006 - FastAPI copies it
        if not phrasing:
            raise HTTPException(400, desk.strings(request)["instructor.not_enough"])
        with desk.told():
            desk.grouper().move(phrasing, int(target) if target.strip().isdigit() else None)
        with desk.faq.database.reading() as connection:
            is_left = bool(read_phrasings(connection, group))
        return _back(group) if is_left else RedirectResponse(HOME, 303)

    @router.post("/groups/{group}/draft")
    def draft(request: Request, group: int) -> Response:
        with desk.faq.database.reading() as connection:
            phrasings = read_phrasings(connection, group)
        if not phrasings:
            raise HTTPException(404, str(UnknownItemError("group", group)))
        try:
            entry = draft_entry(desk.site.service.assistant, group, phrasings)
        except StillLoadingError as error:
            raise HTTPException(503, desk.strings(request)["instructor.loading"]) from error
        except NotesError as error:
            raise HTTPException(400, str(error)) from error
        with desk.told(), desk.faq.database.writing() as connection:
            saved = save_entry(connection, entry, desk.now_ms())
        return RedirectResponse(f"{HOME}/entries/{saved.identifier}", 303)


def _back(group: int) -> Response:
    return RedirectResponse(f"{HOME}/groups/{group}", 303)
