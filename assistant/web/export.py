"""Writes a conversation as a Markdown file that a student can keep; reads none."""

import re

from assistant.web.answer_view import lines_text
from assistant.web.conversation import Conversation
from assistant.web.strings import Strings

_UNSAFE_IN_NAMES = re.compile(r"[^\w가-힣-]+")


def to_markdown(conversation: Conversation, strings: Strings) -> str:
    """Return the conversation: every question with its answer and, by marker, the cited lines."""
    parts = [f"# {strings['export.title']}"]
    for exchange in conversation.exchanges:
        question = "\n".join(f"> {line}" for line in exchange.question.splitlines())
        parts += [f"## {strings['export.question']}", question]
        if exchange.answer is None:
            continue
        parts.append(exchange.answer.text)
        sources = [
            f"- [{citation.marker}] {citation.module} › {' › '.join(citation.heading_path)} "
            f"({citation.file}, {lines_text(citation, strings)})"
            for citation in exchange.answer.citations
        ]
        if sources:
            parts.append("\n".join(sources))
    return "\n\n".join(parts) + "\n"


def file_name(conversation: Conversation) -> str:
    """Return a name for the file that is safe on every system."""
    stem = _UNSAFE_IN_NAMES.sub("-", conversation.title).strip("-")
    return f"{stem or 'conversation'}.md"
