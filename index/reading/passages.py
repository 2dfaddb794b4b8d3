"""Cuts sections into the passages that are embedded: chunks, lines and the heading path."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from index.language.concepts import ConceptFinder
from index.language.formulas import with_names
from index.language.sentences import sentence_spans
from index.records import Block, BlockKind, Grain, Passage, Section

CHUNK_CHARACTERS = 700
LINE_CHARACTERS = 400
PATH_SEPARATOR = " > "
#: To be raised whenever the same notes would be cut into other passages: an index of another version is stale.
READING_VERSION = 5
#: Half a row says nothing without its first cell.
_WHOLE = (BlockKind.CODE, BlockKind.TABLE_ROW, BlockKind.MATHS)


def passages(section: Section, finder: ConceptFinder | None = None) -> list[Passage]:
    """Return the passages of ``section``: one heading path, its chunks, its lines.

    Each is followed by the other language's names of the glossary terms in it, in brackets, where ``finder`` is given:
    a question in one language then meets the notes in the other half-way. Chunks start with the heading path and hold
    whole blocks; a block longer than ``CHUNK_CHARACTERS`` is cut between sentences (code between lines). Lines are
    blocks or their sentences, preceded by the section's own heading. Of formulas, all hold the names in them.
    """
    path = PATH_SEPARATOR.join(section.heading_path)
    heading = Passage(section.number, Grain.HEADING, section.first_line, section.first_line, path)
    lines = [
        Passage(section.number, Grain.LINE, piece.first_line, piece.last_line, line_text(section.leaf, piece.text))
        for piece in line_pieces(section)
    ]
    found = [_readable(passage) for passage in (heading, *_chunks(section, path), *lines)]
    if finder is None:
        return found
    return [replace(passage, text=bilingual(passage.text, section.language, finder)) for passage in found]


def _readable(passage: Passage) -> Passage:
    if "$" not in passage.text:
        return passage
    lines = with_names(passage.text).split("\n")
    return replace(passage, text="\n".join(" ".join(line.split()) for line in lines))


def bilingual(text: str, language: str, finder: ConceptFinder) -> str:
    """Return ``text`` followed by the other language's names of the glossary terms in it, in brackets."""
    names = finder.translations(text, language)
    return f"{text} ({', '.join(names)})" if names else text


def line_text(heading: str, line: str) -> str:
    """Return what is embedded for a line: the section's own heading, and the line."""
    return f"{heading}: {line[:LINE_CHARACTERS]}"


def line_pieces(section: Section) -> list[Block]:
    """Return the quotable lines of ``section``: code, formulas and table rows whole, the rest sentence by sentence."""
    return [
        piece
        for block in section.blocks
        if not block.header
        for piece in ([block] if block.kind in _WHOLE else _sentences(block))
    ]


def _sentences(block: Block) -> Iterator[Block]:
    flat = block.text.replace("\n", " ")
    # Tags, or a code span over two lines, can leave fewer lines of text than of source: then the whole block is cited.
    aligned = block.text.count("\n") == block.last_line - block.first_line
    last, counted = block.first_line, 0
    for span in sentence_spans(flat):
        first = last + block.text.count("\n", counted, span.start)
        last = first + block.text.count("\n", span.start, span.end)
        counted = span.end
        lines = (first, min(last, block.last_line)) if aligned else (block.first_line, block.last_line)
        yield Block(block.kind, flat[span.start : span.end], *lines, block.depth, block.group)


def _chunks(section: Section, path: str) -> Iterator[Passage]:
    batch: list[Block] = []
    size = 0
    for block in _bounded(section.blocks):
        if batch and size + len(block.text) > CHUNK_CHARACTERS:
            yield _chunk(section, path, batch)
            batch, size = [], 0
        batch.append(block)
        size += len(block.text)
    yield _chunk(section, path, batch)


def _chunk(section: Section, path: str, batch: list[Block]) -> Passage:
    first = batch[0].first_line if batch else section.first_line
    last = batch[-1].last_line if batch else section.first_line
    return Passage(section.number, Grain.CHUNK, first, last, "\n".join([path, *(block.text for block in batch)]))


def _bounded(blocks: Iterable[Block]) -> Iterator[Block]:
    """Yield ``blocks``, those that are too long for a chunk cut between sentences, or lines of code."""
    for block in blocks:
        if len(block.text) <= CHUNK_CHARACTERS:
            yield block
        elif block.kind is BlockKind.CODE:
            yield from _code_lines(block)
        else:
            yield from _sentences(block)


def _code_lines(block: Block) -> Iterator[Block]:
    lines = block.text.split("\n")
    offset = 1 if block.last_line - block.first_line + 1 > len(lines) else 0  # the opening fence
    for number, line in enumerate(lines):
        if line.strip():
            at = min(block.first_line + offset + number, block.last_line)
            yield Block(block.kind, line, at, at, block.depth, block.group)
