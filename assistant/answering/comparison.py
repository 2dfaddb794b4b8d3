"""Finds what a question compares and the line for each side; a side that no line names is left out."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import permutations

from index import CourseIndex, detect_language
from index.language.glossary import GlossaryEntry
from index.language.languages import KOREAN
from index.language.terms import TermKind
from index.ranking.lexical import TermMatch
from index.records import Line

_MOST_SIDES = 4
_MOST_CANDIDATES = 6
_NARROW_CLASS = 40
_LABEL_WORDS = 3
_JOINTS = re.compile(
    r"(?<!\s)\s+(?:vs\.?|versus|대)\s+|(?:이랑|랑|하고|와|과)\s+|(?:(?<!\s)\s+)?[,，/]\s*(?:and\s+|or\s+)?"
    r"|(?<!\s)\s+(?:and|or|different from|differ from|differs from|compared (?:to|with)|rather than|than|against)\s+",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Side:
    """One of the things compared: as the question names it, and the keys that name no other side."""

    label: str
    keys: frozenset[str]


def sides_of(index: CourseIndex, question: str, language: str) -> list[Side]:
    """Return what ``question`` compares, in its order: two to four sides, or nothing where it names less than two.

    Labels are the question's words; the glossary's where the answer is in another ``language`` than the question.

    First by its joints (A랑 B, A and B, A vs B); without them, parallel terms of the glossary (EC2 ECS Lambda).
    """
    lexical = index.words
    segments = [segment for segment in _JOINTS.split(question) if segment.strip()][:_MOST_SIDES]
    found = [(segment, [match for match in lexical.match(segment) if match.keys]) for segment in segments]
    found = [(segment, matches) for segment, matches in found if matches]
    # From the joint outwards: the first segment ends at one, the others begin at one.
    ordered = [(segment, matches if number else matches[::-1]) for number, (segment, matches) in enumerate(found)]
    # Parallel terms stand for themselves: what else is said is asked about all of them (Lambda는 규모가 …).
    narrow = _narrow_classes(index)
    classes = [{entry.group for entry in _concepts(index, matches[0])} & narrow for _, matches in ordered]
    sizes = Counter(group for own in classes for group in own)
    parallel = [pair for pair, own in zip(ordered, classes, strict=True) if any(sizes[group] > 1 for group in own)]
    ordered = parallel or ordered
    are_terms = all(_is_term(index, matches[0]) for _, matches in ordered)
    sides = [
        Side(
            _label(index, segment, matches, language),
            frozenset(key for match in (matches[:1] if are_terms else matches) for key in match.keys),
        )
        for segment, matches in ordered
    ]
    return _told_apart(sides) if len(sides) > 1 else parallel_terms(index, question)


def parallel_terms(index: CourseIndex, question: str) -> list[Side]:
    """Return the terms of ``question`` that one class of the glossary holds, if there are two to four."""
    lexical = index.words
    narrow = _narrow_classes(index)
    by_class: dict[str, dict[str, Side]] = {}
    for match in lexical.match(question):
        for key in match.keys:
            entry = lexical.glossary[int(key[1:])] if key.startswith("=") else None
            if entry is not None and entry.group in narrow:
                by_class.setdefault(entry.group, {}).setdefault(key, Side(match.term.surface, frozenset((key,))))
    largest = max((list(sides.values()) for sides in by_class.values()), key=len) if by_class else []
    return largest if 2 <= len(largest) <= _MOST_SIDES else []


def _label(index: CourseIndex, segment: str, matches: Sequence[TermMatch], language: str) -> str:
    """Return the words of ``segment`` next to the joint: ``matches`` count from there. Empty in the wrong language."""
    nearest = matches[0]
    if nearest.term.kind is TermKind.NAME:
        return nearest.term.surface
    if detect_language(nearest.term.surface) != language:
        entry = next(_concepts(index, nearest), None)
        forms = (entry.korean if language == KOREAN else entry.english) if entry else ()
        return forms[0] if forms else ""
    start, end = nearest.term.start, nearest.term.start + len(nearest.term.surface)
    for match in matches[1:_LABEL_WORDS]:
        first, last = match.term.start, match.term.start + len(match.term.surface)
        if max(first - end, start - last) > 1:
            break
        start, end = min(start, first), max(end, last)
    return segment[start:end]


def _narrow_classes(index: CourseIndex) -> set[str]:
    """Return the classes of the glossary whose terms are parallel: one such as "service" is too wide for that."""
    sizes = Counter(entry.term_class for entry in index.words.glossary)
    return {name for name, size in sizes.items() if name and size <= _NARROW_CLASS}


def _is_term(index: CourseIndex, match: TermMatch) -> bool:
    """Return whether a word is a name, or a term of the glossary that is no everyday word."""
    return match.term.kind is TermKind.NAME or next(_concepts(index, match), None) is not None


def _concepts(index: CourseIndex, match: TermMatch) -> Iterator[GlossaryEntry]:
    glossary = index.words.glossary
    entries = (glossary[int(key[1:])] for key in match.keys if key.startswith("="))
    return (entry for entry in entries if not entry.is_everyday)


def line_naming_all(sides: Sequence[Side], lines: Sequence[Line]) -> Line | None:
    """Return the best line if it is a sentence that names every side, and so compares them itself."""
    best = max((line for line in lines if not line.is_lead_in), key=lambda line: line.score, default=None)
    if best is None or len(sides) < 2 or best.is_listed:
        return None
    return best if all(best.keys & side.keys for side in sides) else None


def _told_apart(sides: Sequence[Side]) -> list[Side]:
    """Keep of every side the keys that it alone has; a side left without any names nothing of its own."""
    own = [
        Side(side.label, side.keys - frozenset[str]().union(*(other.keys for other in sides if other is not side)))
        for side in sides
    ]
    return [side for side in own if side.keys]


def lines_for(index: CourseIndex, sides: Sequence[Side], lines: Sequence[Line]) -> dict[Side, Line]:
    """Return for every side the line that says most about it, no line twice, sides without one left out.

    Lines of one list or table are preferred, as they were written side by side.
    """
    by_heading = _sides_by_heading(index, sides, lines)
    worths = {
        (side, line): _worth(index, side, line)
        for line in lines
        for side in sides
        if not (line.is_lead_in or line.is_remark)
        and (line.keys & side.keys or by_heading.get(line.section.number) is side)
    }
    groups: dict[tuple[int, int], dict[tuple[Side, Line], float]] = {}
    for (side, line), worth in worths.items():
        if line.is_listed:
            groups.setdefault((line.section.number, line.block.group), {})[side, line] = worth
    pairings = [_pairing(sides, group) for group in groups.values()]
    complete = [found for found in pairings if len(found) == len(sides)]
    if complete:
        return max(complete, key=lambda found: sum(worths[pair] for pair in found.items()))
    return _pairing(sides, worths)


def _pairing(sides: Sequence[Side], worths: Mapping[tuple[Side, Line], float]) -> dict[Side, Line]:
    """Return the assignment of lines to sides with the most sides, then the most worth, among the worthiest lines."""
    ranked = dict.fromkeys(line for _, line in sorted(worths, key=lambda pair: -worths[pair]))
    candidates: list[Line | None] = [*list(ranked)[:_MOST_CANDIDATES], *[None] * (len(sides) - 1)]
    best: dict[Side, Line] = {}
    best_worth = (0, 0.0)
    for assigned in permutations(candidates, len(sides)):
        found = {side: line for side, line in zip(sides, assigned, strict=True) if line is not None}
        if all(pair in worths for pair in found.items()):
            worth = (len(found), sum(worths[pair] for pair in found.items()))
            if worth > best_worth:
                best, best_worth = found, worth
    return best


def _sides_by_heading(index: CourseIndex, sides: Sequence[Side], lines: Sequence[Line]) -> dict[int, Side]:
    """Return the side that a section is about, by section number: its heading names that one alone."""
    found: dict[int, Side] = {}
    for section in {line.section.number: line.section for line in lines}.values():
        heading = index.words.keys_of(section.leaf)
        named = [side for side in sides if heading & side.keys]
        if len(named) == 1:
            found[section.number] = named[0]
    return found


def _worth(index: CourseIndex, side: Side, line: Line) -> float:
    """Return the weight of the side's words in the line, 0 to 1, and how likely it answers the whole question."""
    lexical = index.words
    total = sum(lexical.idf(key) for key in side.keys) or 1.0
    return sum(lexical.idf(key) for key in line.keys & side.keys) / total + line.probability
