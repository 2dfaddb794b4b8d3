"""Uploads of other formats become notes that wait like all others: named, compared, told what they lack."""

import re
from pathlib import Path

import pytest

from assistant.publishing import documents_as_notes
from assistant.publishing.archives import Upload, names_in
from assistant.publishing.documents_as_notes import holds_documents
from assistant.publishing.notices import Notices, Problem, Taken, UploadReport
from assistant.publishing.staging import StagedNotes
from assistant.web.faq_page import CATALOGUE
from assistant.web.strings import load_strings
from index.errors import PackageMissingError
from index.importing import formats
from index.importing.converter_child import converted
from index.importing.documents import Unread
from index.importing.formats import NoNoteError
from index.importing.remarks import UNREAD_SENTENCES, unread_values
from tests.assistant.publishing.test_archives import archive
from tests.helpers.sample_documents import HTML

SCRIPT = Unread("scripts", count=1)


@pytest.fixture
def staged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> StagedNotes:
    """Uploads over an empty folder of notes; files are read in this process."""
    monkeypatch.setattr(
        documents_as_notes, "convert", lambda data, name, _: converted(data, name, name.rpartition(".")[0])
    )
    (tmp_path / "notes").mkdir()
    return StagedNotes(tmp_path / "notes", tmp_path / "data")


def live(tmp_path: Path, staged: StagedNotes) -> Path:
    """Put what waits into the folder of the notes, and return its one file."""
    for note in staged.files():
        (tmp_path / "notes" / note.name).write_bytes(note.path.read_bytes())
    staged.discard()
    (path,) = (tmp_path / "notes").iterdir()
    return path


def page(words: str) -> bytes:
    return f"<h1>Tides</h1><p>{words}</p><script></script>".encode()


def test_a_document_waits_as_a_note_and_what_it_lacks_is_told(staged: StagedNotes):
    told: list[tuple[int, int]] = []
    report = staged.stage(
        [Upload("a.md", b"# A\n"), Upload("tides.html", page("Every day."))], lambda *at: told.append(at)
    )
    assert report == UploadReport((Taken("a.md", "new", "a.md"), Taken("tides.html", "new", "tides.md", (SCRIPT,))))
    assert [note.file for note in staged.waiting()] == ["a.md", "tides.md"]
    assert "+Every day." in staged.waiting()[1].diff
    assert told == [(0, 1)]


def test_documents_come_in_archives_too_and_keep_their_folders(staged: StagedNotes):
    report = staged.stage([archive({"week 1/tides.html": page("Every day."), "week 1/x.exe": b"x"})])
    assert report.taken == (Taken("week 1/tides.html", "new", "week 1/tides.md", (SCRIPT,)),)
    assert report.problems == (Problem("week 1/x.exe", "not_markdown"),)


def test_the_same_document_again_takes_the_place_of_its_note(staged: StagedNotes, tmp_path: Path):
    staged.stage([Upload("tides.html", page("Every day."))])
    note = live(tmp_path, staged)
    note.write_text(note.read_text("utf-8").replace("---\n", "---\nweight: 2\n", 1), "utf-8")
    assert staged.stage([Upload("tides.html", page("Every day."))]).taken[0].kind == "replaces_live"
    assert staged.waiting()[0].state == "same"
    staged.stage([Upload("tides.html", page("Every night."))])
    (waiting,) = staged.waiting()
    assert (waiting.state, waiting.file) == ("changed", "tides.md")
    assert "-Every day.\n+Every night." in waiting.diff
    assert "-weight" not in waiting.diff


def test_edits_that_would_be_lost_are_told(staged: StagedNotes, tmp_path: Path):
    staged.stage([Upload("tides.html", page("Every day."))])
    note = live(tmp_path, staged)
    note.write_text(note.read_text("utf-8").replace("Every day", "Each day"), "utf-8")
    report = staged.stage([Upload("tides.html", page("Every night."))])
    assert report.taken == (Taken("tides.html", "replaces_edited", "tides.md", (SCRIPT,)),)


def test_a_note_by_hand_is_never_replaced_by_a_document(staged: StagedNotes, tmp_path: Path):
    (tmp_path / "notes/tides.md").write_text("# Mine\n", "utf-8")
    (taken,) = staged.stage([Upload("tides.html", page("Every day."))]).taken
    assert (taken.kind, taken.place) == ("new", "tides-html.md")
    (tmp_path / "notes/tides-html.md").write_text("# Mine too\n", "utf-8")
    staged.discard()
    report = staged.stage([Upload("tides.html", page("Every day."))])
    assert report == UploadReport(problems=(Problem("tides.html", "import_name_taken"),))


@pytest.mark.parametrize(
    ("name", "data", "kind"),
    [
        ("a.pdf", b"no PDF", "import_damaged"),
        ("a.ppt", b"old", "import_old_format"),
        ("a.html", b"", "import_empty"),
        ("../a.pdf", b"no PDF", "unsafe_name"),
        (f"{'a' * 236}.pdf", b"no PDF", "import_damaged"),
        ("a.exe", b"MZ", "not_markdown"),
    ],
)
def test_a_document_that_cannot_be_read_is_told(name: str, data: bytes, kind: str, staged: StagedNotes):
    report = staged.stage([Upload(name, data)])
    assert [problem.kind for problem in report.problems] == [kind]
    assert report.taken == ()


def test_missing_packages_are_told(staged: StagedNotes, monkeypatch: pytest.MonkeyPatch):
    def missing(*_: object) -> None:
        raise PackageMissingError("pip install")

    monkeypatch.setattr(documents_as_notes, "convert", missing)
    assert staged.stage([Upload("a.pdf", b"x")]).problems == (Problem("a.pdf", "import_packages"),)


def test_a_note_whose_name_would_be_too_long_is_told(staged: StagedNotes, tmp_path: Path):
    name = "가" * 78
    assert staged.stage([Upload(f"{name}.html", page("x"))]).taken[0].place == f"{name}.md"
    (tmp_path / f"notes/{name}.md").write_text("# Mine\n", "utf-8")
    staged.discard()
    assert staged.stage([Upload(f"{name}.html", page("x"))]).problems == (Problem(f"{name}.html", "long_name"),)


def test_what_an_upload_lacks_is_told_again_after_a_restart(tmp_path: Path):
    report = UploadReport((Taken("a.pdf", "new", "a.md", (Unread("scanned", ("2", "3")), SCRIPT)),))
    Notices(tmp_path).tell(report)
    assert Notices(tmp_path).report == report


@pytest.mark.parametrize(
    ("upload", "holds"),
    [
        (Upload("a.md", b"x"), False),
        (Upload("a.PDF", b"x"), True),
        (archive({"a.md": b"x", "b.png": b"x"}), False),
        (archive({"a.md": b"x", "b/c.pptx": b"x"}), True),
        (Upload("a.zip", b"no zip"), False),
    ],
)
def test_what_takes_minutes_is_known_by_its_names(upload: Upload, holds: bool):
    assert holds_documents(upload) is holds
    assert names_in(Upload("a.zip", archive({"b": b"x"}).data)) == ["b"]


def test_every_reason_and_every_remark_has_a_sentence_in_both_languages():
    source = "".join(path.read_text("utf-8") for path in Path(formats.__file__).parent.rglob("*.py"))
    kinds = set(re.findall(r'(?:NoNoteError|NotConverted)\(\s*"(\w+)"', source)) - {"packages"}
    assert len(kinds) >= 12
    for texts in load_strings(CATALOGUE).values():
        assert {f"problem.import_{kind}" for kind in {*kinds, "packages", "name_taken"}} <= set(texts)
        assert set(texts.section("unread")) == set(UNREAD_SENTENCES)
    assert load_strings(CATALOGUE)["en"].section("unread") == UNREAD_SENTENCES
    for kind in UNREAD_SENTENCES:
        values = unread_values(Unread(kind, ("1", "2"), 3, "what"))
        assert "{" not in load_strings(CATALOGUE)["ko"].format(f"unread.{kind}", **values)
    assert NoNoteError("empty", "x").kind in kinds
    assert HTML
