import pytest
from starlette.requests import HTTPConnection

from assistant.web.language import interface_language, local_path, preferred_language


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        pytest.param("ko-KR,ko;q=0.9,en;q=0.8", "ko", id="korean-first"),
        pytest.param("en-US,en;q=0.9,ko;q=0.8", "en", id="english-first"),
        pytest.param("en;q=0.3,ko;q=0.7", "ko", id="weights-decide"),
        pytest.param("fr-FR,ko;q=0.2", "ko", id="the-one-it-shares"),
        pytest.param("de,fr", "en", id="neither"),
        pytest.param("", "ko", id="nothing-said"),
        pytest.param("ko;q=x,en;q=0.1", "en", id="broken-weight"),
    ],
)
def test_the_browser_chooses_the_language(accepted: str, language: str):
    assert preferred_language(accepted) == language


@pytest.mark.parametrize(
    ("cookie", "language"), [("notes_language=en", "en"), ("notes_language=xx", "ko"), ("other=en", "ko")]
)
def test_the_students_choice_is_stronger(cookie: str, language: str):
    headers = [(b"cookie", cookie.encode()), (b"accept-language", b"ko")]
    assert interface_language(HTTPConnection({"type": "http", "headers": headers})) == language


@pytest.mark.parametrize(
    ("target", "path"),
    [
        ("/notes/a.md?x=1#L2", "/notes/a.md?x=1#L2"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("https://evil.example", "/"),
        ("/a\nSet-Cookie: x", "/"),
        ("", "/"),
    ],
)
def test_only_paths_of_this_site_are_returned_to(target: str, path: str):
    assert local_path(target) == path
