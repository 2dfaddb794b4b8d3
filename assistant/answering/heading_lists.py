"""Finds lists that the notes write as headings: the sections below one that a question asks to list; words nothing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from index import CourseIndex, Hit, Section
from index.ranking.lines import lead_in_of
from index.records import Line

_COVERED = 0.5
_FEWEST = 2
_RARE_IDF = 2.0


@dataclass(frozen=True, slots=True)
class HeadingList:
    """A section whose direct subsections are the items of a list."""

    parent: Section
    children: tuple[Section, ...]


def heading_list_for(
    index: CourseIndex, question: str, hits: Iterable[Hit], groups: Iterable[Sequence[Line]], lines: Sequence[Line]
) -> HeadingList | None:
    """Return the list of headings that ``question`` asks for; None where a list of lines is named as well or better.

    :param groups: The lists of lines among ``lines``, which compete.
    """
    wanted = {match.keys: match.idf for match in index.words.match(question) if match.keys}
    total = sum(wanted.values())
    if not total:
        return None

    def covered(keys: frozenset[str]) -> float:
        return sum(idf for words, idf in wanted.items() if not keys.isdisjoint(words)) / total

    rival = max((covered(_named_by(index, group, lines)) for group in groups), default=0.0)
    best: HeadingList | None = None
    for found in _candidates(index, hits):
        worth = covered(_keys_of_list(index, found))
        if any(_names_one(index, words, found) for words, idf in wanted.items() if idf >= _RARE_IDF):
            continue
        if worth >= _COVERED and worth > rival:
            best, rival = found, worth
    return best


def _names_one(index: CourseIndex, words: Sequence[str], found: HeadingList) -> bool:
    """Return whether a word, given by its keys, names one item of the list alone: then that one is asked for."""
    keys_of = index.words.keys_of
    if not keys_of(found.parent.leaf).isdisjoint(words):
        return False
    return sum(not keys_of(child.leaf).isdisjoint(words) for child in found.children) == 1


def _named_by(index: CourseIndex, group: Sequence[Line], lines: Sequence[Line]) -> frozenset[str]:
    """Return the words that name a list of lines: of its heading, its lead-in, and those that all its items share."""
    heading = index.words.keys_of(group[0].section.leaf)
    shared = frozenset[str].intersection(*(line.keys for line in group))
    return heading.union(shared, *(line.keys for line in lead_in_of(group, lines)))


def _keys_of_list(index: CourseIndex, found: HeadingList) -> frozenset[str]:
    """Return the words that name a list of headings: those of the one above, and those that all of them share."""
    keys_of = index.words.keys_of
    return keys_of(found.parent.leaf) | frozenset[str].intersection(*(keys_of(child.leaf) for child in found.children))


def _candidates(index: CourseIndex, hits: Iterable[Hit]) -> list[HeadingList]:
    """Return the lists that the sections of ``hits`` head or belong to, each once."""
    found: dict[int, HeadingList] = {}
    for hit in hits:
        sections = index.note(hit.section.file).sections
        place = next(n for n, section in enumerate(sections) if section.first_line == hit.section.first_line)
        for parent in (place, _parent(sections, place)):
            if parent is None or sections[parent].number in found:
                continue
            children = _children(sections, parent)
            if len(children) >= _FEWEST:
                found[sections[parent].number] = HeadingList(sections[parent], children)
    return list(found.values())


def _parent(sections: Sequence[Section], place: int) -> int | None:
    level = sections[place].level
    return next((n for n in range(place - 1, -1, -1) if 0 < sections[n].level < level), None)


def _children(sections: Sequence[Section], parent: int) -> tuple[Section, ...]:
    """Return the sections right below ``parent``, not those below them."""
    below: list[Section] = []
    for section in sections[parent + 1 :]:
        if section.level <= sections[parent].level:
            break
        below.append(section)
    top = min((section.level for section in below), default=0)
    return tuple(section for section in below if section.level == top)
