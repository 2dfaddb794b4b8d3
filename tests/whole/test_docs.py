"""What the documents point at is there: tests by name, files by path, and pages by link."""

import re
from pathlib import Path

import pytest

from tests.places import ROOT

DOCS = sorted([*(ROOT / "docs").glob("*.md"), ROOT / "README.md", ROOT / "CONTRIBUTING.md"])
_TEST = re.compile(r"`tests/((?:\w+/)*test_\w+\.py)(?:::(\w+))?`")
_SOURCE = re.compile(r"`((?:index|assistant|tests)/[\w/.-]+\.(?:py|yaml|json|md))`")
_LINK = re.compile(r"\]\((?!https?:|#|mailto:)([^)#\s]+)")


@pytest.fixture(params=DOCS, ids=lambda path: path.name)
def page(request: pytest.FixtureRequest) -> Path:
    return request.param


def test_tests_that_are_named_exist(page: Path):
    gone = [
        f"{file}::{name}"
        for file, name in _TEST.findall(page.read_text(encoding="utf-8"))
        if not re.search(
            rf"^\s*(?:async def|def|class) {name or ''}\b", (ROOT / "tests" / file).read_text(encoding="utf-8"), re.M
        )
    ]
    assert gone == []


def test_files_that_are_named_exist(page: Path):
    text = page.read_text(encoding="utf-8")
    assert [path for path in _SOURCE.findall(text) if not (ROOT / path).is_file()] == []
    assert [path for path in _LINK.findall(text) if not (page.parent / path).exists()] == []


def test_security_and_reliability_name_many_tests():
    for name in ("security.md", "reliability.md"):
        named = _TEST.findall((ROOT / "docs" / name).read_text(encoding="utf-8"))
        assert len({test for test in named if test[1]}) >= 40
