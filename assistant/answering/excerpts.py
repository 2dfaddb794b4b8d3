"""Turns chosen lines into excerpts: neighbouring lines under one marker, quoted byte for byte."""

from collections.abc import Iterable, Iterator, Sequence

from assistant.records import Citation
from assistant.selection import Excerpt
from index import CourseIndex, Section
from index.records import DISPLAYED_KINDS, Line


def excerpts_of(index: CourseIndex, chosen: Iterable[Line], first_marker: int) -> Iterator[Excerpt]:
    """Yield the excerpts of ``chosen``: sections by their best line, in each the order of the note."""
    lines = list(dict.fromkeys(chosen))
    best: dict[int, float] = {}
    for line in lines:
        best[line.section.number] = max(best.get(line.section.number, line.score), line.score)
    runs: list[list[Line]] = []
    for line in sorted(lines, key=lambda line: (-best[line.section.number], line.place)):
        if runs and _continues(runs[-1][-1], line):
            runs[-1].append(line)
        else:
            runs.append([line])
    for number, run in enumerate(runs):
        section, first, last = run[0].section, run[0].block.first_line, max(line.block.last_line for line in run)
        citation = cite(index, section, first, last, first_marker + number)
        yield Excerpt(section, tuple(line.block for line in run), citation, run[0].is_remark)


def heading_excerpt(index: CourseIndex, section: Section, marker: int) -> Excerpt:
    """Return the heading of a section that holds nothing else: it is all that the notes say there."""
    return Excerpt(section, (), cite(index, section, section.first_line, section.first_line, marker))


def cite(index: CourseIndex, section: Section, first_line: int, last_line: int, marker: int) -> Citation:
    """Return the citation of some lines of ``section``."""
    quote = index.note(section.file).quote(first_line, last_line)
    return Citation(marker, section.module, section.heading_path, section.file, first_line, last_line, quote)


def labels_in_order(lines: Sequence[Line], labels: Sequence[str], excerpts: Iterable[Excerpt]) -> tuple[str, ...]:
    """Return the ``labels`` of ``lines``, one each, in the order in which ``excerpts`` show these lines."""
    by_place = {(line.section.number, line.block): label for line, label in zip(lines, labels, strict=False)}
    shown = [(e.section.number, block) for e in excerpts if not e.is_remark for block in e.blocks]
    return tuple(by_place[place] for place in shown if place in by_place)


def _continues(before: Line, line: Line) -> bool:
    """Return whether ``line`` goes under the marker of ``before``: the next item of a list, or what it announces."""
    if before.section.number != line.section.number or before.is_remark != line.is_remark:
        return False
    headers = sum(block.header for block in line.section.blocks[before.position + 1 : line.position])
    if line.position - before.position - headers > 1:
        return False
    if line.is_listed and before.is_listed:
        return line.block.group == before.block.group
    return line.is_remark or before.is_lead_in or before.position == line.position or line.block.kind in DISPLAYED_KINDS
