"""Decides what a note is called, and which module a section belongs to: by what its instructor would call it."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from index.reading.layout.course_layout import NotePlace
from index.reading.layout.front_matter import FrontMatter
from index.reading.layout.unit_names import is_part, readable_name, unit_of, with_capitals
from index.reading.markdown import HEADING_CHARACTERS, Heading
from index.reading.note_names import edition_of
from index.records import ModuleRule

#: Titles that say nothing of a note without what it belongs to.
_GENERIC = frozenset(
    "home index overview introduction intro readme start welcome preface notes"
    " 홈 소개 개요 시작 시작하기 들어가기 머리말 서문 노트".split()
)
_TEMPLATE_MARKS = ("{{", "{%")


@dataclass(frozen=True, slots=True)
class NoteTitle:
    """What a note is called; ``is_apart``: no heading of the note says so, as it stands above them all."""

    text: str
    is_apart: bool = False


def title_of(headings: Sequence[Heading], front: FrontMatter, place: NotePlace, file: str, text: str = "") -> NoteTitle:
    """Return what a note is called.

    By its front matter, by the list of contents, by its only or first heading of the highest level, by its file. A
    heading that differs from what was told in form only is taken as it is written, and what says nothing by itself,
    such as "Overview", comes last.
    """
    named = [heading for heading in headings if heading.level]
    top = min(named, key=lambda heading: heading.level) if named else None
    given = [front.text("sidebar_label"), front.text("title"), place.title]
    given = [title for title in given if title and not any(mark in title for mark in _TEMPLATE_MARKS)]
    told = next((title for title in given if not _is_generic(title)), "")
    if top is not None and (_letters(told) == _letters(top.text) or (not told and top.level == 1)):
        return NoteTitle(top.text)
    told = told or next(iter(given), "")
    if told:
        return NoteTitle(told[:HEADING_CHARACTERS], is_apart=top is None or top.level > 1)
    name = readable_name(PurePosixPath(edition_of(file)[0]).name)
    if top is not None and (not _is_generic(top.text) or _is_generic(name)):
        return NoteTitle(top.text)
    return NoteTitle(with_capitals(name, text), is_apart=top is not None)


def module_of(path: Sequence[str], title: str, place: NotePlace, file: str, rule: ModuleRule) -> str:
    """Return the module of the section whose headings are ``path``, outermost first, in the note called ``title``."""
    if rule is ModuleRule.NOTE:
        return title
    if rule is ModuleRule.FOLDER:
        return next(iter(reversed(place.groups)), title)
    heading = _nearest_unit([title, *path])
    if heading or rule is ModuleRule.HEADING:
        return heading or title
    of_file = unit_of(readable_name(PurePosixPath(edition_of(file)[0]).name))
    if of_file:
        return f"{of_file}: {title}"
    # A part of a book holds many chapters, each of which its author would name.
    above = [name for name in place.above if not is_part(name)]
    return _nearest_unit([*place.folders, *above]) or title


def _nearest_unit(names: Sequence[str]) -> str:
    """Return the innermost of ``names`` that reads as a unit; a part of another unit is none itself."""
    units = [name for name in names if unit_of(name)]
    while len(units) > 1 and is_part(units[-1]) and not all(map(is_part, units)):
        units.pop()
    return units[-1] if units else ""


def _is_generic(title: str) -> bool:
    return title.casefold() in _GENERIC


def _letters(text: str) -> str:
    return "".join(letter for letter in text.casefold() if letter.isalnum())
