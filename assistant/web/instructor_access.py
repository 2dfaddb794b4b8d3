"""Lets only signed-in instructors through: sign-in page, session cookie, and the guard of everything below it."""

from typing import Annotated
from urllib.parse import urlsplit

from fastapi import APIRouter, Form, HTTPException, Request
from fastapi.responses import RedirectResponse, Response

from assistant.faq.accounts import FIRST_NAME, Sessions, Throttle, verify
from assistant.faq.desk import FaqDesk
from assistant.web.shell import Shell
from assistant.web.strings import Strings

HOME = "/instructor"
SIGN_IN = f"{HOME}/sign-in"
_COOKIE = "instructor"
_LIFETIME_SECONDS = 8 * 3600
_LONGEST_PASSWORD = 1024


class Access:
    """Who is signed in, and who is let through."""

    def __init__(self, desk: FaqDesk, shell: Shell, strings: dict[str, Strings]) -> None:
        self._desk = desk
        self._shell = shell
        self._strings = strings
        self._sessions = Sessions(_LIFETIME_SECONDS)
        self._throttle = Throttle()

    def guard(self, request: Request) -> None:
        """Let a signed-in instructor through. A dependency of every route but the sign-in.

        :raises HTTPException: To the sign-in page for who wants to see a page, else 401; 403 for a foreign form.
        """
        if self._sessions.name(request.cookies.get(_COOKIE)) is None:
            if request.method == "GET" and "text/html" in request.headers.get("accept", ""):
                raise HTTPException(303, headers={"Location": SIGN_IN})
            raise HTTPException(401, "Sign in first.")
        if request.method not in ("GET", "HEAD"):
            refuse_foreign(request)

    def router(self) -> APIRouter:
        """Return the routes of signing in and out."""
        router = APIRouter(include_in_schema=False)
        router.get(SIGN_IN)(self.show)
        router.post(SIGN_IN)(self.sign_in)
        router.post(f"{HOME}/sign-out")(self.sign_out)
        return router

    def show(self, request: Request) -> Response:
        """Show the form."""
        return self._form(request)

    def sign_in(
        self, request: Request, name: Annotated[str, Form()] = FIRST_NAME, password: Annotated[str, Form()] = ""
    ) -> Response:
        """Check the password and open a session; who fails too often has to wait."""
        refuse_foreign(request)
        address = request.client.host if request.client else ""
        wait = max(self._throttle.wait_seconds(address), self._throttle.wait_seconds(f"name:{name}"))
        texts = self._strings[self._shell.strings_for(request).language]
        if wait > 0:
            return self._form(request, texts.format("instructor.wait", seconds=int(wait) + 1), 429)
        if len(password) > _LONGEST_PASSWORD or not verify(self._desk.database, name, password):
            self._throttle.fail(address)
            self._throttle.fail(f"name:{name}")
            return self._form(request, texts["instructor.wrong"], 401)
        self._throttle.succeed(address)
        self._throttle.succeed(f"name:{name}")
        response = RedirectResponse(HOME, 303)
        response.set_cookie(
            _COOKIE,
            self._sessions.open(name),
            max_age=_LIFETIME_SECONDS,
            path=HOME,
            httponly=True,
            samesite="strict",
            secure=request.url.scheme == "https",
        )
        return response

    def sign_out(self, request: Request) -> Response:
        """Close the session."""
        refuse_foreign(request)
        self._sessions.close(request.cookies.get(_COOKIE))
        response = RedirectResponse(SIGN_IN, 303)
        response.delete_cookie(_COOKIE, path=HOME)
        return response

    def _form(self, request: Request, message: str = "", status_code: int = 200) -> Response:
        texts = self._strings[self._shell.strings_for(request).language]
        return self._shell.render(
            request,
            "instructor_sign_in.html",
            status_code,
            title=texts["instructor.sign_in"],
            f=texts,
            message=message,
            first_name=FIRST_NAME,
        )


def refuse_foreign(request: Request) -> None:
    """Refuse what a page of another site sent.

    :raises HTTPException: 403, if the browser says that it comes from elsewhere.
    """
    origin = request.headers.get("origin")
    if origin is not None and urlsplit(origin).netloc != request.headers.get("host"):
        raise HTTPException(403, "This form was sent by another site.")
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        raise HTTPException(403, "This form was sent by another site.")
