"""Which pictures below the notes' folder are served, where one that a note names lies, and what a section shows."""

from pathlib import Path

import pytest

from assistant.web.places.figure_folder import FigureFolder, figure_marks


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in (
        "figures/loss.png",
        "assets/x.PNG",
        "static/img/logo.svg",
        "deep/in/the/vault/그림 하나.png",
        "deep/twice.png",
        "twice.png",
        "note.md",
        ".hidden/secret.png",
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(b"x")
    (tmp_path.parent / "outside.png").write_bytes(b"x")
    return tmp_path


@pytest.mark.parametrize(
    ("note", "source", "address"),
    [
        ("a/note.md", "../figures/loss.png", "/figures/figures/loss.png"),
        ("note.md", "figures/loss.png?raw=true#x", "/figures/figures/loss.png"),
        ("a/b/note.md", "figures/loss.png", "/figures/figures/loss.png"),
        ("a/note.md", "/assets/x.PNG", "/figures/assets/x.PNG"),
        ("a/note.md", "/project/assets/x.PNG", "/figures/assets/x.PNG"),
        ("a/note.md", "/img/logo.svg", "/figures/static/img/logo.svg"),
        ("a/note.md", "그림 하나.png", "/figures/deep/in/the/vault/%EA%B7%B8%EB%A6%BC%20%ED%95%98%EB%82%98.png"),
        (
            "a/note.md",
            "%EA%B7%B8%EB%A6%BC%20%ED%95%98%EB%82%98.png",
            "/figures/deep/in/the/vault/%EA%B7%B8%EB%A6%BC%20%ED%95%98%EB%82%98.png",
        ),
        ("deep/note.md", "twice.png", "/figures/deep/twice.png"),
        ("a/note.md", "twice.png", "/figures/twice.png"),
        ("a/note.md", "none.png", None),
        ("a/note.md", "../../outside.png", None),
        ("a/note.md", "note.md", None),
        ("a/note.md", "secret.png", None),
        ("a/note.md", "/.hidden/secret.png", None),
        ("a/note.md", "https://example.org/x.png", None),
        ("a/note.md", "//example.org/loss.png", None),
        ("a/note.md", "javascript:x.png", None),
        ("a/note.md", "", None),
        ("a/note.md", "/" * 5000 + "x.png", None),
        ("a/note.md", "a\0.png", None),
    ],
)
def test_a_figure_is_found_where_the_note_means_it(folder: Path, note: str, source: str, address: str | None):
    assert FigureFolder(folder).address(note, source) == address


@pytest.mark.parametrize("name", ["note.md", "../outside.png", ".hidden/secret.png", "figures", "a:b.png", "none.png"])
def test_nothing_else_is_served(folder: Path, name: str):
    assert FigureFolder(folder).path(name) is None


def test_the_figures_of_a_note_are_told_with_their_lines_and_captions():
    text = '# h\n\n![alt](a.png "The title")\ntext ![둘째 $x$](b.png)\n\n- ![300](c.png)\n- ![d.png](d.png)\n\n`![e](e.png)`\n'
    assert [(mark.line, mark.source, mark.caption) for mark in figure_marks(text)] == [
        (3, "a.png", "The title"),
        (4, "b.png", "둘째 x"),
        (6, "c.png", ""),
        (7, "d.png", ""),
    ]
