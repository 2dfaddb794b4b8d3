"""The page ``/docs``: the HTTP API as OpenAPI describes it, without a script from another host."""

import json
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import HTMLResponse

from assistant.web.page_frame import PageFrame

_METHODS = ("get", "post", "put", "patch", "delete")


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation of the API: its parameters, and its request body and answers as JSON schemas."""

    method: str
    path: str
    summary: str
    description: str
    parameters: tuple[str, ...]
    body: str
    answers: tuple[str, ...]


def create_router(app: FastAPI, frame: PageFrame) -> APIRouter:
    """Return the route of ``/docs`` for what ``app`` offers when the page is opened."""
    router = APIRouter(include_in_schema=False)

    @router.get("/docs", response_class=HTMLResponse)
    def show(request: Request) -> HTMLResponse:
        schema = app.openapi()
        title = frame.strings_for(request)["docs.title"]
        return frame.render(
            request, "docs.html", title=title, operations=operations(schema), schemas=_pretty_schemas(schema)
        )

    return router


def operations(schema: dict[str, Any]) -> list[Operation]:
    """Return the operations of an OpenAPI description, in its order."""
    return [
        _operation(method, path, described[method])
        for path, described in schema.get("paths", {}).items()
        for method in _METHODS
        if method in described
    ]


def _operation(method: str, path: str, described: dict[str, Any]) -> Operation:
    body = described.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
    return Operation(
        method=method.upper(),
        path=path,
        summary=described.get("summary", ""),
        description=described.get("description", ""),
        parameters=tuple(f"{item['name']} ({item['in']})" for item in described.get("parameters", [])),
        body=_name(body) if body else "",
        answers=tuple(f"{code}: {answer.get('description', '')}" for code, answer in described["responses"].items()),
    )


def _name(schema: dict[str, Any]) -> str:
    """Return the name of a schema that is described below, else the schema itself."""
    reference: str = schema.get("$ref", "")
    return reference.rpartition("/")[2] or json.dumps(schema, ensure_ascii=False)


def _pretty_schemas(schema: dict[str, Any]) -> dict[str, str]:
    schemas: dict[str, Any] = schema.get("components", {}).get("schemas", {})
    return {name: json.dumps(described, ensure_ascii=False, indent=2) for name, described in schemas.items()}
