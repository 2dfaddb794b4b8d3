"""Relative links between notes lead to the right note, at the right heading."""

import pytest

from assistant.web.places.links import NoteLinks
from index.reading.notes import parse_note

FILES = {
    "one.ko.md": '# 하나\n\n## 야코비 행렬\n\n글\n\n## Same\n\n## Same\n\n## 표시 {#custom}\n\n<a id="spot"></a>\n글 ^block\n',
    "one.en.md": "# One\n\n## Jacobian matrix (J)\n\ntext\n",
    "part/two.md": "# Two\n\n## What's new?\n\nThis is the second part of the English notes.\n",
    "part/index.md": "# Part\n\nThis is the index of the part in English.\n",
    "docs/03-deep note.md": "# Deep\n\nThis is a deep note in English words.\n",
}


@pytest.fixture(scope="module")
def links() -> NoteLinks:
    return NoteLinks({file: parse_note(text, file) for file, text in FILES.items()})


@pytest.mark.parametrize(
    ("note", "href", "address"),
    [
        ("part/two.md", "../one.en.md#jacobian-matrix-j", "/notes/one.en.md#L3"),
        ("part/two.md", "../one.md#Jacobian matrix (J)", "/notes/one.en.md#L3"),
        ("one.ko.md", "#%EC%95%BC%EC%BD%94%EB%B9%84-%ED%96%89%EB%A0%AC", "/notes/one.ko.md#L3"),
        ("one.ko.md", "#same", "/notes/one.ko.md#L7"),
        ("one.ko.md", "#same-1", "/notes/one.ko.md#L9"),
        ("one.ko.md", "#custom", "/notes/one.ko.md#L11"),
        ("one.ko.md", "#spot", "/notes/one.ko.md#L13"),
        ("one.ko.md", "one#^block", "/notes/one.ko.md#L14"),
        ("one.ko.md", "#nowhere", "/notes/one.ko.md"),
        ("one.ko.md", "#L5-L6", "/notes/one.ko.md#L5-L6"),
        ("one.ko.md", "part/two", "/notes/part/two.md"),
        ("one.ko.md", "part/two.html#what-s-new", "/notes/part/two.md#L3"),
        ("one.ko.md", "part/two/", "/notes/part/two.md"),
        ("one.ko.md", "part/", "/notes/part/index.md"),
        ("one.ko.md", "/part/two", "/notes/part/two.md"),
        ("one.ko.md", "two", "/notes/part/two.md"),
        ("one.ko.md", "TWO.md", "/notes/part/two.md"),
        ("one.ko.md", "03-deep%20note.md", "/notes/docs/03-deep%20note.md"),
        ("part/two.md", "../../docs/03-deep note.md", "/notes/docs/03-deep%20note.md"),
        ("part/two.md", "../index/", "/notes/part/index.md"),
        ("one.ko.md", "/notes/part/two.md#L3", "/notes/part/two.md#L3"),
        ("one.ko.md", "slides.pdf", None),
        ("one.ko.md", "../../etc/passwd", None),
        ("one.ko.md", "missing.md#x", None),
        ("one.ko.md", "a" * 5000, None),
    ],
)
def test_a_link_leads_where_it_means(links: NoteLinks, note: str, href: str, address: str | None):
    assert links.address(note, href) == address


def test_lines_are_named_for_who_shows_only_a_part(links: NoteLinks):
    assert links.address("one.ko.md", "part/two.md", with_lines=True) == "/notes/part/two.md#L1"
