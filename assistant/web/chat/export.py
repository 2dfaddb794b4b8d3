"""Writes a conversation as a Markdown file that a student can keep; reads none."""

import re

from assistant.records import Citation
from assistant.web.chat.archive import Conversation, Exchange
from assistant.web.sources import lines_text
from assistant.web.strings import Strings
from index.reading.note_names import shown_name

_UNSAFE_IN_NAMES = re.compile(r"[^\w가-힣-]+")


def to_markdown(conversation: Conversation, strings: Strings) -> str:
    """Return the conversation: every question with its answer and, by marker, the cited lines."""
    parts = [f"# {strings['export.title']}"]
    for exchange in conversation.exchanges:
        question = "\n".join(f"> {line}" for line in exchange.question.splitlines())
        parts += [f"## {strings['export.question']}", question]
        parts += _told(exchange, strings)
    return "\n\n".join(parts) + "\n"


def _told(exchange: Exchange, strings: Strings) -> list[str]:
    """Return what stands below a question: the words of a quiz, the answer, and the cited places of each."""
    parts: list[str] = []
    if exchange.quiz:
        parts.append(exchange.quiz.message)
        if exchange.quiz.citation:
            parts.append(_place(exchange.quiz.citation, strings))
        if exchange.quiz.closing:
            parts.append(exchange.quiz.closing)
    if exchange.answer:
        parts.append(exchange.answer.text)
    return parts


def _place(citation: Citation, strings: Strings) -> str:
    return (
        f"- [{citation.marker}] {citation.module} › {' › '.join(citation.heading_path)} "
        f"({shown_name(citation.file)}, {lines_text(citation, strings)})"
    )


def file_name(conversation: Conversation) -> str:
    """Return a name for the file that is safe on every system."""
    stem = _UNSAFE_IN_NAMES.sub("-", conversation.title).strip("-")
    return f"{stem or 'conversation'}.md"
