r"""Markdown's rules for maths: formulas in a line, displayed ones over several, and their ``|`` in cells of tables.

What is a formula is told by :mod:`index.language.formulas`. The plugins of ``mdit-py-plugins`` are not used: they take
``$5 and x$`` for maths, do not end a paragraph at a line ``$$``, and look from each ``$$`` to the note's end.
"""

import re

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock, table
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline

from index.language.formulas import BRACKETS, formula_at, has_marks, is_prose

INLINE, DISPLAY_IN_LINE, DISPLAY = "math_inline", "math_inline_double", "math_block"
#: By what opens a displayed formula at the start of a line, what closes it.
_CLOSINGS = {"$$": "$$", "\\[": BRACKETS["\\["]}
_MOST_LINES = 200
_ENVIRONMENT = re.compile(r"\\begin\{((?:equation|align|alignat|gather|multline|flalign|eqnarray)\*?)\}")
#: What may stand after a displayed formula: a full stop, its number, or its label.
_TAIL = re.compile(r"[.,;:。]?\s{0,9}(?:\([^()]{1,80}\)|\{#[^{}]{1,80}\})?\s*")
_FENCES = frozenset({"math", "{math}"})
_FENCE_OPTION = re.compile(r"^:[\w-]+:.*$", re.MULTILINE)
_IN_TABLES = re.compile(r"\\.|[$|]", re.DOTALL)
_BAR = re.compile(r"(?<!\\)\|")
_MASKED = "masked source of tables"


def maths_plugin(parser: MarkdownIt) -> None:
    """Teach ``parser`` to read maths as tokens ``math_inline``, ``math_inline_double`` and ``math_block``.

    Their ``content`` is the formula's source without marks.
    """
    parser.inline.ruler.before("escape", INLINE, _inline)
    parser.block.ruler.before("fence", DISPLAY, _block, {"alt": ["paragraph", "reference", "blockquote", "list"]})
    parser.block.ruler.at("table", _table, {"alt": ["paragraph", "reference"]})
    parser.core.ruler.after("block", "math_fence", _fences)


def _inline(state: StateInline, silent: bool) -> bool:
    formula = formula_at(state.src, state.pos) if state.src[state.pos] in "$\\" else None
    if formula is None or formula.end > state.posMax:
        return False
    if not silent:
        token = state.push(DISPLAY_IN_LINE if formula.is_display else INLINE, "math", 0)
        token.content = formula.tex
        token.markup = state.src[formula.start : formula.start + 1 + formula.is_display]
    state.pos = formula.end
    return True


def _block(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:
    found = None if state.is_code_block(start_line) else _displayed(state, start_line, end_line)
    if found is None:
        return False
    lines, content = found
    if not silent:
        state.line = start_line + lines
        token = state.push(DISPLAY, "math", 0)
        token.block = True
        token.content = content
        token.markup = "$$"
        token.map = [start_line, state.line]
    return True


def _displayed(state: StateBlock, start_line: int, end_line: int) -> tuple[int, str] | None:
    """Return over how many lines a displayed formula stands that begins on a line, and its source."""
    first = _line(state, start_line)
    environment = _ENVIRONMENT.match(first)
    opening = environment[0] if environment else first[:2]
    closing = f"\\end{{{environment[1]}}}" if environment else _CLOSINGS.get(opening)
    if closing is None:
        return None
    inside = [first[len(opening) :]]
    may_hold_blank_lines = not inside[0].strip()
    for line in range(start_line, min(end_line, start_line + _MOST_LINES)):
        if line > start_line:
            text = _line(state, line)
            is_outside = state.sCount[line] < state.blkIndent and bool(text)
            if is_outside or not (text or may_hold_blank_lines) or (text.startswith(opening) and opening != closing):
                return None
            inside.append(text)
        end = inside[-1].find(closing)
        if end < 0:
            continue
        is_end = _TAIL.fullmatch(inside[-1], end + len(closing))
        inside[-1] = inside[-1][:end]
        content = "\n".join(inside).strip()
        is_bracketed = opening == "\\[" and line == start_line and not has_marks(content)
        if not is_end or not content or is_prose(content) or is_bracketed:
            return None
        return line - start_line + 1, f"{opening}\n{content}\n{closing}" if environment else content
    return None


def _line(state: StateBlock, line: int) -> str:
    return state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]].rstrip()


def _table(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:
    """Read a table as ever, but with another sign for each ``|`` inside of a formula, put back afterwards."""
    source = state.src
    mark, state.src = _masked(state)
    before = len(state.tokens)
    try:
        return table(state, start_line, end_line, silent)
    finally:
        state.src = source
        if mark:
            for token in state.tokens[before:]:
                token.content = token.content.replace(mark, "|")


def _masked(state: StateBlock) -> tuple[str, str]:
    """Return the sign that stands for ``|`` in formulas, and the source with it; ``""`` where there is none."""
    known: tuple[str, str, str] | None = state.env.get(_MASKED)
    if known is None or known[0] is not state.src:
        known = state.env[_MASKED] = (state.src, *_with_bars_masked(state.src))
    return known[1], known[2]


def _with_bars_masked(source: str) -> tuple[str, str]:
    if "|" not in source or ("$" not in source and "\\" not in source):
        return "", source
    mark = next(sign for sign in map(chr, range(0xE000, 0xF8FF)) if sign not in source)
    lines = source.split("\n")
    masked = [_with_bars(line, mark) if "|" in line and ("$" in line or "\\(" in line) else line for line in lines]
    return mark, "\n".join(masked)


def _with_bars(line: str, mark: str) -> str:
    pieces: list[str] = []
    at = 0
    while found := _IN_TABLES.search(line, at):
        formula = formula_at(line, found.start())
        end = formula.end if formula else found.end()
        inside = line[found.start() : end]
        pieces += [line[at : found.start()], _BAR.sub(mark, inside) if formula else inside]
        at = end
    return "".join([*pieces, line[at:]])


def _fences(state: StateCore) -> None:
    for token in state.tokens:
        words = token.info.split(maxsplit=1) if token.type == "fence" else []
        content = _FENCE_OPTION.sub("", token.content).strip() if words and words[0] in _FENCES else ""
        if content:
            token.type, token.tag, token.content = DISPLAY, "math", content
