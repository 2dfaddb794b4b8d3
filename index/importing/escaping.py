"""Writes plain text so that Markdown shows it as it is: nothing in it becomes a heading, a list, a mark or a tag.

Only what would be markup is escaped, lest every quotation be full of backslashes: ``snake_case``, ``2 * 3`` and
``a < b`` stay as they are. The marks of other dialects (Obsidian, MkDocs, Jekyll, maths) are escaped as well.
"""

import re
import string

from index.border import mended

_PUNCTUATION = frozenset(string.punctuation)
_SPECIAL = re.compile(r"[\\`*_<\[~$&^=%{#|]")
_ENTITY = re.compile(r"&#?\w{1,32};")
_LINK_ENDS = ("](", "][", "]:")
_NUMBERED = re.compile(r"(\d{1,9})([.)])(?=\s|$)")
_OPENS_BLOCK = re.compile(r"[-+*](?=\s|$)|-{2,}|_|=|>|\|")
_OPENS_DIALECT = re.compile(r"!!!|\?\?\?|:{1,}(?=\s|:|$)")
_INVISIBLE = re.compile("[\u00ad\u200b\u2060\ufeff]")


def one_line(text: str) -> str:
    """Return ``text`` well-formed and composed on one line, its white space folded."""
    return " ".join(_INVISIBLE.sub("", mended(text)).split())


def escaped_line(text: str, *, within: str = "", in_table: bool = False) -> str:
    """Return one line of plain text as Markdown that reads the same wherever it stands on a line.

    :param within: The whole line, where ``text`` is a part of it.
    """
    if not text:
        return ""
    whole = within or text
    has_links = any(end in whole for end in _LINK_ENDS) or "[[" in whole or "[^" in whole
    has_maths = whole.count("$") > 1
    parts: list[str] = []
    last = 0
    for match in _SPECIAL.finditer(text):
        at = match.start()
        if _is_markup(text, at, has_links=has_links, has_maths=has_maths, in_table=in_table):
            parts += (text[last:at], "\\")
            last = at
    parts.append(text[last:])
    return "".join(parts)


def _is_markup(text: str, at: int, *, has_links: bool, has_maths: bool, in_table: bool) -> bool:
    sign = text[at]
    before, after = text[at - 1 : at], text[at + 1 : at + 2]
    if sign in "[$|":
        return {"[": has_links, "$": has_maths, "|": in_table}[sign]
    if sign in "*_":
        in_word = sign == "_" and before.isalnum() and after.isalnum()
        return not in_word and not (before.isspace() and after.isspace())
    return _begins_markup(text, at, sign, before, after)


def _begins_markup(text: str, at: int, sign: str, before: str, after: str) -> bool:  # noqa: PLR0911 - one a sign
    match sign:
        case "\\":
            return not after or after in _PUNCTUATION
        case "<":
            return after.isalpha() or after in ("/", "!", "?")
        case "&":
            return _ENTITY.match(text, at) is not None
        case "#":
            return not before or before.isspace()
        case "^":
            return before.isspace() and " " not in text[at:]
        case "~" | "=" | "%":
            return sign in (before, after)
        case "{":
            return after in ("{", "%", "#", ".", ":", "=")
        case _:  # a backtick
            return True


def escaped_start(markdown: str) -> str:
    """Return a line of inline Markdown so that it opens no list, quotation, rule or block of a dialect."""
    numbered = _NUMBERED.match(markdown)
    if numbered:
        return f"{numbered[1]}\\{markdown[numbered.end(1) :]}"
    if _OPENS_BLOCK.match(markdown) or _OPENS_DIALECT.match(markdown):
        return f"\\{markdown}"
    return markdown
