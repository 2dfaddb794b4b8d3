"""Leaves of what Gradio serves only the routes that our pages use, and lets no event take a file.

Gradio's applications can store what anyone sends and serve it to anyone, fetch addresses for a visitor, and edit the
program. No page here needs any of that, so what stays is named, and all else is not there: also what a later version
of Gradio adds.
"""

from collections.abc import Awaitable, Callable, Iterable
from typing import Any

import gradio as gr
from fastapi import FastAPI
from gradio_client.utils import is_file_obj_with_meta  # pyright: ignore[reportUnknownVariableType] - without types
from starlette.routing import BaseRoute, Mount

#: What pages and MCP clients ask for, relative to the address of a page, as Gradio writes its routes.
USED = frozenset(
    {
        "/",
        "/assets/{path:path}",
        "/config",
        "/favicon.ico",
        "/manifest.json",
        "/robots.txt",
        "/static/{path:path}",
        "/svelte/{path:path}",
        "/theme.css",
        "/gradio_api/app_id",
        "/gradio_api/call/{api_name}",
        "/gradio_api/call/{api_name}/{event_id}",
        "/gradio_api/cancel",
        "/gradio_api/heartbeat/{session_hash}",
        "/gradio_api/info",
        "/gradio_api/login_check",
        "/gradio_api/mcp",
        "/gradio_api/queue/data",
        "/gradio_api/queue/join",
        "/gradio_api/reset",
        "/gradio_api/run/{api_name}",
        "/gradio_api/startup-events",
        "/gradio_api/theme.css",
    }
)


def close_doors(app: FastAPI, path: str) -> None:
    """Take all routes that no page uses from the Gradio application that is mounted on ``app`` at ``path``."""
    mounted: Any = next(route.app for route in app.routes if isinstance(route, Mount) and route.path == path)
    _keep_used(mounted.router.routes)
    blocks: Any = mounted.get_blocks()
    blocks.preprocess_data = _without_files(blocks.preprocess_data)


def _keep_used(routes: list[BaseRoute]) -> None:
    kept: list[BaseRoute] = []
    for route in routes:
        included: Any = getattr(route, "original_router", None)
        if included is not None:
            _keep_used(included.routes)
        if included is not None or getattr(route, "path", "") in USED:
            kept.append(route)
    routes[:] = kept


def _without_files(preprocess: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
    """Return ``preprocess``, before which inputs that name a file are refused: Gradio would fetch and keep it."""

    async def refusing(block_fn: Any, inputs: list[Any], *rest: Any, **named: Any) -> Any:  # noqa: ANN401 - as Gradio's
        if _names_file(inputs):
            raise gr.Error("This page takes no files. / 이 페이지에서는 파일을 받지 않아요.", print_exception=False)
        return await preprocess(block_fn, inputs, *rest, **named)

    return refusing


def _names_file(value: object) -> bool:
    """Return whether there is a file, as Gradio writes one, anywhere in ``value``, however deep."""
    left: list[Any] = [value]
    while left:
        item = left.pop()
        if isinstance(item, dict):
            if is_file_obj_with_meta(item):
                return True
            left.extend(_values(item))  # pyright: ignore[reportUnknownArgumentType] - whatever was sent
        elif isinstance(item, list | tuple):
            left.extend(item)  # pyright: ignore[reportUnknownArgumentType]
    return False


def _values(item: dict[Any, Any]) -> Iterable[Any]:
    return item.values()
