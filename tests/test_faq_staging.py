import io
import stat
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from assistant.faq.archives import Rejected, Upload, is_safe, unpacked
from assistant.faq.staging import VERSIONS_KEPT, NotesFolderError, Problem, StagedNotes
from index.notes import MAX_NOTE_BYTES

NOTE = "# 모듈 5: S3\n\n## 개요\n\nS3는 객체 스토리지입니다.\n"
FILE = "aws/05-s3.ko.md"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "notes/aws").mkdir(parents=True)
    (tmp_path / "notes" / FILE).write_text(NOTE, encoding="utf-8")
    return tmp_path / "notes"


@pytest.fixture
def staged(folder: Path, tmp_path: Path) -> StagedNotes:
    return StagedNotes(folder, tmp_path / "data")


def archive(members: Mapping[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> Upload:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", compression) as opened:
        for name, data in members.items():
            opened.writestr(name, data)
    return Upload("notes.zip", stream.getvalue())


def files_below(folder: Path) -> dict[str, str]:
    return {path.relative_to(folder).as_posix(): path.read_text("utf-8") for path in folder.rglob("*.md")}


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("a.md", True),
        ("강의 노트/5장.ko.md", True),
        ("../a.md", False),
        ("a/../../b.md", False),
        ("/etc/a.md", False),
        ("C:/a.md", False),
        ("a//b.md", False),
        (".hidden/a.md", False),
        ("a\0.md", False),
        ("a\n.md", False),
        ("", False),
        ("a/" * 120 + "b.md", False),
    ],
)
def test_only_names_inside_the_folder_are_safe(name: str, safe: bool) -> None:
    assert is_safe(name) == safe


@pytest.mark.parametrize("name", ["../evil.md", "/tmp/evil.md", "a/../../evil.md", "..\\evil.md", "\\\\host\\evil.md"])
def test_a_member_that_leads_out_of_the_folder_is_not_taken(
    staged: StagedNotes, folder: Path, tmp_path: Path, name: str
) -> None:
    (problem,) = staged.stage([archive({name: NOTE.encode()})])
    assert problem.kind == "unsafe_name"
    assert staged.waiting() == []
    assert list(tmp_path.rglob("evil*")) == []
    assert files_below(folder) == {FILE: NOTE}


def test_a_link_in_an_archive_is_not_taken() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as opened:
        link = zipfile.ZipInfo("a.md")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        opened.writestr(link, "/etc/passwd")
    assert list(unpacked([Upload("a.zip", stream.getvalue())])) == [Rejected("a.md", "unsafe_name")]


def test_an_archive_that_unpacks_to_far_more_than_it_weighs_is_stopped() -> None:
    bomb = archive({f"{number}.md": b"\n" * MAX_NOTE_BYTES for number in range(30)})
    assert len(bomb.data) < 200_000
    taken = list(unpacked([bomb]))
    assert taken[-1] == Rejected("notes.zip", "archive_too_large")
    assert sum(len(item.data) for item in taken if isinstance(item, Upload)) <= 64 * 2**20


def test_many_archives_share_one_limit() -> None:
    half = archive({f"{number}.md": b"\n" * MAX_NOTE_BYTES for number in range(10)})
    assert list(unpacked([half, half]))[-1].name == "6.md"


@pytest.mark.parametrize(
    ("upload", "kind"),
    [
        pytest.param(Upload("a.md", b"x" * (MAX_NOTE_BYTES + 1)), "too_large", id="large"),
        pytest.param(archive({"a.md": b"x" * (MAX_NOTE_BYTES + 1)}), "too_large", id="large-inside"),
        pytest.param(Upload("a.exe", b"MZ"), "not_markdown", id="program"),
        pytest.param(archive({"a.png": b"x"}), "not_markdown", id="picture-inside"),
        pytest.param(Upload("a.zip", b"no archive"), "damaged_archive", id="no-archive"),
        pytest.param(Upload("a.zip", archive({"a.md": NOTE.encode() * 99}).data[:-30]), "damaged_archive", id="cut"),
        pytest.param(Upload("a.md", "한국어 노트입니다. 인코딩이 다릅니다.".encode("cp949")), "encoding", id="cp949"),
        pytest.param(Upload("a.md", NOTE.encode("utf-16")), "encoding", id="utf-16"),
        pytest.param(Upload("a.md", b"# a\n\0"), "binary", id="nul"),
    ],
)
def test_what_is_no_readable_note_is_told_and_left_out(staged: StagedNotes, upload: Upload, kind: str) -> None:
    problems = staged.stage([upload, Upload("good.md", NOTE.encode())])
    assert [problem.kind for problem in problems] == [kind]
    assert [note.file for note in staged.waiting()] == ["aws/good.md"]


def test_a_damaged_member_is_told() -> None:
    whole = bytearray(archive({"a.md": NOTE.encode() * 50}).data)
    whole[60] ^= 0xFF
    assert list(unpacked([Upload("a.zip", bytes(whole))])) == [Rejected("a.md", "damaged_archive")]


def test_the_line_of_a_wrong_character_is_named(staged: StagedNotes) -> None:
    problems = staged.stage([Upload("a.md", b"# a\n\nb\n\xff\n")])
    assert problems == [Problem("a.md", "encoding", 4)]


def test_names_that_korean_windows_writes_are_read(staged: StagedNotes) -> None:
    name = "5장 스토리지.md"
    upload = archive({"?" * len(name.encode("cp949")): NOTE.encode()})
    data = upload.data.replace(b"?" * len(name.encode("cp949")), name.encode("cp949"))
    assert [item.name for item in unpacked([Upload("a.zip", data)])] == [name]


@pytest.mark.parametrize(
    "name", ["05-s3.ko.md", "aws/05-s3.ko.md", "content/aws/05-s3.ko.md"], ids=["bare", "same-path", "packed-deeper"]
)
def test_a_note_of_a_known_name_takes_the_place_of_the_old_one(staged: StagedNotes, name: str) -> None:
    assert staged.stage([archive({name: (NOTE + "\n싸요.\n").encode()})]) == []
    (note,) = staged.waiting()
    assert (note.file, note.state, note.sections, note.added, note.removed) == (FILE, "changed", 2, 2, 0)
    assert "+싸요." in note.diff.splitlines()


@pytest.mark.parametrize(("text", "state"), [(NOTE, "same"), (NOTE.replace("객체", "파일"), "changed")])
def test_the_preview_says_what_would_change(staged: StagedNotes, text: str, state: str) -> None:
    staged.stage([Upload("05-s3.ko.md", text.encode()), Upload("06-new.ko.md", NOTE.encode())])
    assert [(note.file, note.state) for note in staged.waiting()] == [(FILE, state), ("aws/06-new.ko.md", "new")]


def test_nothing_is_live_before_it_is_published_and_the_earlier_version_comes_back(
    staged: StagedNotes, folder: Path
) -> None:
    changed = NOTE.replace("객체", "파일")
    staged.stage([Upload("05-s3.ko.md", changed.encode()), Upload("new.md", NOTE.encode())])
    assert files_below(folder) == {FILE: NOTE}
    version = staged.publish()
    assert files_below(folder) == {FILE: changed, "aws/new.md": NOTE}
    assert staged.waiting() == []
    staged.restore(version)
    assert files_below(folder) == {FILE: NOTE}
    after = staged.versions()[0]
    assert after != version
    staged.restore(after)
    assert files_below(folder) == {FILE: changed, "aws/new.md": NOTE}


def test_what_waits_can_be_discarded_and_is_replaced_by_the_next_upload(staged: StagedNotes) -> None:
    staged.stage([Upload("one.md", NOTE.encode())])
    staged.stage([Upload("two.md", NOTE.encode())])
    assert [note.file for note in staged.waiting()] == ["aws/two.md"]
    staged.discard()
    assert staged.waiting() == []


def test_a_limited_number_of_versions_is_kept(staged: StagedNotes) -> None:
    for number in range(VERSIONS_KEPT + 2):
        staged.stage([Upload("05-s3.ko.md", f"# {number}\n".encode())])
        staged.publish()
    assert len(staged.versions()) == VERSIONS_KEPT


@pytest.mark.parametrize("version", ["..", "../../etc", "2020-01-01 00.00.00", ""])
def test_an_unknown_version_is_refused(staged: StagedNotes, folder: Path, version: str) -> None:
    with pytest.raises(NotesFolderError):
        staged.restore(version)
    assert files_below(folder) == {FILE: NOTE}


def test_a_folder_that_cannot_be_written_is_named(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file where the data folder should be")
    with pytest.raises(NotesFolderError, match="cannot be written"):
        StagedNotes(folder, tmp_path / "data").stage([Upload("a.md", NOTE.encode())])


def test_notes_in_place_that_cannot_be_read_are_listed_with_their_line(staged: StagedNotes, folder: Path) -> None:
    (folder / "bad.md").write_bytes("# a\n\n한국어\n".encode("cp949"))
    assert staged.problems() == [Problem("bad.md", "encoding", 3)]


def test_too_many_files_are_stopped(staged: StagedNotes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assistant.faq.staging.MAX_FILES", 3)
    problems = staged.stage([Upload(f"{number}.md", NOTE.encode()) for number in range(5)])
    assert problems == [Problem("3.md", "too_many")]
    assert len(staged.waiting()) == 3
