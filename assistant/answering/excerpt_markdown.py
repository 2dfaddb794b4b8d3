"""Shows excerpts of notes as Markdown, in the note's own words: items as lists, rows as tables, code as code."""

import re
import textwrap
from collections.abc import Sequence

from assistant.answering.cell_table_markdown import cell_table_rows
from assistant.safe_markdown import in_cell, safe
from assistant.selection import Excerpt
from index import Block, BlockKind, Note
from index.language.sentences import sentence_spans
from index.reading.markdown import text_of_line
from index.reading.marks.footnotes import without_footnote_marks
from index.records import DISPLAYED_KINDS

_ITEM = re.compile(r"^\s*[-*+]\s+")
_NUMBER = re.compile(r"^\s*\d+[.)]\s+")
_QUOTED = re.compile(r"\A[ \t]*> ?")
_FENCES = ("```", "~~~")
_NOT_WORDS = re.compile(r"\W+")
_ITEM_KINDS = (BlockKind.ITEM, BlockKind.ORDERED_ITEM)


def render(excerpt: Excerpt, note: Note) -> str:
    """Return ``excerpt`` as Markdown with its marker; several blocks are parted by blank lines."""
    marker = f" [{excerpt.citation.marker}]"
    if not excerpt.blocks:
        return f"> {safe(excerpt.section.heading)}{marker}"
    shown: list[str] = []
    for blocks in _runs(excerpt.blocks):
        is_marked = len(blocks) == len(excerpt.blocks) or blocks[0] is excerpt.blocks[0]
        shown.append(_run(excerpt, blocks, note, marker if is_marked else ""))
    return "\n\n".join(shown)


def heading_list(excerpts: Sequence[Excerpt]) -> str:
    """Return excerpts that quote nothing but headings as a list, each item with its marker."""
    return "\n".join(f"- {safe(excerpt.section.heading)} [{excerpt.citation.marker}]" for excerpt in excerpts)


def inline(block: Block, note: Note) -> str:
    """Return one block on one line, for a cell of a table: its source without list marks, ``|`` escaped."""
    return in_cell(_ITEM.sub("", _NUMBER.sub("", _sentence(block, note))))


def _runs(blocks: Sequence[Block]) -> list[list[Block]]:
    """Return ``blocks`` in runs that are shown as one: a list, the rows of a table, the sentences of a paragraph."""
    runs: list[list[Block]] = []
    for block in blocks:
        kinds = (runs[-1][-1].kind, block.kind) if runs else ()
        alike = len(set(kinds)) == 1 or (bool(kinds) and all(kind in _ITEM_KINDS for kind in kinds))
        if alike and block.kind not in DISPLAYED_KINDS:
            runs[-1].append(block)
        else:
            runs.append([block])
    return runs


def _run(excerpt: Excerpt, blocks: Sequence[Block], note: Note, marker: str) -> str:
    kind = blocks[0].kind
    if kind is BlockKind.TABLE_ROW:
        return _table(excerpt, blocks, note, marker)
    if kind in DISPLAYED_KINDS:
        shown = _code(blocks[0], note) if kind is BlockKind.CODE else _maths(blocks[0])
        return shown + (f"\n\n{marker.strip()}" if marker else "")
    if kind in _ITEM_KINDS and len(blocks) > 1:
        source = "\n".join(_source(block, note) for block in blocks)
        return safe(textwrap.dedent(source)) + marker
    if kind is BlockKind.QUOTE:
        lines = [line.strip().lstrip("> ") for block in blocks for line in _source(block, note).split("\n")]
        return "\n".join(f"> {safe(line)}" for line in lines) + marker
    text = " ".join(_ITEM.sub("", _sentence(block, note).strip()) for block in blocks)
    shown = safe(" ".join(text.split())) + marker
    return shown if len(excerpt.blocks) > len(blocks) else f"> {shown}"


def _source(block: Block, note: Note) -> str:
    """Return what ``block`` says in portable Markdown, without the marks of footnotes, which stand elsewhere."""
    lines = _lines(block.first_line, block.last_line, note)
    if block.kind in DISPLAYED_KINDS:
        return lines
    return "\n".join(without_footnote_marks(line) for line in lines.split("\n"))


def _lines(first: int, last: int, note: Note) -> str:
    """Return what lines of ``note`` say in portable Markdown, out of the quotes and callouts that they stand in."""
    lines = note.shown_lines(first, last).rstrip().split("\n")
    while all(_QUOTED.match(line) for line in lines):
        lines = [_QUOTED.sub("", line, count=1) for line in lines]
    return "\n".join(lines)


def _sentence(block: Block, note: Note) -> str:
    """Return the source of ``block``, of a longer paragraph only the sentence that it is."""
    source = " ".join(_source(block, note).split())
    wanted = _NOT_WORDS.sub("", block.text)
    spans = sentence_spans(source)
    for span in spans if wanted and len(spans) > 1 else ():
        sentence = source[span.start : span.end]
        if wanted in (_NOT_WORDS.sub("", sentence), _NOT_WORDS.sub("", text_of_line(sentence))):
            return sentence
    return source


def _code(block: Block, note: Note) -> str:
    source = textwrap.dedent(_source(block, note))
    if source.startswith(_FENCES):
        return source
    return f"```\n{textwrap.dedent(note.shown_lines(block.first_line, block.last_line).rstrip())}\n```"


def _maths(block: Block) -> str:
    return f"$$\n{block.text.strip('$')}\n$$"


def _table(excerpt: Excerpt, rows: Sequence[Block], note: Note, marker: str) -> str:
    """Return ``rows`` under their table's header, which a reader needs though it is not what is cited."""
    header = None
    lines = cell_table_rows(excerpt.section, rows, note)
    if lines is None:
        in_table = (block for block in excerpt.section.blocks if block.group == rows[0].group)
        header = next((block for block in in_table if block.header), None)
        lines = [_source(row, note).strip() for row in rows]
    lines = [safe(line) for line in lines]
    if marker and (len(excerpt.blocks) == len(rows)):
        end = "|" if lines[-1].endswith("|") else ""
        lines[-1] = f"{lines[-1].removesuffix('|').rstrip()}{marker} {end}".rstrip()
    if header is not None:
        shown = _lines(header.first_line, header.last_line + 1, note).strip()
        lines = [*(safe(without_footnote_marks(line)) for line in shown.split("\n")), *lines]
    return textwrap.dedent("\n".join(lines))
