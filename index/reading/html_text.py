"""Reads the text out of HTML as it stands in notes: whatever is written, in time linear in its length.

The standard library's reader raises on some declarations, and looks for the end of a tag or comment that is never
closed again and again; what it makes of whole tags, comments and references is what is made of them here.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape

_TAG_NAME = re.compile(r"[a-zA-Z][^\s/>]*")
_TAG_STOP = re.compile(r"[>=]")
_VALUE = re.compile(r"""\s*(?:"([^"]*)"|'([^']*)'|(?=["'])|([^\s>]*))""")
_READ_ATTRIBUTES = frozenset({"alt", "title"})
_VERBATIM_ELEMENTS = ("script", "style")
_ENDS = {
    "comment": re.compile(r"--\s*>"),
    "section": re.compile(r"\]\s*\]\s*>"),
    "other": re.compile(r">"),
    **{name: re.compile(rf"</\s*{name}\s*>", re.IGNORECASE) for name in _VERBATIM_ELEMENTS},
}
_SECTION = re.compile(r"<!\[\s*(?:cdata|rcdata|include|ignore|temp)\b", re.IGNORECASE)
#: References of more digits name no character, and turning thousands of digits into a number is an error.
_REFERENCE = re.compile(
    r"&(?:#[0-9]{1,7}(?![0-9]);?|#[xX][0-9a-fA-F]{1,6}(?![0-9a-fA-F]);?|[a-zA-Z][a-zA-Z0-9]{0,31};?)"
)
_FAILURES = 16  # tags that may be followed to the end of the text in vain; the rest are text unread


@dataclass(frozen=True, slots=True)
class _StartTag:
    """A tag from its ``<`` to ``end``, with the attributes that are text, still with references."""

    name: str
    end: int
    texts: tuple[str, ...]


def html_text(source: str) -> str:
    """Return the text of an HTML fragment without tags and comments, with alternative texts of images."""
    text = "".join(_Reader(source).pieces())
    return "\n".join(filter(None, (" ".join(line.split()) for line in text.split("\n"))))


class _Reader:
    """Goes through ``source`` once. Where an end is not found from one place on, it is not looked for after it."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._absent: set[str] = set()
        self._failures = 0

    def pieces(self) -> Iterator[str]:
        """Yield the pieces of text in order."""
        position = 0
        while position < len(self._source):
            opening = self._source.find("<", position)
            if opening < 0:
                opening = len(self._source)
            if position < opening:
                yield _unescaped(self._source[position:opening])
                position = opening
            else:
                position, texts = self._markup(position)
                yield from texts

    def _markup(self, position: int) -> tuple[int, list[str]]:
        """Return the end of what begins with ``<`` at ``position``, and its texts."""
        source = self._source
        following = source[position + 1 : position + 2]
        if following.isascii() and following.isalpha():
            tag = self._start_tag(position)
            if tag is not None:
                return self._element(tag)
        elif following in ("/", "?", "!"):
            end = self._end_of_other(position)
            if end is not None:
                return end, []
        else:
            return position + 1, ["<"]
        end = self._end("other", position + 1)
        if end is None:
            end = source.find("<", position + 1)
            end = end if end > 0 else len(source)
        return end, [_unescaped(source[position:end])]

    def _element(self, tag: _StartTag) -> tuple[int, list[str]]:
        texts = [" ", *map(_unescaped, tag.texts)]
        if tag.name not in _VERBATIM_ELEMENTS:
            return tag.end, texts
        closing = self._match(tag.name, tag.end)
        if closing is None:
            return len(self._source), texts
        return closing.end(), [*texts, self._source[tag.end : closing.start()]]

    def _end_of_other(self, position: int) -> int | None:
        """Return the end of an end tag, comment, declaration or instruction; None where it has none."""
        if self._source.startswith("<!--", position):
            return self._end("comment", position + 4)
        if _SECTION.match(self._source, position):
            return self._end("section", position + 3)
        return self._end("other", position + 2)

    def _start_tag(self, position: int) -> _StartTag | None:
        """Return the tag at ``position``, None where it is never closed."""
        if "other" in self._absent or self._failures >= _FAILURES:
            return None
        name = _TAG_NAME.match(self._source, position + 1)
        texts: list[str] = []
        at = name.end() if name else position + 1
        while stop := _TAG_STOP.search(self._source, at):
            if stop.group() == ">":
                return _StartTag(name.group().lower() if name else "", stop.end(), tuple(texts))
            value = _VALUE.match(self._source, stop.end())
            words = self._source[at : stop.start()].replace("/", " ").split()
            at = value.end() if value else stop.end()
            if self._source[at : at + 1] in ('"', "'") and value and value.lastindex is None:
                break  # a quote that is never closed
            if value and value.lastindex and words and words[-1].lower() in _READ_ATTRIBUTES:
                texts.append(value[value.lastindex])
        self._failures += 1
        return None

    def _match(self, kind: str, position: int) -> re.Match[str] | None:
        found = None if kind in self._absent else _ENDS[kind].search(self._source, position)
        if found is None:
            self._absent.add(kind)
        return found

    def _end(self, kind: str, position: int) -> int | None:
        found = self._match(kind, position)
        return found.end() if found else None


def _unescaped(text: str) -> str:
    return _REFERENCE.sub(lambda match: unescape(match.group()), text) if "&" in text else text
