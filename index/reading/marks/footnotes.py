"""Footnotes: references ``[^1]`` in a line, and what they refer to, ``[^1]: text`` over one or several lines.

Definitions stay where they stand, as their lines are quoted; the plugin of mdit-py-plugins reads them. References are
read here: the plugin looks from each ``[^`` to the line's end, and counts notes in the order of their use.
"""

import re

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from mdit_py_plugins.footnote.index import footnote_def

from index.reading.dialects.translation import code_spans

REFERENCE, DEFINITION, DEFINITION_END = "footnote_ref", "footnote_open", "footnote_close"
REFERENCES = re.compile(r"\[\^([^\s\[\]^\\]{1,100})\]")
_DEFINED = re.compile(r"(?:[ \t]*>)*(?:[ \t]{0,3}|[ \t]*(?:[-*+]|\d{1,9}[.)])[ \t]+)\[\^([^\s\[\]^\\]{1,100})\]:[ \t]*")
_PARTS = {"footnote_reference_open": DEFINITION, "footnote_reference_close": DEFINITION_END}


def footnotes_plugin(parser: MarkdownIt) -> None:
    """Make ``footnote_ref`` of references, and ``footnote_open`` … ``footnote_close`` of what they refer to.

    Both have the label in ``meta``. In portable Markdown every reference has a note, if not among the lines at hand.
    """
    parser.block.ruler.before("reference", "footnote", footnote_def, {"alt": ["paragraph", "reference"]})
    parser.inline.ruler.before("link", REFERENCE, _reference)
    parser.core.ruler.after("block", "footnotes", _as_blocks)


def _as_blocks(state: StateCore) -> None:
    """Give the parts of definitions names and elements of their own."""
    for token in state.tokens:
        if token.type in _PARTS:
            token.type, token.tag, token.block = _PARTS[token.type], "div", True


def _reference(state: StateInline, silent: bool) -> bool:
    if not state.src.startswith("[^", state.pos):
        return False
    match = REFERENCES.match(state.src, state.pos, state.posMax)
    if match is None:
        return False
    if not silent:
        state.push(REFERENCE, "sup", 0).meta = {"label": match[1]}
    state.pos = match.end()
    return True


def label_of_definition(line: str) -> str | None:
    """Return the label of the footnote that ``line`` begins, None where it begins none."""
    match = _DEFINED.match(line) if "[^" in line else None
    return match[1] if match else None


def without_footnote_marks(line: str) -> str:
    """Return ``line`` without references, and without the label where it begins a footnote; code spans stay."""
    if "[^" not in line:
        return line
    match = _DEFINED.match(line)
    start = match.start(1) - 2 if match else 0
    rest = line[match.end() :] if match else line
    kept = [piece if is_code else REFERENCES.sub("", piece) for piece, is_code in code_spans(rest)]
    return line[:start] + "".join(kept)
