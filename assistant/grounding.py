"""Decides whether lines of the notes support a sentence, by its numbers, names, words and negation; calls no model.

Words are compared through the index's terms and glossary, so that a Korean sentence may rest on an English line.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum

from assistant.images import without_images
from assistant.quantities import Quantity, quantities
from index import Block, Section, detect_language
from index.lexical import LexicalIndex, TermMatch
from index.terms import TermKind

SHARE = 0.6
SHARE_ACROSS_LANGUAGES = 0.35
_MARKERS = re.compile(r"\[\d+(?:\s*,\s*\d+)*\]")
_MARKUP = re.compile(r"(?<=\])\((?:(?!\]\()[^)])*\)|[*_`~|#>\[\]]")
_URL = re.compile(r"(?:https?://|www\.)[^\s)>\]]+", re.IGNORECASE)
_TAG = re.compile(r"</?[a-z][^<>]*>", re.IGNORECASE)
_NEGATION = re.compile(
    r"\b(?:not|never|no|none|cannot|without|nor|unable|impossible|avoid|prevents?|forbidden|denie[sd]|deny)\b|n['’]t\b"
    r"|않|못[하해한할합]|못 |없|아니|아닙|(?<![가-힣])안 [가-힣]|불가|금지|마세요|말아야|말고|지 말|거부|차단",
    re.IGNORECASE,
)


class Flaw(str, Enum):
    """Why a sentence is not supported."""

    EMPTY = "says nothing that can be checked"
    NUMBER = "a number that the lines do not hold"
    NAME = "a name that the lines do not hold"
    LINK = "an address or tag that the lines do not hold"
    WORDS = "too few words of the lines"
    NEGATION = "denies what the lines affirm, or the reverse"


@dataclass(frozen=True, slots=True)
class Verdict:
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

    def verdict(self, sentence: str, grounds: Sequence[Ground]) -> Verdict:
        """Return whether ``grounds`` together support ``sentence``, which may hold markers and Markdown."""
        basis = self._basis(grounds)
        plain = plain_text(sentence)
        matches = [match for match in self._lexical.match(plain) if match.term.kind is not TermKind.NUMBER]
        if not matches:
            return Verdict(0.0, Flaw.EMPTY)
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
        elif self._contradicts(plain, grounds):
            flaw = Flaw.NEGATION
        return Verdict(share, flaw)

    def nearest(self, sentence: str, ground: Ground) -> tuple[Block, ...]:
        """Return the fewest neighbouring pieces of ``ground`` that hold the most of what ``sentence`` says."""
        pieces = [piece for piece in ground.pieces if not piece.header]
        if not pieces:
            return ground.pieces
        plain = plain_text(sentence)
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

    def _basis(self, grounds: Sequence[Ground]) -> _Basis:
        text = "\n".join(ground.text for ground in grounds)
        groups = Counter((ground.section.number, piece.group) for ground in grounds for piece in ground.pieces)
        counts = frozenset(str(size) for (_, group), size in groups.items() if group)
        return _Basis(text, self._lexical.keys_of(text), quantities(text), counts)

    def _contradicts(self, plain: str, grounds: Iterable[Ground]) -> bool:
        """Return whether every line nearest to the sentence denies where it affirms, or the other way round."""
        denies = _NEGATION.search(plain) is not None
        lines = [" ".join(piece.text for piece in self.nearest(plain, ground)) for ground in grounds if ground.pieces]
        return bool(lines) and all((_NEGATION.search(line) is not None) != denies for line in lines)


def _keys(match: TermMatch) -> set[str]:
    """Return the keys that stand for a word; its own too, should the index not hold it."""
    return {match.term.key, *match.keys}


def plain_text(sentence: str) -> str:
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


def _holds_quantity(basis: _Basis, wanted: Quantity) -> bool:
    """Return whether the lines hold the number with the same unit, or with none where either has no known unit."""
    if not wanted.unit and wanted.number in basis.counts:
        return True
    return any(
        wanted.number == held.number and (wanted.unit == held.unit or not wanted.unit or not held.unit)
        for held in basis.quantities
    )


def _needed(plain: str, text: str) -> float:
    """Return the share of words needed: less across languages, where only glossary words can be compared."""
    return SHARE if detect_language(plain) == detect_language(text) else SHARE_ACROSS_LANGUAGES
