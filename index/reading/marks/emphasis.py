"""Emphasis beside Korean: ``**토큰(Token)**은`` is bold, though CommonMark's rule for marks asks for a space there.

CommonMark tells what a mark opens or closes by the white space and punctuation around it, as Western words are parted.
Korean particles follow without a space. The rule that the "CJK-friendly" draft adds is used: beside a Korean, Chinese
or Japanese letter, punctuation on a mark's other side does not stand in its way. Nothing else changes. The package of
that name (mdit-py-cjk-friendly 0.3) leaves Korean letters out, needs an older parser and changes it for everybody.
"""

import re

from markdown_it import MarkdownIt
from markdown_it.common.utils import isMdAsciiPunct, isPunctChar, isWhiteSpace
from markdown_it.rules_inline import StateInline, emphasis, strikethrough

#: Letters that words follow on without a space: Korean with its parts, Japanese and Chinese.
_LETTER = re.compile(r"[\u1100-\u11ff\u3130-\u318f\uac00-\ud7ff\u3041-\u30ff\u3400-\u9fff\uf900-\ufaff]")


def emphasis_plugin(parser: MarkdownIt) -> None:
    """Let ``*`` and ``~~`` open and close beside Korean letters; ``_`` stays as it is: it stands inside of names."""
    parser.inline.ruler.at("emphasis", _emphasis)
    parser.inline.ruler.at("strikethrough", _strikethrough)


def _emphasis(state: StateInline, silent: bool) -> bool:
    start, known = state.pos, len(state.delimiters)
    if not emphasis.tokenize(state, silent):
        return False
    if state.src[start] == "*":
        _mend(state, start, known)
    return True


def _strikethrough(state: StateInline, silent: bool) -> bool:
    start, known = state.pos, len(state.delimiters)
    if not strikethrough.tokenize(state, silent):
        return False
    _mend(state, start, known)
    return True


def _mend(state: StateInline, start: int, known: int) -> None:
    """Let the marks from ``start`` on open or close, those after the first ``known`` ones, where a letter allows it."""
    before = state.src[start - 1] if start else " "
    after = state.src[state.pos] if state.pos < state.posMax else " "
    opens = _LETTER.match(before) is not None and _is_punctuation(after)
    closes = _LETTER.match(after) is not None and _is_punctuation(before)
    for delimiter in state.delimiters[known:]:
        delimiter.open = delimiter.open or opens
        delimiter.close = delimiter.close or closes


def _is_punctuation(sign: str) -> bool:
    return not isWhiteSpace(ord(sign)) and (isMdAsciiPunct(ord(sign)) or isPunctChar(sign))
