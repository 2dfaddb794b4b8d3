"""Reads Jupyter notebooks: their Markdown as it is, code as code, outputs as text; pictures are counted."""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from index.importing.documents import (
    CodeBlock,
    HeadingBlock,
    ImportedBlock,
    ImportedDocument,
    ImportedPage,
    MarkdownBlock,
    TableBlock,
    Unread,
)
from index.importing.escaping import one_line
from index.importing.readers.html_blocks import html_blocks
from index.importing.readers.libraries import library

_MOST_OUTPUT_LINES = 60
_TITLE = re.compile(r"\A\s*#[ \t]+(\S[^\n]*)\n?")
_COLOURS = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
_PICTURE = re.compile(r"!\[([^\[\]\n]{0,300})\]\((?:attachment:|data:)[^()\s]*(?:\s+\"[^\"\n]*\")?\)")
_LANGUAGE = re.compile(r"[\w+#-]{1,20}")


def read_notebook(data: bytes, name: str) -> ImportedDocument:
    """Return a notebook as a document of one page without a label."""
    nbformat = library("nbformat")
    notebook = nbformat.reads(data.decode("utf-8-sig"), as_version=4)
    told = str(notebook.metadata.get("language_info", {}).get("name") or "python")
    language = told if _LANGUAGE.fullmatch(told) else ""
    unread: Counter[str] = Counter()
    title = ""
    blocks: list[ImportedBlock] = []
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            source = str(cell.source)
            found = _TITLE.match(source) if not blocks and not title else None
            if found:
                title, source = one_line(found[1].rstrip("# ")), source[found.end() :]
            if source.strip():
                blocks.append(MarkdownBlock(_without_pictures(source, unread)))
        elif cell.cell_type == "code":
            if str(cell.source).strip():
                blocks.append(CodeBlock(str(cell.source), language))
            for output in cell.get("outputs", []):
                blocks += _output(output, unread)
        elif str(cell.source).strip():
            blocks.append(CodeBlock(str(cell.source), "text"))
    told_unread = tuple(Unread(kind, count=count) for kind, count in sorted(unread.items()))
    return ImportedDocument(title or name, (ImportedPage(tuple(blocks)),), "", told_unread)


def _without_pictures(source: str, unread: Counter[str]) -> str:
    """Return a cell's Markdown with the words of the pictures that lie in the notebook instead of these."""
    unread["pictures"] += len(_PICTURE.findall(source))
    return _PICTURE.sub(lambda picture: picture[1], source)


def _output(output: Any, unread: Counter[str]) -> Iterator[ImportedBlock]:  # noqa: ANN401 - nbformat has no types
    match output.output_type:
        case "stream":
            yield from _text(str(output.text), unread)
        case "error":
            yield from _text(f"{output.ename}: {output.evalue}", unread)
        case _:
            yield from _shown(dict(output.data), unread)


def _shown(data: dict[str, Any], unread: Counter[str]) -> Iterator[ImportedBlock]:
    """Yield the form of an output that says most in words: Markdown, a table, else plain text."""
    pictures = [kind for kind in data if kind.startswith(("image/", "application/", "video/", "audio/"))]
    if "text/markdown" in data:
        yield MarkdownBlock(_without_pictures(str(data["text/markdown"]), unread))
    elif "<table" in str(data.get("text/html", "")):
        found = html_blocks(str(data["text/html"]))
        yield from (block for block in found.blocks if not isinstance(block, HeadingBlock))
        if not any(isinstance(block, TableBlock) for block in found.blocks):
            yield from _text(str(data.get("text/plain", "")), unread)
    elif pictures:
        unread["pictures"] += 1
    elif "text/latex" in data:
        yield MarkdownBlock(str(data["text/latex"]))
    elif "text/plain" in data:
        yield from _text(str(data["text/plain"]), unread)


def _text(text: str, unread: Counter[str]) -> Iterator[ImportedBlock]:
    lines = _COLOURS.sub("", text).replace("\r\n", "\n").rstrip().split("\n")
    if len(lines) > _MOST_OUTPUT_LINES:
        unread["cut_outputs"] += 1
        lines = [*lines[:_MOST_OUTPUT_LINES], "…"]
    if any(line.strip() for line in lines):
        yield CodeBlock("\n".join(lines), "text")
