"""Headings that Markdown does not take for any: ``#제목`` without a blank, seven hashes, and bold lines."""

import re
from collections.abc import Iterator, Sequence

from markdown_it import MarkdownIt
from markdown_it.token import Token

from index.reading.dialects.translation import Translation
from index.reading.markdown import with_dialects

_GLUED = re.compile(r"(?P<indent> {0,3})(?P<marks>#{1,6})(?P<text>[^\s#!].*)")
_TOO_DEEP = re.compile(r"(?P<indent> {0,3})#{7,}(?P<text>[ \t]+\S.*)")
#: Words that a hash belongs to: a preprocessor's, and what people tag lines with.
_NOT_TITLES = re.compile(
    r"(?:include|define|undef|ifdef|ifndef|if|else|elif|endif|pragma|import|region|endregion|error|line|warning"
    r"|todo|fixme|note|tag)\b",
    re.IGNORECASE,
)
_ANOTHER_TAG = re.compile(r"\s#[^\s#]")
_LEAST = 2  # bold lines that make headings of one another
_LONGEST = 80
_LEVEL_OF_BOLD = 2
#: How a statement ends: with a stop, or a Korean sentence without one. A question may well be a heading.
_STATEMENT = re.compile(r"(?:[.!。！…;,]|[다요]|니까|세요|시오|할 것)[\"'”’)\]]*")
_NUMBERED = re.compile(r"\(?(?:\d{1,3}|[가-하]|[A-Za-z]|[IVXivx]{1,4})[.)]\s")


def translate_blocks(note: Translation) -> None:
    """Set hashes of headings apart from their text."""
    glued = [_GLUED.fullmatch(line) if not note.code[n] else None for n, line in enumerate(note.lines)]
    has_deep = any(match is not None and len(match["marks"]) > 1 and _is_worded(match) for match in glued)
    first = next((n for n, line in enumerate(note.lines) if line.strip()), 0)
    if note.lines[first].islower():
        first = -1  # a tag rather than a title
    for number, match in enumerate(glued):
        is_habit = has_deep or number == first
        if match is not None and _is_heading(note.lines, number, match, is_habit=is_habit):
            note.lines[number] = f"{match['indent']}{match['marks']} {match['text']}"
        elif not note.code[number] and (deep := _TOO_DEEP.fullmatch(note.lines[number])):
            note.lines[number] = f"{deep['indent']}######{deep['text']}"


def translate_lines(note: Translation) -> None:
    """Make headings of bold lines, in a note that has none but perhaps one at its top."""
    if sum("**" in line or "__" in line for line in note.lines) < _LEAST:
        return
    tokens = with_dialects(MarkdownIt("commonmark")).parse("\n".join(note.lines))
    headings = [position for position, token in enumerate(tokens) if token.type == "heading_open"]
    above = tokens[: headings[0]] if headings else []
    if len(headings) > 1 or any(token.type != "front_matter" for token in above):
        return
    found = list(_bold_lines(tokens))
    if len(found) >= _LEAST:
        for number, text in found:
            note.lines[number] = f"{'#' * _LEVEL_OF_BOLD} {text}"


def _is_worded(match: re.Match[str]) -> bool:
    return match["text"][0].isalnum() or match["text"][0] in "*_`[(<" or ord(match["text"][0]) > 0x2000


def _is_heading(lines: Sequence[str], number: int, match: re.Match[str], *, is_habit: bool) -> bool:
    """Return whether the glued hashes on a line begin a heading, and not a tag, a number or a colour."""
    text = match["text"]
    if not _is_worded(match) or _ANOTHER_TAG.search(text) or _NOT_TITLES.match(text):
        return False
    if len(match["marks"]) > 1:
        return True
    stands_alone = not (number and lines[number - 1].strip())
    is_several_words = " " in text.strip()
    return stands_alone and not text[0].isdigit() and (is_several_words or is_habit)


def _bold_lines(tokens: Sequence[Token]) -> Iterator[tuple[int, str]]:
    """Yield line, from 0, and text of paragraphs that are one bold line, with a block of another kind after them."""
    paragraphs = [
        position
        for position, token in enumerate(tokens)
        if token.type == "paragraph_open" and not token.level and _bold_text(tokens[position + 1])
    ]
    bold = set(paragraphs)
    for position in paragraphs:
        following = position + 3
        token = tokens[position]
        if following < len(tokens) and following not in bold and token.map and tokens[following].type != "heading_open":
            yield token.map[0], _bold_text(tokens[position + 1])


def _bold_text(inline: Token) -> str:
    """Return the Markdown within a paragraph of nothing but one bold line, empty where it is none or a statement."""
    source = inline.content.strip().removesuffix(":").removesuffix("：").rstrip()
    children = inline.children or []
    opened = [child for child in children if child.type == "strong_open"]
    is_one = (
        len(opened) == 1
        and "\n" not in source
        and children[0].type in ("strong_open", "text")
        and not any(child.content.strip(" :：") for child in children if child.level == 0 and child.type == "text")
        and all(child.level > 0 or child.type in ("strong_open", "strong_close", "text") for child in children)
        and source[:2] == source[-2:]
        and source[:2] in ("**", "__")
    )
    if not is_one or len(source) > _LONGEST:
        return ""
    text = source[2:-2].strip().rstrip(":：").rstrip()
    return "" if _is_statement(text) else text


def _is_statement(text: str) -> bool:
    """Return whether ``text`` ends as a sentence does, its number apart."""
    words = _NUMBERED.sub("", text, count=1) if _NUMBERED.match(text) else text
    return any(_STATEMENT.fullmatch(words, begin) for begin in range(max(len(words) - 8, 0), len(words)))
