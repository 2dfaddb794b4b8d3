"""Shows the steps of a quiz in the chat as safe HTML: the verdict with its line, the next question, what to reread."""

import re
from collections.abc import Sequence
from html import escape

from assistant.records import Citation
from assistant.web.chat.archive import QuizStep
from assistant.web.places.course_places import CoursePlaces
from assistant.web.safe_html import AddressFinder, MarkerLink, render_answer
from assistant.web.sources import lines_text, marker_link, note_link
from assistant.web.strings import Strings
from index.language.readable_formulas import without_marks

_LETTERS = "ABCDEFGH"
_MARKER = "[1]"
_SPECIAL = re.compile(r"([\\\[\]*_`<>&])")


def quiz_html(step: QuizStep, strings: Strings, places: CoursePlaces | None = None) -> str:
    """Return a step of a quiz. The line behind the item that ended stands below its explanation."""
    links = places.links_among([*([step.citation] if step.citation else []), *step.read_again]) if places else None
    verdict, marked, question = step.message.partition(_MARKER) if step.citation else ("", "", step.message)
    parts: list[str] = []
    if step.citation and marked:
        explained = f"{verdict.rstrip()}\N{NO-BREAK SPACE}{marked}"
        parts.append(_body(explained, step.language, _links(step.citation, strings), links))
        parts.append(_source(step.citation, strings))
    # What can be picked is offered as buttons below the latest message; only older ones list it.
    kind = "body ask pick" if step.options else "body ask"
    linked = _with_links(question, step.read_again)
    asked = render_answer(linked, lambda _: None, links)
    parts.append(f'<div class="{kind}" lang="{escape(step.language)}">{asked}</div>')
    closing = f'<p class="closing">{escape(step.closing)}</p>' if step.closing else ""
    return f'<article class="answer quiz">{"".join(parts)}</article>{closing}'


def quiz_options(step: QuizStep) -> list[dict[str, str]]:
    """Return what can be picked as Gradio's options, with letters where the question lists them by letter."""
    if len(step.options) == 2:  # true and false
        return [{"value": option, "label": option} for option in step.options]
    return [
        {"value": option, "label": f"{letter}. {without_marks(option)}"}
        for letter, option in zip(_LETTERS, step.options, strict=False)
    ]


def _body(text: str, language: str, link: MarkerLink, links: AddressFinder | None) -> str:
    return f'<div class="body" lang="{escape(language)}">{render_answer(text, link, links)}</div>'


def _source(citation: Citation, strings: Strings) -> str:
    """Return the module and lines behind an explanation, which names their heading itself."""
    return (
        f'<p class="sources"><a class="where" href="{note_link(citation)}"><b>[{citation.marker}]</b> '
        f'<span class="module">{escape(citation.module)}</span>, {escape(lines_text(citation, strings))}</a></p>'
    )


def _links(citation: Citation, strings: Strings) -> MarkerLink:
    return lambda marker: marker_link(citation, strings) if marker == citation.marker else None


def _with_links(text: str, places: Sequence[Citation]) -> str:
    """Return the closing list of what to read again with each place linked to its first missed line."""
    for place in places:
        name = f"{place.module} > {place.heading_path[-1]}"
        shown = _SPECIAL.sub(r"\\\1", name)
        link = f"- [{shown}]({note_link(place)})"
        text = "\n".join(link if line == f"- {name}" else line for line in text.split("\n"))
    return text
