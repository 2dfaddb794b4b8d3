"""The help page: what the assistant can do, how citations work, what is stored where, and which keys work."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from assistant.web.app_context import AppContext
from assistant.web.page_frame import PageFrame
from assistant.web.strings import Strings

_TOPICS = ("can", "cite", "decline", "privacy", "keys")


def create_router(context: AppContext, frame: PageFrame) -> APIRouter:
    """Return the route of ``/help``."""
    router = APIRouter(include_in_schema=False)

    @router.get("/help", response_class=HTMLResponse)
    def show(request: Request) -> HTMLResponse:
        strings = frame.strings_for(request)
        return frame.render(
            request,
            "help.html",
            title=strings["help.title"],
            topics=[(strings[f"help.{topic}_title"], _points(context, strings, topic)) for topic in _TOPICS],
        )

    return router


def _points(context: AppContext, strings: Strings, topic: str) -> list[str]:
    """Return the points of a topic; some hold only where the site is set up so."""
    points = strings.section(f"help_{topic}")
    if topic == "privacy":
        points.pop("logged" if context.log is None else "not_logged")
        points.pop("model" if context.settings.chat_model is None else "no_model")
    return list(points.values())
