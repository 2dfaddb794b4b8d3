from dataclasses import replace

import pytest

from assistant.faq.entry_text import as_published, text_of
from assistant.faq.errors import StaleEntryError, UnknownItemError
from assistant.faq.freshness import LineState, check_citation, is_flagged, refreshed
from assistant.faq.records import Entry
from assistant.faq.storage.database import Database
from assistant.faq.storage.entry_store import (
    DELETED_KEPT_DAYS,
    delete_entry,
    order_entries,
    read_deleted,
    read_entries,
    read_entry,
    read_published,
    restore_entry,
    save_entry,
)
from assistant.records import Citation
from index import Note
from tests.helpers.faq_questions import citation

NEW = Entry(
    identifier=0, slug="", cluster=None, module="모듈 5: S3", question_ko="S3가 뭐예요?", question_en="What is S3?",
    answer_ko="객체 스토리지예요.", answer_en="", citations=(citation(),), published_ko=False, published_en=False, pinned=False, position=0,
    created_ms=0, updated_ms=0,
)  # fmt: skip
LINES = ["# 모듈 5: S3", "", "- S3는 객체 스토리지입니다.", "- 버킷 이름은 유일합니다.", ""]


def note(*lines: str) -> Note:
    return Note("aws/05.ko.md", "ko", "\n".join(lines), ())


def test_a_saved_entry_comes_back_whole_with_number_slug_and_place(database: Database) -> None:
    with database.writing() as connection:
        saved = save_entry(connection, NEW, 1000)
    with database.reading() as connection:
        assert read_entry(connection, saved.identifier) == saved
    assert (saved.slug, saved.position, saved.created_ms, saved.updated_ms) == ("what-is-s3", 1, 1000, 1000)
    assert replace(saved, identifier=0, slug="", position=0, created_ms=0, updated_ms=0) == NEW


def test_entries_of_one_question_get_slugs_of_their_own(database: Database) -> None:
    with database.writing() as connection:
        slugs = [save_entry(connection, NEW, 1).slug for _ in range(3)]
    assert slugs == ["what-is-s3", "what-is-s3-2", "what-is-s3-3"]


def test_saving_again_changes_the_entry_and_its_time_only(database: Database) -> None:
    with database.writing() as connection:
        saved = save_entry(connection, NEW, 1)
        changed = save_entry(connection, replace(saved, pinned=True, answer_en="An object store."), 2)
        assert read_entries(connection) == [changed]
    assert (changed.created_ms, changed.updated_ms, changed.slug) == (1, 2, saved.slug)


def test_pinned_entries_come_first_then_the_instructors_order(database: Database) -> None:
    with database.writing() as connection:
        one, two, three = (save_entry(connection, replace(NEW, pinned=pinned), 1) for pinned in (False, False, True))
        order_entries(connection, [two.identifier, one.identifier])
        numbers = [entry.identifier for entry in read_entries(connection)]
    assert numbers == [three.identifier, two.identifier, one.identifier]


def test_what_does_not_exist_cannot_be_read_changed_or_deleted(database: Database) -> None:
    with database.writing() as connection:
        saved = save_entry(connection, NEW, 1)
        delete_entry(connection, saved.identifier, 2)
        with pytest.raises(UnknownItemError):
            delete_entry(connection, saved.identifier, 2)
        with pytest.raises(UnknownItemError):
            read_entry(connection, saved.identifier)
        with pytest.raises(UnknownItemError):
            save_entry(connection, saved, 2)


def test_what_was_saved_meanwhile_is_not_dropped(database: Database) -> None:
    with database.writing() as connection:
        read_by_both = save_entry(connection, NEW, 1)
        first = save_entry(connection, replace(read_by_both, answer_ko="하나"), 2)
        with pytest.raises(StaleEntryError):
            save_entry(connection, replace(read_by_both, answer_ko="둘"), 3)
        assert read_entry(connection, first.identifier) == first
        assert save_entry(connection, replace(first, answer_ko="둘"), 3).answer_ko == "둘"


def test_a_deleted_entry_can_be_had_back_for_a_while(database: Database) -> None:
    with database.writing() as connection:
        one, two = save_entry(connection, NEW, 1), save_entry(connection, NEW, 1)
        delete_entry(connection, one.identifier, 5)
        assert read_entries(connection) == [two]
        assert [entry.identifier for entry in read_deleted(connection)] == [one.identifier]
        with pytest.raises(UnknownItemError):
            save_entry(connection, one, 6)
        restore_entry(connection, one.identifier)
        assert [replace(entry, version=0) for entry in read_entries(connection)] == [one, two]
        with pytest.raises(UnknownItemError):
            restore_entry(connection, one.identifier)
        delete_entry(connection, one.identifier, 5)
        delete_entry(connection, two.identifier, 6 + DELETED_KEPT_DAYS * 86_400_000)
        assert [entry.identifier for entry in read_deleted(connection)] == [two.identifier]


BOTH = replace(
    NEW, answer_ko="객체예요. [1]", answer_en="Objects. [2]", published_ko=True, citations=(citation(1), citation(2))
)


@pytest.mark.parametrize("language", ["ko", "en"])
def test_students_see_no_text_and_no_source_of_a_language_that_is_not_published(
    database: Database, language: str
) -> None:
    entry = replace(BOTH, published_ko=language == "ko", published_en=language == "en")
    with database.writing() as connection:
        save_entry(connection, entry, 1)
        save_entry(connection, replace(NEW, slug="draft"), 1)
        (shown,) = read_published(connection)
    korean = ("S3가 뭐예요?", "객체예요. [1]", "", "")
    english = ("", "", "What is S3?", "Objects. [2]")
    seen = (shown.question_ko, shown.answer_ko, shown.question_en, shown.answer_en)
    assert seen == (korean if language == "ko" else english)
    assert [cited.marker for cited in shown.citations] == [1 if language == "ko" else 2]


def test_a_published_answer_without_a_question_of_its_own_keeps_that_of_the_other_language() -> None:
    shown = as_published(replace(BOTH, question_ko=""))
    assert (shown.question("ko"), shown.answer_en) == ("What is S3?", "")


def test_an_answer_that_is_not_written_is_not_published(database: Database) -> None:
    with database.writing() as connection:
        saved = save_entry(connection, replace(NEW, published_ko=True, published_en=True), 1)
    assert (saved.published_ko, saved.published_en) == (True, False)


def test_a_text_cites_its_own_sources_counted_from_one_and_takes_no_other_number() -> None:
    assert text_of(BOTH, "en").answer == "Objects. [1]"
    assert [cited.marker for cited in text_of(BOTH, "en").citations] == [1]
    loose = text_of(replace(BOTH, answer_en="Objects. [2] [9] [1x] [5]", citations=(citation(2),)), "en")
    assert loose.answer == "Objects. [1] [9] [1x] [5]"
    taken = text_of(replace(BOTH, answer_en="Objects. [2] [1]", citations=(citation(2),)), "en")
    assert (taken.answer, [cited.marker for cited in taken.citations]) == ("Objects. [2] [1]", [2])


@pytest.mark.parametrize(
    ("lines", "state", "now"),
    [
        pytest.param(LINES, LineState.SAME, 3, id="as-it-was"),
        pytest.param(["새 줄", *LINES], LineState.MOVED, 4, id="pushed-down"),
        pytest.param(LINES[2:], LineState.MOVED, 1, id="pulled-up"),
        pytest.param([*LINES[:2], "- S3는 블록 스토리지입니다.", *LINES[3:]], LineState.CHANGED, 3, id="reworded"),
        pytest.param(LINES[:2], LineState.GONE, None, id="cut-off"),
    ],
)
def test_cited_lines_are_followed_and_their_change_is_noticed(
    lines: list[str], state: LineState, now: int | None
) -> None:
    checked = check_citation(citation(first_line=3), [note(*lines)])
    assert checked.state is state
    assert (checked.now.first_line if checked.now else None) == now
    assert is_flagged(NEW, [note(*lines)]) == (state in (LineState.CHANGED, LineState.GONE))


def test_a_note_that_is_gone_flags_the_entry() -> None:
    assert is_flagged(NEW, [])


def test_an_entry_that_was_looked_at_again_is_no_longer_flagged() -> None:
    notes = [note(*LINES[:2], "- S3는 블록 스토리지입니다.", *LINES[3:])]
    looked_at = refreshed(NEW, notes)
    assert not is_flagged(looked_at, notes)
    assert looked_at.citations == (citation(first_line=3, quote="- S3는 블록 스토리지입니다."),)


def test_real_citations_of_the_course_are_current(assistant_citations: tuple[Citation, ...], notes: list[Note]) -> None:
    assert assistant_citations
    assert all(check_citation(cited, notes).state is LineState.SAME for cited in assistant_citations)


@pytest.fixture
def notes(request: pytest.FixtureRequest) -> list[Note]:
    return list(request.getfixturevalue("course_index").notes)


@pytest.fixture
def assistant_citations(request: pytest.FixtureRequest) -> tuple[Citation, ...]:
    return request.getfixturevalue("assistant").ask("CloudTrail 로그는 며칠 동안 보관되나요?").citations
