"""Links by reference, ``[text][1]`` with ``[1]: address`` elsewhere: a line gets the addresses that it needs."""

import re

from markdown_it import MarkdownIt
from markdown_it.common.utils import normalizeReference
from markdown_it.utils import EnvType

from index.reading.dialects.translation import Translation
from index.reading.dialects.whole_lines import address_of, map_lines

_LINK = re.compile(r"(?<![\\\[])(!?)\[((?:[^\[\]\\]|\\.){0,300})\](?:\[((?:[^\[\]\\]|\\.){0,300})\])?(?![\[(:\]])")
#: An address that is defined once and used many times must not make a note grow beyond all bounds.
_ROOM = 100_000


def translate_lines(note: Translation) -> None:
    """Write addresses where they are used; the lines that define them stay, and nobody sees them."""
    text = "\n".join(note.lines)
    if "]:" not in text:
        return
    env: EnvType = {}
    MarkdownIt("commonmark").disable("inline").parse(text, env)
    defined = env.get("references", {})
    if not defined:
        return
    of_definitions = {line for one in defined.values() for line in range(*one["map"])}
    code, note.code = note.code, [is_code or n in of_definitions for n, is_code in enumerate(note.code)]
    left = len(text) + _ROOM

    def linked(link: re.Match[str]) -> str:
        nonlocal left
        found = defined.get(normalizeReference(link[3] or link[2]))
        if found is None or link[2].startswith("^"):
            return link[0]
        address = str(found["href"])
        shown = f"{link[1]}[{link[2]}]({address_of(address)})"
        left -= len(shown)
        return shown if left > 0 else link[0]

    map_lines(note, lambda line: _LINK.sub(linked, line), only=lambda line: "]" in line)
    note.code = code
