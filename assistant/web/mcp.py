"""Offers ask and search as tools of Gradio's own MCP server, for assistants that speak the Model Context Protocol."""

from collections.abc import Callable
from functools import wraps
from typing import Any

import gradio as gr
from fastapi import FastAPI
from gradio.events import api  # pyright: ignore[reportUnknownVariableType] - not exported with its types

from assistant.service import AssistantService
from assistant.web.gradio_doors import close_doors
from assistant.web.tools import NoteTools
from index import NotesError

PATH = "/tools"
#: Where MCP clients connect (streamable HTTP), below the site's address.
ENDPOINT = f"{PATH}/gradio_api/mcp/"


def mount_tools(app: FastAPI, service: AssistantService) -> None:
    """Mount the tools at ``PATH``, in a Gradio application of their own: the chat's events are no tools."""
    tools = NoteTools(service)
    with gr.Blocks(title="Ask the Notes: tools") as blocks:
        gr.Markdown(f"Ask the Notes as MCP tools: connect a client to `{ENDPOINT}` (streamable HTTP).")
        api(_told(tools.ask), api_name="ask")
        api(_told(tools.search), api_name="search")
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
    close_doors(app, PATH)


def _told(tool: Callable[..., str]) -> Callable[..., str]:
    """Return ``tool``, which tells its client what a student would be told, and prints no traceback."""

    @wraps(tool)
    def called(*arguments: Any) -> str:  # noqa: ANN401 - Gradio passes what the tool's own signature names
        try:
            return tool(*arguments)
        except NotesError as error:
            raise gr.Error(str(error), print_exception=False) from error

    return called
