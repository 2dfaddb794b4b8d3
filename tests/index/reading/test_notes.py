"""Reading a folder of notes, and what cannot be read."""

import time
from pathlib import Path

import pytest

from index.build import build
from index.errors import ContentError, EmptyContentError
from index.reading.notes import note_paths, parse_note, read_note_text, read_notes, unpaired_editions
from tests.helpers.fakes import HashingEncoder

KOREAN = "# 제목\n\n첫 줄입니다.\n객체를 저장합니다.\n"


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode("utf-8"))
    return path


@pytest.mark.parametrize(
    ("data", "line", "words"),
    [
        pytest.param(b"# A\nok\n\xff\xfe\xfa broken", 3, ["not UTF-8"], id="bad-utf-8"),
        pytest.param(KOREAN.encode("cp949"), 1, ["not UTF-8", "CP949"], id="cp949"),
        pytest.param(KOREAN.encode("utf-16"), 1, ["not UTF-8", "UTF-16"], id="utf-16-with-mark"),
        pytest.param(("# plain English text\n" * 9).encode("utf-16-le"), 1, ["UTF-16"], id="utf-16-without-mark"),
        pytest.param(b"# A\n\nx\0y", 3, ["not a text file"], id="nul-bytes"),
    ],
)
def test_an_unreadable_note_is_named_with_line_and_reason(
    data: bytes, line: int, words: list[str], tmp_path: Path
) -> None:
    path = tmp_path / "note.md"
    path.write_bytes(data)
    with pytest.raises(ContentError) as caught:
        read_note_text(path)
    assert (caught.value.file, caught.value.line) == (str(path), line)
    assert all(word in str(caught.value) for word in [*words, "save it as UTF-8", f"{path}:{line}"])


def test_a_note_of_five_megabytes_is_refused_with_its_size(tmp_path: Path) -> None:
    path = write(tmp_path / "big.md", "x" * 5_000_000)
    with pytest.raises(ContentError, match=r"big\.md: the note is 5\.0 MB, the limit is 4\.2 MB"):
        read_note_text(path)


def test_a_note_that_cannot_be_opened_is_named(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match=r"gone\.md: the note cannot be read: No such file"):
        read_note_text(tmp_path / "gone.md")


def test_a_byte_order_mark_is_no_text(tmp_path: Path) -> None:
    path = tmp_path / "note.md"
    path.write_bytes(b"\xef\xbb\xbf# A\n")
    assert read_notes(tmp_path)[0].sections[0].heading == "A"


def test_text_keeps_its_line_ends(tmp_path: Path) -> None:
    assert read_note_text(write(tmp_path / "note.md", "# A\r\n\r\nb  \r\n")) == "# A\r\n\r\nb  \r\n"


@pytest.mark.parametrize(
    ("files", "message"),
    [
        pytest.param({}, "holds no Markdown note", id="empty-folder"),
        pytest.param(
            {"readme.txt": "x", ".hidden.md": "x", ".git/x.md": "x"}, "holds no Markdown", id="nothing-visible"
        ),
        pytest.param({"a.md": "", "b.md": " \n\n"}, "all notes in this folder are empty", id="zero-bytes"),
    ],
)
def test_a_folder_without_text_is_an_error_that_names_it(files: dict[str, str], message: str, tmp_path: Path) -> None:
    for name, text in files.items():
        write(tmp_path / name, text)
    with pytest.raises(EmptyContentError, match=message) as caught:
        read_notes(tmp_path)
    assert caught.value.file == str(tmp_path)


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(EmptyContentError, match="this folder of notes does not exist"):
        note_paths(tmp_path / "nowhere")


def test_notes_come_in_order_with_sections_numbered_throughout(tmp_path: Path) -> None:
    write(tmp_path / "b/z.md", "# C\n# D\n")
    write(tmp_path / "a.md", "# A\n## B\n")
    write(tmp_path / "empty.md", "\n")
    write(tmp_path / "dir.md/x.md", "# E\n")
    notes = read_notes(tmp_path)
    assert [note.file for note in notes] == ["a.md", "b/z.md", "dir.md/x.md"]
    assert [(s.number, s.heading) for note in notes for s in note.sections] == [
        (0, "A"),
        (1, "B"),
        (2, "C"),
        (3, "D"),
        (4, "E"),
    ]


@pytest.mark.parametrize(
    ("text", "file", "modules"),
    [
        pytest.param("# 모듈 3: IAM\n## 정책\n", "x.md", ["모듈 3: IAM"] * 2, id="korean"),
        pytest.param(
            "# Course\n## Module 1: A\n### x\n## End\n", "x.md", ["Course", *["Module 1: A"] * 2, "Course"], id="inner"
        ),
        pytest.param("# 모듈화\n## a\n", "x.md", ["모듈화"] * 2, id="no-number-is-no-module"),
        pytest.param("## a\n# Top\n## b\n", "x.md", ["Top"] * 3, id="highest-heading"),
        pytest.param("text\n", "folder/my-note.md", ["My note"], id="file-name"),
        pytest.param("---\ntitle: '머리말'\n---\ntext\n", "x.md", ["머리말"], id="front-matter-title"),
        pytest.param("text\n# A\n", "x.md", ["A", "A"], id="text-before-the-heading"),
    ],
)
def test_a_section_knows_its_module(text: str, file: str, modules: list[str]) -> None:
    assert [section.module for section in parse_note(text, file).sections] == modules


def test_heading_paths_follow_the_levels() -> None:
    note = parse_note("# A\n### B\n## C\n### D\n# E\n", "x.md")
    assert [section.heading_path for section in note.sections] == [
        ("A",),
        ("A", "B"),
        ("A", "C"),
        ("A", "C", "D"),
        ("E",),
    ]


@pytest.mark.parametrize(
    ("file", "text", "language", "key"),
    [
        pytest.param("a/b.ko.md", "# only English\n", "ko", "a/b#0", id="korean-edition"),
        pytest.param("a/b.en.md", "# 한국어\n", "en", "a/b#0", id="english-edition"),
        pytest.param("b.fr.md", "# 한국어 노트\n", "ko", "b.fr#0", id="unknown-suffix-by-text"),
        pytest.param("b.md", "# English\n", "en", "b#0", id="no-suffix-by-text"),
    ],
)
def test_language_and_edition_key(file: str, text: str, language: str, key: str) -> None:
    note = parse_note(text, file)
    assert (note.language, note.sections[0].language, note.sections[0].edition_key) == (language, language, key)


def test_editions_whose_headings_do_not_pair_are_told() -> None:
    notes = [
        parse_note("# A\n## B\n", "x.ko.md"),
        parse_note("# A\n", "x.en.md"),
        parse_note("# A\n", "y.ko.md"),
        parse_note("# B\n", "y.en.md"),
        parse_note("# A\n", "z.md"),
    ]
    (problem,) = unpaired_editions(notes)
    assert "x.ko.md and x.en.md" in problem
    assert "(2 and 1 sections)" in problem


@pytest.mark.slow
def test_thousands_of_headings_are_indexed_in_linear_time(tmp_path: Path, small_glossary_here: None) -> None:
    def seconds(count: int) -> float:
        folder = tmp_path / str(count)
        write(folder / "notes/many.md", "".join(f"## Heading {n}\n\nLine {n} says {n * 7}.\n\n" for n in range(count)))
        started = time.process_time()
        report = build(folder / "notes", folder / "index", HashingEncoder(16), "hashing")
        assert report.sections == count
        return time.process_time() - started

    seconds(10)  # the analysers are loaded once
    few, many = seconds(1_000), seconds(4_000)
    assert many < 8 * few  # four times the headings; a quadratic step would need sixteen times as long
