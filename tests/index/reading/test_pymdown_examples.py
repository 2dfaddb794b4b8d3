"""The test files and the handbook of pymdown's extensions as notes: read, shown, every line owned once.

They come in its source archive, which ``make test`` downloads; the package itself is not used.
"""

import ast
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from index.reading.portable import portable
from tests.helpers.hostile_markdown import check_note

ARCHIVE = Path(sys.prefix) / "share" / "pymdown" / "pymdown_extensions-13.1.2.tar.gz"


def texts(name: str, content: str) -> Iterator[str]:
    """Yield the Markdown in a file of the archive: the file itself, or the texts that its tests convert."""
    if name.endswith((".txt", ".md")):
        yield content
        return
    for node in ast.walk(ast.parse(content)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and "\n" in node.value:
            yield node.value
            yield "\n".join(line.removeprefix("            ") for line in node.value.split("\n"))


@pytest.fixture(scope="module")
def examples() -> dict[str, list[str]]:
    assert ARCHIVE.is_file(), f"{ARCHIVE} is missing; `make test` downloads it"
    found: dict[str, list[str]] = {}
    with tarfile.open(ARCHIVE) as archive:
        for member in archive:
            _, _, name = member.name.partition("/")
            is_wanted = name.endswith((".txt", ".md")) or (name.startswith("tests/test_") and name.endswith(".py"))
            if is_wanted and (file := archive.extractfile(member)) is not None:
                found[name] = list(texts(name, file.read().decode("utf-8", "replace").replace("\0", "")))
    return found


def test_all_examples_are_read_and_shown(examples: dict[str, list[str]]) -> None:
    assert sum(map(len, examples.values())) > 1000
    for notes in examples.values():
        for text in notes:
            check_note(text)


def test_lines_stay_as_many(examples: dict[str, list[str]]) -> None:
    for notes in examples.values():
        for text in notes:
            assert portable(text).text.count("\n") == text.count("\n")
