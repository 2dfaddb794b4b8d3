"""Shows where cited lines stand: addresses, marker links, and the list of sources below an answer."""

from collections.abc import Sequence
from html import escape
from urllib.parse import quote

from assistant.closing import steps_below
from assistant.records import Citation, Suggestion
from assistant.web.places.course_places import ShownFigure
from assistant.web.strings import Strings


def note_link(place: Citation | Suggestion) -> str:
    """Return the address of the cited lines on the notes page."""
    return f"/notes/{quote(place.file)}#L{place.first_line}-L{place.last_line}"


def lines_text(place: Citation | Suggestion, strings: Strings) -> str:
    """Return ``line 12`` or ``lines 12–15``."""
    key = "chat.line" if place.first_line == place.last_line else "chat.lines"
    return strings.format(key, first=place.first_line, last=place.last_line)


def marker_link(citation: Citation, strings: Strings) -> str:
    """Return the link of a marker; its label names the module and the lines."""
    label = strings.format(
        "chat.cite", marker=citation.marker, module=citation.module, lines=lines_text(citation, strings)
    )
    return f'<a class="cite" href="{note_link(citation)}" aria-label="{escape(label)}">[{citation.marker}]</a>'


def _heading(place: Citation | Suggestion) -> str:
    path = steps_below(place)
    heading = f'<span class="heading">{escape(" › ".join(path))}</span>' if path else ""
    return f'<span class="module">{escape(place.module)}</span>{heading}'


def sources(citations: Sequence[Citation], strings: Strings) -> str:
    """Return the list of cited sections, each named once, its markers and lines each a link."""
    if not citations:
        return ""
    by_section: dict[tuple[str, tuple[str, ...]], list[Citation]] = {}
    for citation in citations:
        by_section.setdefault((citation.file, citation.heading_path), []).append(citation)
    items = "".join(f"<li>{_section_source(group, strings)}</li>" for group in by_section.values())
    return f'<div class="sources"><h3>{escape(strings["chat.sources"])}</h3><ul>{items}</ul></div>'


def figures(shown: Sequence[ShownFigure], strings: Strings) -> str:
    """Return the figures of the cited sections, small and in a row; each opens large."""
    if not shown:
        return ""
    items = "".join(f"<li>{_figure(figure, strings)}</li>" for figure in shown)
    return f'<div class="figures"><h3>{escape(strings["figure.of_sources"])}</h3><ul>{items}</ul></div>'


def _figure(figure: ShownFigure, strings: Strings) -> str:
    caption = escape(figure.caption)
    if figure.address is None:
        return f'<p class="missing-figure">{escape(strings["notes.missing_figure"])} {caption}</p>'
    address = escape(figure.address)
    label = escape(strings.format("figure.open", caption=figure.caption).strip(": "))
    picture = f'<a class="figure" href="{address}" aria-label="{label}"><img src="{address}" alt="{caption}"></a>'
    return f"<figure>{picture}<figcaption>{caption}</figcaption></figure>"


def _section_source(group: Sequence[Citation], strings: Strings) -> str:
    links = "".join(
        f'<a class="where" href="{note_link(citation)}"><b>[{citation.marker}]</b> '
        f"{escape(lines_text(citation, strings))}</a>"
        for citation in group
    )
    return f'<span class="place">{_heading(group[0])}{links}</span>'


def nearest(suggestions: Sequence[Suggestion], strings: Strings) -> str:
    """Return the sections nearest to a question that the notes do not answer."""
    if not suggestions:
        return ""
    items = "".join(
        f'<li><a class="place" href="{note_link(suggestion)}">{_heading(suggestion)}'
        f'<span class="where">{escape(lines_text(suggestion, strings))}</span></a></li>'
        for suggestion in suggestions
    )
    return f'<div class="sources"><h3>{escape(strings["chat.nearest"])}</h3><ul>{items}</ul></div>'
