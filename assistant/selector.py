"""Chooses the fewest lines that answer a question, by the shape of the answer it asks for; words nothing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from assistant.comparison import line_for, parallel_terms, sides_of
from assistant.lines import Line, announced_by, group_of, lead_in_of, remarks_after, score_lines
from assistant.question_shape import Wording, wording
from assistant.records import Citation
from assistant.selection import Excerpt, Part, Selection, Shape
from index import BlockKind, CourseIndex, Hit, SearchResult

SECTIONS_READ = 4
SECTION_MARGIN = 0.35
FACT_MARGIN = 0.07
MOST_FACT_LINES = 3
LIST_MARGIN = 0.12
SMALL_LIST = 4


@dataclass(frozen=True, slots=True)
class Choice:
    """The lines chosen; ``sides`` labels them one by one where a comparison found a line for every side."""

    lines: tuple[Line, ...]
    sides: tuple[str, ...] = ()


class Selector:
    """Chooses lines in one index."""

    def __init__(self, course_index: CourseIndex) -> None:
        self._index = course_index

    def part(self, question: str, result: SearchResult) -> Part:
        """Return the part for ``question``, which stands alone, without excerpts yet."""
        return Part(question, wording(question).shape, result, result.decision.grounded and bool(result.hits))

    def select(self, part: Part, first_marker: int = 1) -> Part:
        """Return ``part`` with its excerpts, marked from ``first_marker`` on; none if the notes don't answer."""
        if not part.grounded:
            return part
        hits = self._near(part.result.hits)
        lines = score_lines(self._index, part.question, hits)
        if not lines:
            return replace(part, excerpts=self._bare_headings(hits[:1], first_marker))
        choice = self._choose(part.question, part.shape, lines)
        with_remarks = (*choice.lines, *remarks_after(choice.lines, lines))
        excerpts = tuple(self._excerpts(with_remarks, first_marker))
        return replace(part, excerpts=excerpts, sides=_sides_in_order(choice, excerpts))

    def select_all(self, understood: Selection) -> Selection:
        """Return ``understood`` with the excerpts of all its parts, marked from 1 on."""
        parts: list[Part] = []
        for part in understood.parts:
            parts.append(self.select(part, 1 + sum(len(done.excerpts) for done in parts)))
        return replace(understood, parts=tuple(parts))

    def _near(self, hits: Sequence[Hit]) -> list[Hit]:
        return [hit for hit in hits[:SECTIONS_READ] if hit.score >= hits[0].score - SECTION_MARGIN]

    def _choose(self, question: str, shape: Shape, lines: Sequence[Line]) -> Choice:
        asked = wording(question) if shape is not Shape.MORE else Wording(shape)
        if asked.shape is Shape.CODE:
            return self._code(lines) or self._facts(lines)
        if asked.shape is Shape.COMPARISON:
            return self._comparison(question, lines)
        if asked.shape is Shape.HOW_TO:
            return self._whole_list(lines, ordered=True) or self._facts(lines)
        if asked.shape is Shape.LIST:
            return self._whole_list(lines, insists=asked.insists) or self._facts(lines)
        if asked.shape is Shape.FACT and len(parallel_terms(self._index, question)) > 1:
            return self._comparison(question, lines)
        return self._facts(lines)

    def _facts(self, lines: Sequence[Line]) -> Choice:
        """Choose the best line and those nearly as good; a list whole where the line that announces it is the best."""
        answering = [line for line in lines if not line.is_lead_in]
        best = max(answering or lines, key=lambda line: line.score)
        chosen = sorted(
            (line for line in answering if line.score >= best.score - FACT_MARGIN and not line.is_remark),
            key=lambda line: -line.score,
        )[:MOST_FACT_LINES]
        top = max(lines, key=lambda line: line.score)
        if top.is_lead_in and len(announced_by(top, lines)) in range(1, SMALL_LIST):
            announced = announced_by(top, lines)
            return Choice((*lead_in_of(announced, lines), *announced))
        return Choice(tuple(self._with_context(chosen or [best], lines)))

    def _with_context(self, chosen: Sequence[Line], lines: Sequence[Line]) -> Iterable[Line]:
        """Add to code what introduces it, to a line that introduces code the code, to a remark what it is about."""
        added = list(chosen)
        for line in chosen:
            if line.block.kind is BlockKind.CODE:
                added.extend(lead_in_of([line], lines))
            elif line.is_lead_in:
                added.extend(announced_by(line, lines))
            elif line.is_remark:
                before = [other for other in lines if other.place < line.place and other.section == line.section]
                added.extend(group_of(before[-1], lines)[-1:] if before else ())
        return dict.fromkeys(added)

    def _whole_list(self, lines: Sequence[Line], *, ordered: bool = False, insists: bool = True) -> Choice | None:
        """Choose the list, whole, of the best section that has one; none where a single item answers better."""
        best = max(lines, key=lambda line: line.score)
        kinds = (BlockKind.ORDERED_ITEM,) if ordered else (BlockKind.ITEM, BlockKind.ORDERED_ITEM, BlockKind.TABLE_ROW)
        listed = [line for line in lines if line.block.kind in kinds]
        if not listed:
            return None
        groups = {line.place[0]: group_of(line, lines) for line in sorted(listed, key=lambda line: line.score)}
        group = max(groups.values(), key=lambda group: self._group_score(group, lines))
        if self._group_score(group, lines) < best.score - LIST_MARGIN or len(group) < 2:
            return None
        lead_in = lead_in_of(group, lines)
        if not insists and best in group and not (lead_in and lead_in[0].score >= best.score - FACT_MARGIN):
            return None
        return Choice((*lead_in, *group))

    def _group_score(self, group: Sequence[Line], lines: Sequence[Line]) -> float:
        return max(line.score for line in (*group, *lead_in_of(group, lines)))

    def _comparison(self, question: str, lines: Sequence[Line]) -> Choice:
        """Choose a line for every side; a short list or table whole where the sides are not told apart."""
        sides = sides_of(self._index, question)
        found = [(side, line_for(self._index, side, lines)) for side in sides]
        named = [(side, line) for side, line in found if line is not None]
        distinct = dict.fromkeys(line for _, line in named)
        if len(named) > 1 and len(distinct) == len(named):
            return Choice(tuple(distinct), tuple(side.label for side, _ in named))
        best = max((line for line in lines if not line.is_lead_in), key=lambda line: line.score, default=lines[0])
        group = group_of(best, lines)
        if 2 <= len(group) <= SMALL_LIST:
            return Choice((*lead_in_of(group, lines), *group))
        if len(distinct) > 1:
            return Choice(tuple(distinct))
        facts = self._facts(lines)
        return Choice(tuple(dict.fromkeys((*distinct, *facts.lines)))) if len(distinct) == 0 else facts

    def _code(self, lines: Sequence[Line]) -> Choice | None:
        """Choose the nearest code block with what introduces it."""
        blocks = [line for line in lines if line.block.kind is BlockKind.CODE]
        if not blocks:
            return None
        best = max(blocks, key=lambda line: self._group_score([line], lines))
        return Choice((*lead_in_of([best], lines), best))

    def _bare_headings(self, hits: Sequence[Hit], first_marker: int) -> tuple[Excerpt, ...]:
        """Return the heading of a section that holds nothing else: it is all that the notes say."""
        return tuple(
            Excerpt(hit.section, (), self._citation(hit, first_marker + number)) for number, hit in enumerate(hits)
        )

    def _citation(self, hit: Hit, marker: int) -> Citation:
        section = hit.section
        quote = self._index.note(section.file).quote(section.first_line, section.first_line)
        return Citation(
            marker, section.module, section.heading_path, section.file, section.first_line, section.first_line, quote
        )

    def _excerpts(self, chosen: Iterable[Line], first_marker: int) -> Iterable[Excerpt]:
        """Yield neighbouring lines under one marker: sections by their best line, in each the order of the note."""
        best: dict[int, float] = {}
        for line in chosen:
            best[line.section.number] = max(best.get(line.section.number, -9.0), line.score)
        ordered = sorted(dict.fromkeys(chosen), key=lambda line: (-best[line.section.number], line.place))
        runs: list[list[Line]] = []
        for line in ordered:
            if runs and _continues(runs[-1][-1], line):
                runs[-1].append(line)
            else:
                runs.append([line])
        for number, run in enumerate(runs):
            yield self._excerpt(run, first_marker + number)

    def _excerpt(self, run: Sequence[Line], marker: int) -> Excerpt:
        section = run[0].section
        first, last = run[0].block.first_line, max(line.block.last_line for line in run)
        citation = Citation(
            marker=marker,
            module=section.module,
            heading_path=section.heading_path,
            file=section.file,
            first_line=first,
            last_line=last,
            quote=self._index.note(section.file).quote(first, last),
        )
        return Excerpt(section, tuple(line.block for line in run), citation, run[0].is_remark)


def _sides_in_order(choice: Choice, excerpts: Sequence[Excerpt]) -> tuple[str, ...]:
    """Return the labels of the sides in the order in which the excerpts show their lines."""
    if not choice.sides:
        return ()
    labels = {(line.section.number, line.block): label for line, label in zip(choice.lines, choice.sides, strict=True)}
    shown = [(e.section.number, block) for e in excerpts if not e.is_remark for block in e.blocks]
    return tuple(labels[place] for place in shown if place in labels)


def _continues(before: Line, line: Line) -> bool:
    """Return whether ``line`` goes under the marker of ``before``: the next item of a list, or what it announces."""
    if before.section.number != line.section.number or before.is_remark != line.is_remark:
        return False
    headers = sum(block.header for block in line.section.blocks[before.position + 1 : line.position])
    if line.position - before.position - headers > 1:
        return False
    if line.is_listed and before.is_listed:
        return line.block.group == before.block.group
    return line.is_remark or before.is_lead_in or before.position == line.position or line.block.kind is BlockKind.CODE
