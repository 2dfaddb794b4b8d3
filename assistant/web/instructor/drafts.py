"""What the notes say to a group of questions, and what they could say: drafted answers and sections to add."""

from collections.abc import Collection
from dataclasses import dataclass
from urllib.parse import quote

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import HTMLResponse, PlainTextResponse, Response

from assistant.faq.entry_drafts import draft_entry, note_snippet
from assistant.faq.entry_text import nearest_text
from assistant.faq.errors import UnknownItemError
from assistant.faq.records import ClusterSummary, Entry
from assistant.faq.storage.cluster_store import read_phrasings, read_summaries
from assistant.serving.service import StillLoadingError
from assistant.web.faq_page import note_address, shown_entry
from assistant.web.fields import Number
from assistant.web.instructor.desk import InstructorDesk
from assistant.web.instructor.group_lists import LISTS, read_list
from index import NotesError, Section

_HIGHEST_LEVEL, _DEEPEST_LEVEL = 2, 6  # a note has one title, and Markdown six levels


@dataclass(frozen=True, slots=True)
class Snippet:
    """A section to add to the notes, and the nearest one there: add it below that (None while notes are loading)."""

    text: str
    nearest: Section | None


def add_draft_routes(router: APIRouter, desk: InstructorDesk) -> None:
    """Add the routes of drafted answers and of sections to download."""

    @router.get("/groups/{group}/answer")
    def answer(request: Request, group: Number) -> Response:
        read_group(desk, group)
        language = desk.strings(request).language
        entry = drafted(desk, request, group)
        html = desk.frame.fragment(
            "instructor_drafted.html",
            language,
            f=desk.strings(request),
            drafted=shown_entry(entry, nearest_text(entry, language), desk.context.places),
            address=note_address,
        )
        return HTMLResponse(html, headers={"Cache-Control": "no-store"})

    @router.get("/groups/{group}/similar")
    def similar(request: Request, group: Number, back: str = "") -> Response:
        found = read_group(desk, group)
        html = desk.frame.fragment(
            "instructor_similar.html",
            desk.strings(request).language,
            f=desk.strings(request),
            group=found,
            similar=similar_groups(desk, group, nested_on(desk, back, group)),
            back=back,
        )
        return HTMLResponse(html, headers={"Cache-Control": "no-store"})

    @router.get("/groups/{group}/snippet")
    def snippet(request: Request, group: Number) -> Response:
        text = snippet_for(desk, request, read_group(desk, group)).text
        disposition = f'attachment; filename="{quote(f"draft-{group}.md")}"'
        return PlainTextResponse(
            text, media_type="text/markdown; charset=utf-8", headers={"Content-Disposition": disposition}
        )


def read_group(desk: InstructorDesk, group: int) -> ClusterSummary:
    """Return a group with its counts.

    :raises HTTPException: 404 if nobody asked such a question.
    """
    with desk.told(), desk.faq.database.reading() as connection:
        found = read_summaries(connection, desk.now_ms(), (group,))
    if not found:
        raise HTTPException(404, str(UnknownItemError("group", group)))
    return found[0]


def nested_on(desk: InstructorDesk, listed: str, group: int) -> list[int]:
    """Return the groups that stand below ``group`` on the list ``listed``; none where that is no list."""
    if listed not in LISTS:
        return []
    with desk.told(), desk.faq.database.reading() as connection:
        return read_list(connection, desk.now_ms(), listed).nested_below(group)


def similar_groups(desk: InstructorDesk, group: int, leaving_out: Collection[int] = ()) -> list[ClusterSummary]:
    """Return the groups that perhaps ask the same as ``group``; none while the notes are loading.

    :param leaving_out: Groups that are looked at already.
    :raises HTTPException: 404 if nobody asked such a question.
    """
    if not desk.context.service.ready:
        return []
    with desk.told():
        near = [match.cluster for match in desk.grouper().perhaps_the_same(group, leaving_out=leaving_out)]
        with desk.faq.database.reading() as connection:
            found = read_summaries(connection, desk.now_ms(), near)
    return sorted(found, key=lambda summary: near.index(summary.identifier))


def drafted(desk: InstructorDesk, request: Request, group: int) -> Entry:
    """Return an unsaved entry with the notes' answer to a group.

    :raises HTTPException: 404 if there is no such group, 503 while the notes are loading.
    """
    with desk.told(), desk.faq.database.reading() as connection:
        phrasings = read_phrasings(connection, group)
    if not phrasings:
        raise HTTPException(404, str(UnknownItemError("group", group)))
    try:
        return draft_entry(desk.context.service.assistant, group, phrasings)
    except StillLoadingError as error:
        raise HTTPException(503, desk.strings(request)["instructor.loading"]) from error
    except NotesError as error:
        raise HTTPException(400, str(error)) from error


def snippet_for(desk: InstructorDesk, request: Request, group: ClusterSummary) -> Snippet:
    """Return a section that would answer ``group``, of the level of the nearest section in the notes."""
    language = desk.strings(request).language
    nearest = _nearest(desk, group.title)
    level = min(max(nearest.level, _HIGHEST_LEVEL), _DEEPEST_LEVEL) if nearest else 3
    return Snippet(note_snippet(group.title, nearest.language if nearest else language, level=level), nearest)


def _nearest(desk: InstructorDesk, question: str) -> Section | None:
    if not desk.context.service.ready:
        return None
    try:
        hits = desk.context.service.assistant.index.search(question, count=1).hits
    except NotesError:
        return None
    return hits[0].section if hits else None
