"""Archives as systems pack them, and as nobody should: what is taken, by which name, and what is told."""

import io
import stat
import struct
import time
import unicodedata
import zipfile
from collections.abc import Mapping

import pytest

from assistant.publishing import archives
from assistant.publishing.archives import Rejected, Upload, unpacked
from index.reading.notes import MAX_NOTE_BYTES

NOTE = "# 모듈 5: S3\n\n## 개요\n\nS3는 객체 스토리지입니다.\n".encode()
KOREAN = "5장 스토리지.md"


def archive(members: Mapping[str, bytes], compression: int = zipfile.ZIP_DEFLATED, name: str = "notes.zip") -> Upload:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", compression) as opened:
        for member, data in members.items():
            opened.writestr(member, data)
    return Upload(name, stream.getvalue())


def named(raw: bytes, **changed: bytes) -> Upload:
    """Return an archive whose one member has the name ``raw``, as a system writes it that does not say its encoding."""
    data = archive({"?" * len(raw): NOTE}).data
    return Upload("notes.zip", data.replace(b"?" * len(raw), raw))


def test_a_link_in_an_archive_is_not_taken() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as opened:
        for kind in (stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR):
            link = zipfile.ZipInfo(f"{kind}.md")
            link.external_attr = (kind | 0o777) << 16
            opened.writestr(link, "/etc/passwd")
    assert [item.kind for item in unpacked([Upload("a.zip", stream.getvalue())])] == ["unsafe_name"] * 3  # type: ignore[union-attr]


def test_an_archive_that_unpacks_to_far_more_than_it_weighs_is_stopped() -> None:
    bomb = archive({f"{number}.md": b"\n" * MAX_NOTE_BYTES for number in range(60)})
    assert len(bomb.data) < 400_000
    started = time.process_time()
    taken = list(unpacked([bomb]))
    assert taken[-1] == Rejected("notes.zip", "archive_too_large")
    assert sum(len(item.data) for item in taken if isinstance(item, Upload)) <= 64 * 2**20
    assert time.process_time() - started < 5


def test_many_archives_share_one_limit() -> None:
    half = archive({f"{number}.md": b"\n" * MAX_NOTE_BYTES for number in range(40 * 2**20 // MAX_NOTE_BYTES)})
    assert list(unpacked([half, half]))[-1].name == f"{24 * 2**20 // MAX_NOTE_BYTES}.md"


def test_a_member_larger_than_it_says_is_stopped() -> None:
    data = bytearray(archive({"a.md": b"x" * (MAX_NOTE_BYTES + 1)}).data)
    entry = data.rindex(b"PK\x01\x02")
    struct.pack_into("<L", data, entry + 24, 10)
    (item,) = unpacked([Upload("a.zip", bytes(data))])
    assert isinstance(item, Rejected)


def test_a_list_of_a_hundred_thousand_members_is_not_even_read(monkeypatch: pytest.MonkeyPatch) -> None:
    entry = struct.pack("<4s6H3L5H2L", b"PK\x01\x02", 20, 20, 0, 0, 0, 0, 0, 0, 0, 4, 0, 0, 0, 0, 0, 0) + b"a.md"
    listed = entry * 100_000
    data = listed + struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 65535, 65535, len(listed), 0, 0)
    monkeypatch.setattr(archives.zipfile, "ZipFile", lambda *_: pytest.fail("read"))
    assert list(unpacked([Upload("many.zip", data)])) == [Rejected("many.zip", "too_many")]


def test_notes_packed_after_hundreds_of_figures_are_taken() -> None:
    figures = {f"figures/{number}.png": b"png" for number in range(archives.MAX_FILES + 5)}
    *told, note = unpacked([archive({**figures, "note.md": b"# note"})])
    assert note == Upload("note.md", b"# note")
    assert {item.kind for item in told if isinstance(item, Rejected)} == {"not_picture"}
    assert len(list(unpacked([archive({f"{number}.png": b"" for number in range(2500)})]))) == 2001


def test_an_export_in_parts_is_unpacked_where_the_parts_lie() -> None:
    """As Notion packs an export: an archive of archives."""
    parts = {"Part-1.zip": archive({"Course/a.md": NOTE}).data, "more/Part-2.zip": archive({"b.md": b"# B"}).data}
    taken = list(unpacked([archive(parts)]))
    assert taken == [Upload("Course/a.md", NOTE), Upload("more/b.md", b"# B")]


def test_archives_inside_share_the_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    parts = {f"{number}.zip": archive({f"{number}.md": b"x" * 600}).data for number in range(9)}
    monkeypatch.setattr(archives, "MAX_UNPACKED_BYTES", 3000)
    items = list(unpacked([archive(parts)]))
    assert items[-1] == Rejected("notes.zip", "archive_too_large")
    assert 0 < len(items) < 6


def test_too_many_files_are_stopped() -> None:
    items = list(unpacked([archive({f"{number}.md": b"#" for number in range(archives.MAX_FILES + 5)})]))
    assert len(items) == archives.MAX_FILES + 1
    assert items[-1] == Rejected(f"{archives.MAX_FILES}.md", "too_many")


def test_unpacking_ends_when_its_time_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MAX_SECONDS", -1.0)
    assert list(unpacked([archive({"a.md": NOTE, "b.md": NOTE})])) == [Rejected("notes.zip", "archive_too_slow")]


@pytest.mark.parametrize(
    ("upload", "kind"),
    [
        pytest.param(Upload("a.md", b"x" * (MAX_NOTE_BYTES + 1)), "too_large", id="large"),
        pytest.param(archive({"a.md": b"x" * (MAX_NOTE_BYTES + 1)}), "too_large", id="large-inside"),
        pytest.param(Upload("a.exe", b"MZ"), "not_markdown", id="program"),
        pytest.param(archive({"a.png": b"x"}), "not_picture", id="no-picture-inside"),
        pytest.param(archive({"a.exe": b"x"}), "not_markdown", id="program-inside"),
        pytest.param(
            archive({"b.zip": archive({"c.zip": archive({"a.md": NOTE}).data}).data}),
            "nested_archive",
            id="nested-twice",
        ),
        pytest.param(archive({"b.zip": b"no archive"}), "damaged_archive", id="no-archive-inside"),
        pytest.param(archive({"b.zip": archive({"../a.md": NOTE}).data}), "unsafe_name", id="leads-out-of-one-inside"),
        pytest.param(Upload("a.zip", b"no archive"), "damaged_archive", id="no-archive"),
        pytest.param(Upload("a.zip", b""), "damaged_archive", id="empty-file"),
        pytest.param(Upload("a.zip", archive({"a.md": NOTE * 99}).data[:-30]), "damaged_archive", id="cut"),
        pytest.param(Upload("a.zip", archive({"a.md": NOTE}).data[40:]), "damaged_archive", id="beginning-lost"),
        pytest.param(archive({"a.md": NOTE}, zipfile.ZIP_BZIP2), "odd_packing", id="bzip2"),
        pytest.param(archive({"a.md": NOTE}, zipfile.ZIP_LZMA), "odd_packing", id="lzma"),
        pytest.param(archive({"가" * 190 + ".md": NOTE}), "long_name", id="long-name-inside"),
        pytest.param(Upload("가" * 190 + ".md", NOTE), "long_name", id="long-name"),
        pytest.param(archive({"../a.md": NOTE}), "unsafe_name", id="leads-out"),
        pytest.param(archive({"/etc/a.md": NOTE}), "unsafe_name", id="absolute"),
        pytest.param(archive({"C:\\a.md": NOTE}), "unsafe_name", id="drive"),
        pytest.param(archive({"..\\a.md": NOTE}), "unsafe_name", id="leads-out-windows"),
    ],
)
def test_what_cannot_be_taken_is_told_why(upload: Upload, kind: str) -> None:
    (item,) = unpacked([upload])
    assert isinstance(item, Rejected)
    assert item.kind == kind
    assert item.name.isprintable()
    assert len(item.name) <= 200


def test_an_encrypted_member_is_told() -> None:
    data = bytearray(archive({"a.md": NOTE}).data)
    data[6] |= 1
    data[data.rindex(b"PK\x01\x02") + 8] |= 1
    assert list(unpacked([Upload("a.zip", bytes(data))])) == [Rejected("a.md", "encrypted")]


def test_a_damaged_member_is_told_and_the_others_are_taken() -> None:
    whole = bytearray(archive({"a.md": NOTE * 50, "b.md": NOTE}).data)
    whole[60] ^= 0xFF
    assert list(unpacked([Upload("a.zip", bytes(whole))])) == [
        Rejected("a.md", "damaged_archive"),
        Upload("b.md", NOTE),
    ]


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        pytest.param(KOREAN.encode("cp949"), KOREAN, id="korean-windows"),
        pytest.param(KOREAN.encode("euc-kr"), KOREAN, id="euc-kr"),
        pytest.param("강의/똠양꿍 요리.md".encode("cp949"), "강의/똠양꿍 요리.md", id="rare-syllable"),
        pytest.param(KOREAN.encode("utf-8"), KOREAN, id="utf-8-without-saying-so"),
        pytest.param(unicodedata.normalize("NFD", KOREAN).encode(), KOREAN, id="mac"),
        pytest.param("résumé.md".encode("cp437"), "résumé.md", id="dos"),
        pytest.param(b"plain.md", "plain.md", id="ascii"),
    ],
)
def test_names_are_read_as_they_were_meant(raw: bytes, name: str) -> None:
    assert list(unpacked([named(raw)])) == [Upload(name, NOTE)]


def test_a_name_that_an_archiver_gives_in_utf8_beside_the_systems_is_the_one() -> None:
    stream = io.BytesIO()
    member = zipfile.ZipInfo("5_.md")
    member.extra = struct.pack("<HHBL", 0x7075, 5 + len(KOREAN.encode()), 1, 0) + KOREAN.encode()
    with zipfile.ZipFile(stream, "w") as opened:
        opened.writestr(member, NOTE)
    assert list(unpacked([Upload("a.zip", stream.getvalue())])) == [Upload(KOREAN, NOTE)]


def test_names_and_texts_of_a_mac_and_what_systems_leave_behind() -> None:
    apart = unicodedata.normalize("NFD", KOREAN)
    upload = archive(
        {
            apart: NOTE,
            f"__MACOSX/._{apart}": b"\0\5",
            "week/.DS_Store": b"\0",
            "week/._a.md": b"\0",
            "Thumbs.db": b"x",
            "desktop.ini": b"x",
            "week/": b"",
        }
    )
    assert list(unpacked([upload])) == [Upload(KOREAN, NOTE)]


@pytest.mark.parametrize("name", ["WEEK9.MD", "b.markdown", "C.Markdown"])
def test_every_ending_of_a_note_is_taken(name: str) -> None:
    assert list(unpacked([Upload(name, NOTE), archive({name: NOTE})])) == [Upload(name, NOTE)] * 2
