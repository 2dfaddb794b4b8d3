"""Takes from a note what HTML hides (comments, scripts, styles), and makes code of ``<pre>`` and links of players."""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from index.reading.dialects.html.tags import TAG, Tag, read_tag, unescaped
from index.reading.dialects.translation import Fences, Translation, code_spans

_HIDDEN_ELEMENTS = ("script", "style", "svg", "template", "noscript", "object", "textarea", "select", "math")
_PLAYERS = ("iframe", "video", "audio")
_ELEMENTS = (*_HIDDEN_ELEMENTS, *_PLAYERS, "pre")
_START = re.compile(rf"<!--|<\?[a-z]|<![A-Za-z]|</?table(?=[\s>])|<(?:{'|'.join(_ELEMENTS)})(?=[\s>/])", re.IGNORECASE)
_ENDS = {
    "<!--": re.compile(r"-->"),
    "<?": re.compile(r"\?>"),
    "<!": re.compile(r">"),
    **{name: re.compile(rf"</{name}\s*>", re.IGNORECASE) for name in _ELEMENTS},
}
_BEFORE = re.compile(r"[ \t>]*")
_CODE_TAG = re.compile(r"\s*<code(?P<attributes>[^<>]*)>", re.IGNORECASE)
_CODE_END = re.compile(r"</code\s*>\s*$", re.IGNORECASE)
_LANGUAGE = re.compile(r"(?:language|lang|highlight-source)[-=]\"?(?P<name>[\w+#-]+)")
_SOURCE = re.compile(r"<source\s[^<>]*?\bsrc\s*=\s*[\"']?(?P<url>[^\s\"'<>]+)", re.IGNORECASE)
_SAFE_ADDRESS = re.compile(r"https?://|mailto:|[\w%./#-][^:]*$", re.IGNORECASE)
_TO_BE_ESCAPED = re.compile(r"[^\w%./#?&=:;~-]", re.ASCII)
#: What goes on over headings only by mistake: a tag that is talked about, and one like it further below.
_WITHIN_SECTIONS = frozenset((*_HIDDEN_ELEMENTS, *_PLAYERS)) - {"script", "style"}
_SECTION = re.compile(r" {0,3}#{1,6}[ \t]")
_CODE_INDENT = 4
_MOST_ON_A_LINE = 100  # each is looked for from the line's beginning; what comes after them stays text


@dataclass(frozen=True, slots=True)
class _Hidden:
    """What stands from ``column`` of line ``number`` to before ``end_column`` of line ``last``, of a ``kind``."""

    kind: str
    number: int
    column: int
    last: int
    end_column: int


def hide(note: Translation, fences: Fences | None) -> None:
    """Take what is hidden from ``note``; where ``fences`` are given, they say what is code, and ``note.code`` too."""
    _Hider(note, fences).run()


class _Hider:
    """Goes through the lines once; where an end is not found from one place on, it is not looked for after it."""

    def __init__(self, note: Translation, fences: Fences | None) -> None:
        self._note = note
        self._lines = note.lines
        self._fences = fences
        self._absent: set[str] = set()
        self._tables = 0

    def run(self) -> None:
        number = 0
        while number < len(self._lines):
            if self._fences is not None and self._fences.holds(self._lines[number]):
                self._note.code[number] = True
            elif not self._note.code[number]:
                number = self._line(number)
            number += 1

    def _line(self, number: int) -> int:
        """Take from line ``number`` what is hidden in it; return the last line that was looked at."""
        column = 0
        for _ in range(_MOST_ON_A_LINE):
            start = self._start(number, column)
            if start is None:
                break
            mark = start.group().lower()
            if mark.endswith("table"):
                self._tables = max(self._tables + (-1 if mark.startswith("</") else 1), 0)
                column = start.end()
                continue
            kind = next((name for name in _ENDS if mark.removeprefix("<") == name or mark == name), mark[:2])
            found = self._found(kind, number, start)
            if found is None:
                column = start.end()
                continue
            number, column = self._take(found)
        return number

    def _start(self, number: int, column: int) -> re.Match[str] | None:
        line = self._lines[number]
        if "<" not in line:
            return None
        at = 0
        for text, is_code in code_spans(line):
            end = at + len(text)
            if not is_code and end > column:
                for match in _START.finditer(line, max(at, column), end):
                    if line[match.start() - 1 : match.start()] != "\\" or match.start() == 0:
                        return match
            at = end
        return None

    def _found(self, kind: str, number: int, start: re.Match[str]) -> _Hidden | None:
        if kind in self._absent:
            return None
        column = start.end()
        for last in range(number, len(self._lines)):
            if kind in _WITHIN_SECTIONS and last > number and _SECTION.match(self._lines[last]):
                return None
            end = _ENDS[kind].search(self._lines[last], column)
            if end is not None:
                return _Hidden(kind, number, start.start(), last, end.end())
            column = 0
        self._absent.add(kind)
        return None

    def _take(self, found: _Hidden) -> tuple[int, int]:
        """Write what stands for ``found``; return the line and column after it."""
        lines = self._lines
        before, after = lines[found.number][: found.column], lines[found.last][found.end_column :]
        inner = [*lines[found.number : found.last + 1]]
        inner[-1] = inner[-1][: found.end_column]
        inner[0] = inner[0][found.column :]
        if found.kind == "pre":
            written = self._code(found, before, inner, after)
            if written is not None:
                return written
        shown = _player("\n".join(inner)) if found.kind in _PLAYERS else ""
        quote = before[: len(before) - len(before.lstrip(" >"))] if ">" in before else ""
        if found.last == found.number:
            lines[found.number] = _without_a_gap(before, shown, after)
            return found.last, len(before) + len(shown)
        lines[found.number] = before.rstrip() if before.strip() else quote.rstrip()
        for number in range(found.number + 1, found.last):
            lines[number] = quote.rstrip()
        for number in range(found.number, found.last):
            self._note.code[number] = False
        indent = quote or " " * (len(before) - len(before.lstrip()))
        lines[found.last] = f"{indent}{shown}{after.lstrip() if not shown else after}".rstrip()
        return found.last, len(indent) + len(shown)

    def _code(self, found: _Hidden, before: str, inner: list[str], after: str) -> tuple[int, int] | None:
        """Write the lines of a ``<pre>`` as code; None where it has to be read as any other element."""
        first = TAG.match(inner[0])
        if first is None:
            return None
        rest = inner[0][first.end() :]
        code_tag = _CODE_TAG.match(rest)
        attributes = first["attributes"] + (code_tag["attributes"] if code_tag else "")
        content = [rest[code_tag.end() if code_tag else 0 :], *inner[1:]]
        content[-1] = _CODE_END.sub("", content[-1][: content[-1].lower().rindex("</pre")])
        content = [unescaped(TAG.sub("", line)) for line in content]
        lines = self._lines
        language = _LANGUAGE.search(attributes)
        indent = before if not before.strip() else ""
        is_apart = not before.strip() and not after.strip() and not self._tables
        if is_apart and len(content) > 1 and not content[0].strip() and not content[-1].strip():
            fence = "~~~" if any(line.lstrip().startswith("```") for line in content) else "```"
            lines[found.number] = f"{indent}{fence}{language['name'] if language else ''}"
            lines[found.last] = f"{indent}{fence}"
            content = content[1:-1]
            for number, line in enumerate(content, start=found.number + 1):
                lines[number] = f"{indent if not line.startswith(indent) else ''}{line}"
        elif is_apart and not (found.number and lines[found.number - 1].strip()):
            for number, line in enumerate(content, start=found.number):
                lines[number] = f"{indent}{' ' * _CODE_INDENT}{line}".rstrip()
        else:
            shown = [_as_span(line) for line in content]
            shown[0], shown[-1] = before + shown[0], shown[-1] + after
            lines[found.number : found.last + 1] = shown
            return found.last, len(shown[-1]) - len(after)
        for number in range(found.number, found.last + 1):
            self._note.code[number] = True
        return found.last, len(lines[found.last])


def _as_span(line: str) -> str:
    text = line.strip()
    ticks = "``" if "`" in text else "`"
    return f"{ticks}{text}{ticks}" if text else ""


def _without_a_gap(before: str, shown: str, after: str) -> str:
    if not shown and (not before or before.endswith(" ")):
        after = after.lstrip(" ")
    return f"{before}{shown}{after}".rstrip() if not after.strip() else f"{before}{shown}{after}"


def _player(source: str) -> str:
    """Return a link to what an ``<iframe>``, ``<video>`` or ``<audio>`` plays; empty where that is not safe."""
    match = TAG.match(source)
    tag = read_tag(match) if match else None
    inner = _SOURCE.search(source)
    return link_to(tag, inner["url"] if inner else "") if tag else ""


def link_to(tag: Tag, source: str = "") -> str:
    """Return a link to what ``tag`` embeds, by its title, or its host or file; empty where it has no safe address."""
    url = safe_address(next(filter(None, (tag.attributes.get("src"), tag.attributes.get("data-src"), source)), ""))
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    name = tag.attributes.get("title") or parts.netloc or parts.path.rpartition("/")[2]
    return f"[{quiet(name)}]({url})" if url and name else ""


def safe_address(url: str) -> str:
    """Return ``url`` as the address of a Markdown link: of a page, mail or place beside the note, else empty."""
    url = f"https:{url}" if url.startswith("//") else url
    if not _SAFE_ADDRESS.match(url):
        return ""
    return _TO_BE_ESCAPED.sub(lambda match: _escaped(match.group()), " ".join(url.split()))


def _escaped(character: str) -> str:
    return f"%{ord(character):02X}" if character.isascii() else character


def quiet(text: str) -> str:
    """Return ``text`` as Markdown that shows it, on one line."""
    return "".join(f"\\{one}" if one in "[]\\`*_<|" else one for one in " ".join(text.split()))
