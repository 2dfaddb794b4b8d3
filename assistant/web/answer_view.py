"""Shows exchanges as messages of Gradio's chatbot: safe HTML with marker links, sources and next questions."""

from collections.abc import Sequence
from html import escape
from typing import Any
from urllib.parse import quote

import gradio as gr

from assistant.phrases import phrases
from assistant.records import Answer, Citation, Suggestion
from assistant.web.conversation import Exchange
from assistant.web.rendering import render_answer
from assistant.web.strings import Strings

EXTRACTIVE = "extractive"


def messages(
    exchanges: Sequence[Exchange], strings: Strings, next_questions: Sequence[str] = ()
) -> list[dict[str, Any]]:
    """Return the messages of ``exchanges``; the last answer offers ``next_questions`` as options."""
    shown: list[dict[str, Any]] = []
    for exchange in exchanges:
        shown.append({"role": "user", "content": _html(question_html(exchange.question, strings))})
        shown.append({"role": "assistant", "content": _html(exchange_html(exchange, strings))})
    if shown and next_questions:
        shown[-1]["options"] = [{"value": question, "label": question} for question in next_questions]
    return shown


def _html(content: str) -> gr.HTML:
    return gr.HTML(content, js_on_load=None, apply_default_css=False)


def note_link(place: Citation | Suggestion) -> str:
    """Return the address of the cited lines on the notes page."""
    return f"/notes/{quote(place.file)}#L{place.first_line}-L{place.last_line}"


def question_html(question: str, strings: Strings) -> str:
    """Return a question as text, line breaks and spaces kept, so that pasted code stays readable."""
    asker = f'<span class="visually-hidden">{escape(strings["chat.you"])}: </span>'
    return f'<div class="question">{asker}{escape(question)}</div>'


def exchange_html(exchange: Exchange, strings: Strings) -> str:
    """Return what stands below the question of ``exchange``: its answer, or why there is none yet."""
    parts: list[str] = []
    if exchange.answer and (exchange.answer.text or exchange.state == "done"):
        parts.append(answer_html(exchange.answer, strings))
    elif exchange.state == "pending":
        parts.append(f'<p class="searching">{escape(strings["chat.searching"])}</p>')
    if exchange.state == "stopped":
        parts.append(f'<p class="notice">{escape(strings["chat.stopped"])}</p>')
    if exchange.state == "failed":
        parts.append(f'<p class="notice trouble">{escape(exchange.trouble)}</p>')
    return "".join(parts)


def answer_html(answer: Answer, strings: Strings) -> str:
    """Return an answer with its sources, or, where the notes don't say, with the nearest sections."""
    by_marker = {citation.marker: citation for citation in answer.citations}

    def link(marker: int) -> str | None:
        citation = by_marker.get(marker)
        return _marker_link(citation, strings) if citation else None

    body = f'<div class="body" lang="{escape(answer.language)}">{render_answer(spoken_part(answer), link)}</div>'
    notice = f'<p class="notice">{escape(answer.notice)}</p>' if answer.notice else ""
    if not answer.grounded:
        badge = f'<p class="badge">{escape(strings["chat.declined"])}</p>'
        nearest = _nearest(answer.suggestions, strings)
        return f'<article class="answer declined">{badge}{body}{notice}{nearest}</article>'
    engine = "" if answer.engine == EXTRACTIVE else strings.format("chat.engine", engine=answer.engine)
    written = f'<p class="engine">{escape(engine)}</p>' if engine else ""
    copy = f'<button type="button" class="copy-answer">{escape(strings["chat.copy"])}</button>'
    return f'<article class="answer">{copy}{body}{notice}{_sources(answer.citations, strings)}{written}</article>'


def spoken_part(answer: Answer) -> str:
    """Return the answer's text without the lists that the page shows in its own form: sources, nearest sections."""
    said = phrases(answer.language)
    for closing in (f"**{said.sources}**", said.perhaps):
        before, found, _ = answer.text.rpartition(f"\n\n{closing}\n")
        if found:
            return before
    return answer.text


def lines_text(place: Citation | Suggestion, strings: Strings) -> str:
    """Return ``line 12`` or ``lines 12–15``."""
    key = "chat.line" if place.first_line == place.last_line else "chat.lines"
    return strings.format(key, first=place.first_line, last=place.last_line)


def _marker_link(citation: Citation, strings: Strings) -> str:
    label = strings.format(
        "chat.cite", marker=citation.marker, module=citation.module, lines=lines_text(citation, strings)
    )
    return f'<a class="cite" href="{note_link(citation)}" aria-label="{escape(label)}">[{citation.marker}]</a>'


def _heading(place: Citation | Suggestion) -> str:
    path = [step for step in place.heading_path if step != place.module]
    heading = f'<span class="heading">{escape(" › ".join(path))}</span>' if path else ""
    return f'<span class="module">{escape(place.module)}</span>{heading}'


def _sources(citations: Sequence[Citation], strings: Strings) -> str:
    """Return one entry a cited section, its markers and lines each a link."""
    if not citations:
        return ""
    by_section: dict[tuple[str, tuple[str, ...]], list[Citation]] = {}
    for citation in citations:
        by_section.setdefault((citation.file, citation.heading_path), []).append(citation)
    items = "".join(f"<li>{_section_source(group, strings)}</li>" for group in by_section.values())
    return f'<div class="sources"><h3>{escape(strings["chat.sources"])}</h3><ul>{items}</ul></div>'


def _section_source(group: Sequence[Citation], strings: Strings) -> str:
    links = "".join(
        f'<a class="where" href="{note_link(citation)}"><b>[{citation.marker}]</b> '
        f"{escape(lines_text(citation, strings))}</a>"
        for citation in group
    )
    return f'<span class="place">{_heading(group[0])}{links}</span>'


def _nearest(suggestions: Sequence[Suggestion], strings: Strings) -> str:
    if not suggestions:
        return ""
    items = "".join(
        f'<li><a class="place" href="{note_link(suggestion)}">{_heading(suggestion)}'
        f'<span class="where">{escape(lines_text(suggestion, strings))}</span></a></li>'
        for suggestion in suggestions
    )
    return f'<div class="sources"><h3>{escape(strings["chat.nearest"])}</h3><ul>{items}</ul></div>'
