"""Summarises a part of the course by quoting lines of it, section by section; words nothing itself."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from assistant.answering.excerpts import cite
from assistant.selection import Excerpt
from assistant.talk.syllabus import Scope
from index import Block, BlockKind, CourseIndex, Section
from index.reading.passages import line_pieces

#: A section's telling line stands near its beginning; what is further down is not even weighed.
_WEIGHED_LINES = 14
_SECTIONS = 8
_FIRST_SECTIONS, _FIRST_LINES = 2, 3
_SHORTEST, _LONGEST = 12, 260
_NO_STATEMENT = re.compile(
    r"[:：]$|^\W*\[!|^\W*(?:see also|see|cf|prereq\w*|참고|참조)\b"
    r"|^\W*(?:related|관련|출처|source|그림|figure|fig|image|photo)\s?[\d:：.]",
    re.IGNORECASE,
)
_BARE_LINK = re.compile(
    r"^\W*!\[|^\W*https?://\S+(?:\s\W*)?$|^\W*(?:\[[^\]\[]*\]\([^)(]*\)|\w+\.(?:png|jpe?g|svg|gif|pdf))\W*$",
    re.IGNORECASE,
)
_ANNOUNCES = re.compile(
    r"다음(?:과|은|의|에|을)? ?(?:같|두|세|네|다섯|여섯|몇|순서|방식|방법|사항|단계|내용|입니다)|아래와 같"
    r"|\bas follows\b|\bthe following\b|\bthese (?:steps|things|items|points)\b|\bare listed below\b",
    re.IGNORECASE,
)
_LAST_KINDS = (BlockKind.CODE, BlockKind.MATHS, BlockKind.QUOTE)
#: A sentence stands better alone than an item, and an item than a row, which needs its header.
_DISLIKED = {BlockKind.TABLE_ROW: 0.4, BlockKind.ITEM: 0.1, **dict.fromkeys(_LAST_KINDS, 0.5)}


@dataclass(frozen=True, slots=True)
class Size:
    """How long a summary may be: how many sections it shows, and how many lines of each."""

    groups: int
    lines: int


_FEW = 5
#: Twelve lines are what one reads as a summary; more are a chapter.
USUAL = Size(12, 1)
SHORTER = Size(3, 1)
LONGER = Size(16, 2)


@dataclass(frozen=True, slots=True)
class Summary:
    """What was chosen: the excerpts under the name of their part, in order; ``total`` counts the parts there are.

    ``outline`` names, for each part of a whole course, the sections that it has.
    """

    groups: tuple[tuple[str, tuple[Excerpt, ...]], ...]
    total: int
    outline: tuple[tuple[str, ...], ...] = ()

    @property
    def excerpts(self) -> tuple[Excerpt, ...]:
        """All excerpts, in the order of their markers."""
        return tuple(excerpt for _, excerpts in self.groups for excerpt in excerpts)


class Summariser:
    """Chooses lines in one index."""

    def __init__(self, index: CourseIndex) -> None:
        self._index = index

    def summary(self, scope: Scope, size: Size = USUAL) -> Summary:
        """Return the lines that stand for the parts of ``scope``: its modules, or the sections of a module."""
        parts = [part for part in _parts(scope) if any(map(_is_quotable_section, part[1]))]
        kept = _spread(parts, size.groups)
        lines = size.lines if len(kept) > _FEW or size is SHORTER or scope.is_course else max(size.lines, 2)
        groups: list[tuple[str, tuple[Excerpt, ...]]] = []
        marker = 1
        for name, sections in kept:
            excerpts = tuple(self._excerpts(sections, lines, marker, of_course=scope.is_course))
            marker += len(excerpts)
            if excerpts:
                groups.append((name, excerpts))
        outlines = {name: _headings(name, sections) for name, sections in kept} if scope.is_course else {}
        return Summary(tuple(groups), len(parts), tuple(outlines.get(name, ()) for name, _ in groups))

    def _excerpts(self, sections: Sequence[Section], count: int, marker: int, *, of_course: bool) -> Iterator[Excerpt]:
        """Yield the ``count`` most telling lines of ``sections``, in the order of the notes.

        :param of_course: The sections are a whole module, which the first lines of its first sections stand for.
        """
        each = _FIRST_LINES if of_course else _WEIGHED_LINES
        said = [section for section in sections if _candidates(section)][: _FIRST_SECTIONS if of_course else _SECTIONS]
        candidates = [(section, piece) for section in said for piece in _candidates(section)[:each]]
        keys = [self._index.words.keys_of(piece.text) for _, piece in candidates]
        common = Counter(key for held in keys for key in held)
        worth = {
            at: self._worth(section, piece, keys[at], common, at) for at, (section, piece) in enumerate(candidates)
        }
        best = sorted(sorted(worth, key=lambda at: -worth[at])[:count])
        for at in best:
            section, piece = candidates[at]
            citation = cite(self._index, section, piece.first_line, piece.last_line, marker)
            marker += 1
            yield Excerpt(section, (piece,), citation)

    def _worth(
        self, section: Section, piece: Block, keys: frozenset[str], common: Counter[str], position: int
    ) -> float:
        """Return how well a line stands for its section: what the heading names, what its lines share, at the top."""
        lexical = self._index.words
        wanted = lexical.keys_of(section.leaf)
        weight = sum(lexical.idf(key) for key in wanted)
        named = sum(lexical.idf(key) for key in wanted & keys) / weight if weight else 0.0
        shared = sum(common[key] > 1 for key in keys) / (len(keys) + 3)
        length = len(piece.text)
        fits = 0.0 if _SHORTEST * 2 <= length <= _LONGEST else 0.3
        announces = bool(_ANNOUNCES.search(piece.text))
        return named + 0.5 * shared + 0.4 / (1 + position) - fits - announces - _DISLIKED.get(piece.kind, 0.0)


def _parts(scope: Scope) -> list[tuple[str, list[Section]]]:
    """Return the parts that a summary of ``scope`` goes through, with their sections."""
    if scope.is_course:
        return [(name, list(sections)) for name, sections in groupby(scope.sections, key=lambda one: one.module)]
    return [(section.leaf, [section]) for section in scope.sections]


def _headings(module: str, sections: Sequence[Section]) -> tuple[str, ...]:
    """Return the headings right below that of ``module``."""
    below = [section for section in sections if section.leaf != module]
    top = min((section.level for section in below), default=0)
    return tuple(section.leaf for section in below if section.level == top)


def _is_quotable_section(section: Section) -> bool:
    return bool(_candidates(section))


def _candidates(section: Section) -> list[Block]:
    """Return the lines of ``section`` that may stand for it: statements first, whatever there is else."""
    pieces = line_pieces(section)[:_WEIGHED_LINES]
    good = [piece for piece in pieces if piece.kind not in _LAST_KINDS and _states_something(piece.text)]
    return good or [piece for piece in pieces if _states_something(piece.text)]


def _states_something(text: str) -> bool:
    flat = " ".join(text.split())
    return len(flat) >= _SHORTEST and not _NO_STATEMENT.search(flat) and not _BARE_LINK.match(flat)


def _spread(parts: Sequence[tuple[str, list[Section]]], most: int) -> list[tuple[str, list[Section]]]:
    """Return at most ``most`` of ``parts`` in order: the highest in the outline, of these those with most to say."""
    if len(parts) <= most:
        return list(parts)

    def rank(at: int) -> tuple[int, int]:
        sections = parts[at][1]
        return min(section.level for section in sections), -sum(len(section.blocks) for section in sections)

    kept = sorted(sorted(range(len(parts)), key=rank)[:most])
    return [parts[at] for at in kept]
