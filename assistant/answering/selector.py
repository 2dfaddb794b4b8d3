"""Chooses the fewest lines that answer a question, by the shape of the answer it asks for; words nothing."""

import re
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass, replace

from assistant.answering.comparison import Side, line_naming_all, lines_for, parallel_terms, sides_of
from assistant.answering.excerpts import excerpts_of, heading_excerpt, labels_in_order
from assistant.answering.heading_lists import HeadingList, heading_list_for
from assistant.selection import Part, Selection, Shape
from assistant.understanding.question_shape import asks_order, is_yes_no, searchable, wording
from index import BlockKind, CourseIndex, Hit
from index.language.terms import TermKind
from index.ranking.lines import announced_by, group_of, lead_in_of, remarks_after
from index.records import DISPLAYED_KINDS, LIST_KINDS, Line

MOST_SIDE_SECTIONS = 2
MOST_FACT_LINES = 3
SHORT_ITEM = 40
SMALL_LIST = 4
LONGEST_ORDER = 7
#: Chosen on the written courses (docs/answers.md): log-odds below the best line, and probabilities.
RIVAL_ODDS = 1.0
RIVAL_LEAST = 0.05
LIST_LEAST = 0.15
LIST_ODDS = 2.0
#: A word this rare (idf) that no chosen line holds, and only one that is so much less likely, is answered by that one.
RARE_IDF = 2.0
RARE_ODDS = 1.5
#: Shares of the question's words: where a line holds nearly all, one that holds fewer is about something else.
WELL_NAMED = 0.75
SHARED_MARGIN = 0.05
_REASON = re.compile(
    r"때문|이므로|하므로|므로\b|위해|이유|덕분|\bbecause\b|\bsince\b|\bin order to\b|\bso that\b|\bdue to\b", re.I
)
_EXAMPLE = re.compile(r"예를 들|예:|예시|예컨대|\bfor example\b|\bfor instance\b|\be\.g\.|\bsuch as\b|\bex:", re.I)


@dataclass(frozen=True, slots=True)
class Choice:
    """The lines chosen; ``sides`` labels them one by one where a comparison found a line for every side.

    ``is_all_there_is`` tells that what was asked for is missing, and the lines are only related.
    """

    lines: tuple[Line, ...]
    sides: tuple[str, ...] = ()
    is_all_there_is: bool = False


class Selector:
    """Chooses lines in one index."""

    def __init__(self, course_index: CourseIndex) -> None:
        self._index = course_index

    def select(self, understood: Selection) -> Selection:
        """Return ``understood`` with the excerpts of all its parts, marked from 1 on."""
        parts: list[Part] = []
        for part in understood.parts:
            parts.append(self._part(part, 1 + sum(len(done.excerpts) for done in parts)))
        return replace(understood, parts=tuple(parts))

    def _part(self, part: Part, first_marker: int) -> Part:
        if not part.grounded:
            return part
        hits, lines = part.result.hits, part.result.lines
        if not lines:
            return replace(part, excerpts=(heading_excerpt(self._index, hits[0].section, first_marker),))
        headings = self._headings(part, hits, lines)
        if headings is not None:
            excerpts = tuple(
                heading_excerpt(self._index, section, first_marker + n) for n, section in enumerate(headings.children)
            )
            return replace(part, excerpts=excerpts)
        choice = self._choose(part, lines)
        if not choice.lines:
            return replace(part, grounded=False, is_exhausted=True)
        shown = (*choice.lines, *remarks_after(choice.lines, lines))
        excerpts = tuple(excerpts_of(self._index, shown, first_marker))
        sides = labels_in_order(choice.lines, choice.sides, excerpts)
        return replace(part, excerpts=excerpts, sides=sides, is_exhausted=choice.is_all_there_is)

    def _headings(self, part: Part, hits: Sequence[Hit], lines: Sequence[Line]) -> HeadingList | None:
        if part.shape is not Shape.LIST:
            return None
        return heading_list_for(self._index, searchable(part.question), hits, _lists_in(lines, LIST_KINDS), lines)

    def _choose(self, part: Part, lines: Sequence[Line]) -> Choice:
        chosen: Choice | None = None
        match part.shape:
            case Shape.MORE | Shape.REASON | Shape.EXAMPLE:
                return self._further(part, lines)
            case Shape.SIMPLER:
                return Choice(self._facts(part.question, lines).lines[:1])
            case Shape.ITEM:
                return self._item(part, lines)
            case Shape.CODE:
                chosen = self._code(lines)
            case Shape.HOW_TO:
                chosen = self._whole_list(lines, ordered=True)
            case Shape.LIST:
                chosen = self._whole_list(lines, insists=wording(part.question).insists)
            case Shape.COMPARISON:
                chosen = self._comparison(part, lines)
            case Shape.FACT if len(parallel_terms(self._index, part.question)) > 1:
                chosen = self._comparison(part, lines)
            case _:
                pass
        return chosen or self._facts(part.question, lines)

    def _facts(self, question: str, lines: Sequence[Line]) -> Choice:
        """Choose the best line and those nearly as good; a list whole where the line that announces it is the best."""
        answering = [line for line in lines if not line.is_lead_in]
        best = max(answering or lines, key=lambda line: line.score)
        top = max(lines, key=lambda line: line.score)
        announced = announced_by(top, lines) if top.is_lead_in else []
        if announced:
            return Choice((*lead_in_of(announced, lines), *announced))
        near = [line for line in answering if _rivals(line, best) and not line.is_remark]
        chosen = sorted(near, key=lambda line: -line.score)[:MOST_FACT_LINES] or [best]
        chosen += self._holders_of_the_rest(question, chosen, [line for line in answering if not line.is_remark])
        whole = self._short_list(question, chosen, lines)
        return Choice(tuple(self._with_context(whole or chosen, lines)))

    def _holders_of_the_rest(self, question: str, chosen: Sequence[Line], lines: Sequence[Line]) -> list[Line]:
        """Return lines beside ``chosen`` that alone, of those nearly as likely, hold a rare word of ``question``."""
        held = frozenset[str]().union(*(line.keys for line in chosen))
        likely = [line for line in lines if line.score >= max(line.score for line in chosen) - RARE_ODDS]
        added: list[Line] = []
        rare = [match for match in self._index.words.match(question) if match.keys and match.idf >= RARE_IDF]
        for match in sorted(rare, key=lambda match: -match.idf):
            holders = [line for line in likely if not line.keys.isdisjoint(match.keys)]
            if len(holders) == 1 and held.isdisjoint(match.keys):
                added.append(holders[0])
                held |= holders[0].keys
        return added[: MOST_FACT_LINES - len(chosen)]

    def _short_list(self, question: str, chosen: Sequence[Line], lines: Sequence[Line]) -> list[Line]:
        """Return the whole list that all ``chosen`` lines are items of, if most of it answers; else none.

        A question about an order needs the steps before and after; one line settles a yes or no.
        """
        group = group_of(chosen[0], lines)
        if not all(line in group for line in chosen) or len(group) < 2:
            return []
        if asks_order(question) and all(line.block.kind is BlockKind.ORDERED_ITEM for line in group):
            return group if len(group) <= LONGEST_ORDER else []
        if len(group) > SMALL_LIST or is_yes_no(question) or any(_says_less(line, chosen[0]) for line in group):
            return []
        return group if sum(line.probability for line in group) >= LIST_LEAST * len(group) else []

    def _with_context(self, chosen: Sequence[Line], lines: Sequence[Line]) -> Iterable[Line]:
        """Add to code and formulas what introduces them, or they to that; to a remark what it is about."""
        added = list(chosen)
        for line in chosen:
            if line.block.kind in DISPLAYED_KINDS:
                added.extend(lead_in_of([line], lines))
            elif line.is_lead_in:
                added.extend(announced_by(line, lines))
            elif line.is_remark:
                before = [other for other in lines if other.place < line.place and other.section == line.section]
                added.extend(before[-1:])
        return dict.fromkeys(added)

    def _whole_list(self, lines: Sequence[Line], *, ordered: bool = False, insists: bool = True) -> Choice | None:
        """Choose the list, whole, of the best section that has one; none where a single item answers better."""
        best = max(lines, key=lambda line: line.score)
        kinds = {BlockKind.ORDERED_ITEM} if ordered else LIST_KINDS
        groups = _lists_in(lines, kinds)
        if not groups:
            return None
        group = max(groups, key=lambda group: _group_score(group, lines))
        if len(group) < 2 or _group_score(group, lines) < best.score - LIST_ODDS:
            return None
        if not insists and best in group:
            others = max(line.score for line in group if line is not best)
            if others < best.score - LIST_ODDS:
                return None  # the question asks for one item of the list
        return Choice((*lead_in_of(group, lines), *group))

    def _comparison(self, part: Part, lines: Sequence[Line]) -> Choice:
        """Choose a line for every side; a short list or table whole where the sides are not told apart."""
        sides = sides_of(self._index, part.question, lines[0].section.language)
        settling = line_naming_all(sides, lines)
        if settling is not None:
            beside = [line for line in lines if line.is_listed and line.section == settling.section]
            items = list(dict.fromkeys(lines_for(self._index, sides, beside).values()))
            return Choice((settling, *items) if len(items) == len(sides) else (settling,))
        found = lines_for(self._index, sides, lines)
        if len(found) < len(sides):
            found = lines_for(self._index, sides, [*lines, *self._lines_under(sides, part, lines)])
        distinct = dict.fromkeys(found.values())
        best = max((line for line in lines if not line.is_lead_in), key=lambda line: line.score, default=lines[0])
        group = group_of(best, lines)
        if len(found) > 1 and len(distinct) == len(found) and (best in distinct or not 2 <= len(group) <= SMALL_LIST):
            labels = tuple(side.label for side in found)
            return Choice(tuple(distinct), labels if all(labels) else ())
        if 2 <= len(group) <= SMALL_LIST:
            return Choice((*lead_in_of(group, lines), *group))
        return self._facts(part.question, lines)

    def _lines_under(self, sides: Sequence[Side], part: Part, lines: Sequence[Line]) -> list[Line]:
        """Return the lines of hits further down whose heading names one of ``sides``."""
        keys_of = self._index.words.keys_of
        read = {line.section.number for line in lines}
        unread = [hit for hit in part.result.hits if hit.section.number not in read]
        named = [hit for hit in unread if any(keys_of(hit.section.leaf) & side.keys for side in sides)]
        return list(self._index.lines(part.question, named[:MOST_SIDE_SECTIONS]))

    def _code(self, lines: Sequence[Line]) -> Choice | None:
        """Choose the nearest code block with what introduces it."""
        blocks = [line for line in lines if line.block.kind is BlockKind.CODE]
        if not blocks:
            return None
        best = max(blocks, key=lambda line: _group_score([line], lines))
        return Choice((*lead_in_of([best], lines), best))

    def _item(self, part: Part, lines: Sequence[Line]) -> Choice:
        """Choose the line that the question points at; of a mere name also what the notes say about it."""
        pointed = [line for line in lines if (line.section.file, line.block.first_line) in part.shown]
        names = [term for term in self._index.extractor.extract(part.question) if term.kind is TermKind.NAME]
        if pointed and not (names and len(part.question) < SHORT_ITEM):
            return Choice(tuple(pointed))
        elsewhere = [line for line in lines if line.section.number not in {line.section.number for line in pointed}]
        facts = self._facts(part.question, elsewhere).lines if elsewhere else ()
        return Choice((*pointed, *(line for line in facts if not line.is_lead_in)))

    def _further(self, part: Part, lines: Sequence[Line]) -> Choice:
        """Choose what the dialogue has not shown: reasons or examples if these are asked for, else the rest."""
        first = lines[0].section.number
        pattern = {Shape.REASON: _REASON, Shape.EXAMPLE: _EXAMPLE}.get(part.shape)
        if pattern:
            telling = [line for line in lines if line.section.number == first and pattern.search(line.block.text)]
            if telling:
                return Choice(tuple(self._with_context(telling[:MOST_FACT_LINES], lines)))
        fresh = [line for line in lines if (line.section.file, line.block.first_line) not in part.shown]
        same = [line for line in fresh if line.section.number == first and not line.is_lead_in]
        others = [line for line in fresh if not line.is_lead_in and not line.is_remark]
        nearest = sorted(others, key=lambda line: -line.score)[:MOST_FACT_LINES]
        return Choice(tuple(same or nearest), is_all_there_is=pattern is not None)


def _lists_in(lines: Sequence[Line], kinds: Set[BlockKind]) -> list[list[Line]]:
    listed = [line for line in lines if line.block.kind in kinds]
    return list({(line.section.number, line.block.group): group_of(line, lines) for line in listed}.values())


def _says_less(line: Line, best: Line) -> bool:
    """Return whether ``best`` holds nearly all words of the question and ``line`` fewer: it is about something else."""
    return best.shared > WELL_NAMED and line.shared < best.shared - SHARED_MARGIN


def _rivals(line: Line, best: Line) -> bool:
    """Return whether ``line`` may be the answer as well as ``best``."""
    if _says_less(line, best):
        return False
    return line.score >= best.score - RIVAL_ODDS and line.probability >= RIVAL_LEAST


def _group_score(group: Sequence[Line], lines: Sequence[Line]) -> float:
    return max(line.score for line in (*group, *lead_in_of(group, lines)))
