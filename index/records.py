"""The records that flow through the index: notes, sections, blocks, passages and hits. No behaviour beyond views."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

_MOST_ODDS = 30.0  # beyond it a probability is 0 or 1 to twelve places, and further on the exponential overflows


def probability_of(odds: float) -> float:
    """Return the probability, 0 to 1, of log-odds (the logistic function)."""
    return 1.0 / (1.0 + math.exp(-max(-_MOST_ODDS, min(_MOST_ODDS, odds))))


class ModuleRule(str, Enum):
    """The setting ``NOTES_MODULES``: what is cited as a module.

    ``auto``: the nearest heading that reads as a unit of a course, such as ``Week 3``, else a folder that reads so,
    else the note. ``heading``: the same without the folders. ``note``: always the note. ``folder``: always the folder.
    """

    AUTO = "auto"
    HEADING = "heading"
    NOTE = "note"
    FOLDER = "folder"


class Grain(str, Enum):
    """The three sizes at which a section is embedded."""

    CHUNK = "chunk"
    LINE = "line"
    HEADING = "heading"


class BlockKind(str, Enum):
    """What a stretch of lines is in Markdown."""

    PARAGRAPH = "paragraph"
    ITEM = "item"
    ORDERED_ITEM = "ordered_item"
    TABLE_ROW = "table_row"
    CODE = "code"
    QUOTE = "quote"
    MATHS = "maths"


@dataclass(frozen=True, slots=True)
class Block:
    """The smallest piece of a section that can be quoted alone.

    ``text`` is plain text, formulas in it with dollars (see :mod:`index.language.formulas`); ``first_line`` and
    ``last_line`` are 1-based and inclusive. ``depth`` is the nesting of list items (1 = top), 0 elsewhere; ``group`` is
    equal for the blocks of one list, table or quote in a section.
    """

    kind: BlockKind
    text: str
    first_line: int
    last_line: int
    depth: int = 0
    group: int = 0
    header: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """One heading with the lines under it, down to the next heading.

    ``edition_key`` is equal for the sections that are editions of each other in two languages.
    """

    number: int
    file: str
    heading: str
    heading_path: tuple[str, ...]
    level: int
    module: str
    language: str
    first_line: int
    last_line: int
    edition_key: str
    blocks: tuple[Block, ...]

    @property
    def leaf(self) -> str:
        """The heading as plain text, without Markdown marks."""
        return self.heading_path[-1] if self.heading_path else ""


@dataclass(frozen=True, slots=True)
class Note:
    """One Markdown file.

    ``text`` is the file's text exactly as decoded from UTF-8, line ends included. ``portable`` is what it says in
    portable Markdown (see :mod:`index.reading.portable`), line for line; empty where that is ``text`` itself. ``title``
    is what it is called, which need not stand in it.
    """

    file: str
    language: str
    text: str
    sections: tuple[Section, ...]
    portable: str = ""
    title: str = ""

    @property
    def shown(self) -> str:
        """What the note says in portable Markdown: to be shown, searched and asked about, not to be quoted."""
        return self.portable or self.text

    def shown_lines(self, first_line: int, last_line: int) -> str:
        """Return what lines ``first_line`` to ``last_line`` say in portable Markdown, line ends as line feeds."""
        return "\n".join(self.shown.split("\n")[first_line - 1 : last_line]).replace("\r", "")

    def quote(self, first_line: int, last_line: int) -> str:
        """Return lines ``first_line`` to ``last_line`` exactly as in the file, without the last line's end."""
        lines = self.text.split("\n")[first_line - 1 : last_line]
        return "\n".join(lines).removesuffix("\r")


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A file that cannot be used, by its name below the notes' folder: why, and at which line where that is known."""

    file: str
    reason: str
    line: int | None = None

    def __str__(self) -> str:
        """Return one sentence."""
        place = self.file if self.line is None else f"{self.file}:{self.line}"
        return f"{place} is left out: {self.reason}"


@dataclass(frozen=True, slots=True)
class Passage:
    """What is embedded: a chunk, a line or the heading path of the section numbered ``section``."""

    section: int
    grain: Grain
    first_line: int
    last_line: int
    text: str


@dataclass(frozen=True, slots=True)
class Signals:
    """What speaks for a section: centred cosines of the three grains, rare words, and likeness to known questions."""

    chunk: float
    line: float
    heading: float
    lexical: float
    known: float


@dataclass(frozen=True, slots=True)
class Hit:
    """A section found for a question. ``text`` is the section's lines, verbatim.

    ``best_line`` is its line passage nearest to the question, None for a bare heading.
    """

    section: Section
    score: float
    signals: Signals
    text: str
    best_line: Passage | None


#: The blocks that are one of several: items of lists and rows of tables.
LIST_KINDS = frozenset((BlockKind.ITEM, BlockKind.ORDERED_ITEM, BlockKind.TABLE_ROW))

#: The blocks that are shown by themselves and belong to the words before them.
DISPLAYED_KINDS = frozenset((BlockKind.CODE, BlockKind.MATHS))


@dataclass(frozen=True, slots=True)
class Line:
    """A quotable line and how well it answers the question.

    ``block`` is a whole item, row, quote or code block, or one sentence of a paragraph; ``position`` is the number of
    its block in the section. ``score`` is its nearness at first (see :func:`index.ranking.lines.lines_of`); of the
    lines of a search's result it is the log-odds that it answers. ``keys`` are its words and concepts; ``shared`` is
    the share of the question's words that it holds.
    """

    section: Section
    block: Block
    position: int
    score: float
    keys: frozenset[str]
    shared: float = 0.0
    is_lead_in: bool = False
    is_remark: bool = False

    @property
    def is_listed(self) -> bool:
        """Whether the line is an item or a table row."""
        return self.block.kind in LIST_KINDS

    @property
    def place(self) -> tuple[int, int, int]:
        """What the line is told apart by, and ordered by: section, block, first line."""
        return self.section.number, self.position, self.block.first_line

    @property
    def probability(self) -> float:
        """The probability that it answers, where ``score`` is its log-odds."""
        return probability_of(self.score)


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether the notes answer: the probability that they do, and what speaks against it.

    ``absent`` holds the words of the question that the notes never mention.
    """

    grounded: bool
    probability: float
    absent: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SearchResult:
    """Hits, best first, each section once whatever its editions, and the decision.

    ``lines`` are those of the best sections with their log-odds; ``evidence`` is what the signals say, by name, on the
    scale of the notes (see :func:`index.deciding.abstention.scaled_features`).
    """

    question: str
    language: str
    hits: tuple[Hit, ...]
    decision: Decision
    lines: tuple[Line, ...] = ()
    evidence: Mapping[str, float] = field(default_factory=dict[str, float])
