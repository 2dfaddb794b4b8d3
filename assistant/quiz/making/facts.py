"""Finds in the sections what can be asked: statements, term-and-meaning pairs, lists and their order. No wording."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from assistant.quiz.making.sentence_edits import (
    is_sentence,
    script_of,
    stands_alone,
    without_glosses,
    without_last_gloss,
    without_stop,
)
from assistant.quiz.making.veiled_formulas import veiled
from index import Block, BlockKind, Note, Section
from index.reading.passages import line_pieces

_PAIR = re.compile(
    r"^(?P<term>[^:=>(){}\"“]{1,40}?(?:\s\([^()]*\))?)(?:\s{0,9}:\s{1,9}|\s{1,9}:\s{0,9}|"
    r"\s{0,9}=+>\s{0,9}|\s{0,9}->\s{0,9}|\s{1,9}[-–—]\s{1,9})(?P<meaning>.{2,})$"
)
_BRACKETED = re.compile(r"^(?P<term>[^:=>(){}\"“]{1,40}?)\s+\(\s*(?P<meaning>[^()\s][^()]*[^()\s])\s*\)$")
_ABOUT_NOTES = re.compile(r"노트의|노트에|문서에서|더 볼 수|the notes|documentation|read more", re.IGNORECASE)
_CHAIN = re.compile(r"(?:(?<!\s)\s+)?(?<!=)=+>\s*")
_SEQUENCE = re.compile(
    r"순서|단계|절차|우선순위|운선순|과정은|수행한다|\border\b|\bsteps?\b|\bsequence\b|\bprecedence\b|"
    r"\bstages?\b|\bprocedure\b",
    re.IGNORECASE,
)
_EDITOR = re.compile(r"^(?:편집자 주|Editor's note)\s*:\s*")
_UNFIT_HEADING = re.compile(
    r"다음 내용|시작하기 전에|^정리|^목적$|^참고|^목차|모듈 목록|알려진 문제|what's next|before you begin|"
    r"clean ?up|objectives|see also|modules in",
    re.IGNORECASE,
)
_TEXT_KINDS = (BlockKind.PARAGRAPH, BlockKind.ITEM, BlockKind.ORDERED_ITEM, BlockKind.TABLE_ROW)
_BROKEN = re.compile(r"=>|->|\.\.\.|…|^[^\w‘“\"'(`.<$/-]|\{\{|\bhttps?:")
_ITEM_KINDS = (BlockKind.ITEM, BlockKind.ORDERED_ITEM)
LONGEST_NAME = 44
_NAME_BEFORE_GLOSS = re.compile(r"^([^():]*[가-힣])\([^()]*\)\s[A-Za-z]+(?=:|$)")  # 경로 스타일(path-style) URL
_AFTER_NAME = re.compile(r"(?<!\s)\s+[\\(*].*$|(?:(?<!\s)\s+)?\*$")
_SHORTEST_STEP = 60


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence (or a terse line) of a note that can stand alone. ``text`` is without glosses.

    ``parallel`` is equal for the lines of one list or table, -1 outside of them.
    """

    section: Section
    text: str
    first_line: int
    last_line: int
    key: str
    parallel: int
    whole: bool

    @property
    def language(self) -> str:
        """The language of the note."""
        return self.section.language


@dataclass(frozen=True, slots=True)
class Pair:
    """A term and what the notes say of it, in one line: ``규모: 가상머신``."""

    section: Section
    term: str
    meaning: str
    first_line: int
    last_line: int
    key: str
    parallel: int


@dataclass(frozen=True, slots=True)
class Listing:
    """The members of one list. ``names`` tells whether they are short names, ``ordered`` whether their order counts."""

    section: Section
    members: tuple[str, ...]
    intro: str
    first_line: int
    last_line: int
    key: str
    names: bool
    ordered: bool


@dataclass(frozen=True, slots=True)
class Remark:
    """An editor's note, and the lines before it that it is about."""

    text: str
    first_line: int
    last_line: int


@dataclass(frozen=True, slots=True)
class Facts:
    """What one section holds."""

    section: Section
    statements: tuple[Statement, ...]
    pairs: tuple[Pair, ...]
    listings: tuple[Listing, ...]
    remarks: tuple[Remark, ...]

    @property
    def count(self) -> int:
        """How many things the section says."""
        return (
            len(self.statements)
            + len(self.pairs)
            + sum(len(listing.members) for listing in self.listings if listing.names)
        )


def facts_of(note: Note) -> Iterator[Facts]:
    """Yield the facts of the sections of ``note`` that say something; formulas in them are veiled."""
    for section in map(_with_veiled_formulas, note.sections):
        if _UNFIT_HEADING.search(section.leaf):
            continue
        statements, pairs = tuple(_statements(section)), tuple(_pairs(section))
        listings = tuple(_listings(section))
        if statements or pairs or listings:
            yield Facts(section, statements, pairs, listings, tuple(_remarks(section)))


def _with_veiled_formulas(section: Section) -> Section:
    if not any("$" in block.text for block in section.blocks):
        return section
    return replace(section, blocks=tuple(replace(block, text=veiled(block.text)) for block in section.blocks))


def _remarks(section: Section) -> Iterator[Remark]:
    before: list[Block] = []  # the block or the whole list that an editor's note would be about
    for block in section.blocks:
        if block.kind is BlockKind.QUOTE and _EDITOR.match(block.text) and before:
            text = " ".join(_EDITOR.sub("", block.text).split())
            yield Remark(text, before[0].first_line, before[-1].last_line)
        elif before and block.kind in (*_ITEM_KINDS, BlockKind.TABLE_ROW) and block.group == before[-1].group:
            before.append(block)
        else:
            before = [block]


def key_of(section: Section, ordinal: int) -> str:
    """Return a name of the ``ordinal``-th piece of a section that is equal in all its editions."""
    return f"{section.edition_key}.{ordinal}"


def _pieces(section: Section) -> Iterator[Block]:
    """Yield sentences, and table rows whole, since a row is read by its columns."""
    for block in section.blocks:
        if block.kind is BlockKind.TABLE_ROW and not block.header:
            yield block
        elif block.kind in _TEXT_KINDS:
            yield from line_pieces(replace(section, blocks=(block,)))


def _statements(section: Section) -> Iterator[Statement]:
    headers = {block.group: block.text.split(" | ") for block in section.blocks if block.header}
    told = " ".join(block.text for block in section.blocks if block.kind is BlockKind.PARAGRAPH)
    steps = bool(_SEQUENCE.search(f"{section.leaf} {told}"))
    for ordinal, piece in enumerate(_pieces(section)):
        parallel = piece.group if piece.kind is not BlockKind.PARAGRAPH else -1
        for column, raw in enumerate(_cells(piece, headers)):
            text = _said(raw)
            whole = is_sentence(text)
            if not _is_fact(text, section.language, whole=whole):
                continue
            if steps and piece.kind is BlockKind.ORDERED_ITEM and len(text) < _SHORTEST_STEP:
                continue  # "Create a role." says nothing outside of its procedure
            key = key_of(section, ordinal) + (f".{column}" if piece.kind is BlockKind.TABLE_ROW else "")
            yield Statement(section, text, piece.first_line, piece.last_line, key, parallel, whole)


def _said(raw: str) -> str:
    """Return the sentence in a line: what stands after ``term:`` where that is a sentence of its own."""
    pair = split_pair(raw)
    text = " ".join(without_glosses(raw).split())
    if pair and is_sentence(text) and not is_sentence(pair[0]):
        names_subject = pair[0].split()[0].casefold() in pair[1].casefold()
        return text[text.find(pair[1]) :] if names_subject and pair[1] in text else ""
    return text


def _is_fact(text: str, language: str, *, whole: bool) -> bool:
    if not 8 <= len(text) <= 170 or text.endswith(":") or _ABOUT_NOTES.search(text) or _BROKEN.search(text):
        return False
    if text.count("(") != text.count(")"):
        return False
    return stands_alone(text, language) and (whole or (len(text.split()) >= 4 and not split_pair(text)))


def _cells(piece: Block, headers: dict[int, list[str]]) -> list[str]:
    """Return the texts of a piece: of a table row the cells after its first, else the piece itself."""
    if piece.kind is not BlockKind.TABLE_ROW:
        return [piece.text]
    row = without_glosses(piece.text.split(" | ")[0]).split()
    cells = [value for _, value in table_cells(piece, headers.get(piece.group, []))]
    return [cell for cell in cells if row and row[0].casefold() in cell.casefold()]  # else its subject is elsewhere


def table_cells(row: Block, header: Sequence[str]) -> list[tuple[str, str]]:
    """Return (column name, cell) of a row, its first cell left out."""
    cells = row.text.split(" | ")[1:]
    names = [*header[1:], *[""] * len(cells)]
    return [(name, cell.removeprefix(f"{name}: ") if name else cell) for name, cell in zip(names, cells, strict=False)]


def split_pair(text: str) -> tuple[str, str] | None:
    """Return the term and its meaning where ``text`` is such a line, else None."""
    bare = without_glosses(text).strip()
    if len(_CHAIN.split(bare)) > 2 or "://" in bare:
        return None
    match = _PAIR.match(bare) or _BRACKETED.match(bare)
    if not match or is_sentence(match["term"]):
        return None
    term, meaning = match["term"].strip(" ‘’'\"`*"), without_stop(match["meaning"])
    return (term, meaning) if term and sum(character.isalnum() for character in meaning) > 1 else None


def _pairs(section: Section) -> Iterator[Pair]:
    headers = {block.group: block.text.split(" | ") for block in section.blocks if block.header}
    for ordinal, block in enumerate(section.blocks):
        key = f"{key_of(section, ordinal)}p"
        text = " ".join(block.text.split())
        if _ABOUT_NOTES.search(text):
            continue
        if block.kind in _ITEM_KINDS and (pair := split_pair(text)):
            yield Pair(section, pair[0], pair[1], block.first_line, block.last_line, key, block.group)
        elif block.kind is BlockKind.TABLE_ROW and not block.header:
            cells = table_cells(block, headers.get(block.group, []))
            row = without_glosses(text.split(" | ")[0]).strip()
            if len(cells) == 1 and 0 < len(row) <= LONGEST_NAME and len(cells[0][1]) > 1:
                meaning = without_stop(without_glosses(cells[0][1]))
                yield Pair(section, row, meaning, block.first_line, block.last_line, key, block.group)


def _listings(section: Section) -> Iterator[Listing]:
    intro = ""
    run: list[Block] = []
    for ordinal, block in enumerate([*section.blocks, None]):
        if run and (
            block is None or block.kind not in _ITEM_KINDS or block.group != run[0].group or block.depth < run[0].depth
        ):
            yield from _listing(section, run, intro, ordinal)
            run = []
        if block is None:
            continue
        if block.kind is BlockKind.PARAGRAPH:
            intro = " ".join(block.text.split())
        elif block.kind in _ITEM_KINDS and (not run or block.depth == run[0].depth):
            run.append(block)
        if block.kind in _ITEM_KINDS:
            yield from _chain(section, block, ordinal)


def _listing(section: Section, run: Sequence[Block], intro: str, ordinal: int) -> Iterator[Listing]:
    if not 2 <= len(run) <= 12:
        return
    names = tuple(member_name(block.text) for block in run)
    short = all(names)
    members = names if short else tuple(_step(" ".join(block.text.split())) for block in run)
    if len(set(members)) < len(members):
        return
    ordered = run[0].kind is BlockKind.ORDERED_ITEM and bool(_SEQUENCE.search(f"{section.leaf} {intro}"))
    if not short and not ordered:
        return
    yield Listing(
        section, members, intro, run[0].first_line, run[-1].last_line, f"{key_of(section, ordinal)}l", short, ordered
    )


def _step(text: str) -> str:
    """Return a step as an option: without glosses, stop, and what is remarked on it after a colon."""
    pair = split_pair(text)
    return (
        pair[0] if pair and is_sentence(f"{pair[1][:1].upper()}{pair[1][1:]}.") else without_stop(without_glosses(text))
    )


def _chain(section: Section, block: Block, ordinal: int) -> Iterator[Listing]:
    """Yield the listing of a line that shows an order by arrows: ``a => b => c``."""
    steps = [without_glosses(step).strip() for step in _CHAIN.split(" ".join(block.text.split()))]
    steps = [without_last_gloss(step).strip() for step in steps]
    if 3 <= len(steps) <= 7 and all(0 < len(step) <= 60 for step in steps):
        yield Listing(
            section, tuple(steps), "", block.first_line, block.last_line, f"{key_of(section, ordinal)}c", False, True
        )


def member_name(text: str) -> str:
    """Return the short name that an item of a list is or begins with, empty where it is rather a sentence."""
    flat = _NAME_BEFORE_GLOSS.sub(r"\1", " ".join(text.split()))
    bare = without_glosses(flat).strip()
    pair = split_pair(flat)
    name = pair[0] if pair else without_stop(bare)
    name = _AFTER_NAME.sub("", name).strip(" ‘’'\"`*:")
    sentence = is_sentence(bare) and not pair
    fits = 0 < len(name) <= LONGEST_NAME and len(name.split()) <= 6
    return name if fits and not sentence and any(c.isalpha() for c in name) else ""


def alike(first: str, second: str) -> bool:
    """Return whether two short texts look like options of one question: one script, comparable length."""
    longer, shorter = max(len(first), len(second)), min(len(first), len(second))
    return script_of(first) == script_of(second) and longer <= max(2.5 * shorter, shorter + 6)
