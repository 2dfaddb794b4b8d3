"""Which images and links of a note are looked for, and which are there."""

from pathlib import Path

import pytest

from index.checking.targets import is_figure, is_found, known_names, targets_of
from tests.helpers.small_folders import written


def test_relative_images_and_links_are_found_with_their_lines():
    text = "# A\n\n![one](a.png) and\n[two](b.md#x)\n\n| c |\n|---|\n| ![three](img/c.png) |\n\n![four][ref]\n\n[ref]: d.png\n"
    found = [(target.line, target.address, is_figure(target)) for target in targets_of(text)]
    assert found == [(3, "a.png", True), (4, "b.md#x", False), (8, "img/c.png", True), (10, "d.png", True)]


@pytest.mark.parametrize(
    "text",
    [
        "[x](https://e.org/a.md)",
        "[x](#here)",
        "[x](mailto:a@b.org)",
        "![x](data:image/png;base64,AA)",
        "`![x](a.png)`",
        "[x](//e.org/a)",
        "[x]()",
    ],
)
def test_what_lies_elsewhere_is_not_looked_for(text: str):
    assert targets_of(text) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("![x](fig/a.png)", True),
        ("![x](/static/A.PNG?raw=1)", True),
        ("![x](gone.png)", False),
        ("![x](b)", True),
        ("[x](b.md#part)", True),
        ("[x](../x/b)", True),
        ("[x](b.html)", True),
        ("[x](week/)", True),
        ("[x](week)", True),
        ("[x](%EA%B0%80.md)", True),
        ("[x](c.md)", True),
        ("[x](gone.md)", False),
        ("[x](gone/)", False),
        ("[x](slides.pdf)", False),
        ("[x](../)", True),
    ],
)
def test_names_tell_what_is_there(tmp_path: Path, text: str, found: bool):
    written(tmp_path, dict.fromkeys(("fig/a.png", "b.md", "week/index.md", "가.md", "c.ko.md", ".git/gone.md"), ""))
    (target,) = targets_of(text)
    assert is_found(target, known_names(tmp_path)) is found
