"""What the instructor's pages share: rendering, translated errors, the time, the notes in force."""

import contextlib
import time
from collections.abc import Generator, Sequence
from dataclasses import dataclass, field
from typing import Any

from fastapi import HTTPException, Request
from fastapi.responses import Response

from assistant.faq.errors import DatabaseUnavailableError, FaqError, StaleEntryError
from assistant.faq.grouping.grouper import Grouper
from assistant.faq.records import moment
from assistant.faq.service import FaqService
from assistant.web.app_context import AppContext
from assistant.web.faq_page import CATALOGUE, note_address
from assistant.web.instructor.access import HOME
from assistant.web.page_frame import PageFrame
from assistant.web.strings import Strings, load_strings
from index import Note
from index.background import Failure

TABS = (
    ("asked", HOME),
    ("gaps", f"{HOME}/gaps"),
    ("entries", f"{HOME}/entries"),
    ("overview", f"{HOME}/overview"),
    ("content", f"{HOME}/content"),
)


@dataclass(frozen=True, slots=True)
class InstructorDesk:
    """The site as the instructor's pages see it."""

    context: AppContext
    faq: FaqService
    frame: PageFrame
    texts: dict[str, Strings] = field(default_factory=lambda: load_strings(CATALOGUE))

    def strings(self, request: Request) -> Strings:
        """Return the texts of these pages in the language of ``request``."""
        return self.texts[self.frame.strings_for(request).language]

    def now_ms(self) -> int:
        """Return the time."""
        return int(time.time() * 1000)

    def notes(self) -> Sequence[Note]:
        """Return the notes in force, none while they are loading."""
        return self.context.service.assistant.index.notes if self.context.service.ready else ()

    def grouper(self) -> Grouper:
        """Return what corrects groups.

        :raises HTTPException: 503 while the notes are loading.
        """
        grouper = self.faq.grouper
        if grouper is None:
            raise HTTPException(503, "The notes are still loading.")
        return grouper

    @contextlib.contextmanager
    def told(self) -> Generator[None]:
        """Turn errors of the FAQ into answers that a browser shows."""
        try:
            yield
        except DatabaseUnavailableError as error:
            raise HTTPException(503, str(error)) from error
        except StaleEntryError as error:
            raise HTTPException(409, str(error)) from error
        except FaqError as error:
            raise HTTPException(404, str(error)) from error

    def render(
        self,
        request: Request,
        template: str,
        tab: str,
        status_code: int = 200,
        **values: Any,  # noqa: ANN401 - templates take anything
    ) -> Response:
        """Return a page below the tabs, with what was lost and what fails in the background."""
        strings = self.strings(request)
        trouble = values.pop("trouble", "") or self.faq.log.notice
        response = self.frame.render(
            request,
            template,
            status_code,
            title=strings["instructor.title"],
            f=strings,
            tabs=TABS,
            tab=tab,
            trouble=trouble,
            failures=[_told(failure, strings) for failure in self.context.background.failures],
            day=_day,
            address=note_address,
            **values,
        )
        response.headers["Cache-Control"] = "no-store"
        return response


def _told(failure: Failure, strings: Strings) -> str:
    """Return the sentence that tells the instructor what failed, when, why, and when it is tried again."""
    key = "instructor.work_failed" if failure.again_at is None else "instructor.work_fails"
    return strings.format(
        key,
        work=strings.get(f"work.{failure.work}", failure.work),
        at=_clock(failure.at),
        reason=failure.reason,
        again=_clock(failure.again_at or 0),
    )


def _clock(seconds: float) -> str:
    return moment(int(seconds * 1000)).astimezone().strftime("%H:%M:%S")


def _day(milliseconds: int) -> str:
    return moment(milliseconds).astimezone().strftime("%Y-%m-%d")
