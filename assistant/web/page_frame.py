"""The frame that all pages share: head, navigation, language and theme switch, status line; and how to render it.

A plain page: render a template that extends ``page.html`` with :meth:`PageFrame.render` and add its router to
``application.ROUTERS``. A Gradio page: a function ``create_blocks(site, language) -> gr.Blocks`` in
``application.GRADIO_PAGES``. Either appears in the navigation once it is in ``NAVIGATION`` and mounted.
"""

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from assistant.web.language import interface_language
from assistant.web.strings import Strings

FOLDER = Path(__file__).parent
STATIC = FOLDER / "static"


@dataclass(frozen=True, slots=True)
class Link:
    """An entry of the navigation; ``key`` names its text in the catalogue."""

    path: str
    key: str


NAVIGATION = (
    Link("/", "nav.chat"),
    Link("/notes", "nav.notes"),
    Link("/quiz", "nav.quiz"),
    Link("/faq", "nav.faq"),
    Link("/help", "nav.help"),
)


class PageFrame:
    """Renders pages in the student's language.

    :param mounted: The paths that exist; other entries of the navigation are left out.
    """

    def __init__(self, strings: dict[str, Strings], mounted: Collection[str]) -> None:
        self.strings = strings
        self._links = [link for link in NAVIGATION if link.path in mounted]
        self._templates = Environment(
            loader=FileSystemLoader(FOLDER / "templates"), autoescape=True, undefined=StrictUndefined
        )
        self._version = str(max(int(path.stat().st_mtime) for path in STATIC.iterdir()))

    def strings_for(self, request: Request) -> Strings:
        """Return the strings in the language of ``request``."""
        return self.strings[interface_language(request)]

    def render(self, request: Request, template: str, status_code: int = 200, **values: Any) -> HTMLResponse:  # noqa: ANN401 - templates take anything
        """Return ``template`` as a page in the language of ``request``.

        Templates get the strings as ``t``, the ``language``, and ``values``; ``title`` is expected among them.
        """
        language = interface_language(request)
        html = self.fragment(template, language, path=request.url.path, **values)
        return HTMLResponse(html, status_code, headers={"Vary": "Cookie, Accept-Language", "Cache-Control": "no-cache"})

    def fragment(self, template: str, language: str, *, path: str = "/", **values: Any) -> str:  # noqa: ANN401
        """Return ``template`` as HTML in ``language``, for a page at ``path``."""
        other = next(code for code in self.strings if code != language)
        return self._templates.get_template(template).render(
            t=self.strings[language],
            language=language,
            other_language=other,
            links=self._links,
            path=path,
            version=self._version,
            **values,
        )
