"""The index as the rest of the program uses it, with the real encoder and the course's notes."""

from pathlib import Path

import pytest

from index import CourseIndex, Encoder, IndexMismatchError, IndexSettings, QuestionError, build_index, needs_build
from index.course_index import ENCODER_CACHE, open_or_build
from index.errors import EmptyContentError
from index.reading.course import read_course
from index.reading.notes import unpaired_editions
from index.store import index_folder
from tests.helpers.fakes import HashingEncoder
from tests.places import ROOT

pytestmark = pytest.mark.slow

NOTE = "# Module 1\n\n## S3\n\nAn S3 bucket holds objects.\n"


@pytest.fixture
def own(tmp_path: Path, data_dir: Path, small_glossary_here: None) -> IndexSettings:
    """Settings for one short note, in a data folder that borrows the converted encoder."""
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes/a.md").write_text(NOTE, encoding="utf-8")
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / ENCODER_CACHE).symlink_to((data_dir / ENCODER_CACHE).resolve())
    return IndexSettings(dir=tmp_path / "notes", data_dir=tmp_path / "data")


@pytest.mark.parametrize(
    ("question", "words"),
    [
        pytest.param("CloudTrail 기록은 며칠 보관돼?", "90", id="korean"),
        pytest.param("How long are CloudTrail events kept?", "90", id="english"),
    ],
)
def test_the_section_that_answers_is_found(question: str, words: str, course_index: CourseIndex) -> None:
    result = course_index.search(question, 3)
    assert words in " ".join(hit.text for hit in result.hits)
    assert result.question == question
    assert result.decision.grounded


def test_what_the_notes_do_not_hold_is_not_grounded(course_index: CourseIndex) -> None:
    decision = course_index.search("DynamoDB 파티션 키는?").decision
    assert not decision.grounded
    assert "DynamoDB" in decision.absent


@pytest.mark.parametrize("count", [1, 5])
def test_every_hit_quotes_its_file_byte_for_byte(count: int, course_index: CourseIndex) -> None:
    for hit in course_index.search("S3 버킷 정책", count).hits:
        lines = (ROOT / "content" / hit.section.file).read_bytes().split(b"\n")
        assert hit.text.encode() == b"\n".join(lines[hit.section.first_line - 1 : hit.section.last_line])


def test_sections_notes_and_vectors_are_at_hand(course_index: CourseIndex) -> None:
    assert [section.number for section in course_index.sections] == list(range(len(course_index.sections)))
    assert course_index.note(course_index.notes[0].file) is course_index.notes[0]
    assert course_index.vector("S3") is course_index.vector("S3")
    assert course_index.extractor.extract("S3 버킷")
    assert course_index.searcher.stored.notes is course_index.notes


def test_white_space_makes_no_difference_and_nothing_is_refused(course_index: CourseIndex) -> None:
    assert course_index.search(" IAM \n 정책 ").hits == course_index.search("IAM 정책").hits
    with pytest.raises(QuestionError):
        course_index.search("   ")


def test_an_index_is_built_when_missing_and_anew_when_stale_or_damaged(
    own: IndexSettings, loaded_encoder: None
) -> None:
    assert needs_build(own)
    first = open_or_build(own)
    assert not needs_build(own)
    (own.dir / "a.md").write_text(NOTE + "\nA bucket has a name.\n", encoding="utf-8")
    assert needs_build(own)
    second = open_or_build(own)
    assert second.generation != first.generation
    assert "has a name" in second.notes[0].text
    folder = index_folder(own.data_dir, own.dir)
    (folder / (folder / "CURRENT").read_text() / "lexical.json").write_text("{}")
    assert not needs_build(own)  # only a whole read can tell
    assert open_or_build(own).generation == second.generation


def test_an_index_of_another_encoder_is_refused_then_built_anew(own: IndexSettings, encoder: Encoder) -> None:
    build_index(own, HashingEncoder())
    with pytest.raises(IndexMismatchError, match="built with another encoder"):
        CourseIndex.open(own, encoder)
    assert open_or_build(own).search("S3").hits


@pytest.mark.parametrize("start", [build_index, open_or_build], ids=lambda start: start.__name__)
def test_missing_notes_are_told_before_the_encoder_is_converted(start, tmp_path: Path) -> None:
    missing = IndexSettings(dir=tmp_path / "none", data_dir=tmp_path / "data")
    with pytest.raises(EmptyContentError):
        start(missing)
    assert not (tmp_path / "data").exists()


def test_the_shipped_notes_are_indexed_without_a_warning(course_index: CourseIndex) -> None:
    course = read_course(ROOT / "content")
    assert course.left_out == course_index.left_out == ()
    assert unpaired_editions(course.notes) == []
    assert [note.file for note in course.notes] == [note.file for note in course_index.notes]
