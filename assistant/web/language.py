"""Decides in which language the interface speaks: the student's choice, else the browser's; knows no text."""

from starlette.requests import HTTPConnection

from index.language.languages import ENGLISH, KOREAN, LANGUAGES

COOKIE = "notes_language"
REMEMBERED_SECONDS = 365 * 24 * 3600


def interface_language(connection: HTTPConnection) -> str:
    """Return ``ko`` or ``en``: the remembered choice, else the first of the browser's languages that is one of them.

    A browser that names neither gets English, the language that it is likelier to share.
    """
    chosen = connection.cookies.get(COOKIE)
    if chosen in LANGUAGES:
        return chosen
    return preferred_language(connection.headers.get("accept-language", ""))


def preferred_language(accepted: str) -> str:
    """Return the language that an ``Accept-Language`` header likes best; Korean where there is no header.

    :param accepted: The header's value, such as ``ko-KR,ko;q=0.9,en;q=0.8`` (RFC 9110, section 12.5.4).
    """
    if not accepted.strip():
        return KOREAN
    weighted: list[tuple[float, int, str]] = []
    for position, part in enumerate(accepted.split(",")):
        tag, _, parameter = part.partition(";")
        language = tag.strip().lower().partition("-")[0]
        if language in LANGUAGES:
            weighted.append((-_weight(parameter), position, language))
    return min(weighted)[2] if weighted else ENGLISH


def _weight(parameter: str) -> float:
    name, _, value = parameter.strip().partition("=")
    if name != "q":
        return 1.0
    try:
        return float(value)
    except ValueError:
        return 0.0


def local_path(target: str) -> str:
    """Return ``target`` if it is a path of this site, else ``/``, so that no link leads a student elsewhere."""
    is_local = target.startswith("/") and not target.startswith(("//", "/\\")) and "\n" not in target
    return target if is_local else "/"
