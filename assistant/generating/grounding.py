"""Decides whether lines of the notes support a sentence, by its numbers, names, words and negation; calls no model.

Words are compared through the index's terms and glossary, so that a Korean sentence may rest on an English line.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum

from assistant.generating.aboutness import contradicts, is_about_another, leans_on, likeness, says_otherwise
from assistant.generating.clause_reading import Clause, clauses
from assistant.images import without_images
from index import Block, Section, detect_language
from index.language.quantities import Quantity, quantities
from index.language.terms import TermKind
from index.ranking.lexical import LexicalIndex, TermMatch

SHARE = 0.6
SHARE_ACROSS_LANGUAGES = 0.35
_MARKERS = re.compile(r"\[\d+(?:\s*,\s*\d+)*\]")
_MARKUP = re.compile(r"(?<=\])\((?:(?!\]\()[^)])*\)|[*_`~|#>\[\]]")
_URL = re.compile(r"(?:https?://|www\.)[^\s)>\]]+", re.IGNORECASE)
_TAG = re.compile(r"</?[a-z][^<>]*>", re.IGNORECASE)


class Flaw(str, Enum):
    """Why a sentence is not supported."""

    EMPTY = "says nothing that can be checked"
    NUMBER = "a number that the lines do not hold"
    NAME = "a name that the lines do not hold"
    LINK = "an address or tag that the lines do not hold"
    WORDS = "too few words of the lines"
    NEGATION = "denies what the lines affirm, or the reverse"
    SUBJECT = "says of one thing what the lines say of another"


@dataclass(frozen=True, slots=True)
class SupportVerdict:
    """Whether lines support a sentence; ``share`` is the part of its words that they hold, 0 to 1."""

    share: float
    flaw: Flaw | None = None

    @property
    def supported(self) -> bool:
        """Whether the sentence may be shown."""
        return self.flaw is None


@dataclass(frozen=True, slots=True)
class Ground:
    """Lines of one section that sentences may rest on."""

    section: Section
    pieces: tuple[Block, ...]

    @property
    def text(self) -> str:
        """The headings and the lines as plain text."""
        return "\n".join([*self.section.heading_path, *(piece.text for piece in self.pieces)])


@dataclass(frozen=True, slots=True)
class _Basis:
    """What several grounds hold together; ``counts`` are the lengths of their lists: *three ways* needs three items."""

    text: str
    keys: frozenset[str]
    quantities: frozenset[Quantity]
    counts: frozenset[str]


class Grounding:
    """Compares sentences with lines through the words of one index."""

    def __init__(self, lexical: LexicalIndex) -> None:
        self._lexical = lexical

    def verdict(self, sentence: str, grounds: Sequence[Ground], before: str = "") -> SupportVerdict:
        """Return whether ``grounds`` together support ``sentence``, which may hold markers and Markdown.

        :param before: The sentence before it, or the question: what it is about where it names nothing itself.
        """
        basis = self._basis(grounds)
        plain = readable_text(sentence)
        matches = [match for match in self._lexical.match(plain) if match.term.kind is not TermKind.NUMBER]
        if not matches:
            return SupportVerdict(0.0, Flaw.EMPTY)
        share = sum(not basis.keys.isdisjoint(_keys(match)) for match in matches) / len(matches)
        flaw: Flaw | None = None
        if not _holds_addresses(sentence, basis.text):
            flaw = Flaw.LINK
        elif not all(_holds_quantity(basis, number) for number in quantities(plain)):
            flaw = Flaw.NUMBER
        elif any(match.term.kind is TermKind.NAME and not _holds_name(basis, match) for match in matches):
            flaw = Flaw.NAME
        elif share < _needed(plain, basis.text):
            flaw = Flaw.WORDS
        else:
            flaw = self._strays(plain, grounds, before)
        return SupportVerdict(share, flaw)

    def nearest(self, sentence: str, ground: Ground) -> tuple[Block, ...]:
        """Return the fewest neighbouring pieces of ``ground`` that hold the most of what ``sentence`` says."""
        pieces = [piece for piece in ground.pieces if not piece.header]
        if not pieces:
            return ground.pieces
        plain = readable_text(sentence)
        wanted = [_keys(match) for match in self._lexical.match(plain)]
        numbers = quantities(plain)
        held = [
            {n for n, keys in enumerate(wanted) if not keys.isdisjoint(self._lexical.keys_of(piece.text))}
            | {f"#{n.number}" for n in numbers & quantities(piece.text)}
            for piece in pieces
        ]
        spans = [(first, last) for first in range(len(pieces)) for last in range(first, min(first + 6, len(pieces)))]
        # One line more must bring a tenth of what is wanted at least, or the shorter run is the better citation.
        toll = 0.1 * max(len(wanted), 1)
        first, last = max(
            spans, key=lambda span: len(set[object]().union(*held[span[0] : span[1] + 1])) - toll * (span[1] - span[0])
        )
        return tuple(pieces[first : last + 1])

    def _in_context(self, ground: Ground) -> Iterator[tuple[Block, frozenset[str]]]:
        """Yield the lines with the keys of what stands above them: headings, and the items that they belong to."""
        headings = self._lexical.keys_of("\n".join(ground.section.heading_path))
        above: dict[int, frozenset[str]] = {}
        for piece in ground.pieces:
            above = {depth: keys for depth, keys in above.items() if depth < piece.depth}
            yield piece, headings.union(*above.values())
            above[piece.depth] = self._lexical.keys_of(piece.text)

    def _basis(self, grounds: Sequence[Ground]) -> _Basis:
        text = "\n".join(ground.text for ground in grounds)
        groups = Counter((ground.section.number, piece.group) for ground in grounds for piece in ground.pieces)
        counts = frozenset(str(size) for (_, group), size in groups.items() if group)
        return _Basis(text, self._lexical.keys_of(text), quantities(text), counts)

    def _strays(self, plain: str, grounds: Sequence[Ground], before: str) -> Flaw | None:
        """Return what is wrong with a clause of the sentence beside the clauses of the lines that are nearest to it."""
        match = self._lexical.match
        said = [
            (clause, context)
            for ground in grounds
            for piece, context in self._in_context(ground)
            for clause in clauses(readable_text(piece.text), match)
        ]
        for number, clause in enumerate(clauses(plain, match)):
            near = _nearest(clause, said)
            if near and all(contradicts(clause, line) for line, _ in near):
                return Flaw.NEGATION
            if near and all(says_otherwise(clause, line, context) for line, context in near):
                return Flaw.SUBJECT
            if near and not number and before and all(leans_on(before, clause, line, match) for line, _ in near):
                return Flaw.SUBJECT
            own = [line for line, context in said if not is_about_another(clause, line, context)]
            for wanted in clause.quantities:
                if any(_same(wanted, held) for line, _ in said for held in line.quantities) and not any(
                    _same(wanted, held) for line in own for held in line.quantities
                ):
                    return Flaw.NUMBER
        return None


def _keys(match: TermMatch) -> set[str]:
    """Return the keys that stand for a word; its own too, should the index not hold it."""
    return {match.term.key, *match.keys}


def readable_text(sentence: str) -> str:
    """Return ``sentence`` without markers and Markdown marks."""
    return " ".join(_MARKUP.sub(" ", without_images(_MARKERS.sub(" ", sentence), " ")).split())


def _holds_addresses(sentence: str, text: str) -> bool:
    found: Iterator[re.Match[str]] = (match for pattern in (_URL, _TAG) for match in pattern.finditer(sentence))
    lowered = text.lower()
    return all(match.group().rstrip(".,").lower() in lowered for match in found)


def _holds_name(basis: _Basis, match: TermMatch) -> bool:
    term = match.term
    bridged = set(match.keys) - set(term.parts)
    if term.key in basis.keys or not basis.keys.isdisjoint(bridged):
        return True
    in_parts = bool(term.parts) and basis.keys.issuperset(term.parts)
    return in_parts or term.surface.lower() in basis.text.lower()


def _nearest(clause: Clause, said: Sequence[tuple[Clause, frozenset[str]]]) -> list[tuple[Clause, frozenset[str]]]:
    """Return the clauses of lines, with what stands around them, that say the most of what ``clause`` says."""
    shares = [likeness(clause, line) for line, _ in said]
    most = max(shares, default=(0, 0))
    return [pair for pair, share in zip(said, shares, strict=True) if share == most > (0, 0)]


def _same(wanted: Quantity, held: Quantity) -> bool:
    return wanted.number == held.number and (wanted.unit == held.unit or not wanted.unit or not held.unit)


def _holds_quantity(basis: _Basis, wanted: Quantity) -> bool:
    """Return whether the lines hold the number with the same unit, or with none where either has no known unit."""
    if not wanted.unit and wanted.number in basis.counts:
        return True
    return any(_same(wanted, held) for held in basis.quantities)


def _needed(plain: str, text: str) -> float:
    """Return the share of words needed: less across languages, where only glossary words can be compared."""
    return SHARE if detect_language(plain) == detect_language(text) else SHARE_ACROSS_LANGUAGES
