"""Words an answer around the excerpts selected: a lead, and the quoted lines with markers."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from assistant.answering.answer_phrases import absent_sentence, phrases
from assistant.answering.excerpt_markdown import heading_list, inline, render
from assistant.safe_markdown import safe
from assistant.selection import Part, Selection, Shape
from index import BlockKind, CourseIndex


def lead(part: Part, language: str) -> str:
    """Return the sentence that opens the answer to ``part``; it needs no excerpts yet, but follows them if there."""
    said = phrases(language)
    if part.is_exhausted:
        return " ".join([said.exhausted[part.shape], *([said.related] if part.excerpts else [])])
    if not part.grounded:
        return " ".join(filter(None, (said.declined, absent_sentence(part.absent, language))))
    section = part.result.hits[0].section
    elsewhere = all(excerpt.section.number != section.number for excerpt in part.excerpts)
    if part.excerpts and (elsewhere or _is_heading_list(part)):
        section = part.excerpts[0].section
    blocks = [block for excerpt in part.excerpts for block in excerpt.blocks] or section.blocks
    has_code = any(block.kind is BlockKind.CODE for block in blocks)
    quoted = sum(len(excerpt.blocks) for excerpt in part.excerpts if not excerpt.is_remark)
    if part.shape is Shape.COMPARISON and quoted == 1:
        part = replace(part, shape=Shape.FACT)
    template = said.code_lead if part.shape is Shape.CODE and has_code else said.leads[part.shape]
    heading = section.heading_path[-2] if _is_heading_list(part) and len(section.heading_path) > 1 else section.leaf
    opening = template.format(heading=safe(heading or section.module))
    foreign = part.excerpts and all(excerpt.section.language != language for excerpt in part.excerpts)
    said_so = said.foreign if foreign else ""
    return " ".join(filter(None, (opening, said_so, absent_sentence(part.unknown, language))))


def first_words(understood: Selection) -> str:
    """Return how the answer will begin, before its lines are selected."""
    return _opening(understood.parts[0], understood)


def _opening(part: Part, selection: Selection) -> str:
    """Return the lead, under the question where the message asks two."""
    opening = lead(part, selection.language)
    return f"**{safe(part.asked or part.question)}**\n\n{opening}" if len(selection.parts) > 1 else opening


def compose(selection: Selection, index: CourseIndex) -> str:
    """Return what the answer says as Markdown, without its closing. Every ``[n]`` in it is the marker of a citation."""
    pieces: list[str] = []
    for part in selection.parts:
        pieces.extend((_opening(part, selection), *_quoted(part, index)))
    return "\n\n".join(pieces)


def frame(text: str, selection: Selection) -> str:
    """Return ``text``, written by a chat model, with what the answer must say of the parts that are not answered."""
    declined = [lead(part, selection.language) for part in selection.parts if not part.grounded]
    return "\n\n".join([text, *declined])


def _quoted(part: Part, index: CourseIndex) -> Iterator[str]:
    compared = [(block, excerpt) for excerpt in part.excerpts if not excerpt.is_remark for block in excerpt.blocks]
    tabular = len(part.sides) == len(compared) > 1 and all(_fits_a_cell(block.kind) for block, _ in compared)
    if tabular:
        cells = [f"{safe(inline(block, index.note(e.section.file)))} [{e.citation.marker}]" for block, e in compared]
        labels = [safe(side).replace("|", "\\|") for side in part.sides]
        yield "\n".join((_row(labels), _row(["---"] * len(labels)), _row(cells)))
    if _is_heading_list(part):
        yield heading_list(part.excerpts)
        return
    for excerpt in part.excerpts:
        if excerpt.is_remark or not tabular:
            yield render(excerpt, index.note(excerpt.section.file))


def _is_heading_list(part: Part) -> bool:
    """Return whether the excerpts are the headings of sections, which are the items of a list."""
    return len(part.excerpts) > 1 and not any(excerpt.blocks for excerpt in part.excerpts)


def _fits_a_cell(kind: BlockKind) -> bool:
    return kind in (BlockKind.PARAGRAPH, BlockKind.ITEM, BlockKind.ORDERED_ITEM)


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
