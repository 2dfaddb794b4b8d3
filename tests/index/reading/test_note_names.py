"""One rule of names: what is a note, what it is called, and which files are one note."""

import os
import unicodedata
from pathlib import Path

import pytest

from index.build import note_checksums
from index.errors import EmptyContentError
from index.reading.layout.note_files import Double, find_notes
from index.reading.note_names import file_below, is_note, note_stem, wrong_with
from index.reading.notes import note_paths, read_notes

KOREAN = "강의 노트/5장 저장소.ko.md"


def apart(name: str) -> str:
    return unicodedata.normalize("NFD", name)


def write(folder: Path, *names: str, text: str = "# A\n") -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("a.md", ""),
        ("WEEK9.MD", ""),
        ("b.markdown", ""),
        ("B.Markdown", ""),
        (KOREAN, ""),
        ("가" * 79 + ".md", ""),
        ("가" * 80 + ".md", "long_name"),
        ("가" * 190 + ".md", "long_name"),
        ("/".join(["가" * 60] * 5) + "/b.md", "long_name"),
        ("a.txt", "not_markdown"),
        ("a.md.exe", "not_markdown"),
        ("../a.md", "unsafe_name"),
        ("a/../../b.md", "unsafe_name"),
        ("/etc/a.md", "unsafe_name"),
        ("C:/a.md", "unsafe_name"),
        ("a//b.md", "unsafe_name"),
        (".hidden/a.md", "unsafe_name"),
        (" a.md", "unsafe_name"),
        ("a\0.md", "unsafe_name"),
        ("a\n.md", "unsafe_name"),
        ("a\ud800.md", "unsafe_name"),
        ("a\u202edm.exe.md", "unsafe_name"),
        ("", "unsafe_name"),
    ],
)
def test_a_name_is_taken_or_told_what_is_wrong(name: str, wrong: str) -> None:
    assert wrong_with(name) == wrong


@pytest.mark.parametrize("name", ["WEEK9.MD", "b.markdown", "c.Md", "d.ko.MARKDOWN", "e.mdx", "f.qmd", "g.Rmd"])
def test_every_spelling_of_the_ending_is_read(tmp_path: Path, name: str) -> None:
    write(tmp_path, name, "readme.txt", "x.mdy", "md")
    assert is_note(name)
    assert [path.name for path in note_paths(tmp_path)] == [name]
    assert [note.file for note in read_notes(tmp_path)] == [name]
    assert next(iter(note_checksums(tmp_path))) == name


def test_the_ending_does_not_keep_editions_apart(tmp_path: Path) -> None:
    write(tmp_path, "week.ko.MD", "week.en.markdown")
    notes = read_notes(tmp_path)
    assert [note.language for note in notes] == ["en", "ko"]
    assert {note.sections[0].edition_key for note in notes} == {"week#0"}


def test_a_note_from_a_mac_has_the_name_that_everyone_types(tmp_path: Path) -> None:
    write(tmp_path, apart(KOREAN))
    assert [note.file for note in read_notes(tmp_path)] == [KOREAN]
    assert note_checksums(tmp_path).keys() >= {KOREAN}


def test_one_note_under_two_spellings_is_read_once_and_the_other_told(tmp_path: Path) -> None:
    write(tmp_path, apart("가.md"), text="# apart\n")
    write(tmp_path, "가.md", text="# composed\n")
    write(tmp_path, "b.markdown", "b.md")
    found = find_notes(tmp_path)
    assert [note.name for note in found.notes] == ["b.md", "가.md"]
    assert set(found.doubles) == {
        Double("b.markdown", "b.md", tmp_path / "b.markdown"),
        Double(apart("가.md"), "가.md", tmp_path / apart("가.md")),
    }
    assert [note.text for note in read_notes(tmp_path)] == ["# A\n", "# composed\n"]


def test_a_name_that_is_no_utf8_is_told_and_the_others_are_read(tmp_path: Path) -> None:
    write(tmp_path, "a.md")
    with open(os.fsencode(tmp_path) + b"/\xb0\xa1.md", "wb") as stream:
        stream.write(b"# x\n")
    assert [note.file for note in read_notes(tmp_path)] == ["a.md"]
    assert [(double.name, double.kept) for double in find_notes(tmp_path).doubles] == [("\\xb0\\xa1.md", None)]


def test_hidden_files_and_folders_are_no_notes(tmp_path: Path) -> None:
    write(tmp_path, ".a.md", ".git/b.md", "c/.d/e.md")
    with pytest.raises(EmptyContentError):
        find_notes(tmp_path)


@pytest.mark.parametrize("name", [KOREAN, apart(KOREAN), "b.markdown", "B.MD"])
def test_names_of_one_note_have_one_stem(name: str) -> None:
    assert note_stem(name) == {"b.markdown": "b", "B.MD": "B"}.get(name, "강의 노트/5장 저장소.ko")


@pytest.mark.parametrize("written", [str, apart], ids=["composed", "apart"])
@pytest.mark.parametrize("asked", [str, apart], ids=["composed", "apart"])
def test_a_figure_is_found_however_its_name_is_composed(tmp_path: Path, written: type, asked: type) -> None:
    write(tmp_path, written("그림/첫째.png"))
    found = file_below(tmp_path, asked("그림/첫째.png"))
    assert found is not None
    assert found.read_text() == "# A\n"


@pytest.mark.parametrize("name", ["../a.png", "a/../../b.png", "a\0.png", "가" * 300, "x" * 5000, "", ".", "\ud800"])
def test_what_cannot_be_a_figure_is_not_there(tmp_path: Path, name: str) -> None:
    (tmp_path / "notes").mkdir()
    write(tmp_path, "a.png", "b.png")
    assert file_below(tmp_path / "notes", name) is None
