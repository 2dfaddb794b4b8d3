from dataclasses import replace

import pytest

from assistant.faq.database import Database
from assistant.faq.entry_store import delete_entry, order_entries, read_entries, read_entry, save_entry
from assistant.faq.errors import UnknownItemError
from assistant.faq.freshness import LineState, check_citation, is_flagged, refreshed
from assistant.faq.records import Entry
from assistant.records import Citation
from index import Note
from tests.faq_questions import citation

NEW = Entry(
    identifier=0, slug="", cluster=None, module="모듈 5: S3", question_ko="S3가 뭐예요?", question_en="What is S3?",
    answer_ko="객체 스토리지예요.", answer_en="", citations=(citation(),), published=False, pinned=False, position=0,
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
        changed = save_entry(connection, replace(saved, published=True, answer_en="An object store."), 2)
        assert read_entries(connection, published=True) == [changed]
        assert read_entries(connection, published=False) == []
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
        delete_entry(connection, saved.identifier)
        with pytest.raises(UnknownItemError):
            delete_entry(connection, saved.identifier)
        with pytest.raises(UnknownItemError):
            read_entry(connection, saved.identifier)
        with pytest.raises(UnknownItemError):
            save_entry(connection, saved, 2)


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
