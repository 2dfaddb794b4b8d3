"""Renders Markdown, of notes and of answers, to HTML that is safe by construction: raw HTML becomes text.

Every element made from a line of the source carries it as ``data-l`` (1-based), so that a page can mark quoted lines.
"""

import re
import time
from collections.abc import Callable, MutableMapping, Sequence
from functools import cache
from html import escape
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from markdown_it.utils import OptionsDict

from assistant.markers import MARKER
from assistant.web.highlighting import code_lines
from index.language.formulas import changed
from index.reading.dialects.translation import LINE_BREAK
from index.reading.markdown import with_dialects, with_lines_of_the_file

Environment = MutableMapping[str, Any]
MarkerLink = Callable[[int], str | None]
AddressFinder = Callable[[str], str | None]
COLOURING_SECONDS = 1.0  # processor time a page; the code after it stays without colours
_LEADS_OUT = re.compile(r"https?:", re.IGNORECASE)
_SAFE_LINK = re.compile(r"(?:https?:|mailto:|#|/(?!/)|\./|\.\./|[\w%.-]+(?:[/#?]|$))", re.IGNORECASE)


def render_note(
    lines: str,
    first_line: int = 1,
    *,
    anchors: bool = False,
    missing_figure: str,
    image_url: AddressFinder,
    link_url: AddressFinder | None = None,
) -> str:
    """Return portable Markdown ``lines`` as HTML whose elements know the line they come from.

    :param first_line: The number of the first of ``lines`` in its file.
    :param anchors: Give headings the anchor of their line, such as ``L12``; once a page, as anchors are unique.
    :param missing_figure: What to say where a figure is not there; its description follows.
    :param image_url: Returns the address that a figure of the note is served at, or None where it does not exist.
    :param link_url: Returns the address on this site of what a relative link means, or None where there is nothing;
        without it, links stay as they are.
    """
    environment: Environment = {
        "offset": first_line - 1,
        "anchors": anchors,
        "missing": missing_figure,
        "image_url": image_url,
        "link_url": link_url,
        "room": _room(lines),
    }
    return _renderer().render(with_lines_of_the_file(lines), environment)


def render_answer(text: str, marker_link: MarkerLink, link_url: AddressFinder | None = None) -> str:
    """Return an answer as HTML.

    :param marker_link: Returns the HTML of the link for marker ``[n]``, or None where there is no such citation.
    :param link_url: As :func:`render_note` has it.
    """
    return _renderer().render(text, {"marker_link": marker_link, "link_url": link_url, "room": _room(text)})


def formulas_html(text: str) -> str:
    """Return plain ``text`` as HTML, its formulas to be typeset."""
    return changed(text, lambda formula: f'<span class="maths">{escape(formula.tex)}</span>', escape)


def _room(source: str) -> int:
    """Return how many characters the addresses and titles of links in ``source`` may have together.

    Every link that is written out has its own in the source; only references repeat theirs.
    """
    return len(source) + 100_000


@cache
def _renderer() -> MarkdownIt:
    markdown = MarkdownIt("commonmark", {"html": False, "breaks": False}, renderer_cls=_Renderer)
    with_dialects(markdown).inline.ruler.before("link", "marker", _marker)
    return markdown


def _marker(state: StateInline, silent: bool) -> bool:
    """Read a marker of a citation that there is; what is a link's text, or has an address elsewhere, is none."""
    found = MARKER.match(state.src, state.pos) if "marker_link" in state.env and not state.linkLevel else None
    if found is None or found.end() > state.posMax or found[1] in state.env.get("references", {}):
        return False
    link = state.env["marker_link"](int(found[1]))
    if link is None:
        return False
    if not silent:
        state.push("marker", "a", 0).content = link
    state.pos = found.end()
    return True


#: Languages of diagrams by what a fence calls them; the browser draws Mermaid's, the others are shown as code.
_DIAGRAMS = {
    "mermaid": "Mermaid",
    "plantuml": "PlantUML",
    "puml": "PlantUML",
    "dot": "Graphviz",
    "graphviz": "Graphviz",
}
#: Wide tables scroll in a box of their own, which the keyboard reaches; front matter is not for readers.
_FIXED = {
    "table_open": '<div class="table" tabindex="0"><table>',
    "table_close": "</table></div>",
    "callout_title_open": '<p class="callout-title">',
    **dict.fromkeys(("front_matter", "cell_left", "cell_above"), ""),
}


class _Renderer(RendererHTML):
    """markdown-it's renderer with line numbers, marker links, safe links, figures and highlighted code."""

    def render(self, tokens: Sequence[Token], options: OptionsDict, env: Environment) -> str:
        """Return the HTML of block ``tokens``."""
        html: list[str] = []
        for index, token in enumerate(tokens):
            if token.type == "inline":
                html.append(self._lines(token, options, env))
            elif token.type in _FIXED:
                html.append(_FIXED[token.type])
            elif token.type in self.rules:
                html.append(self.rules[token.type](tokens, index, options, env))
            else:
                html.append(self.renderToken(tokens, index, options, env))
        return "".join(html)

    def _lines(self, token: Token, options: OptionsDict, env: Environment) -> str:
        """Return an inline token with each of its lines in an element of its own."""
        children = token.children or []
        pieces = [self._inline_token(children, index, options, env) for index in range(len(children))]
        if "offset" not in env or not token.map:
            return "".join(pieces)
        first, last = token.map[0] + 1 + env["offset"], token.map[1] + env["offset"]
        lines = _balanced_lines(children, pieces)
        if len(lines) == last - first + 1:
            return "\n".join(f'<span data-l="{first + number}">{line}</span>' for number, line in enumerate(lines))
        # A code span, an image or a link's title that breaks over lines is one line in HTML: the lines inside cannot
        # be told apart.
        return f'<span data-l="{first}" data-end="{last}">{"".join(pieces)}</span>'

    def _inline_token(self, children: Sequence[Token], index: int, options: OptionsDict, env: Environment) -> str:
        rule = self.rules.get(children[index].type)
        return rule(children, index, options, env) if rule else self.renderToken(children, index, options, env)

    def heading_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: Environment) -> str:
        mapped = tokens[idx].map
        if mapped and env.get("anchors"):
            tokens[idx].attrSet("id", f"L{mapped[0] + 1 + env['offset']}")
        return self.renderToken(tokens, idx, options, env)

    def callout_open(
        self,
        tokens: Sequence[Token],
        idx: int,
        options: OptionsDict,  # noqa: ARG002
        env: Environment,  # noqa: ARG002
    ) -> str:
        return f'<div class="callout" role="note" data-kind="{escape(tokens[idx].info)}">\n'

    def footnote_ref(
        self,
        tokens: Sequence[Token],
        idx: int,
        options: OptionsDict,  # noqa: ARG002
        env: Environment,  # noqa: ARG002
    ) -> str:
        return f'<sup class="footnote">{escape(tokens[idx].meta["label"])}</sup>'

    def text(
        self,
        tokens: Sequence[Token],
        idx: int,
        options: OptionsDict,  # noqa: ARG002
        env: Environment,  # noqa: ARG002
    ) -> str:
        return _escaped(tokens[idx].content)

    def footnote_open(
        self,
        tokens: Sequence[Token],
        idx: int,
        options: OptionsDict,  # noqa: ARG002
        env: Environment,  # noqa: ARG002
    ) -> str:
        return f'<div class="footnote" data-label="{escape(tokens[idx].meta["label"])}">\n'

    def marker(
        self,
        tokens: Sequence[Token],
        idx: int,
        options: OptionsDict,  # noqa: ARG002
        env: Environment,  # noqa: ARG002
    ) -> str:
        return tokens[idx].content

    def link_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: Environment) -> str:
        token = tokens[idx]
        href = str(token.attrs.get("href", ""))
        env["written"] = env.get("written", 0) + len(href) + len(str(token.attrs.get("title", "")))
        if env["written"] > env["room"]:  # a long address, defined once and used many times, would fill the memory
            return "<a>"
        if _LEADS_OUT.match(href):
            token.attrSet("rel", "noopener noreferrer nofollow")
            token.attrSet("target", "_blank")
        elif not href.lower().startswith("mailto:"):
            find = env.get("link_url")
            found = find(href) if find else href if _SAFE_LINK.match(href) else None
            if found is None:  # a place that leads nowhere, or where nobody should be led
                return '<a role="link" aria-disabled="true">'
            token.attrSet("href", found)
        return self.renderToken(tokens, idx, options, env)

    def image(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: Environment) -> str:
        token = tokens[idx]
        description = escape(self.renderInlineAsText(token.children, options, env))
        find = env.get("image_url")
        url = find(str(token.attrs.get("src", ""))) if find else None
        if url:
            picture = f'<img src="{escape(url)}" alt="{description}" loading="lazy">'
            # Inside of a link a picture leads where that does.
            return picture if token.level else f'<a class="figure" href="{escape(url)}">{picture}</a>'
        missing = escape(env.get("missing", ""))
        told = f"{missing} {description}"
        return f'<span class="missing-figure" role="img" aria-label="{told}">{told}</span>'

    def math_inline(
        self,
        tokens: Sequence[Token],
        idx: int,
        options: OptionsDict,  # noqa: ARG002
        env: Environment,  # noqa: ARG002
    ) -> str:
        return f'<span class="maths">{escape(tokens[idx].content)}</span>'

    def math_inline_double(
        self,
        tokens: Sequence[Token],
        idx: int,
        options: OptionsDict,  # noqa: ARG002
        env: Environment,  # noqa: ARG002
    ) -> str:
        return f'<span class="maths display" tabindex="0">{escape(tokens[idx].content)}</span>'

    def math_block(
        self,
        tokens: Sequence[Token],
        idx: int,
        options: OptionsDict,  # noqa: ARG002
        env: Environment,
    ) -> str:
        token, lines = tokens[idx], ""
        if "offset" in env and token.map:
            lines = f' data-l="{token.map[0] + 1 + env["offset"]}" data-end="{token.map[1] + env["offset"]}"'
        return f'<div class="maths display" tabindex="0"{lines}>{escape(token.content)}</div>\n'

    def fence(
        self,
        tokens: Sequence[Token],
        idx: int,
        options: OptionsDict,  # noqa: ARG002
        env: Environment,
    ) -> str:
        token = tokens[idx]
        words = token.info.split()
        started = time.thread_time()
        lines = code_lines(token.content, words[0] if words and env.get("spent", 0.0) < COLOURING_SECONDS else "")
        env["spent"] = env.get("spent", 0.0) + time.thread_time() - started
        if "offset" in env and token.map:
            first, inside = token.map[0] + 2 + env["offset"], token.map[1] - token.map[0] - 1
            # A fence that opens on the note's last line has no line inside.
            marked = [f'<span data-l="{first + number}">{line}</span>' for number, line in enumerate(lines[:inside])]
            lines = [*marked, *lines[inside:]]
        kind = words[0].strip("{}").lower() if words else ""
        diagram = f' data-diagram="{kind}" data-label="{_DIAGRAMS[kind]}"' if kind in _DIAGRAMS else ""
        return f'<pre class="code" tabindex="0"{diagram}><code>' + "\n".join(lines) + "</code></pre>\n"

    def code_block(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: Environment) -> str:
        token = tokens[idx]
        shifted = Token("fence", "code", 0, content=token.content)
        if token.map:
            shifted.map = [token.map[0] - 1, token.map[1]]
        return self.fence([shifted], 0, options, env)


def _escaped(text: str) -> str:
    """Return ``text`` as HTML; lines that end within a line of the file end here, too."""
    return escape(text).replace(LINE_BREAK, "<br>")


def _balanced_lines(tokens: Sequence[Token], pieces: Sequence[str]) -> list[str]:
    """Put rendered inline ``tokens`` into lines; an element that is open at a line's end is closed and opened again."""
    open_elements: list[tuple[str, str]] = []  # what opens it, and what closes it
    lines: list[list[str]] = [[]]
    for token, html in zip(tokens, pieces, strict=True):
        if token.type in ("softbreak", "hardbreak"):
            lines[-1] += [html.rstrip("\n"), *(closing for _, closing in reversed(open_elements))]
            lines.append([opening for opening, _ in open_elements])
            continue
        lines[-1].append(html)
        if token.nesting > 0:
            open_elements.append((html, f"</{token.tag}>"))
        elif token.nesting < 0:
            open_elements.pop()
    return ["".join(line) for line in lines]
