"""Shortcodes of Hugo and Quarto, tags of Jekyll and GitBook: callouts, tabs, code, figures, or their inner text."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from index.reading.dialects.sites.containers import Container, bold, callout, emptied, margin, quote
from index.reading.dialects.sites.directives import CALLOUTS
from index.reading.dialects.sites.tag_reading import SiteTag, site_tags
from index.reading.dialects.translation import Translation

_ESCAPED = re.compile(r"\{\{(?P<mark>[<%])/\*(?P<inside>[^{}]{0,1000}?)\*/[<>%]\}\}")
_REMARK = re.compile(r"\{\{-? ?/\*[^{}]{0,2000}?\*/ ?-?\}\}")
_BRACES = re.compile(r"\{[{%]|[%}]\}")
_TABS = frozenset("tab tabitem codetab".split())
_CODE = frozenset("highlight code-block codeblock".split())
_DIAGRAMS = frozenset("mermaid plantuml graphviz".split())
_MATHS = frozenset("math katex latex".split())
_HIDDEN = frozenset("comment".split())
_FIGURES = frozenset("figure img image imgproc picture".split())
_ADDRESSES = frozenset("ref relref link post_url permalink absurl relurl url".split())
_VIDEOS = {"youtube": "https://youtu.be/", "vimeo": "https://vimeo.com/"}
_LINKED = frozenset("video embed audio iframe pdf".split())
_INCLUDED = frozenset(
    "include include_relative include_cached readfile code_sample codenew codeinclude codefile".split()
)
#: What stands around text and says nothing itself.
_SILENT = frozenset(
    "tabs tabpane codetabs tabset tabpanel columns column row col steps cards card-group raw pageinfo blocks lead"
    " table div section div-begin content-ref code center pagebreak hint-end endraw else elsif when if unless for case"
    " assign capture increment cycle break continue seo feed_meta toc toc-tree fa fas fab far icon iconify bi emoji"
    " br clear hr rawhtml html lipsum markdown markdownify table-of-contents cards-end card stepper step".split()
)
_CONDITIONS = frozenset("if unless for case capture".split())
_TITLES = ("title", "header", "name", "label", "summary", "tabname", "caption")
_KIND_WORDS = ("type", "style", "kind", "level", "color", "theme", "mode")
#: Kinds by what themes call the colours of their boxes.
_KINDS = {
    "primary": "note",
    "secondary": "note",
    "default": "note",
    "success": "tip",
    "warn": "warning",
    "err": "error",
}


@dataclass(frozen=True, slots=True)
class _Pair:
    """A tag with the one that closes it, None where there is none."""

    tag: SiteTag
    end: SiteTag | None


def translate_blocks(note: Translation) -> None:
    """Show what tags mean; those that are not known are dropped, and what stands between them is kept."""
    if lines_with_tags := [number for number, line in enumerate(note.lines) if "{%" in line or "{{" in line]:
        _Shower(note).show(_pairs(list(site_tags(note))))
        for number in lines_with_tags:
            _unescape(note, number)


def _unescape(note: Translation, number: int) -> None:
    """Show tags that are written to be shown, in code too, and drop remarks."""
    if "/*" not in note.lines[number]:
        return
    if note.code[number]:
        note.lines[number] = _ESCAPED.sub(_as_tag, note.lines[number])
        return
    line = _REMARK.sub("", note.lines[number])
    parts = Translation([line])
    parts.map_prose(lambda text: _ESCAPED.sub(lambda match: _escaped(_as_tag(match)), text))
    note.lines[number] = _ESCAPED.sub(_as_tag, parts.lines[0])


def _as_tag(match: re.Match[str]) -> str:
    mark = match["mark"]
    return f"{{{{{mark}{match['inside']}{'>' if mark == '<' else mark}}}}}"


def _escaped(text: str) -> str:
    return _BRACES.sub(lambda match: "".join(f"\\{sign}" for sign in match.group()), text).replace("<", "\\<")


def _pairs(tags: Sequence[SiteTag]) -> list[_Pair]:
    """Return every tag that opens something or stands alone, in order; what code and remarks hold is left out."""
    ends: dict[int, SiteTag] = {}
    opened: list[int] = []
    by_name: dict[str, list[int]] = {}
    for place, tag in enumerate(tags):
        if not tag.is_end:
            opened.append(place)
            by_name.setdefault(tag.name, []).append(place)
        elif waiting := by_name.get(tag.name):
            start = waiting.pop()
            ends[start] = tag
            while opened and opened[-1] >= start:
                if (other := opened.pop()) != start and by_name[tags[other].name][-1:] == [other]:
                    by_name[tags[other].name].pop()
    pairs: list[_Pair] = []
    closed = {id(end) for end in ends.values()}
    until = (-1, -1)
    for place, tag in enumerate(tags):
        if (tag.first, tag.start) < until or id(tag) in closed:
            continue
        end = ends.get(place)
        pairs.append(_Pair(tag, end))
        if end is not None and tag.name in (_CODE | _DIAGRAMS | _MATHS | _HIDDEN | {"raw"}):
            until = (end.first, end.start)
    return pairs


class _Shower:
    """Collects what each tag is replaced by, and does it from the last to the first, so that columns hold."""

    def __init__(self, note: Translation) -> None:
        self._note = note
        self._replaced: list[tuple[SiteTag, str]] = []
        self._containers: list[Container] = []
        self._hidden: list[tuple[int, int]] = []
        self._raw: list[tuple[SiteTag, SiteTag]] = []
        self._told: set[str] = set()

    def show(self, pairs: Sequence[_Pair]) -> None:
        for pair in pairs:
            opening, closing = self._shown(pair)
            self._replaced.append((pair.tag, opening))
            if pair.end is not None:
                self._replaced.append((pair.end, closing))
        for start, end in self._raw:
            self._protect(start, end)
        for tag, text in sorted(self._replaced, key=lambda one: (one[0].first, one[0].start), reverse=True):
            self._replace(tag, text)
        for first, last in self._hidden:
            for number in range(first, last):
                self._note.lines[number] = emptied(self._note.lines[number])
        quote(self._note, self._containers)

    def _shown(self, pair: _Pair) -> tuple[str, str]:  # noqa: PLR0911 - one case a kind of tag
        """Return what stands in place of a tag and of the one that closes it."""
        tag, end = pair.tag, pair.end
        if tag.name in CALLOUTS or (tag.name in _INCLUDED and _included_kind(tag)):
            return self._callout(pair)
        if end is None:
            return self._single(tag), ""
        if tag.name in _TABS or (tag.name == "code" and tag.given("title")):
            title = tag.given(*_TITLES) or " ".join(tag.words)
            if tag.given("lang") and self._is_block(pair):  # Docsy's tabs of code
                return f'```{tag.given("lang")} title="{title}"', "```"
            return bold(title), ""
        if tag.name in _CODE | _DIAGRAMS:
            language = tag.name if tag.name in _DIAGRAMS else (tag.words or (tag.given("lang", "language"),))[0]
            return (f"```{language}", "```") if self._is_block(pair) else ("`", "`")
        if tag.name in _MATHS:
            return ("$$", "$$") if self._is_block(pair) else ("$", "$")
        if tag.name in _HIDDEN:
            return self._without(tag, end)
        if tag.name == "raw":
            self._raw.append((tag, end))
        elif tag.name in _CONDITIONS:
            self._doubt(tag, f"{tag.name} is not carried out, what stands in it is shown")
        elif tag.name not in _SILENT:
            self._doubt(tag, f"the tag {tag.name} is not known, what stands in it is shown")
        title = tag.given("title") if self._is_block(pair) else ""
        return bold(title), ""

    def _is_block(self, pair: _Pair) -> bool:
        """Return whether both tags of ``pair`` have their lines to themselves."""
        return pair.end is not None and self._is_alone(pair.tag) and self._is_alone(pair.end)

    def _is_alone(self, tag: SiteTag) -> bool:
        before, after = self._note.lines[tag.first][: tag.start], self._note.lines[tag.last][tag.end :]
        return not before.strip(" \t>") and not after.strip()

    def _callout(self, pair: _Pair) -> tuple[str, str]:
        tag, end = pair.tag, pair.end
        kind, title = _kind_and_title(tag)
        content = tag.given("content", "text", "message")
        column = tag.start
        begins_line = not self._note.lines[tag.first][:column].strip(" \t>")
        if end is None:
            if content:
                return (f"> {content}" if begins_line else content), ""
            self._doubt(tag, f"the tag {tag.name} is never closed")
            return "", ""
        if not begins_line:
            return "", ""
        is_alone = not self._note.lines[tag.last][tag.end :].strip()
        ends_alone = self._is_alone(end)
        if end.first > tag.last:
            self._containers.append(Container(tag.last, end.first + (not ends_alone), column))
        return (callout(kind, title) if is_alone else f"> {bold(title)} ".replace(">  ", "> ")), ""

    def _without(self, tag: SiteTag, end: SiteTag) -> tuple[str, str]:
        """Hide what stands between two tags."""
        self._hidden.append((tag.last + 1, end.first))
        lines = self._note.lines
        if tag.last == end.first:
            between = lines[tag.last][tag.end : end.start]
            self._replaced.append((SiteTag("", (), {}, False, tag.last, tag.end, tag.last, tag.end + len(between)), ""))
        else:
            self._replaced.append((SiteTag("", (), {}, False, tag.last, tag.end, tag.last, len(lines[tag.last])), ""))
            start = margin(lines[end.first][: end.start])
            self._replaced.append((SiteTag("", (), {}, False, end.first, start, end.first, end.start), ""))
        return "", ""

    def _single(self, tag: SiteTag) -> str:  # noqa: PLR0911 - one case a kind of tag
        """Return what stands in place of a tag that nothing closes."""
        name = tag.name
        value = (tag.words or ("",))[0]
        if name in _FIGURES or (
            name in _INCLUDED and tag.given("src", "image_path", "file", "url") and not _code_file(tag)
        ):
            return _image(tag)
        if name in _ADDRESSES:
            return (value or tag.given("path")).replace(" ", "%20")
        if name in _VIDEOS:
            address = value or tag.given("id")
            return f"<{_VIDEOS[name]}{address}>" if re.fullmatch(r"[\w-]{1,40}", address) else ""
        if name in _LINKED and (address := value or tag.given("url", "src")).startswith(("http://", "https://")):
            return f"<{address}>" if not re.search(r"[\s<>]", address) else ""
        if name == "kbd":
            return f"`{' '.join(tag.words)}`"
        if name in _INCLUDED or name in _LINKED:
            self._doubt(
                tag,
                f"what {name} brings in from {value or tag.given('file', 'src', 'url') or 'elsewhere'} is not shown",
            )
            return ""
        if name == "heading":
            return value.replace("_", " ").replace("-", " ").capitalize()
        if text := tag.given("text", "content", "label"):
            return text
        if name not in _SILENT and name:
            self._doubt(tag, f"the tag {name} is not known, and left out")
        return ""

    def _protect(self, start: SiteTag, end: SiteTag) -> None:
        """Let braces between two tags be shown as they are."""
        for number in range(start.last, end.first + 1):
            if self._note.code[number]:
                continue
            line = self._note.lines[number]
            head = line[: start.end] if number == start.last else ""
            tail = line[end.start :] if number == end.first else ""
            part = Translation([line[len(head) : len(line) - len(tail)]])
            part.map_prose(_escaped)
            self._note.lines[number] = f"{head}{part.lines[0]}{tail}"
            if number == end.first:
                moved = len(head) + len(part.lines[0])
                shifted = SiteTag(end.name, (), {}, True, end.first, moved, end.last, end.end + moved - end.start)
                self._replaced = [(shifted if one is end else one, text) for one, text in self._replaced]

    def _replace(self, tag: SiteTag, text: str) -> None:
        lines = self._note.lines
        before, after = lines[tag.first][: tag.start], lines[tag.last][tag.end :]
        after = after.lstrip() if text.endswith("> ") else after
        for number in range(tag.first + 1, tag.last + 1):
            lines[number] = emptied(lines[number])
        if tag.last > tag.first:
            lines[tag.last] = after.lstrip()
            after = ""
        if not text and before.endswith(" ") and after[:1] in (" ", "", ".", ","):
            before = before[:-1] if before.strip(" \t>") else before
        line = f"{before}{text}{after}"
        lines[tag.first] = line if line.strip(" \t>") else emptied(line)

    def _doubt(self, tag: SiteTag, text: str) -> None:
        if text not in self._told:
            self._told.add(text)
            self._note.doubt(tag.first, text)


def _included_kind(tag: SiteTag) -> str:
    """Return the kind of callout that a template draws, such as ``{% include note.html content="…" %}``."""
    name = (tag.words or ("",))[0].rpartition("/")[2].partition(".")[0].lower()
    return name if name in CALLOUTS and tag.given("content", "text", "message") else ""


def _code_file(tag: SiteTag) -> bool:
    """Return whether ``tag`` brings in a file that is no picture."""
    return tag.name not in ("include", "include_cached") or not tag.words or "." not in tag.words[0]


def _kind_and_title(tag: SiteTag) -> tuple[str, str]:
    kind = tag.name
    words = list(tag.words)
    if kind in ("hint", "alert", "notice", "callout", "admonition", "quote", "include"):
        named = tag.given(*_KIND_WORDS)
        given = named or (words.pop(0) if words and words[0].lower() in CALLOUTS | _KINDS.keys() else "")
        kind = _included_kind(tag) or given or kind
        kind = _KINDS.get(kind.lower(), kind.lower())
    title = tag.given("title", "summary", "header", "name") or " ".join(word for word in words if word != "true")
    return (kind if re.fullmatch(r"[a-z][\w-]{0,40}", kind) else "note"), title


def _image(tag: SiteTag) -> str:
    """Return the figure that ``tag`` shows, with its caption as its description."""
    source = tag.given("src", "file", "image_path", "url", "link") or next(
        (word for word in tag.words if not word.endswith((".html", ".liquid", ".md"))), ""
    )
    description = tag.given("caption", "alt", "title", "description")
    description = re.sub(r"[\[\]]", "", description)
    return f"![{description}]({source.replace(' ', '%20')})" if source else description
