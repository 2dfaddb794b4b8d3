"""Pictures come with notes: checked, put beside them, published and taken back."""

import io
import zipfile
from pathlib import Path

import pytest

from assistant.publishing import archives
from assistant.publishing.archives import Rejected, Upload, unpacked
from assistant.publishing.pictures import StagedPictures, moved_with_notes, wrong_with_picture
from assistant.publishing.publisher import Publishing
from tests.helpers.figures_course import SVG, png

PICTURE = png(8, 8)
OTHER = png(9, 9)
NOTE = b"# \xea\xb8\x80\n\n![x](figures/x.png)\n"


def zipped(**files: bytes) -> bytes:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w") as archive:
        for name, data in files.items():
            archive.writestr(name.replace("__", "/").replace("_", "."), data)
    return sink.getvalue()


@pytest.fixture
def publishing(tmp_path: Path) -> Publishing:
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "a.md").write_text("# old\n\ntext\n", encoding="utf-8")
    return Publishing(tmp_path / "notes", tmp_path / "data")


@pytest.mark.parametrize(
    ("name", "data", "kind"),
    [
        ("x.png", PICTURE, ""),
        ("x.JPG", b"\xff\xd8\xff\xe0rest", ""),
        ("x.webp", b"RIFF\0\0\0\0WEBPVP8 ", ""),
        ("x.gif", b"GIF89a", ""),
        ("x.svg", SVG.encode(), ""),
        ("x.svg", b'<?xml version="1.0"?>\n<!-- c --><svg/>', ""),
        ("x.png", SVG.encode(), "not_picture"),
        ("x.png", b"MZ\x90\0program", "not_picture"),
        ("x.svg", b"<html><script>1</script></html>", "not_picture"),
        ("x.png", b"", "not_picture"),
        ("x.png", PICTURE + b"0" * (8 * 2**20), "picture_too_large"),
    ],
)
def test_a_picture_is_known_by_its_content(name: str, data: bytes, kind: str):
    assert wrong_with_picture(name, data) == kind


@pytest.mark.parametrize(
    ("name", "places", "place"),
    [
        ("course/figures/x.png", {"course/a.md": "a.md"}, "figures/x.png"),
        ("figures/x.png", {"a.md": "notes/a.md"}, "notes/figures/x.png"),
        ("figures/x.png", {"a.md": "a.md"}, "figures/x.png"),
        ("course/assets/x.png", {"course/part/a.md": "part/a.md"}, "assets/x.png"),
        ("x.png", {}, "x.png"),
    ],
)
def test_a_picture_stays_beside_its_note(name: str, places: dict[str, str], place: str):
    assert moved_with_notes(name, places) == place


def test_pictures_come_out_of_archives_and_others_are_refused_by_name():
    data = zipped(course__a_md=NOTE, course__figures__x_png=PICTURE, course__bad_png=b"no", course__x_exe=b"MZ")
    found = list(unpacked([Upload("course.zip", data)]))
    assert [item.name for item in found if isinstance(item, Upload)] == ["course/a.md", "course/figures/x.png"]
    assert {(item.name, item.kind) for item in found if isinstance(item, Rejected)} == {
        ("course/bad.png", "not_picture"),
        ("course/x.exe", "not_markdown"),
    }


def test_more_pictures_than_the_limit_are_told(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(archives, "MAX_PICTURES", 2)
    found = list(unpacked([Upload(f"{number}.png", PICTURE) for number in range(3)]))
    assert found[2] == Rejected("2.png", "too_many_pictures")


def test_a_picture_leads_out_of_no_folder():
    (found,) = unpacked([Upload("../x.png", PICTURE)])
    assert found == Rejected("../x.png", "unsafe_name")


def test_pictures_wait_go_live_with_their_notes_and_come_back(publishing: Publishing, tmp_path: Path):
    report = publishing.staged.stage([Upload("course.zip", zipped(course__a_md=NOTE, course__figures__x_png=PICTURE))])
    assert [(taken.kind, taken.place) for taken in report.taken] == [
        ("replaces_live", "a.md"),
        ("picture", "figures/x.png"),
    ]
    live = tmp_path / "notes" / "figures" / "x.png"
    assert not live.exists()
    publishing.publish(lambda: "")
    assert live.read_bytes() == PICTURE
    assert publishing.staged.pictures.names() == ()

    (version,) = publishing.earlier.names()
    publishing.staged.stage([Upload("figures/x.png", OTHER)])
    publishing.publish(lambda: "")
    assert live.read_bytes() == OTHER
    publishing.restore(version, lambda: "")
    assert live.read_bytes() == PICTURE
    assert (tmp_path / "notes" / "a.md").read_text(encoding="utf-8").startswith("# old")


def test_pictures_are_taken_back_where_the_notes_cannot_be_read(publishing: Publishing, tmp_path: Path):
    publishing.staged.stage([Upload("a.md", NOTE), Upload("figures/x.png", PICTURE)])
    publishing.publish(lambda: "it cannot be read")
    assert not (tmp_path / "notes" / "figures").exists()
    assert publishing.staged.pictures.names() == ("figures/x.png",)


def test_a_picture_can_be_taken_out_and_all_be_discarded(publishing: Publishing):
    publishing.staged.stage([Upload("x.png", PICTURE), Upload("y.png", PICTURE)])
    publishing.staged.take_out("x.png")
    assert publishing.staged.pictures.names() == ("y.png",)
    publishing.staged.discard()
    assert publishing.staged.pictures.names() == ()


def test_what_waits_replaces_what_waited_at_the_same_place(tmp_path: Path):
    pictures = StagedPictures(tmp_path)
    pictures.put("a/x.png", PICTURE)
    pictures.put("a/x.png", OTHER)
    assert pictures.files()["a/x.png"].read_bytes() == OTHER
