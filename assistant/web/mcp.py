"""Offers ask and search as tools of Gradio's own MCP server, for assistants that speak the Model Context Protocol."""

import json
from collections.abc import Generator
from contextlib import contextmanager

import gradio as gr
from fastapi import FastAPI
from gradio.events import api  # pyright: ignore[reportUnknownVariableType] - not exported with its types

from assistant.service import AssistantService
from index import NotesError

PATH = "/tools"
#: Where MCP clients connect (streamable HTTP), below the site's address.
ENDPOINT = f"{PATH}/gradio_api/mcp/"
_MOST_HITS = 20


def mount_tools(app: FastAPI, service: AssistantService) -> None:
    """Mount the tools at ``PATH``, in a Gradio application of their own: the chat's events are no tools."""
    with gr.Blocks(title="Ask the Notes: tools") as blocks:
        gr.Markdown(f"Ask the Notes as MCP tools: connect a client to `{ENDPOINT}` (streamable HTTP).")
        add_tools(service)
    gr.mount_gradio_app(
        app,
        blocks,
        path=PATH,
        mcp_server=True,
        footer_links=[],
        run_history=False,
        ssr_mode=False,
        pwa=False,
        enable_monitoring=False,
        show_error=True,
    )


def add_tools(service: AssistantService) -> None:
    """Add the tools to the Gradio application that is being built."""

    def ask(question: str, module: str = "", language: str = "") -> str:
        """Answer a question from the instructor's course notes, quoting and citing the lines it uses.

        Args:
            question: The question, in Korean or English.
            module: Answer only from this module, such as "Module 3"; empty for all.
            language: The language of the answer, "ko" or "en"; empty for the question's.

        Returns:
            JSON: the answer as Markdown with markers, its citations, and whether the notes answer at all (grounded).

        """
        chosen = language if language in ("ko", "en") else None
        with _told():
            answer = service.assistant.ask(question, module=module or None, language=chosen)
        return json.dumps(answer.to_json(), ensure_ascii=False)

    def search(question: str, count: int = 5, module: str = "") -> str:
        """Find the sections of the instructor's course notes that are nearest to a question, best first.

        Args:
            question: The question or some words, in Korean or English.
            count: How many sections to return, at most 20.
            module: Search only this module, such as "Module 3"; empty for all.

        Returns:
            JSON: a list of sections with their text, file and lines.

        """
        with _told():
            result = service.assistant.index.search(question, min(max(count, 1), _MOST_HITS), module or None)
        sections = [
            {
                "module": hit.section.module,
                "heading_path": list(hit.section.heading_path),
                "file": hit.section.file,
                "first_line": hit.section.first_line,
                "last_line": hit.section.last_line,
                "score": hit.score,
                "text": hit.text,
                "grounded": result.decision.grounded,
            }
            for hit in result.hits
        ]
        return json.dumps(sections, ensure_ascii=False)  # a dict would come out as Python's notation

    api(ask, api_name="ask")
    api(search, api_name="search")


@contextmanager
def _told() -> Generator[None, None, None]:
    """Tell the client what a student would be told, and print no traceback."""
    try:
        yield
    except NotesError as error:
        raise gr.Error(str(error), print_exception=False) from error
