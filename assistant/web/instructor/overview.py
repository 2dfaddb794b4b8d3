"""The instructor's overview: what was asked, in figures."""

from datetime import datetime

from fastapi import APIRouter, Request
from fastapi.responses import Response

from assistant.faq.records import moment
from assistant.faq.statistics import DAY_MS, read_overview
from assistant.web.instructor.desk import InstructorDesk

_NEVER_SHOWN = 40


def add_overview_routes(router: APIRouter, desk: InstructorDesk) -> None:
    """Add the route of the overview."""

    @router.get("/overview")
    def overview(request: Request) -> Response:
        service = desk.context.service
        sections = service.assistant.index.sections if service.ready else ()
        offset = datetime.now().astimezone().utcoffset()
        offset_ms = int(offset.total_seconds() * 1000) if offset else 0
        language = desk.strings(request).language
        with desk.told(), desk.faq.database.reading() as connection:
            figures = read_overview(connection, sections, desk.now_ms(), offset_ms=offset_ms, language=language)
        return desk.render(
            request,
            "instructor_overview.html",
            "overview",
            figures=figures,
            most=_even(max((day.total for day in figures.days), default=0)),
            label=_month_and_day,
            never=figures.never_cited[:_NEVER_SHOWN],
        )


def _even(count: int) -> int:
    """Return the end of an axis whose middle is a whole number, too."""
    return max(count + count % 2, 2)


def _month_and_day(day: str) -> str:
    """Return the date of a day that is numbered from 1970 on, such as ``11-23``."""
    return moment(int(day) * DAY_MS).strftime("%m-%d")
