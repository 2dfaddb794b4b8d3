"""Figures and links of answers, with the real index over a small course."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from assistant.records import Citation
from assistant.web.app_context import AppContext
from assistant.web.application import ROUTERS, create_application
from tests.helpers.figures_course import figures_site


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AppContext]:
    folder: Path = tmp_path_factory.mktemp("figures")
    with figures_site(folder) as site:
        yield site


@pytest.fixture(scope="module")
def client(site: AppContext) -> TestClient:
    return TestClient(create_application(site, ROUTERS, {}))


def cited(file: str, first: int, last: int, quote: str = "") -> Citation:
    return Citation(1, "", (), file, first, last, quote)


def test_the_figures_of_a_cited_section_are_shown_and_a_missing_one_is_told(site: AppContext):
    shown = site.places.figures_of([cited("learning.ko.md", 5, 9), cited("learning.ko.md", 7, 9)])
    assert [(figure.address, figure.caption) for figure in shown] == [
        ("/figures/figures/loss.png", "학습률에 따른 손실"),
        (None, "없는 그림"),
    ]
    assert site.places.figures_of([cited("learning.ko.md", 20, 20)]) == []
    assert site.places.figures_of([cited("gone.md", 1, 1)]) == []


def test_links_of_an_answer_are_those_of_the_note_that_it_quotes(site: AppContext):
    both = [cited("learning.en.md", 26, 26, "x"), cited("learning.ko.md", 23, 23, "[x](advanced/matrix.ko.md)")]
    find = site.places.links_among(both)
    assert find("advanced/matrix.ko.md#야코비-행렬") == "/notes/advanced/matrix.ko.md#L3"
    assert find("없는글.md") is None


def test_the_reader_leads_to_notes_and_headings_and_says_what_is_nowhere(client: TestClient):
    page = client.get("/notes/learning.ko.md").text
    assert 'href="/notes/advanced/matrix.ko.md#L3">행렬 미분</a>' in page
    assert 'href="/notes/learning.ko.md#L3">같은 쪽</a>' in page
    assert '<a role="link" aria-disabled="true">부록</a>' in page
    english = client.get("/notes/learning.en.md").text
    assert 'rel="noopener noreferrer nofollow" target="_blank">a site</a>' in english


def test_a_drawing_is_served_so_that_it_can_do_nothing(client: TestClient):
    drawing = client.get("/figures/assets/drawing.svg")
    assert drawing.status_code == 200
    assert drawing.headers["content-type"] == "image/svg+xml"
    assert drawing.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in drawing.headers["content-security-policy"]
    assert "script-src" not in drawing.headers["content-security-policy"]
    assert "default-src 'none'" in drawing.headers["content-security-policy"]
    assert client.get("/figures/figures/loss.png").headers["content-type"] == "image/png"


def test_formulas_of_an_option_come_as_html(client: TestClient):
    step = client.post("/quiz/start", json={"language": "en", "count": 1}).json()
    assert len(step["labels"]) == len(step["options"])
