"""What a folder holds, whatever stands in it: unusable files are named, the others are read."""

from pathlib import Path
from typing import Any

import pytest

from assistant.quiz.making.bank import QuizBank
from index.errors import ContentError
from index.reading import notes as notes_module
from index.reading.course import left_out, own_glossary, read_course
from index.reading.notes import parse_note
from index.records import LeftOut, Note


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "a.md").write_text("# A\n\nS3 stores objects.\n", encoding="utf-8")
    (tmp_path / "known_questions.yaml").write_text("[]", encoding="utf-8")
    return tmp_path


def test_a_whole_folder_leaves_nothing_out(folder: Path) -> None:
    (folder / "glossary.yaml").write_text("- {ko: [버킷], en: [bucket]}\n", encoding="utf-8")
    course = read_course(folder)
    assert ([note.file for note in course.notes], course.left_out, left_out(folder)) == (["a.md"], (), ())
    assert own_glossary(folder) == course.glossary != ()


def test_every_unusable_file_is_named_and_the_others_are_read(folder: Path) -> None:
    (folder / "b.md").write_bytes(b"# B\n\xff")
    (folder / "c.md").write_bytes(b"\0")
    (folder / "glossary.yaml").write_text("- {ko: a, ko: b}\n", encoding="utf-8")
    (folder / "known_questions.yaml").write_text("what?\n", encoding="utf-8")
    course = read_course(folder)
    assert [note.file for note in course.notes] == ["a.md"]
    assert [(item.file, item.line) for item in course.left_out] == [
        ("b.md", 2),
        ("c.md", 1),
        ("glossary.yaml", 1),
        ("known_questions.yaml", 1),
    ]
    assert left_out(folder) == course.left_out
    assert (course.glossary, course.facts, own_glossary(folder)) == ((), (), ())
    assert QuizBank.read(folder).source is not None


def test_a_note_that_the_parser_fails_on_costs_itself_only(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(text: str, file: str, *rest: Any) -> Note:
        if file == "b.md":
            raise IndexError
        return parse_note(text, file, *rest)

    (folder / "b.md").write_text("# B", encoding="utf-8")
    monkeypatch.setattr(notes_module, "parse_note", failing)
    course = read_course(folder)
    assert [note.file for note in course.notes] == ["a.md"]
    assert course.left_out == (LeftOut("b.md", "the Markdown parser failed (IndexError)"),)


def test_a_folder_without_any_usable_note_names_the_first(folder: Path) -> None:
    (folder / "a.md").write_bytes(b"\xff")
    with pytest.raises(ContentError, match=r"a\.md:1: not UTF-8"):
        read_course(folder)
    assert [item.file for item in left_out(folder)] == ["a.md"]
    assert left_out(folder / "nowhere") == ()


@pytest.mark.parametrize(
    "name", ["a\nb.md", "ㅎㅏㄴ.md", "가" * 80 + ".md", "-r.md", "a b?#%2f.md", "'\"<x>.md", "\u202e.md"]
)
def test_odd_names_are_names(name: str, folder: Path) -> None:
    (folder / name).write_text("# B\n\ntext\n", encoding="utf-8")
    course = read_course(folder)
    assert len(course.notes) == 2
    assert course.left_out == ()


def test_what_is_left_out_is_one_sentence() -> None:
    assert str(LeftOut("a.md", "not UTF-8", 3)) == "a.md:3 is left out: not UTF-8"
    assert str(LeftOut("a.md", "not UTF-8")) == "a.md is left out: not UTF-8"
