"""Parses one Markdown text into headings and blocks with their lines; knows nothing of files, modules or languages."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.front_matter import front_matter_plugin

from index.language.formulas import formulas, written
from index.language.readable_formulas import without_marks
from index.reading.callouts import callouts_plugin
from index.reading.cell_tables import cell_tables_plugin
from index.reading.marks.emphasis import emphasis_plugin
from index.reading.marks.footnotes import footnotes_plugin
from index.reading.maths import DISPLAY, DISPLAY_IN_LINE, INLINE, maths_plugin
from index.records import Block, BlockKind

#: A heading stands on every passage below it, and a column's name on every row: what is longer is cut, lest a note of
#: one long line and many short ones grow beyond all bounds.
HEADING_CHARACTERS = 300
COLUMN_CHARACTERS = 200

_LONE_CARRIAGE_RETURN = re.compile(r"\r(?!\n)")
_LEAF_TOKENS = {
    "fence": BlockKind.CODE,
    "code_block": BlockKind.CODE,
    DISPLAY: BlockKind.MATHS,
}
_FORMULAS = (INLINE, DISPLAY_IN_LINE)
#: What a definition may begin with that cannot be told in one line with the term.
_NEVER_A_DEFINITION = frozenset(
    {*_LEAF_TOKENS, "bullet_list_open", "ordered_list_open", "table_open", "blockquote_open"}
)
_CELL_BAR = re.compile(r"(?<=\S) \| (?=\S)")  # within a cell, where it must not look like a column's end
_TASK_BOX = re.compile(r"^\[([ xX])\]\s+")


@dataclass(slots=True)
class Heading:
    """A heading and what stands under it. ``level`` 0 is the text before the first heading.

    ``source`` is the heading as written, ``text`` without Markdown marks; ``last_line`` is inclusive.
    """

    level: int
    source: str
    text: str
    first_line: int
    last_line: int
    blocks: list[Block] = field(default_factory=list[Block])


@dataclass(frozen=True, slots=True)
class _Place:
    """How deep in lists a heading of a ``level`` stands."""

    depth: int
    level: int


@dataclass(frozen=True, slots=True)
class Outline:
    """A parsed note: its front matter as raw text, and its headings in order."""

    front_matter: str
    headings: list[Heading]


def parse_markdown(text: str) -> Outline:
    """Return the outline of portable Markdown ``text``; nothing is an error.

    Lines end at line feeds. From the first heading or text on, every line belongs to exactly one heading; before it
    there is at most front matter, comments and blank lines.
    """
    tokens = with_dialects(MarkdownIt("commonmark")).parse(with_lines_of_the_file(text))
    line_count = text.count("\n") + (0 if text.endswith("\n") else 1)
    headings = [Heading(0, "", "", 1, 0)]
    front_matter = ""
    walker = _BlockWalker()
    around: list[_Place] = []  # of the latest heading, and of those in whose items it stands
    position = 0
    while position < len(tokens):
        token = tokens[position]
        if token.type == "front_matter":
            front_matter = token.content
        elif token.type == "heading_open" and token.map and walker.takes_headings and plain_text(tokens[position + 1]):
            inline = tokens[position + 1]
            headings[-1].last_line = token.map[0]
            while around and around[-1].depth >= token.level:
                around.pop()
            # In a list it is below the heading that the list or item stands under, whatever its marks say.
            level = max(int(token.tag[1:]), around[-1].level + 1 if around else 1)
            around.append(_Place(token.level, level))
            source, plain = _cut(inline.content, HEADING_CHARACTERS), _cut(plain_text(inline), HEADING_CHARACTERS)
            headings.append(Heading(level, source, plain, token.map[0] + 1, 0))
            walker.start_section()
            position += 2
        else:
            headings[-1].blocks.extend(walker.take(token))
        position += 1
    headings[-1].last_line = max(line_count, 1)
    if not headings[0].blocks and len(headings) > 1:
        headings.pop(0)
    return Outline(front_matter, headings)


def with_lines_of_the_file(text: str) -> str:
    """Return ``text`` with lone carriage returns as spaces: the parser would count each as a line's end."""
    return _LONE_CARRIAGE_RETURN.sub(" ", text)


def _cut(text: str, characters: int) -> str:
    return text if len(text) <= characters else f"{text[: characters - 1]}…"


def with_dialects(parser: MarkdownIt) -> MarkdownIt:
    """Return ``parser`` with what portable Markdown has beyond CommonMark; notes are read and shown alike."""
    parser.enable(["table", "strikethrough"]).use(front_matter_plugin).use(deflist_plugin).use(callouts_plugin)
    parser.use(maths_plugin).use(emphasis_plugin).use(footnotes_plugin).use(cell_tables_plugin)
    parser.options["html"] = False  # what HTML means has been translated, and what is left is text
    parser.core.ruler.after("block", "lines_of_terms", _give_terms_their_line)
    parser.validateLink = lambda url: True  # type: ignore[method-assign]  # noqa: ARG005 - pages decide where one leads
    return parser


def _give_terms_their_line(state: StateCore) -> None:
    """Mend what the plugin for definition lists says of a term's lines: that they end before they begin."""
    for position, token in enumerate(state.tokens):
        if token.type == "dt_open" and token.map and token.map[0] == token.map[1]:
            for part in state.tokens[position : position + 2]:
                part.map = [token.map[0], token.map[0] + 1]


def text_of_line(source: str) -> str:
    """Return the readable text of Markdown within a line, formulas with dollars, as blocks have it."""
    return " ".join(map(_text_with_formulas, with_dialects(MarkdownIt("commonmark")).parseInline(source)))


def plain_text(inline: Token) -> str:
    """Return the readable text of an inline token: link texts, image descriptions, code and formulas included."""
    return without_marks(_text_with_formulas(inline))


def _text_with_formulas(inline: Token) -> str:
    return " ".join(text for _, text in _inline_lines(inline)).strip()


def _inline_lines(inline: Token) -> list[tuple[int, str]]:
    """Return the inline token's text by source line, formulas with dollars: (offset from its first line, text)."""
    children = inline.children or []
    lines = _lines_of(children)
    dollars = sum(child.type in _FORMULAS for child in children)
    if sum(1 for _ in formulas("\n".join(lines))) > dollars:
        lines = _lines_of(children, dollar="\\$")  # what was not read as a formula must not look like one
    return [(offset, " ".join(line.split())) for offset, line in enumerate(lines)]


def _lines_of(children: Sequence[Token], dollar: str = "$") -> list[str]:
    lines = [""]
    for child in children:
        if child.type in ("softbreak", "hardbreak"):
            lines.append("")
        elif child.type in _FORMULAS:
            first, *others = written(child.content, is_display=child.type == DISPLAY_IN_LINE).split("\n")
            lines[-1] += first
            lines += others
        elif child.type == "image":
            lines[-1] += plain_text(child) or child.content
        else:
            lines[-1] += child.content.replace("$", dollar)
    return lines


class _BlockWalker:
    """Turns the token stream under one heading into blocks, keeping track of lists, quotes and tables."""

    def __init__(self) -> None:
        self._lists: list[bool] = []  # whether each open list is ordered
        self._outer_lists = 0  # those that the section's heading stands in
        self._fresh_item = False  # the next paragraph is an item's first
        self._quotes = 0
        self._callouts = 0
        self._footnotes = 0
        self._group = 0
        self._title_next = False  # the next inline token is a callout's title
        self._in_term = False
        self._term: Block | None = None  # what the next definition defines
        self._is_told = False  # whether a definition of it began with its name
        self._header_cells: list[str] = []
        self._cells: list[str] = []
        self._above: list[str] = []  # those of the row before
        self._in_header = False
        self._row_lines = (0, 0)

    @property
    def takes_headings(self) -> bool:
        """Whether a heading may begin a section here: in a list, but not in what is set apart from the text."""
        return not (self._quotes or self._callouts or self._footnotes)

    def start_section(self) -> None:
        """Begin a section here; lists that are open go on, but the section's own depth begins anew."""
        self._outer_lists = len(self._lists)
        self._fresh_item = False
        self._group = 0
        self._term = None
        self._header_cells, self._cells = [], []

    def take(self, token: Token) -> Iterator[Block]:  # noqa: PLR0912 - one case a kind of token
        """Yield the blocks that ``token`` completes."""
        if self._term is not None and not self._is_told and token.type in _NEVER_A_DEFINITION:
            self._is_told = True
            yield self._term
        match token.type:
            case "bullet_list_open" | "ordered_list_open":
                if len(self._lists) == self._outer_lists:
                    self._group += 1
                self._lists.append(token.type == "ordered_list_open")
            case "bullet_list_close" | "ordered_list_close":
                self._lists.pop()
                self._outer_lists = min(self._outer_lists, len(self._lists))
            case "list_item_open":
                self._fresh_item = True
            case "blockquote_open":
                self._quotes += 1
                self._group += 1
            case "blockquote_close":
                self._quotes -= 1
            case "callout_open" | "callout_close":
                self._callouts += 1 if token.type == "callout_open" else -1
                self._group += 1
            case "callout_title_open":
                self._title_next = True
            case "footnote_open" | "footnote_close":
                self._footnotes += 1 if token.type == "footnote_open" else -1
                self._group += 1
            case "dl_open" | "dl_close":
                self._group += 1
                self._term = None
            case "dt_open" | "dt_close":
                self._in_term = token.type == "dt_open"
            case "table_open":
                self._group += 1
                self._header_cells, self._cells = [], []
            case "thead_open" | "thead_close":
                self._in_header = token.type == "thead_open"
            case "tr_open":
                self._above, self._cells = self._cells, []
                self._row_lines = (token.map[0] + 1, token.map[1]) if token.map else (0, 0)
            case "cell_above" | "cell_left":
                self._cells.append(self._spanning(token))
            case "tr_close":
                row = self._row()
                if row.text:
                    yield row
            case "inline":
                yield from self._inline(token)
            case _:
                yield from self._leaf(token)

    def _leaf(self, token: Token) -> Iterator[Block]:
        kind = _LEAF_TOKENS.get(token.type)
        if kind is None or not token.map:
            return
        text = token.content.strip("\n")
        if kind is BlockKind.MATHS:
            text = written(text, is_display=True)
        if text.strip():
            yield self._block(kind, text, token.map[0] + 1, token.map[1])

    def _inline(self, token: Token) -> Iterator[Block]:
        is_title, self._title_next = self._title_next, False
        if not token.map or self._cells_open(token):
            return
        lines = _inline_lines(token)
        text = "\n".join(line for _, line in lines)
        if not text.strip():
            return
        first = token.map[0] + 1
        kind = BlockKind.QUOTE if self._quotes else BlockKind.PARAGRAPH
        if is_title:
            yield self._block(BlockKind.QUOTE, text, first, token.map[1], header=True)
            return
        if self._in_term:
            self._term, self._is_told = self._block(BlockKind.PARAGRAPH, text, first, token.map[1]), False
            return
        if self._lists and self._fresh_item:
            kind = BlockKind.ORDERED_ITEM if self._lists[-1] else BlockKind.ITEM
            text = _TASK_BOX.sub("", text)
            self._fresh_item = False
        elif self._term is not None:
            text = f"{self._term.text}: {text}"
            first = first if self._is_told else self._term.first_line
            self._is_told = True
        if text.strip():  # a box may be all that there is
            yield self._block(kind, text, first, token.map[1])

    def _cells_open(self, token: Token) -> bool:
        """Collect a table cell; return whether ``token`` was one."""
        if not self._row_lines[0]:
            return False
        self._cells.append(_CELL_BAR.sub("|", _text_with_formulas(token)))
        return True

    def _spanning(self, token: Token) -> str:
        """Return what a cell says that goes on over the one at ``token``: a name for the column, or a row's text."""
        column = len(self._cells)
        if token.type == "cell_above":
            return self._above[column] if column < len(self._above) else ""
        return self._cells[-1] if self._in_header and self._cells else ""

    def _row(self) -> Block:
        first, last = self._row_lines
        self._row_lines = (0, 0)
        if self._in_header:
            self._header_cells = [_cut(cell, COLUMN_CHARACTERS) for cell in self._cells]
            return self._block(BlockKind.TABLE_ROW, " | ".join(filter(None, self._cells)), first, last, header=True)
        return self._block(BlockKind.TABLE_ROW, _row_text(self._header_cells, self._cells), first, last)

    def _block(self, kind: BlockKind, text: str, first: int, last: int, *, header: bool = False) -> Block:
        depth = len(self._lists) - self._outer_lists
        if kind in (BlockKind.ITEM, BlockKind.ORDERED_ITEM):
            depth = max(depth, 1)  # one that follows a heading in its list
        return Block(kind, text, first, last, depth, self._group, header)


def _row_text(header: Sequence[str], cells: Sequence[str]) -> str:
    """Return ``first cell | header: cell | …``, so that a row can be understood alone."""
    names = [*header, *[""] * (len(cells) - len(header))]
    named = [f"{name}: {cell}" if name and cell else cell for name, cell in zip(names[1:], cells[1:], strict=False)]
    return " | ".join(filter(None, [*cells[:1], *named]))
