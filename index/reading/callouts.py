"""Markdown's callouts, ``> [!NOTE] Title``: block quotes that begin with a kind, as GitHub and Obsidian write them."""

import re
from collections.abc import Sequence

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock, blockquote
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

_KIND = re.compile(r"\[!(?P<kind>[A-Za-z][\w-]{0,40})\][+-]?(?:[ \t]+(?P<title>[^\n]*))?(?:\n|$)")
_BEGINNING = re.compile(r"> ?\[![A-Za-z]")


def callouts_plugin(parser: MarkdownIt) -> None:
    """Make ``callout_open``, with the kind in its ``info``, of block quotes that begin with one.

    A title of its own follows as ``callout_title_open``, ``inline`` and ``callout_title_close``. What has no quotation
    mark does not belong to one, and where the next begins it ends: a note's line ends its callout without a blank line.
    """
    parser.block.ruler.at("blockquote", _quote, {"alt": ["paragraph", "reference", "blockquote", "list"]})
    parser.core.ruler.after("block", "callouts", _find_callouts)


def _quote(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:
    """Read a block quote as ever, but one that is a callout no further than its quotation marks go."""
    if silent or not _begins(state, start_line):
        return blockquote(state, start_line, end_line, silent)
    end = start_line + 1
    while end < end_line and _is_marked(state, end) and not _begins(state, end):
        end += 1
    line_max, state.lineMax = state.lineMax, end  # a paragraph looks for its lines up to there
    try:
        return blockquote(state, start_line, end, silent)
    finally:
        state.lineMax = line_max


def _is_marked(state: StateBlock, line: int) -> bool:
    start = state.bMarks[line] + state.tShift[line]
    return state.sCount[line] >= state.blkIndent and state.src.startswith(">", start, state.eMarks[line])


def _begins(state: StateBlock, line: int) -> bool:
    """Return whether a callout begins on ``line``."""
    return _is_marked(state, line) and bool(
        _BEGINNING.match(state.src, state.bMarks[line] + state.tShift[line], state.eMarks[line])
    )


def _find_callouts(state: StateCore) -> None:
    found: list[Token] = []
    opened: list[bool] = []  # whether each open block quote is a callout
    tokens = state.tokens
    position = 0
    while position < len(tokens):
        token = tokens[position]
        position += 1
        if token.type == "blockquote_open":
            match = _kind_at(tokens, position)
            opened.append(match is not None)
            found.append(token)
            if match is not None:
                token.type, token.tag, token.info = "callout_open", "div", match["kind"].lower()
                found.extend(_title(match, tokens[position + 1]))
                position += _without_first_line(tokens, position, match)
            continue
        if token.type == "blockquote_close" and opened.pop():
            token.type, token.tag = "callout_close", "div"
        found.append(token)
    state.tokens = found


def _kind_at(tokens: Sequence[Token], position: int) -> re.Match[str] | None:
    """Return the kind that the paragraph at ``position`` begins with."""
    if position + 1 >= len(tokens) or tokens[position].type != "paragraph_open":
        return None
    return _KIND.match(tokens[position + 1].content)


def _title(match: re.Match[str], inline: Token) -> list[Token]:
    text = (match["title"] or "").strip()
    if not text or not inline.map:
        return []
    lines = [inline.map[0], inline.map[0] + 1]
    title = Token("inline", "", 0, content=text, map=lines, level=inline.level, children=[])
    return [Token("callout_title_open", "p", 1, map=lines), title, Token("callout_title_close", "p", -1)]


def _without_first_line(tokens: Sequence[Token], position: int, match: re.Match[str]) -> int:
    """Take the callout's first line from the paragraph at ``position``; return how many tokens are left out."""
    inline = tokens[position + 1]
    rest = inline.content[match.end() :]
    if not rest:
        return 3  # the paragraph held nothing else
    inline.content = rest
    for token in tokens[position : position + 2]:
        if token.map:
            token.map = [token.map[0] + 1, token.map[1]]
    return 0
