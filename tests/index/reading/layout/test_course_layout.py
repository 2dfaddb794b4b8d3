"""The order of the notes: as a list of contents says, by positions, else as people order names."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from index.reading.notes import read_notes
from tests.helpers.small_folders import written


def order(folder: Path) -> list[str]:
    return [note.file for note in read_notes(folder)]


def notes(*names: str) -> dict[str, str]:
    return {name: f"# Note {name}\n" for name in names}


@pytest.mark.parametrize(
    "names",
    [
        ["1-x.md", "2-x.md", "10-x.md"],
        ["1주차/a.md", "2주차/a.md", "10주차/a.md"],
        ["Week 2/b.md", "week 10/a.md"],
        ["README.md", "1.md", "2/index.md", "2/a.md", "3.md"],
        ["a.en.md", "a.ko.md", "a-b.md"],
        ["제2장.md", "제10장.md"],
        ["2024-03-05.md", "2024-03-12.md"],
        ["1" * 400 + ".md", "2" * 200 + ".md"],
    ],
)
def test_names_come_in_natural_order(tmp_path: Path, names: list[str]):
    short = [name if len(name) < 250 else f"{name[:200]}.md" for name in names]
    assert order(written(tmp_path, notes(*short))) == short


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        pytest.param(
            {"mkdocs.yml": "nav:\n  - c.md\n  - A: a.md\n  - S: [d/e.md, {X: b.md}]\n"}, "c a d/e b z", id="nav"
        ),
        pytest.param(
            {
                "mkdocs.yml": "markdown_extensions:\n  - x: !!python/name:os.system\n    y: !!python/object/apply:os.abort []\nnav: [c.md, b.md]\n"
            },
            "c b a d/e z",
            id="nav-with-tags",
        ),
        pytest.param(
            {"mkdocs.yaml": "nav: [https://example.org, '*.md', nowhere.md, b.md]\n"}, "b a c d/e z", id="odd-rows"
        ),
        pytest.param({"mkdocs.yml": "nav: {broken\n"}, "a b c d/e z", id="broken"),
        pytest.param({"mkdocs.yml": "- nav\n"}, "a b c d/e z", id="no-mapping"),
        pytest.param(
            {"SUMMARY.md": "# S\n\n[C](c.md)\n\n- [B](./b.md)\n  - [E](d/e.md)\n- [Draft]()\n"},
            "c b d/e a z",
            id="summary",
        ),
        pytest.param(
            {"_toc.yml": "format: jb-book\nroot: c\nchapters:\n- file: b\n"}, "c b a d/e z", id="jupyter-book"
        ),
        pytest.param({"_toc.yml": "- file: c\n- file: d/e\n"}, "c d/e a b z", id="old-jupyter-book"),
        pytest.param(
            {"_quarto.yml": "website:\n  sidebar:\n    contents: [z.md, {text: A, href: a.md}]\n"},
            "z a b c d/e",
            id="quarto",
        ),
        pytest.param(
            {"myst.yml": "project:\n  toc:\n    - file: c.md\n    - title: T\n      children: [{file: a.md}]\n"},
            "c a b d/e z",
            id="myst",
        ),
        pytest.param({".pages": "nav:\n  - z.md\n  - ...\n  - a.md\n"}, "z b c d/e a", id="pages"),
        pytest.param({".pages": "arrange: [d, b.md]\n"}, "d/e b a c z", id="pages-arranged"),
        pytest.param({".nav.yml": "nav:\n  - Zed: z.md\n  - Rest:\n    - b.md\n"}, "z b a c d/e", id="nav-yml"),
        pytest.param(
            {"d/_category_.json": '{"position": 1}', "c.md": "---\nsidebar_position: 0.5\n---\n# C\n"},
            "c d/e a b z",
            id="docusaurus",
        ),
        pytest.param(
            {"d/_index.md": "---\nweight: 2\n---\n", "z.md": "+++\nweight = 1\n+++\n# Z\n"},
            "z d/_index d/e a b c",
            id="hugo",
        ),
        pytest.param(
            {"d/index.md": "---\nnav_order: 2\n---\n# D\n", "z.md": "---\nnav_order: 10\n---\n# Z\n"},
            "d/index d/e z a b c",
            id="just-the-docs",
        ),
        pytest.param(
            {"README.md": "# Course\n", "z.md": "---\nweight: 1\n---\n# Z\n"}, "README z a b c d/e", id="readme-opens"
        ),
    ],
)
def test_what_an_author_ordered_stays_in_order(tmp_path: Path, files: Mapping[str, str], expected: str):
    written(tmp_path, {**notes("a.md", "b.md", "c.md", "d/e.md", "z.md"), **files})
    assert order(tmp_path) == [f"{name}.md" for name in expected.split()]


def test_a_list_orders_both_editions(tmp_path: Path):
    files = {"mkdocs.yml": "nav: [b.md, a.md]\n", **notes("a.ko.md", "a.en.md", "b.ko.md", "b.en.md")}
    assert order(written(tmp_path, files)) == ["b.en.md", "b.ko.md", "a.en.md", "a.ko.md"]


@pytest.mark.parametrize("docs", ["docs", "content/lectures"])
def test_the_list_of_a_site_is_found_above_the_folder_of_its_notes(tmp_path: Path, docs: str):
    config = {"mkdocs.yml": f"docs_dir: {docs}\nnav: [b.md, a.md]\n"}
    folder = written(tmp_path, {**config, **notes(f"{docs}/a.md", f"{docs}/b.md")}) / docs
    assert order(folder) == ["b.md", "a.md"]
    written(tmp_path, {"mkdocs.yml": "docs_dir: elsewhere\nnav: [b.md, a.md]\n"})
    assert order(folder) == ["a.md", "b.md"]


def test_two_courses_in_one_folder_keep_their_own_lists(tmp_path: Path):
    files = {
        "1/mkdocs.yml": "nav: [b.md, a.md]\n",
        **notes("1/docs/a.md", "1/docs/b.md"),
        "2/SUMMARY.md": "- [D](d.md)\n- [C](c.md)\n",
        **notes("2/c.md", "2/d.md"),
    }
    assert order(written(tmp_path, files)) == ["1/docs/b.md", "1/docs/a.md", "2/d.md", "2/c.md"]


def test_sections_are_numbered_in_the_order_of_the_course(tmp_path: Path):
    folder = written(tmp_path, {"mkdocs.yml": "nav: [b.md, a.md]\n", "a.md": "# A\n## A2\n", "b.md": "# B\n"})
    numbered = [(one.number, one.leaf) for note in read_notes(folder) for one in note.sections]
    assert numbered == [(0, "B"), (1, "A"), (2, "A2")]
