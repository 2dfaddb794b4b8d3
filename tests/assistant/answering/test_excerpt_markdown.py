from collections.abc import Sequence

import pytest

from assistant.answering.excerpt_markdown import inline, render, safe
from assistant.records import Citation
from assistant.safe_markdown import in_cell
from assistant.selection import Excerpt
from index import Block, BlockKind, Note, Section
from index.reading.notes import parse_note

NOTE = """# Course

Storage is covered. It has **three** kinds and a [link](https://example.org/a_b).

- first `a|b`
  - nested
- second
  over two lines

3. third
4. fourth

| Name | Size |
|---|---|
| EBS | 16 TB |
| EFS | none |

The command is as follows.

```bash
curl http://host/<name>
```

    indented code

> **Note:** mind the
> second line.

<div>plain <b>text</b></div>

![a figure](x.png) and a <script>alert(1)</script> tag

- [x] done
- [ ] open

Growth is $O(n!) \\text{. }$ here. The rest is `$x`.

  $$
  a < b \\\\
  - c
  $$
"""


@pytest.fixture
def note() -> Note:
    return parse_note(NOTE, "course.md")


def excerpt_of(note: Note, blocks: Sequence[Block], marker: int = 7) -> Excerpt:
    section = note.sections[0]
    first, last = blocks[0].first_line, blocks[-1].last_line
    citation = Citation(marker, "Course", ("Course",), note.file, first, last, note.quote(first, last))
    return Excerpt(section, tuple(blocks), citation, blocks[0].kind is BlockKind.QUOTE)


def blocks_of(section: Section, *texts: str) -> list[Block]:
    found = [next(block for block in section.blocks if text in block.text and not block.header) for text in texts]
    return sorted(found, key=lambda block: block.first_line)


@pytest.mark.parametrize(
    ("texts", "shown"),
    [
        (["second"], "> second over two lines [7]"),
        (["fourth"], "> 4. fourth [7]"),
        (["first", "nested"], "- first `a|b`\n  - nested [7]"),
        (["third", "fourth"], "3. third\n4. fourth [7]"),
        (["EFS"], "| Name | Size |\n|---|---|\n| EFS | none [7] |"),
        (["EBS", "EFS"], "| Name | Size |\n|---|---|\n| EBS | 16 TB |\n| EFS | none [7] |"),
        (["The command"], "> The command is as follows. [7]"),
        (["curl"], "```bash\ncurl http://host/<name>\n```\n\n[7]"),
        (["The command", "curl"], "The command is as follows. [7]\n\n```bash\ncurl http://host/<name>\n```"),
        (["indented"], "```\nindented code\n```\n\n[7]"),
        (["mind the"], "> **Note:** mind the\n> second line. [7]"),
        (["plain"], "> plain **text** [7]"),
        (["a figure"], "> a figure and a tag [7]"),
        (["done"], "> [x] done [7]"),
        (["Growth"], "> Growth is $O(n!) \\text{. }$ here. The rest is `$x`. [7]"),
        (["- c"], "$$\na < b \\\\\n- c\n$$\n\n[7]"),
    ],
    ids=lambda value: value[0] if isinstance(value, list) else "",
)
def test_lines_are_shown_as_what_they_are(note: Note, texts: list[str], shown: str) -> None:
    assert render(excerpt_of(note, blocks_of(note.sections[0], *texts)), note) == shown


def test_of_a_paragraph_only_the_sentence_chosen_is_shown(note: Note) -> None:
    block = blocks_of(note.sections[0], "Storage")[0]
    sentence = Block(BlockKind.PARAGRAPH, "It has three kinds and a link.", block.first_line, block.last_line)
    first = Block(BlockKind.PARAGRAPH, "Storage is covered.", block.first_line, block.last_line)
    assert render(excerpt_of(note, [first]), note) == "> Storage is covered. [7]"
    shown = "> It has **three** kinds and a [link](https://example.org/a_b). [7]"
    assert render(excerpt_of(note, [sentence]), note) == shown


def test_a_bare_heading_is_shown_as_its_text(note: Note) -> None:
    citation = Citation(1, "Course", ("Course",), note.file, 1, 1, "# Course")
    assert render(Excerpt(note.sections[0], (), citation), note) == "> Course [1]"


def test_a_cell_holds_one_line_with_its_bars_escaped(note: Note) -> None:
    first, second = blocks_of(note.sections[0], "first", "second")
    assert inline(first, note) == "first `a\\|b`"
    assert inline(second, note) == "second over two lines"


def test_bars_of_formulas_in_a_cell_are_named() -> None:
    assert in_cell(r"a|b $P(A|B)$ and $\|x\|$") == r"a\|b $P(A\vert B)$ and $\Vert x\Vert $"


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("<b>x</b>", "\\<b>x\\</b>"),
        ("`<b>`", "`<b>`"),
        ("``a ` <b>`` <i>", "``a ` <b>`` \\<i>"),
        ("![alt](javascript:x)", "alt"),
        ("plain", "plain"),
        ("$a < b$ < c", "$a < b$ \\< c"),
        ("$a<b>$", "$a\\lt b>$"),
        ("$![x](y)$", "$!{}[x](y)$"),
        ("$5 <b> $6", "$5 \\<b> $6"),
        ("\\(a^2 <b\\)", "\\(a^2 \\lt b\\)"),
    ],
)
def test_no_tag_comes_alive(source: str, shown: str) -> None:
    assert safe(source) == shown
