"""Lets only signed-in instructors through: sign-in page, session cookie, and the guard of everything below it."""

import math

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import RedirectResponse, Response

from assistant.faq.accounts.account_store import FIRST_NAME, credential_stamp, verify
from assistant.faq.accounts.guessing import (
    Allowance,
    HashQueue,
    Throttle,
    TooManyWaitingError,
    of_address,
    of_browser,
    of_name,
)
from assistant.faq.accounts.sessions import KnownAddresses, Session, Sessions, browser_mark, is_browser_mark
from assistant.faq.errors import DatabaseUnavailableError
from assistant.faq.service import FaqService
from assistant.web.fields import FormName, FormText
from assistant.web.instructor.error_pages import desk_route
from assistant.web.page_frame import PageFrame
from assistant.web.strings import Strings

HOME = "/instructor"
SIGN_IN = f"{HOME}/sign-in"
_COOKIE = "instructor"
#: Tells that someone signed in with this browser before; it opens nothing.
_KNOWN_COOKIE = "instructor_known"
_LIFETIME_SECONDS = 8 * 3600
_KNOWN_SECONDS = 365 * 86_400
_BUSY_SECONDS = 2


class Access:
    """Who is signed in, and who is let through."""

    def __init__(self, desk: FaqService, frame: PageFrame, strings: dict[str, Strings]) -> None:
        self._desk = desk
        self._frame = frame
        self._strings = strings
        self._sessions = Sessions(_LIFETIME_SECONDS)
        self._throttle = Throttle()
        self._queue = HashQueue()
        self._addresses = KnownAddresses()

    def guard(self, request: Request) -> None:
        """Let a signed-in instructor through. A dependency of every route but the sign-in.

        :raises HTTPException: To the sign-in page for who wants to see a page, else 401; 403 for a foreign form; 503
            while the database cannot tell whether the password is still the same.
        """
        if self._session(request) is None:
            if request.method == "GET" and "text/html" in request.headers.get("accept", ""):
                raise HTTPException(303, headers={"Location": SIGN_IN})
            raise HTTPException(401, "Sign in first.")
        if request.method not in ("GET", "HEAD"):
            refuse_foreign(request)

    def _session(self, request: Request) -> Session | None:
        """Return the session of ``request``; a changed password has ended it.

        :raises HTTPException: 503 if that cannot be known.
        """
        token = request.cookies.get(_COOKIE)
        session = self._sessions.find(token)
        if session is None:
            return None
        try:
            stamp = credential_stamp(self._desk.database, session.name)
        except DatabaseUnavailableError as error:
            raise HTTPException(503, str(error)) from error
        if stamp == session.stamp:
            return session
        self._sessions.close(token)
        return None

    def router(self) -> APIRouter:
        """Return the routes of signing in and out."""
        router = APIRouter(route_class=desk_route(self._frame, self._strings), include_in_schema=False)
        router.get(SIGN_IN)(self.show)
        router.post(SIGN_IN)(self.sign_in)
        router.post(f"{HOME}/sign-out")(self.sign_out)
        return router

    def show(self, request: Request) -> Response:
        """Show the form."""
        return self._form(request)

    def sign_in(self, request: Request, name: FormName = FIRST_NAME, password: FormText = "") -> Response:  # nosec B107
        """Check the password and open a session; who fails too often has to wait.

        :raises HTTPException: 403 for a foreign form; 503 if the database cannot be read.
        """
        refuse_foreign(request)
        try:
            return self._signed_in(request, name, password)
        except DatabaseUnavailableError as error:
            raise HTTPException(503, str(error)) from error

    def _signed_in(self, request: Request, name: str, password: str) -> Response:
        texts = self._strings[self._frame.strings_for(request).language]
        stamp = credential_stamp(self._desk.database, name)  # before the check: a password set since then ends it
        allowances, known = self._allowances(request, name, stamp)
        wait = self._throttle.begin(*allowances)
        if wait > 0:
            seconds = math.ceil(wait)
            return self._form(request, texts.format("instructor.wait", seconds=seconds), 429, retry_after=seconds)
        try:
            with self._queue.turn(known=known):
                right = verify(self._desk.database, name, password)
        except (TooManyWaitingError, DatabaseUnavailableError) as error:
            self._throttle.take_back(*allowances)
            if isinstance(error, DatabaseUnavailableError):
                raise
            return self._form(request, texts["instructor.busy"], 429, retry_after=_BUSY_SECONDS)
        if not right or stamp is None:
            return self._form(request, texts["instructor.wrong"], 401)
        self._throttle.take_back(*allowances)
        self._throttle.forget(allowances[0])
        self._addresses.remember(_address(request), name)
        response = RedirectResponse(HOME, 303)
        _set_cookie(response, request, _COOKIE, self._sessions.open(name, stamp), _LIFETIME_SECONDS)
        _set_cookie(response, request, _KNOWN_COOKIE, browser_mark(name, stamp), _KNOWN_SECONDS)
        return response

    def _allowances(self, request: Request, name: str, stamp: str | None) -> tuple[tuple[Allowance, ...], bool]:
        """Return what a try counts against, the narrowest first, and whether who tries signed in before."""
        mark = request.cookies.get(_KNOWN_COOKIE, "")
        if stamp is not None and is_browser_mark(mark, name, stamp):
            return (of_browser(mark),), True
        address = _address(request)
        if self._addresses.knows(address, name):
            return (of_address(address),), True
        return (of_address(address), of_name(name)), False

    def sign_out(self, request: Request) -> Response:
        """Close the session."""
        refuse_foreign(request)
        self._sessions.close(request.cookies.get(_COOKIE))
        response = RedirectResponse(SIGN_IN, 303)
        response.delete_cookie(_COOKIE, path=HOME)
        return response

    def _form(
        self, request: Request, message: str = "", status_code: int = 200, retry_after: int | None = None
    ) -> Response:
        texts = self._strings[self._frame.strings_for(request).language]
        response = self._frame.render(
            request,
            "instructor_sign_in.html",
            status_code,
            title=texts["instructor.sign_in"],
            f=texts,
            message=message,
            first_name=FIRST_NAME,
        )
        if retry_after is not None:
            response.headers["Retry-After"] = str(retry_after)
        return response


def _address(request: Request) -> str:
    """Return where ``request`` comes from, as the server tells it; no header is believed here."""
    return request.client.host if request.client else ""


def _set_cookie(response: Response, request: Request, name: str, value: str, seconds: int) -> None:
    """Set a cookie that scripts and other sites never get, for the instructor's pages alone."""
    secure = request.url.scheme == "https"
    response.set_cookie(name, value, max_age=seconds, path=HOME, httponly=True, samesite="strict", secure=secure)


def refuse_foreign(request: Request) -> None:
    """Refuse what a page of another site sent.

    :raises HTTPException: 403, if the browser says that it comes from elsewhere.
    """
    origin = request.headers.get("origin")
    if origin is not None and origin.partition("://")[2] != request.headers.get("host"):
        raise HTTPException(403, "This form was sent by another site.")
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        raise HTTPException(403, "This form was sent by another site.")
