"""The instructor's page for writing one answer in both languages: saving, publishing each language, checking again.

Every button of the form saves what stands in it, so that nothing is published but what is seen. Nobody's text is
dropped: what cannot be saved stays in the form, beside what somebody else saved meanwhile.
"""

from dataclasses import dataclass, replace
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import AfterValidator, BaseModel, Field

from assistant.faq.entry_text import text_of
from assistant.faq.errors import StaleEntryError
from assistant.faq.freshness import check_entry, refreshed
from assistant.faq.records import LANGUAGES, Entry
from assistant.faq.storage.entry_store import read_entry, save_entry
from assistant.web.faq_page import shown_entry
from assistant.web.fields import Number
from assistant.web.instructor.access import HOME
from assistant.web.instructor.desk import InstructorDesk
from index.border import mended

LONGEST_TEXT = 20_000
_TEXTS = ("question_ko", "question_en", "answer_ko", "answer_en", "module")
#: What the buttons of the form change besides the texts, by the value that they send.
_ACTIONS: dict[str, dict[str, Any]] = {
    "save": {},
    "publish_ko": {"published_ko": True},
    "publish_en": {"published_en": True},
    "unpublish_ko": {"published_ko": False},
    "unpublish_en": {"published_en": False},
    "pin": {"pinned": True},
    "unpin": {"pinned": False},
}
Text = Annotated[str, AfterValidator(mended), Field(max_length=LONGEST_TEXT)]
Version = Annotated[int, Form(ge=0, le=2**31 - 1)]


class WrittenForm(BaseModel):
    """What the form sends: the version that was being written on, the texts, and which button was pressed."""

    version: int = Field(ge=0, le=2**31 - 1)
    action: Literal["save", "publish_ko", "publish_en", "unpublish_ko", "unpublish_en", "pin", "unpin"] = "save"
    question_ko: Text = ""
    question_en: Text = ""
    answer_ko: Text = ""
    answer_en: Text = ""
    module: Text = ""

    def on(self, entry: Entry) -> Entry:
        """Return ``entry`` as it would be with this saved."""
        texts = {name: _lines(getattr(self, name)) for name in _TEXTS}
        return replace(entry, **texts, **_ACTIONS[self.action], version=self.version)

    @property
    def publishes(self) -> str:
        """The language that is to be published, empty for none."""
        return self.action.removeprefix("publish_") if self.action.startswith("publish_") else ""


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What became of saving: ``entry`` as it is, or as it would have been, and why it is not (empty if it is).

    ``meanwhile`` is what somebody else saved.
    """

    entry: Entry
    trouble: str = ""
    meanwhile: Entry | None = None


def add_writing_routes(router: APIRouter, desk: InstructorDesk) -> None:
    """Add the routes of one answer."""

    @router.get("/entries/{number}")
    def entry(request: Request, number: Number, done: str = "") -> Response:
        with desk.told(), desk.faq.database.reading() as connection:
            found = read_entry(connection, number)
        return _page(desk, request, _Outcome(found), done=done if done in _ACTIONS else "")

    @router.post("/entries/{number}")
    def save(request: Request, number: Number, written: Annotated[WrittenForm, Form()]) -> Response:
        with desk.told():
            outcome = _saved(desk, request, number, written)
        if outcome.trouble:
            return _page(desk, request, outcome, 409 if outcome.meanwhile else 422)
        return RedirectResponse(f"{HOME}/entries/{number}?done={written.action}", 303)

    @router.post("/entries/{number}/looked-at")
    def looked_at(number: Number, version: Version) -> Response:
        with desk.told(), desk.faq.database.writing() as connection:
            found = replace(read_entry(connection, number), version=version)
            save_entry(connection, refreshed(found, desk.notes()), desk.now_ms())
        return RedirectResponse(f"{HOME}/entries/{number}", 303)


def _saved(desk: InstructorDesk, request: Request, number: int, written: WrittenForm) -> _Outcome:
    """Save what was written, and return what became of it.

    :raises UnknownItemError: If there is no such entry (any more).
    :raises DatabaseUnavailableError: If it cannot be stored.
    """
    strings = desk.strings(request)
    with desk.faq.database.writing() as connection:
        stored = read_entry(connection, number)
        changed = written.on(stored)
        if written.publishes:
            text = text_of(changed, written.publishes)
            if not (text.question and text.answer):
                return _Outcome(_with_state_of(stored, changed), strings["instructor.write_both"])
        try:
            return _Outcome(save_entry(connection, changed, desk.now_ms()))
        except StaleEntryError:
            if changed == replace(stored, version=changed.version):
                return _Outcome(stored)  # the button was pressed twice
            kept = replace(_with_state_of(stored, changed), version=stored.version)
            return _Outcome(kept, strings["instructor.meanwhile"], stored)


def _with_state_of(stored: Entry, written: Entry) -> Entry:
    """Return what was ``written`` and could not be saved, published and pinned as it still is."""
    return replace(written, published_ko=stored.published_ko, published_en=stored.published_en, pinned=stored.pinned)


def _page(
    desk: InstructorDesk, request: Request, outcome: _Outcome, status_code: int = 200, *, done: str = ""
) -> Response:
    """Return the page of an entry, with its texts as they are or, where they could not be saved, as they were sent."""
    entry, notes = outcome.entry, desk.notes()
    changed = [checked for checked in check_entry(entry, notes) if checked.needs_review] if notes else []
    return desk.render(
        request,
        "instructor_entry.html",
        "entries",
        status_code,
        entry=entry,
        changed=changed,
        previews=[shown_entry(entry, text_of(entry, language), desk.context.places) for language in LANGUAGES],
        told=outcome.trouble,
        meanwhile=_differing(entry, outcome.meanwhile),
        done=done,
        longest=LONGEST_TEXT,
    )


def _differing(entry: Entry, other: Entry | None) -> dict[str, str]:
    """Return the texts in which ``other`` differs from ``entry``, by name."""
    if other is None:
        return {}
    return {name: getattr(other, name) for name in _TEXTS if getattr(other, name) != getattr(entry, name)}


def _lines(text: str) -> str:
    """Return ``text`` with the line ends of files instead of those of forms."""
    return text.replace("\r\n", "\n").strip()
