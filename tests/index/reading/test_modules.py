"""What notes and modules are called, as their instructors would call them."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from index.reading.notes import read_folder, read_notes
from index.records import ModuleRule
from tests.helpers.small_folders import written


def modules(folder: Path, rule: ModuleRule = ModuleRule.AUTO) -> dict[str, list[str]]:
    """Return the modules of each note, in order."""
    return {note.file: list(dict.fromkeys(one.module for one in note.sections)) for note in read_notes(folder, rule)}


@pytest.mark.parametrize(
    ("file", "text", "module"),
    [
        ("a.md", "# Storage\n## S3\n", "Storage"),
        ("a.md", "---\ntitle: Storage\n---\n## S3\n## EBS\n", "Storage"),
        ("a.md", "+++\ntitle = 'Storage'\n+++\n## S3\n", "Storage"),
        ("a.md", "---\ntitle: Storage\nsidebar_label: S3\n---\n## x\n", "S3"),
        ("a.md", "---\ntitle: Storage\nsidebar_label: Overview\n---\n## x\n", "Storage"),
        ("a.md", "---\ntitle: amazon-s3\n---\n# Amazon S3\n", "Amazon S3"),
        ("a.md", "---\ntitle: Storage on AWS\n---\n# Amazon S3\n", "Storage on AWS"),
        ("a.md", "---\ntitle: Overview\n---\n# Amazon S3\n", "Amazon S3"),
        ("a.md", "---\ntitle: '{{ page.name }}'\n---\n# Amazon S3\n", "Amazon S3"),
        ("a.md", "# First\n# Second\n", "First"),
        ("a.md", "### Deep\n## High\n## Other\n", "High"),
        ("a.md", "---\nlayout: page\n---\n### Only\ntext\n", "Only"),
        ("optimization-1.md", "Intro.\n\n## Introduction\n\n## Gradients\n", "Optimization 1"),
        ("README.md", "## Overview\n\n## x\n", "Overview"),
        ("03-iam.md", "IAM says who may do what. IAM is free.\n", "IAM"),
        ("03-access-keys.md", "text\n", "Access keys"),
        ("3주차.md", "## 개념\n", "3주차: 개념"),
        ("week-03.md", "# Storage\n", "Week 3: Storage"),
        ("week-03-storage.ko.md", "# 스토리지\n", "Week 3: 스토리지"),
        ("Lecture 3.md", "text\n", "Lecture 3"),
        ("week-03.md", "# Week 3 – Storage\n", "Week 3 – Storage"),
        ("Week 3/a.md", "# Storage\n", "Week 3"),
        ("3주차 스토리지/s3.md", "# S3\n## 버킷\n", "3주차 스토리지"),
        ("week-03-storage/s3.md", "# S3\n", "Week 3: Storage"),
        ("Week 3/Lecture 5/a.md", "# S3\n", "Lecture 5"),
        ("Week 3/notes/a.md", "# S3\n", "Week 3"),
        ("Week 3/a.md", "# Lecture 5: S3\n", "Lecture 5: S3"),
        ("Week 3/a.md", "---\ntitle: 'Lecture 5: S3'\n---\n## Buckets\n", "Lecture 5: S3"),
        ("storage/a.md", "# S3\n", "S3"),
        ("a.md", "---\ntitle: S3\nparent: 'Week 3: Storage'\n---\n## x\n", "Week 3: Storage"),
        ("a.md", "# Course\n## 3장의 카드\n", "Course"),
        ("a.md", "# Course\n## Step 3\n", "Course"),
    ],
)
def test_a_note_is_called_as_its_instructor_would(tmp_path: Path, file: str, text: str, module: str):
    assert modules(written(tmp_path, {file: text})) == {file: [module]}


@pytest.mark.parametrize(
    "heading",
    [
        "모듈 3: 나",
        "Module 3: B",
        "Week 3: B",
        "3주차 나",
        "Lecture 3",
        "Chapter 3. B",
        "제3장 나",
        "3강: 나",
        "3과 나",
    ],
)
@pytest.mark.parametrize("folder", ["", "Week 9/"])
def test_the_nearest_heading_that_numbers_a_unit_is_the_module(tmp_path: Path, heading: str, folder: str):
    text = f"# Course\n\n## {heading}\n\n### Inside\n\n#### Deep\n\n## After\n\n"
    notes = read_notes(written(tmp_path, {f"{folder}a.md": text}))
    outside = "Week 9" if folder else "Course"
    assert [one.module for one in notes[0].sections] == [outside, *[heading] * 3, outside]


def test_a_part_of_a_lecture_is_no_module_and_a_part_of_a_book_holds_chapters(tmp_path: Path):
    text = "# Lecture 3: Memory\n## Part 1: Paging\n### Tables\n"
    book = "# Part I: Basics\n## Chapter 1: Boot\n### Part 2: Loader\n# Part II: Devices\ntext\n"
    found = modules(written(tmp_path, {"a.md": text, "b.md": book}))
    assert found == {"a.md": ["Lecture 3: Memory"], "b.md": ["Part I: Basics", "Chapter 1: Boot", "Part II: Devices"]}


@pytest.mark.parametrize(
    ("files", "module"),
    [
        ({"x/_category_.json": '{"label": "Week 3: Storage"}'}, "Week 3: Storage"),
        ({"x/_category_.yml": "label: 'Week 3: Storage'\n"}, "Week 3: Storage"),
        ({"x/.pages": "title: 3주차 스토리지\n"}, "3주차 스토리지"),
        ({"x/.nav.yml": "title: 3주차 스토리지\n"}, "3주차 스토리지"),
        ({"x/_index.md": "---\ntitle: 'Week 3: Storage'\n---\n"}, "Week 3: Storage"),
        ({"x/index.md": "# Week 3: Storage\n"}, "Week 3: Storage"),
        ({"x/README.md": "# **Week 3**: Storage\n"}, "Week 3: Storage"),
        ({"x/README.md": "# About these notes\n"}, "S3"),
        ({"x/_category_.json": '{"label": "Storage"}'}, "S3"),
        ({"x/_category_.json": "{broken"}, "S3"),
        ({"x/_category_.json": "[" * 100_000}, "S3"),
        ({"x/_category_.json": '["label"]'}, "S3"),
        ({"mkdocs.yml": "nav:\n  - Week 3:\n      - x/a.md\n"}, "Week 3"),
        ({"mkdocs.yml": "nav:\n  - Storage: x/a.md\n"}, "Storage"),
        ({"mkdocs.yml": "nav:\n  - Overview: x/a.md\n"}, "S3"),
        ({"SUMMARY.md": "# Summary\n\n- [Storage in *S3*](x/a.md#top)\n"}, "Storage in S3"),
        ({"SUMMARY.md": "# Summary\n\n- [Week 3](w.md)\n  - [Storage](x/a.md)\n"}, "Week 3"),
        ({"SUMMARY.md": "# Summary\n\n# Part II: Services\n\n- [Storage](x/a.md)\n"}, "Storage"),
        ({"_toc.yml": "root: intro\nparts:\n  - caption: Week 3\n    chapters:\n      - file: x/a\n"}, "Week 3"),
        ({"_quarto.yml": "book:\n  chapters:\n    - part: Week 3\n      chapters: [x/a.md]\n"}, "Week 3"),
    ],
)
def test_folders_and_lists_of_contents_name_modules(tmp_path: Path, files: Mapping[str, str], module: str):
    assert modules(written(tmp_path, {**files, "x/a.md": "# S3\n"}))["x/a.md"] == [module]


@pytest.mark.parametrize(
    ("files", "module"),
    [
        ({"week-03/_category_.json": '{"label": "Block storage"}'}, "Week 3: Block storage"),
        ({"week-03/_index.md": "+++\ntitle = 'Block storage'\n+++\n"}, "Week 3: Block storage"),
        ({"week-03/README.md": "# Week 3 – Block storage\n"}, "Week 3 – Block storage"),
        ({"week-03/README.md": "# Lecture 1: Welcome\n"}, "Week 3"),
        ({"week-03/README.md": "# About these notes\n"}, "Week 3"),
        ({"week-03/README.ko.md": "# 3주차\n", "week-03/README.en.md": "# Week 3 of storage\n"}, "Week 3"),
    ],
)
def test_the_label_of_a_numbered_folder_says_what_it_is_about(tmp_path: Path, files: Mapping[str, str], module: str):
    assert modules(written(tmp_path, {**files, "week-03/a.md": "# EBS\n"}))["week-03/a.md"][0].startswith(module)


def test_a_folder_is_named_in_the_language_of_the_note(tmp_path: Path):
    pages = {"w3/README.ko.md": "# 3주차 스토리지\n", "w3/README.en.md": "# Week 3 Storage\n"}
    found = modules(written(tmp_path, {**pages, "w3/a.ko.md": "# 버킷\n", "w3/a.en.md": "# Bucket\n"}))
    assert (found["w3/a.ko.md"], found["w3/a.en.md"]) == (["3주차 스토리지"], ["Week 3 Storage"])


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (ModuleRule.AUTO, [["Week 1: Storage"], ["S3", "Lecture 2: Buckets"], ["Loose"]]),
        (ModuleRule.HEADING, [["EBS"], ["S3", "Lecture 2: Buckets"], ["Loose"]]),
        (ModuleRule.NOTE, [["EBS"], ["S3"], ["Loose"]]),
        (ModuleRule.FOLDER, [["Week 1: Storage"], ["Deep dives"], ["Loose"]]),
    ],
)
def test_the_rule_decides_what_is_cited(tmp_path: Path, rule: ModuleRule, expected: list[list[str]]):
    files = {
        "week-01-storage/ebs.md": "# EBS\n",
        "deep-dives/s3.md": "# S3\n## Lecture 2: Buckets\n",
        "loose.md": "# Loose\n",
    }
    found = modules(written(tmp_path, files), rule)
    assert [found[file] for file in files] == expected


def test_a_title_above_all_headings_opens_their_paths(tmp_path: Path):
    (note,) = read_notes(
        written(tmp_path, {"a.md": "---\ntitle: The period\n---\nLead.\n\n## Antecedent\n\n### End\n"})
    )
    assert note.title == "The period"
    assert [one.heading_path for one in note.sections] == [
        ("The period",),
        ("The period", "Antecedent"),
        ("The period", "Antecedent", "End"),
    ]
    assert [one.heading for one in note.sections] == ["The period", "## Antecedent".lstrip("# "), "End"]


def test_drafts_are_left_out_on_purpose_and_not_as_unreadable(tmp_path: Path):
    folder = written(
        tmp_path,
        {
            "a.md": "---\ndraft: false\npublished: true\n---\n# A\n",
            "b.md": "---\ndraft: true\n---\n# B\n",
            "c.md": "---\npublished: false\n---\n# C\n",
            "d.md": "+++\ndraft = true\n+++\n# D\n",
            "e.md": "",
        },
    )
    read = read_folder(folder)
    assert [note.file for note in read.notes] == ["a.md"]
    assert [(item.file, item.kind) for item in read.passed_over] == [(f"{name}.md", "draft") for name in "bcd"]
    assert read.left_out == ()
