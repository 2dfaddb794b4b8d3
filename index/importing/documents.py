"""What every reader makes of a file: a document of pages with blocks, and the list of what could not be read.

Texts are plain here: no reader writes Markdown, and nothing in them is markup; :mod:`index.importing.note_writer` does
that. The exception is a notebook's own Markdown, a block of its kind.
"""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class TextRun:
    """A piece of a text that looks the same throughout; ``link`` is an address, or empty; ``maths`` is TeX."""

    text: str
    bold: bool = False
    code: bool = False
    link: str = ""
    maths: bool = False


Runs = tuple[TextRun, ...]


@dataclass(frozen=True, slots=True)
class HeadingBlock:
    """A heading inside a page; ``level`` counts from 1, the page's or document's own heading above it not counted."""

    level: int
    text: str


@dataclass(frozen=True, slots=True)
class ParagraphBlock:
    """A paragraph; ``role`` is ``""``, or ``quote``, or ``spoken`` for what the speaker's notes say."""

    runs: Runs
    role: str = ""


@dataclass(frozen=True, slots=True)
class ItemBlock:
    """An item of a list, ``level`` 0 outermost; ``number`` is its number, None for a bullet."""

    level: int
    runs: Runs
    number: int | None = None


@dataclass(frozen=True, slots=True)
class TableBlock:
    """A table; its first row names the columns."""

    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class CodeBlock:
    """Lines that keep their spaces; ``language`` as a fence names it."""

    text: str
    language: str = ""


@dataclass(frozen=True, slots=True)
class PictureBlock:
    """A picture of which only the words remain that stand for it."""

    alternative_text: str


@dataclass(frozen=True, slots=True)
class MarkdownBlock:
    """What is Markdown already, as its author wrote it."""

    source: str


ImportedBlock = HeadingBlock | ParagraphBlock | ItemBlock | TableBlock | CodeBlock | PictureBlock | MarkdownBlock


@dataclass(frozen=True, slots=True)
class Unread:
    """What a note does not hold of its file, or holds with doubt; ``kind`` names what and why.

    ``places`` are numbers of pages or slides, or names of sheets; ``count`` how many where no places are known;
    ``detail`` what more there is to say, as the file or a library says it.
    """

    kind: str
    places: tuple[str, ...] = ()
    count: int = 0
    detail: str = ""


@dataclass(frozen=True, slots=True)
class ImportedPage:
    """A page, slide or sheet with its ``label`` (a number or name; empty where the format has no pages)."""

    blocks: tuple[ImportedBlock, ...]
    label: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True)
class ImportedDocument:
    """A file as it was read. ``page_word`` says what its pages are: ``page``, ``slide``, ``sheet``, or ``""``."""

    title: str
    pages: tuple[ImportedPage, ...]
    page_word: str = ""
    unread: tuple[Unread, ...] = field(default=())


def runs_of(text: str) -> Runs:
    """Return ``text`` as runs that look like nothing in particular."""
    return (TextRun(text),) if text else ()


def runs_text(runs: Runs) -> str:
    """Return the text of ``runs``."""
    return "".join(run.text for run in runs)
