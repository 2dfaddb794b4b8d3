"""Offers ask and search as tools of Gradio's own MCP server, for assistants that speak the Model Context Protocol."""

from collections.abc import Callable, Coroutine
from functools import wraps
from typing import Any

import gradio as gr
from fastapi import FastAPI
from gradio.events import api  # pyright: ignore[reportUnknownVariableType] - not exported with its types

from assistant.serving.service import AssistantService
from assistant.serving.waiting_room import WaitingRoom
from assistant.web.api.answer_streams import SECONDS_TO_WAIT
from assistant.web.api.note_tools import NoteTools
from assistant.web.gradio_site.mounting import mount
from index import NotesError

PATH = "/tools"
#: Where MCP clients connect (streamable HTTP), below the site's address.
ENDPOINT = f"{PATH}/gradio_api/mcp/"


def mount_tools(app: FastAPI, service: AssistantService, room: WaitingRoom) -> gr.Blocks:
    """Mount the tools at ``PATH`` in a Gradio application of their own, as the chat's events are no tools.

    :param room: Where questions wait for their turn.
    """
    tools = NoteTools(service)
    with gr.Blocks(title="Ask the Notes: tools") as blocks:
        gr.Markdown(f"Ask the Notes as MCP tools: connect a client to `{ENDPOINT}` (streamable HTTP).")
        api(_told(tools.ask, room), api_name="ask")
        api(_told(tools.search, room), api_name="search")
    mount(app, blocks, PATH, mcp_server=True)
    return blocks


def _told(tool: Callable[..., str], room: WaitingRoom) -> Callable[..., Coroutine[Any, Any, str]]:
    """Return ``tool`` waiting for its turn; it tells its client what a student would be told, without a traceback."""

    @wraps(tool)
    async def called(*arguments: Any) -> str:  # noqa: ANN401 - Gradio passes what the tool's own signature names
        try:
            async with room.turn(SECONDS_TO_WAIT) as turn:
                return await turn.run(tool, *arguments)
        except NotesError as error:
            raise gr.Error(str(error), print_exception=False) from error

    return called
