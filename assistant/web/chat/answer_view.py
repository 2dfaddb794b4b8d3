"""Shows exchanges as messages of Gradio's chatbot: safe HTML with marker links, sources and next questions."""

from collections.abc import Sequence
from html import escape
from typing import Any

import gradio as gr

from assistant.records import Answer, AnswerKind
from assistant.serving.assistant import EXTRACTIVE
from assistant.serving.verified import ENGINE as VERIFIED
from assistant.web.chat.archive import Exchange
from assistant.web.chat.quiz_view import quiz_html, quiz_options
from assistant.web.places.course_places import CoursePlaces
from assistant.web.safe_html import render_answer
from assistant.web.sources import figures, marker_link, nearest, sources
from assistant.web.strings import Strings

#: Engines that need no mention: the notes themselves, and the instructor, whom the answer's text names.
_UNMENTIONED = frozenset({EXTRACTIVE, VERIFIED})


def messages(
    exchanges: Sequence[Exchange],
    strings: Strings,
    next_questions: Sequence[str] = (),
    places: CoursePlaces | None = None,
) -> list[dict[str, Any]]:
    """Return the messages of ``exchanges``; the last one offers what a quiz asks to pick, else ``next_questions``."""
    shown: list[dict[str, Any]] = []
    for exchange in exchanges:
        shown.append({"role": "user", "content": _html(question_html(exchange.question, strings))})
        shown.append({"role": "assistant", "content": _html(exchange_html(exchange, strings, places))})
    options = [{"value": question, "label": question} for question in next_questions]
    step = exchanges[-1].quiz if exchanges else None
    if step and step.running:
        options = quiz_options(step)
    if options:
        shown[-1]["options"] = options
    return shown


def _html(content: str) -> gr.HTML:
    return gr.HTML(content, js_on_load=None, apply_default_css=False)


def question_html(question: str, strings: Strings) -> str:
    """Return a question as text, line breaks and spaces kept, so that pasted code stays readable."""
    asker = f'<span class="visually-hidden">{escape(strings["chat.you"])}: </span>'
    return f'<div class="question">{asker}{escape(question)}</div>'


def exchange_html(exchange: Exchange, strings: Strings, places: CoursePlaces | None = None) -> str:
    """Return what stands below the question of ``exchange``: its answer, or why there is none yet."""
    parts: list[str] = []
    if exchange.quiz:
        parts.append(quiz_html(exchange.quiz, strings, places))
    if exchange.answer and (exchange.answer.body or exchange.state == "done"):
        parts.append(answer_html(exchange.answer, strings, places))
        if exchange.answer.provisional and exchange.state == "pending":
            parts.append(f'<p class="notice wording" role="status">{escape(strings["chat.writing"])}</p>')
    elif exchange.state == "pending":
        parts.append(f'<p class="searching">{escape(strings["chat.searching"])}</p>')
    if exchange.state == "stopped":
        parts.append(f'<p class="notice">{escape(strings["chat.stopped"])}</p>')
    if exchange.state == "failed":
        parts.append(f'<p class="notice trouble">{escape(exchange.trouble)}</p>')
    return "".join(parts)


def answer_html(answer: Answer, strings: Strings, places: CoursePlaces | None = None) -> str:
    """Return an answer with the figures and sources of what it cites, or else with the nearest sections.

    :param places: Finds figures and what links mean; without it there are none, and links stay as they are.
    """
    by_marker = {citation.marker: citation for citation in answer.citations}

    def link(marker: int) -> str | None:
        citation = by_marker.get(marker)
        return marker_link(citation, strings) if citation else None

    links = places.links_among(answer.citations) if places else None
    body = f'<div class="body" lang="{escape(answer.language)}">{render_answer(answer.body, link, links)}</div>'
    notice = f'<p class="notice">{escape(answer.notice)}</p>' if answer.notice else ""
    if not answer.asks_of_notes:
        return f'<article class="answer">{body}{notice}</article>'
    if answer.kind is AnswerKind.ELSEWHERE:
        return f'<article class="answer declined">{body}{notice}{nearest(answer.suggestions, strings)}</article>'
    if not answer.grounded:
        badge = f'<p class="badge">{escape(strings["chat.declined"])}</p>'
        sections = nearest(answer.suggestions, strings)
        return f'<article class="answer declined">{badge}{body}{notice}{sections}</article>'
    engine = "" if answer.engine in _UNMENTIONED else strings.format("chat.engine", engine=answer.engine)
    written = f'<p class="engine">{escape(engine)}</p>' if engine else ""
    copy = f'<button type="button" class="copy-answer">{escape(strings["chat.copy"])}</button>'
    shown = "" if answer.provisional or not places else figures(places.figures_of(answer.citations), strings)
    cited = sources(answer.citations, strings)
    return f'<article class="answer">{copy}{body}{notice}{shown}{cited}{written}</article>'
