import pytest

from assistant.serving.service import AssistantService
from assistant.settings import Settings
from assistant.web.notes.book import NotesBook, current_book
from index import CourseIndex


@pytest.fixture(scope="module")
def book(course_index: CourseIndex) -> NotesBook:
    return NotesBook(course_index.notes)


@pytest.mark.parametrize("language", ["ko", "en"])
def test_every_note_is_there_once_in_the_language(book: NotesBook, language: str):
    notes = book.notes(language)
    assert [note.language for note in notes] == [language] * 4
    assert set(book.editions(notes[0])) == {"ko", "en"}


def test_headings_are_found_before_lines_and_scattered_words_last(book: NotesBook):
    found = book.find("cloudtrail", "ko")
    in_heading = [
        "cloudtrail" in finding.section.leaf.lower() and finding.line == finding.section.first_line for finding in found
    ]
    assert in_heading == sorted(in_heading, reverse=True)
    assert len({(finding.section.file, finding.section.first_line) for finding in found}) == len(found)


@pytest.mark.parametrize("words", ["", "   ", "쿠버네티스없음"])
def test_nothing_is_found_for_nothing(book: NotesBook, words: str):
    assert book.find(words, "ko") == []


def test_the_line_that_holds_the_words_is_named(book: NotesBook):
    finding = book.find("90일 저장", "ko")[0]
    assert (finding.line, finding.text) == (149, "CloudTrail은 기록을 90일 정도까지만 저장합니다.")


def test_notes_can_be_read_before_the_index_is_loaded(settings: Settings, book: NotesBook):
    def never() -> None:
        raise AssertionError

    early = current_book(AssistantService(never), settings)  # type: ignore[arg-type]
    assert [note.file for note in early.notes("ko")] == [note.file for note in book.notes("ko")]
