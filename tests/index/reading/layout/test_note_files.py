"""Which Markdown files of a folder are notes, which are none, and what is said of a folder without any."""

from pathlib import Path

import pytest

from index.build import note_checksums
from index.errors import ContentError, EmptyContentError
from index.reading.layout.note_files import find_notes
from tests.helpers.small_folders import written


def taken(folder: Path) -> list[str]:
    return [note.name for note in find_notes(folder).notes]


def passed(folder: Path) -> dict[str, str]:
    return {item.file: item.kind for item in find_notes(folder).passed_over}


def test_what_programs_and_projects_keep_beside_notes_is_left_out(tmp_path: Path):
    written(
        tmp_path,
        {
            "README.md": "# The course",
            "a.md": "# A",
            "node_modules/left-pad/README.md": "# x",
            "node_modules/left-pad/index.js": "",
            "_site/a.md": "# A",
            "templates/lecture.md": "# {{ title }}",
            "Templates/daily.md": "# {{ date }}",
            "_includes/head.md": "x",
            "_layouts/post.md": "x",
            "_drafts/soon.md": "# Soon",
            "LICENSE.md": "MIT",
            "CODE_OF_CONDUCT.md": "# Be kind",
            "CONTRIBUTING.md": "# How",
            "CHANGELOG.md": "# What",
            ".obsidian/workspace.md": "x",
            ".trash/old.md": "# Old",
            ".github/ISSUE_TEMPLATE/bug.md": "# Bug",
            "_sidebar.md": "- [A](a.md)",
            "_posts/2024-03-05-b.md": "# B",
            "empty_packages/node_modules/x.js": "",
        },
    )
    assert taken(tmp_path) == ["README.md", "_posts/2024-03-05-b.md", "a.md"]
    assert passed(tmp_path) == {
        "node_modules/": "packages",
        "_site/": "output",
        "templates/": "templates",
        "Templates/": "templates",
        "_includes/": "templates",
        "_layouts/": "templates",
        "_drafts/": "draft",
        "LICENSE.md": "project",
        "CODE_OF_CONDUCT.md": "project",
        "CONTRIBUTING.md": "project",
        "CHANGELOG.md": "project",
        "_sidebar.md": "contents",
    }


def test_lectures_on_such_things_are_notes(tmp_path: Path):
    names = ["build/a.md", "changelog.md", "license.md", "public/b.md", "security.md", "site/c.md", "summary.md"]
    written(tmp_path, {**dict.fromkeys(names, "# A lecture"), "SUMMARY.md": "# What we learnt"})
    assert sorted(taken(tmp_path)) == sorted([*names, "SUMMARY.md"])
    assert passed(tmp_path) == {}


@pytest.mark.parametrize(
    ("files", "output"),
    [
        ({"site/index.html": ""}, "site/"),
        ({"public/sitemap.xml": ""}, "public/"),
        ({"conf.py": "", "_build/x.txt": ""}, "_build/"),
        ({"build/index.html": ""}, "build/"),
        ({"book.toml": "", "book/x.txt": ""}, "book/"),
    ],
)
def test_what_a_program_made_is_no_note(tmp_path: Path, files: dict[str, str], output: str):
    written(tmp_path, {**files, "a.md": "# A", f"{output}copy.md": "# A"})
    assert (taken(tmp_path), passed(tmp_path)) == (["a.md"], {output: "output"})


@pytest.mark.parametrize(
    ("config", "text", "notes"),
    [
        ("mkdocs.yml", "site_name: X\n", "docs"),
        ("mkdocs.yml", "docs_dir: lectures\nplugins:\n  - x: !ENV [A, 1]\n", "lectures"),
        ("docusaurus.config.ts", "export default {}", "docs"),
        ("hugo.toml", "contentDir = 'text'\n", "text"),
        ("hugo.yaml", "title: x\n", "content"),
        ("astro.config.mjs", "", "src/content/docs"),
        ("book.toml", "[book]\nsrc = 'kapitel'\n", "kapitel"),
        ("book.toml", "broken = = toml", "src"),
        (".gitbook.yaml", "root: ./text/\n", "text"),
    ],
)
@pytest.mark.parametrize("below", ["", "course/"], ids=["root", "below"])
def test_the_notes_of_a_site_lie_where_its_program_says(tmp_path: Path, config: str, text: str, notes: str, below: str):
    files = {config: text, "README.md": "# How to build", f"{notes}/x/a.md": "# A", "blog/b.md": "# B"}
    written(tmp_path, {f"{below}{name}": text for name, text in files.items()})
    written(tmp_path, {"more/c.md": "# C"} if below else {})
    found = find_notes(tmp_path)
    assert [note.name for note in found.notes] == [f"{below}{notes}/x/a.md", *(["more/c.md"] if below else [])]
    assert [(site.config, site.notes) for site in found.sites] == [(f"{below}{config}", f"{below}{notes}")]
    assert passed(tmp_path) == {f"{below}README.md": "outside", f"{below}blog/": "outside"}


@pytest.mark.parametrize(
    "files",
    [
        {"mkdocs.yml": "docs_dir: gone\n"},
        {"mkdocs.yml": "docs_dir: ..\n"},
        {"mkdocs.yml": "docs_dir: .\n"},
        {"mkdocs.yml": "{broken", "docs/x.txt": ""},
        {"config.toml": "title = 'not of Hugo'\n", "content/b.md": "# B"},
        {"_config.yml": "title: Jekyll keeps notes anywhere\n"},
    ],
)
def test_a_site_without_such_a_folder_keeps_its_notes_anywhere(tmp_path: Path, files: dict[str, str]):
    written(tmp_path, {**files, "a.md": "# A"})
    assert "a.md" in taken(tmp_path)
    assert find_notes(tmp_path).sites == ()


def test_an_ignore_file_leaves_out_and_takes_in(tmp_path: Path):
    written(
        tmp_path,
        {
            ".notesignore": "# mine\nprivate/\n*.tmp.md\n/only-here.md\n!templates/\n!LICENSE.md\n",
            "a.md": "# A",
            "b.tmp.md": "# B",
            "private/c.md": "# C",
            "sub/private/d.md": "# D",
            "only-here.md": "# E",
            "sub/only-here.md": "# F",
            "templates/g.md": "# G",
            "LICENSE.md": "# H",
            "비공개.tmp.md": "# I",
        },
    )
    assert taken(tmp_path) == ["a.md", "LICENSE.md", "sub/only-here.md", "templates/g.md"]
    assert set(passed(tmp_path).values()) == {"ignored"}


def test_single_files_of_a_folder_can_be_taken_in(tmp_path: Path):
    written(tmp_path, {".notesignore": "!_drafts/ready.md\n", "_drafts/ready.md": "# A", "_drafts/not.md": "# B"})
    assert (taken(tmp_path), passed(tmp_path)) == (["_drafts/ready.md"], {"_drafts/not.md": "draft"})


def test_an_ignore_file_that_cannot_be_read_is_an_error_as_it_may_hide_what_is_private(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    written(tmp_path, {".notesignore": "private/\n", "a.md": "# A"})
    real = Path.open

    def failing(path: Path, *rest: str):
        if path.name == ".notesignore":
            raise OSError(5, "Input/output error")
        return real(path, *rest)

    monkeypatch.setattr(Path, "open", failing)
    with pytest.raises(ContentError, match=r"\.notesignore: the file cannot be read: Input/output error"):
        find_notes(tmp_path)


def test_a_folder_that_the_program_filled_is_read_whole(tmp_path: Path):
    names = ["_drafts/a.md", "docs/b.md", "LICENSE.md", "other/c.md"]
    written(tmp_path, {**dict.fromkeys(names, "# x"), ".notesignore": "*\n", "mkdocs.yml": ""})
    assert [note.name for note in find_notes(tmp_path, whole=True).notes] == names


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ({}, "holds no Markdown note (*.md)"),
        (
            {"a.pdf": "", "b/c.PDF": "", "d.pdf": "", **{f"{n}.png": "" for n in range(12)}},
            "holds no Markdown note (*.md), but 3 PDF and 12 image files; `python -m index import` turns documents into notes",
        ),
        ({"a.txt": ""}, "holds no Markdown note (*.md), but 1 text file"),
        ({"a.key": "", "b.hwp": "", "c": ""}, "but 1 HWP, 1 slide and 1 other files; `python -m index import`"),
        ({"_drafts/a.md": "# A"}, "left out on purpose: _drafts/ (`python -m index check` says why)"),
    ],
    ids=["empty", "documents", "text", "kinds", "drafts"],
)
def test_a_folder_without_a_note_says_what_it_holds(tmp_path: Path, files: dict[str, str], told: str):
    written(tmp_path, files)
    with pytest.raises(EmptyContentError) as caught:
        find_notes(tmp_path)
    assert told in str(caught.value)
    assert "\n" not in str(caught.value)


def test_what_decides_order_and_names_makes_an_index_stale(tmp_path: Path):
    site = written(tmp_path, {"mkdocs.yml": "nav: [a.md]\n", "docs/a.md": "# A", "docs/week1/b.md": "# B"})
    before = note_checksums(site)
    for name, text in {
        "mkdocs.yml": "nav: [b.md]\n",
        ".notesignore": "x\n",
        "docs/SUMMARY.md": "# x\n",
        "docs/week1/_category_.json": "{}",
        "docs/.pages": "title: x\n",
    }.items():
        written(site, {name: text})
        after = note_checksums(site)
        assert after != before, name
        before = after
    assert "above/mkdocs.yml" in note_checksums(site / "docs")
