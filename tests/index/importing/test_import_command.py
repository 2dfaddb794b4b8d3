"""``python -m index import``: what is new, updated, unchanged or refused, and what is printed of it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from index.__main__ import main
from index.importing import import_command
from index.importing.converter_child import converted


@pytest.fixture
def place(clean_environment: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working directory; files are read in this process, as what is looked at is what becomes of them."""
    monkeypatch.setattr(import_command, "convert", lambda data, name: converted(data, name, Path(name).stem))
    return clean_environment


@pytest.fixture
def imported(place: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    def run(*arguments: str) -> tuple[int, str, str]:
        code = main(["import", *arguments, "--into", "notes"])
        told = capsys.readouterr()
        return code, told.out, told.err

    return run


def write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")


def test_a_file_is_new_then_unchanged_then_updated(place: Path, imported: Callable[..., tuple[int, str, str]]):
    write(place / "tides.html", "<h1>Tides</h1><p>Every 12 hours.</p><script></script>")
    code, out, err = imported("tides.html")
    assert code == 0
    assert out.startswith("1 new, 0 updated, 0 unchanged, 0 not imported, 1 pages, 1 remarks, ")
    assert out.endswith(" seconds\n")
    assert err == "warning: tides.html: Scripts and forms of the page were left out: 1.\n"
    note = place / "notes/tides.md"
    first = note.read_text(encoding="utf-8")
    assert first.endswith("\n# Tides\n\nEvery 12 hours.\n")

    assert imported("tides.html")[1].startswith("0 new, 0 updated, 1 unchanged")
    write(place / "tides.html", "<h1>Tides</h1><p>Every 13 hours.</p>")
    assert imported("tides.html")[1].startswith("0 new, 1 updated, 0 unchanged")
    assert "13 hours" in note.read_text(encoding="utf-8")


def test_a_note_that_was_edited_is_kept_until_it_is_forced(place: Path, imported: Callable[..., tuple[int, str, str]]):
    write(place / "a.csv", "x,y\n1,2\n")
    imported("a.csv")
    note = place / "notes/a.md"
    write(note, note.read_text(encoding="utf-8").replace("| 1 |", "| one |"))
    write(place / "a.csv", "x,y\n1,3\n")
    code, out, err = imported("a.csv")
    assert (code, out) == (2, "")
    assert err == "error: a.csv: notes/a.md was edited since its import; repeat with --force to replace it.\n"
    assert "| one |" in note.read_text(encoding="utf-8")
    assert imported("a.csv", "--force")[0] == 0
    assert "| 1 | 3 |" in note.read_text(encoding="utf-8")


def test_a_note_of_another_file_is_never_replaced(place: Path, imported: Callable[..., tuple[int, str, str]]):
    (place / "notes").mkdir()
    write(place / "notes/a.md", "# Mine\n")
    write(place / "a.csv", "x,y\n1,2\n")
    assert imported("a.csv")[0] == 0
    assert (place / "notes/a.md").read_text(encoding="utf-8") == "# Mine\n"
    assert imported("a.csv")[1].startswith("0 new, 0 updated, 1 unchanged")
    assert (place / "notes/a-csv.md").is_file()
    write(place / "notes/a-csv.md", "# Mine too\n")
    assert imported("a.csv") == (2, "", "error: a.csv: a.md and a-csv.md are other notes; rename the file.\n")


def test_what_can_be_imported_is_and_the_rest_is_told(place: Path, imported: Callable[..., tuple[int, str, str]]):
    write(place / "a.csv", "x,y\n1,2\n")
    write(place / "b.pdf", "no PDF")
    write(place / "c.md", "# C\n")
    code, out, err = imported("a.csv", "b.pdf", "c.md", "d.html")
    assert code == 2
    assert out.startswith("1 new, 0 updated, 0 unchanged, 3 not imported")
    assert [line.partition(" ")[0] for line in err.splitlines()] == ["warning:", "warning:", "warning:", "error:"]
    assert err.endswith("error: 3 of 4 files were not imported.\n")
    assert "warning: c.md: it is a note already; copy it into the folder." in err


@pytest.mark.parametrize(
    ("name", "told"),
    [
        (".hidden.csv", "rename the file"),
        ("old.doc", "save it as .docx"),
        ("program.exe", "no file of a kind that is read"),
        ("folder.csv", "cannot be read: Is a directory"),
    ],
)
def test_a_file_that_is_none_is_a_sentence(
    name: str, told: str, place: Path, imported: Callable[..., tuple[int, str, str]]
):
    if name == "folder.csv":
        (place / name).mkdir()
    else:
        write(place / name, "x,y\n1,2\n")
    code, _, err = imported(name)
    assert code == 2
    assert err.startswith("error: ")
    assert told in err
    assert err.count("\n") == 1


def test_a_folder_that_cannot_be_written_is_a_sentence(place: Path, imported: Callable[..., tuple[int, str, str]]):
    write(place / "notes", "a file")
    write(place / "a.csv", "x,y\n1,2\n")
    code, _, err = imported("a.csv")
    assert code == 2
    assert err.startswith("error: notes/a.md: the note cannot be written: ")
