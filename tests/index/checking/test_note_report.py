"""The report on a course's notes: what each was read as, and what of it wants looking at."""

import json
from pathlib import Path

import pytest

from index.__main__ import main
from index.checking.note_report import NoteRemark, report_on
from index.errors import ContentError
from index.records import ModuleRule
from tests.helpers.small_folders import written

COURSE = {
    "mkdocs.yml": "nav:\n  - Week 1:\n      - b.md\n      - a.md\n",
    "docs/a.md": "# A\n\n!!! note\n    Inside.\n\n![x](%EC%97%86%EC%9D%8C.png)\n![y](here.png)\n",
    "docs/b.md": "---\ntitle: S3: the basics\n---\n## 버킷\n\n버킷은 [여기](a.md)와 [저기](nowhere.md)에 있다.\n",
    "docs/here.png": "",
    "docs/c.ko.md": "# 가\n## 나\n",
    "docs/c.en.md": "# A\n",
    "docs/d.md": "---\ndraft: true\n---\n# D\n",
    "docs/e.md": "# E\n\ufffe\n",
    "README.md": "# Build me\n",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    written(tmp_path, COURSE)
    (tmp_path / "docs/f.md").write_bytes(b"# F\n\xff\n")
    written(tmp_path, {".notesignore": "\\\n!\n", "glossary.yaml": "- [\n"})
    return tmp_path


def test_each_note_says_what_it_was_read_as(folder: Path):
    report = report_on(folder)
    notes = {note.file.removeprefix("docs/"): note for note in report.notes}
    assert list(notes) == ["b.md", "a.md", "c.en.md", "c.ko.md", "e.md"]
    assert (notes["a.md"].modules, notes["a.md"].dialects, notes["a.md"].language) == (("Week 1",), ("MkDocs",), "en")
    assert (notes["b.md"].title, notes["b.md"].language, notes["b.md"].sections) == ("S3: the basics", "ko", 1)
    assert notes["a.md"].remarks == (NoteRemark(6, "figure", "없음.png"),)
    front, link = notes["b.md"].remarks
    assert (front.line, front.kind) == (2, "front_matter")
    assert link == NoteRemark(6, "link", "nowhere.md")


def test_what_is_left_out_by_mistake_is_told_from_what_is_on_purpose(folder: Path):
    report = report_on(folder)
    assert {item.file: item.line for item in report.left_out} == {
        "docs/f.md": 2,
        "glossary.yaml": 2,
        ".notesignore": 2,
    }
    assert {item.file: item.kind for item in report.passed_over} == {"README.md": "outside", "docs/d.md": "draft"}
    assert "docs/c.en.md and docs/c.ko.md are editions of one note" in report.unpaired[0]
    assert [site.notes for site in report.sites] == ["docs"]
    assert not report.is_well


def test_a_course_in_order_is_well_though_something_is_left_out_on_purpose(tmp_path: Path):
    report = report_on(written(tmp_path, {"a.md": "# A\n\n[b](b.md)\n", "b.md": "# B\n", "LICENSE.md": "MIT\n"}))
    assert report.is_well
    assert [item.kind for item in report.passed_over] == ["project"]


def test_the_rule_for_modules_counts(folder: Path):
    assert {note.modules for note in report_on(folder, ModuleRule.NOTE).notes} >= {("A",), ("S3: the basics",)}


def test_a_folder_without_a_usable_note_is_an_error(tmp_path: Path):
    with pytest.raises(ContentError, match="holds no Markdown note"):
        report_on(tmp_path)


def test_the_command_prints_the_report(folder: Path, capsys: pytest.CaptureFixture[str], clean_environment: Path):
    assert main(["check", "--notes", str(folder)]) == 0
    printed = capsys.readouterr().out
    for expected in (
        "mkdocs.yml makes a site: its notes are those in docs/.",
        "docs/a.md: 1 section, English, MkDocs\n  module: Week 1\n  line 6: the figure 없음.png is missing\n",
        "  line 6: the link nowhere.md leads to no note\n",
        "Left out, as they cannot be used:\n",
        "Left out on purpose:\n",
        "docs/d.md is no note: it is a draft",
        "5 notes, 6 sections: 8 to look at.",
    ):
        assert expected in printed


def test_the_command_prints_json(folder: Path, capsys: pytest.CaptureFixture[str], clean_environment: Path):
    assert main(["check", "--notes", str(folder), "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["notes"][1]["remarks"] == [{"line": 6, "kind": "figure", "detail": "없음.png"}]
    assert {row["reason"] for row in report["passed_over"]} == {
        "it is a draft",
        "it lies outside the folder of the site's notes",
    }
    assert report["is_well"] is False


def test_a_folder_of_other_files_is_told_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], clean_environment: Path
):
    written(tmp_path, {"a.pdf": "", "b.png": ""})
    assert main(["build", "--notes", str(tmp_path)]) == 2
    assert capsys.readouterr().err == (
        f"error: {tmp_path}: this folder holds no Markdown note (*.md), but 1 PDF and 1 image files; "
        "`python -m index import` turns documents into notes\n"
    )
