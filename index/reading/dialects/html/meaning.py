"""Writes the Markdown that a note's tags mean, each on the line where it ends, all else as it stands."""

import re
from collections.abc import Sequence

from index.reading.dialects.html.grids import GridWriter
from index.reading.dialects.html.hidden import link_to, quiet, safe_address
from index.reading.dialects.html.letters import lowered, raised
from index.reading.dialects.html.quoting import Quotes
from index.reading.dialects.html.tags import BLOCKS, Piece, Tag, pieces_of, unescaped
from index.reading.dialects.translation import LINE_BREAK

_PREFIX = re.compile(r"[ \t>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)*")
_REFERENCE = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{0,31});")
_QUOTATION_MARKS = frozenset("\"'")
_MARKS = {"b": "**", "strong": "**", "i": "*", "em": "*", "s": "~~", "del": "~~", "strike": "~~"}
_CODE = frozenset(("code", "kbd", "tt", "samp"))
_HEADINGS = {f"h{level}": f"{'#' * level} " for level in range(1, 7)}
_LISTS = ("ul", "ol", "menu")


def in_markdown(lines: Sequence[str], code: Sequence[bool]) -> list[str]:
    """Return ``lines`` with their tags as Markdown; ``code`` says which lines are code."""
    return _Writer(pieces_of(lines, code)).run()


class _Writer:
    """Goes through the pieces once and puts lines together."""

    def __init__(self, pieces: Sequence[Piece]) -> None:
        self._pieces = pieces
        self._line_of, self._says_more = _places(pieces)
        self._quotes = Quotes(pieces, self._line_of)
        self._lines: list[str] = []
        self._line: list[str] = []
        self._has_content = False
        self._is_hard = False  # whether the line ends with a break
        self._is_touched = False
        self._pending = ""  # what stands before the next word
        self._grid = GridWriter()
        self._lists: list[list[int]] = []  # of each open list, its last number, or -1 where it has none
        self._depth = 0  # of open blocks
        self._base = 0  # the column at which the outermost begins
        self._is_raw = False  # whether a block began since the last blank line
        self._marks: dict[int, str] = {}  # what the start tag at a place was written as
        self._trims_next = False

    def run(self) -> list[str]:
        place = 0
        while place < len(self._pieces):
            piece = self._pieces[place]
            tag = piece.tag
            if piece.ends_line:
                self._end_line()
            elif tag is None:
                self._say_code(piece) if piece.is_code else self._say_text(piece.text)
            elif tag.is_text:
                self._say_text(piece.text)
            else:
                self._is_touched = True
                for _ in range(piece.text.count("\n")):
                    self._end_line()
                    self._is_touched = True
                place = self._tag(place, tag)
            place += 1
        self._end_line()
        return self._quotes.around(self._lines)

    # -- lines and words

    def _end_line(self) -> None:
        line = "".join(self._line)
        if self._is_touched or self._is_raw:
            line = line.rstrip() if _PREFIX.sub("", line, count=1) or ">" in line else ""
        if not line.strip(" \t>"):
            self._is_raw = self._is_raw and self._is_touched
        is_broken = self._is_hard and line.strip() and not self._grid.is_open and not line.lstrip().startswith("#")
        self._lines.append(f"{line}  " if is_broken else line)
        self._line, self._has_content, self._is_hard, self._is_touched = [], False, False, False
        self._trims_next = False

    def _say(self, text: str) -> None:
        """Add ``text`` that a reader sees, after what stands before it."""
        if self._pending and text.strip():
            text, self._pending = f"{self._pending}{text.lstrip()}", ""
        self._line.append(text)
        if not self._has_content:
            self._has_content = bool(_PREFIX.sub("", "".join(self._line), count=1))

    def _say_text(self, text: str) -> None:
        text = _REFERENCE.sub(_character, text) if "&" in text else text
        if self._trims_next:
            text, self._trims_next = text.lstrip(" "), False
        if not self._line:
            text = self._indented(text)
        if self._grid.is_open:
            text = text.replace("|", "\\|")
            if not self._has_content and not text.strip():
                return
        if self._pending and _PREFIX.fullmatch(text):  # a marker, and not yet what stands after it
            self._line.append(text)
        else:
            self._say(text)

    def _say_code(self, piece: Piece) -> None:
        if not piece.is_line:
            text = piece.text.replace("|", "\\|") if self._grid.is_open else piece.text
            self._say(self._indented("") + text if not self._line else text)
        elif self._grid.is_open:
            text = piece.text.strip().replace("|", "\\|")
            self._say("" if not text or text.startswith(("```", "~~~")) else f"`{text}`")
        else:
            self._line.append(piece.text)

    def _indented(self, text: str) -> str:
        """Return ``text``, which begins a line, as far from the margin as the blocks that are open put it."""
        if not (self._depth and self._is_raw) or text.lstrip().startswith(">"):
            return text
        return " " * (self._base + sum(_width(one) for one in self._lists)) + text.lstrip()

    def _break(self) -> None:
        """End a line within the line, if something is said before and after it."""
        if self._has_content and self._line and not self._line[-1].endswith(LINE_BREAK):
            is_heading = "".join(self._line).lstrip().startswith("#")
            self._line[-1] = self._line[-1].rstrip(" ")
            self._line.append(" " if is_heading else LINE_BREAK)
            self._trims_next = True

    # -- tags

    def _tag(self, place: int, tag: Tag) -> int:  # noqa: PLR0912 - one case a kind of tag
        """Write the tag at ``place``; return the place of the last piece that was written."""
        if tag.name in BLOCKS:
            self._block(place, tag)
            return place
        if tag.name in _CODE or tag.name in ("sup", "sub"):
            return self._verbatim(place, tag)
        if tag.name in _MARKS:
            self._mark(place, tag)
        elif tag.name == "a":
            self._link(place, tag)
        elif tag.name == "br":
            if self._says_more[place]:
                self._break()
            else:
                self._is_hard = self._has_content
        elif tag.name == "hr":
            if not self._has_content and not self._says_more[place] and not self._grid.is_open:
                self._line = [*self._line, "***"]
        elif tag.name == "img":
            self._say(self._indented("") + _image(tag) if not self._line else _image(tag))
            self._is_hard = bool(self._depth) and not self._says_more[place]
        elif tag.name == "input" and tag.attributes.get("type") == "checkbox":
            self._line.append("[x] " if "checked" in tag.attributes else "[ ] ")
            self._trims_next = True
        elif tag.name in ("embed", "source"):
            self._say(link_to(tag))
        elif tag.name == "q":
            self._say("”" if tag.closes else "“")
        elif tag.name == "rp" or (tag.name == "rt" and self._pieces[place - 1].text not in ("(", "（")):
            self._line.append(")" if tag.closes else "(" if tag.name == "rt" else "")
        return place

    def _mark(self, place: int, tag: Tag) -> None:
        """Write an emphasis; where it goes over several lines, or beside other stars, it is left out."""
        if tag.closes:
            mark = self._marks.pop(tag.partner, "") if tag.partner is not None else ""
            if mark and self._line and self._line[-1].strip() == mark:
                self._line.pop()  # there is nothing in it
            elif mark:
                self._close_mark(mark)
            return
        mark = _MARKS[tag.name]
        before = "".join(self._line[-2:])[-1:]
        if tag.partner is None or self._line_of[place] != self._line_of[tag.partner] or before in (mark[0], "\\"):
            return
        after = self._pieces[tag.partner + 1] if tag.partner + 1 < len(self._pieces) else None
        following = self._pieces[place + 1]
        if (after and after.text[:1] == mark[0]) or following.text[:1] == mark[0]:
            return
        gap = " " if not following.tag and following.text[:1] == " " else ""
        self._trims_next = bool(gap)
        self._marks[place] = mark
        self._say(f"{gap if self._has_content else ''}{self._indented('') if not self._line else ''}{mark}")

    def _close_mark(self, mark: str) -> None:
        """Write what closes a mark before the spaces at the end of what stands in it."""
        said = self._line[-1] if self._line else ""
        self._line[-1:] = [said.rstrip(), mark, " " * (len(said) - len(said.rstrip()))]

    def _verbatim(self, place: int, tag: Tag) -> int:
        """Write code, or raised or lowered letters; return the place of the end tag where they stand on one line."""
        end = tag.partner
        if tag.closes or end is None or self._line_of[place] != self._line_of[end]:
            return place
        inner = self._pieces[place + 1 : end]
        if any(one.is_code or (one.tag and one.tag.name in ("a", "img")) for one in inner):
            return place
        text = unescaped("".join(one.text for one in inner if not one.tag or one.tag.is_text)).strip()
        if tag.name in _CODE:
            before = "".join(self._line[-1:])[-1:]
            text = f"{' ' if before == '`' else ''}{_code_span(text)}" if text else ""
        else:
            text = raised(text) if tag.name == "sup" else lowered(text)
        if self._grid.is_open:
            text = text.replace("|", "\\|")
        self._say(self._indented("") + text if not self._line else text)
        return end

    def _link(self, place: int, tag: Tag) -> None:
        if tag.closes:
            mark = self._marks.pop(tag.partner, "") if tag.partner is not None else ""
            if mark and self._line and self._line[-1].lstrip(" ") == "[":
                self._line.pop()  # there is nothing to follow it by
            elif mark:
                self._close_mark(mark)
            return
        url = safe_address(tag.attributes.get("href", ""))
        if url and tag.partner is not None:
            self._marks[place] = f"]({url})"
            self._say(self._indented("[") if not self._line else "[")
            self._trims_next = True

    def _block(self, place: int, tag: Tag) -> None:  # noqa: PLR0912 - one case a kind of tag
        name = tag.name
        if self._line and self._has_content and not (self._grid.is_open and name in _OF_TABLES):
            if self._says_more[place]:
                if name != "dd" and not (tag.closes and name in ("summary", "li", "dt")):
                    self._break()
            else:
                self._is_hard = self._is_hard or (tag.closes and name not in _HEADINGS)
        elif not self._has_content:
            self._is_raw = self._is_raw or tag.partner is not None
            self._trims_next = self._trims_next or bool(self._line)
        if tag.partner is not None and not tag.closes:
            if not self._depth:
                prefix = _PREFIX.match("".join(self._line))
                self._base = len(prefix.group()) if prefix else 0
            self._depth += 1
        elif tag.partner is not None:
            self._depth -= 1
        if name in _OF_TABLES:
            self._of_table(place, tag)
        elif name in _LISTS:
            self._list(tag)
        elif tag.closes:
            self._end_block(place, tag)
        elif name in _HEADINGS and tag.partner is not None and not self._has_content and not self._grid.is_open:
            self._pending = _HEADINGS[name]
        elif name == "li":
            self._item()
        elif name == "dt":
            mark = "**" if self._is_on_one_line(place) else ""
            if self._has_content or self._grid.is_open:
                self._line.append(mark)
            else:
                self._pending = f"- {mark}"
        elif name == "dd":
            self._line.append("  " if not self._has_content else "")
        elif name == "summary":
            self._summary(place)
        elif name in ("iframe", "video", "audio"):
            self._say(link_to(tag))

    def _end_block(self, place: int, tag: Tag) -> None:
        if tag.name == "dt" and tag.partner is not None and self._is_on_one_line(place) and self._has_content:
            self._line.append("**: " if self._says_more[place] else "**")
        elif tag.name == "summary" and tag.partner is not None:
            mark = self._marks.pop(tag.partner, "")
            self._line.append(mark)
            if self._says_more[place]:
                self._break()
        elif tag.name in _HEADINGS:
            self._pending = ""

    def _is_on_one_line(self, place: int) -> bool:
        tag = self._pieces[place].tag
        return tag is not None and tag.partner is not None and self._line_of[place] == self._line_of[tag.partner]

    def _summary(self, place: int) -> None:
        if self._quotes.titles(place) and not self._has_content:
            self._pending = "[!DETAILS] "
        elif self._is_on_one_line(place):
            self._marks[place] = "**"
            self._say(self._indented("**") if not self._line else "**")

    def _list(self, tag: Tag) -> None:
        if not tag.closes:
            start = tag.attributes.get("start", "1")
            self._lists.append(
                [(int(start) if start.isdigit() and len(start) < 8 else 1) - 1 if tag.name == "ol" else -1]
            )
        elif self._lists:
            self._lists.pop()

    def _item(self) -> None:
        """Begin an item: on a line of its own with its marker, else after a dot."""
        latest = self._lists[-1] if self._lists else [-1]
        is_ordered = latest[0] >= 0
        latest[0] += is_ordered
        if self._has_content or self._grid.is_open:
            self._line.append(f"{latest[0]}. " if is_ordered else "• ")
            self._trims_next = True
        elif not "".join(self._line).strip():
            self._line = [" " * (self._base + sum(_width(one) for one in self._lists[:-1]))]
            self._pending = f"{latest[0]}. " if is_ordered else "- "

    def _of_table(self, place: int, tag: Tag) -> None:
        """Write the marks of a table: see :mod:`index.reading.cell_tables`."""
        if tag.name == "table" and not tag.closes and (tag.partner is None or self._has_content or self._pending):
            return
        was_open = self._grid.is_open
        marks = self._grid.marks(tag)
        if not marks:
            if not was_open and self._has_content and self._says_more[place]:
                self._break()
            return
        said = "".join(self._line).rstrip() if was_open else "".join(self._line)
        if not said.strip() and was_open:
            said = " " * self._base
        self._line = [f"{said} {marks}" if said.strip() and was_open else f"{said}{marks}"]
        self._has_content, self._is_hard, self._pending = False, False, ""
        self._trims_next = True


_OF_TABLES = frozenset(("table", "thead", "tbody", "tfoot", "tr", "td", "th", "caption", "colgroup"))


def _width(of_list: Sequence[int]) -> int:
    return 2 if of_list[0] < 0 else 3


def _places(pieces: Sequence[Piece]) -> tuple[list[int], list[bool]]:
    """Return the line of each piece, from 0, and whether something is said after it on that line."""
    line, lines = 0, list[int]()
    for piece in pieces:
        lines.append(line)
        line += piece.text.count("\n")
    says, more = False, list[bool]()
    for piece in reversed(pieces):
        more.append(says)
        if "\n" in piece.text:
            says = False
        if piece.tag is None or piece.tag.is_text:
            says = says or bool(piece.text.strip())
        else:
            says = says or piece.tag.name in ("img", "iframe", "video", "audio")
    return lines, more[::-1]


def _character(match: re.Match[str]) -> str:
    """Return what a reference names, where that can be no mark of Markdown."""
    text = unescaped(match.group())
    return text if text in _QUOTATION_MARKS or not any(one.isascii() for one in text) else match.group()


def _code_span(text: str) -> str:
    text = " ".join(text.split())
    return f"`` {text} ``" if "`" in text else f"`{text}`"


def _image(tag: Tag) -> str:
    description = quiet(tag.attributes.get("alt", ""))
    url = safe_address(tag.attributes.get("src", "") or tag.attributes.get("data-src", ""))
    title = tag.attributes.get("title", "").replace('"', "'").replace("\n", " ").strip()
    return f'![{description}]({url} "{title}")' if url and title else f"![{description}]({url})" if url else description
