"""Reads the tags in lines of a note; what is not a tag that HTML knows (``<your-name>``, ``List<String>``) is text."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import unescape

from index.reading.dialects.translation import verbatim_spans

#: A value holds no ``<``, so that no search for a quote that never comes goes further than to the next tag.
TAG = re.compile(
    r"<(?P<closes>/?)(?P<name>[a-z][a-z0-9]*|[A-Z][A-Z0-9]*)"
    r"(?P<attributes>(?:\s+[\w:@.-]+(?:\s*=\s*(?:\"[^\"<]*\"|'[^'<]*'|[^\s\"'=<>`]+))?)*)\s*/?>"
)
_ATTRIBUTE = re.compile(
    r"(?P<name>[\w:@.-]+)(?:\s*=\s*(?:\"(?P<double>[^\"]*)\"|'(?P<single>[^']*)'|(?P<bare>[^\s\"'=<>`]+)))?"
)
_BLANK_LINE = re.compile(r"\n[ \t>]*\n")
#: References of more digits name no character, and turning thousands of digits into a number is an error.
_REFERENCE = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{0,31});")

PAIRED_INLINE = frozenset(
    "a abbr b bdi bdo big cite code del dfn em font i ins kbd label mark q s samp small span strike strong sub sup tt u"
    " var button time data output".split()
)
VOID = frozenset("area base br col embed hr img input link meta param source track wbr".split())
BLOCKS = frozenset(
    "address article aside blockquote body caption center colgroup dd details dialog div dl dt fieldset figcaption"
    " figure footer form frame frameset h1 h2 h3 h4 h5 h6 head header hgroup html iframe legend li main map menu nav"
    " noscript object ol optgroup option p picture pre search section summary svg table tbody td template tfoot th"
    " thead title tr ul video audio".split()
)
_RUBY = frozenset(("ruby", "rt", "rp", "rb"))
KNOWN = PAIRED_INLINE | VOID | BLOCKS | _RUBY
#: Words that people also write between angle brackets where something has to be filled in.
_PLACEHOLDERS = frozenset(
    "address area base body button caption data dialog embed footer form frame head header html iframe input label"
    " legend link main map menu meta nav object option output param search section source template time title track"
    " var code article aside cite table video audio picture pre".split()
)
_BARE_ATTRIBUTES = frozenset(
    "allowfullscreen async autofocus autoplay block center checked compact controls defer disabled download hidden"
    " inline loop markdown mozallowfullscreen multiple muted novalidate nowrap open playsinline readonly required"
    " reversed selected webkitallowfullscreen".split()
)


@dataclass(slots=True)
class Tag:
    """A tag as it is written, its lower-case ``name``, and its attributes; ``partner`` is where its other half is."""

    name: str
    closes: bool
    attributes: dict[str, str]
    source: str
    follows_word: bool = False
    partner: int | None = None

    @property
    def is_text(self) -> bool:
        """Whether it is no tag after all: a placeholder, or what a type is made of."""
        if self.partner is not None or self.attributes or self.closes:
            return False
        letter = self.source[1:2]
        is_letter = self.name in PAIRED_INLINE | {"p"} and len(self.name) == 1
        return self.name in _PLACEHOLDERS or (is_letter and (letter.isupper() or self.follows_word))


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a note on its way through: text within a line, a line's end, code, or a tag."""

    text: str = ""
    is_code: bool = False
    is_line: bool = False  # whether the code is a line of its own
    tag: Tag | None = None

    @property
    def ends_line(self) -> bool:
        """Whether it is the end of a line."""
        return self.text == "\n"


END_OF_LINE = Piece("\n")


def pieces_of(lines: Sequence[str], code: Sequence[bool]) -> list[Piece]:
    """Return ``lines`` in pieces, each line but the last followed by its end; tags know their partners."""
    found: list[Piece] = []
    prose: list[str] = []

    def settle() -> None:
        found.extend(_pieces_of_prose("".join(prose)))
        prose.clear()

    for number, line in enumerate(lines):
        if number:
            prose.append("\n")
        for text, is_code in [(line, True)] if code[number] else verbatim_spans(line):
            if is_code:
                settle()
                found.append(Piece(text, is_code=True, is_line=code[number]))
            else:
                prose.append(text)
    settle()
    _pair(found)
    return found


def read_tag(match: re.Match[str]) -> Tag | None:
    """Return the tag that :data:`TAG` found, None where HTML has none of its name or with such attributes."""
    name = match["name"].lower()
    if name not in KNOWN or _is_escaped(match.string, match.start()) or _BLANK_LINE.search(match.group()):
        return None
    attributes: dict[str, str] = {}
    for one in _ATTRIBUTE.finditer(match["attributes"]):
        value = next((one[group] for group in ("double", "single", "bare") if one[group] is not None), None)
        if value is None and one["name"].lower() not in _BARE_ATTRIBUTES:
            return None
        attributes.setdefault(one["name"].lower(), unescaped(value or "").strip())
    before = match.string[match.start() - 1 : match.start()]
    return Tag(name, bool(match["closes"]), attributes, match.group(), before.isalnum())


def unescaped(text: str) -> str:
    """Return ``text`` with HTML's references as the characters that they name."""
    return _REFERENCE.sub(lambda match: unescape(match.group()), text) if "&" in text else text


def _is_escaped(text: str, position: int) -> bool:
    slashes = 0
    while slashes < position and text[position - 1 - slashes] == "\\":
        slashes += 1
    return slashes % 2 == 1


def _pieces_of_prose(prose: str) -> Iterator[Piece]:
    rest = 0
    for match in TAG.finditer(prose):
        tag = read_tag(match)
        if tag is not None:
            yield from _lines_of(prose[rest : match.start()])
            yield Piece(match.group(), tag=tag)
            rest = match.end()
    yield from _lines_of(prose[rest:])


def _lines_of(text: str) -> Iterator[Piece]:
    for number, line in enumerate(text.split("\n")):
        if number:
            yield END_OF_LINE
        if line:
            yield Piece(line)


def _pair(pieces: Sequence[Piece]) -> None:
    """Tell start and end tags their partners; marks within lines end with their paragraph."""
    open_within: list[int] = []
    open_blocks: list[int] = []
    is_blank = False
    for place, piece in enumerate(pieces):
        tag = piece.tag
        if piece.ends_line:
            if is_blank:
                open_within.clear()
            is_blank = True
        elif tag is None:
            is_blank = is_blank and not piece.is_code and not piece.text.strip(" \t>")
        else:
            is_blank = False
            if tag.name in VOID:
                continue
            opened = open_blocks if tag.name in BLOCKS else open_within
            if not tag.closes:
                opened.append(place)
            else:
                _close(pieces, opened, place, tag)


def _close(pieces: Sequence[Piece], opened: list[int], place: int, tag: Tag) -> None:
    names = [_name_at(pieces, one) for one in opened[-_DEEPEST:]]
    if tag.name not in names:
        return
    while opened:
        start = opened.pop()
        other = pieces[start].tag
        if other is not None and other.name == tag.name:
            tag.partner, other.partner = start, place
            return


_DEEPEST = 40  # of elements in one another; what is nested deeper is left unpaired


def _name_at(pieces: Sequence[Piece], place: int) -> str:
    tag = pieces[place].tag
    return tag.name if tag is not None else ""
