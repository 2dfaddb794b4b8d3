"""The examples of the CommonMark specification as notes: read, shown, every line owned once.

They come in the source archive of the Markdown parser that the project uses, which ``make test`` downloads; their
licence (CC BY-SA 4.0) is another than the project's, so that they are not part of it.
"""

import importlib.metadata
import json
import sys
import tarfile
from pathlib import Path
from typing import Any

import pytest

from tests.helpers.hostile_markdown import check_note

PARSER_VERSION = importlib.metadata.version("markdown-it-py")
ARCHIVE = Path(sys.prefix) / "share" / "commonmark" / f"markdown_it_py-{PARSER_VERSION}.tar.gz"
MEMBER = f"markdown_it_py-{PARSER_VERSION}/tests/test_cmark_spec/commonmark.json"


@pytest.fixture(scope="module")
def examples() -> list[dict[str, Any]]:
    assert ARCHIVE.is_file(), f"{ARCHIVE} is missing; `make test` downloads it"
    with tarfile.open(ARCHIVE) as archive:
        member = archive.extractfile(MEMBER)
        assert member is not None
        rows: list[dict[str, Any]] = json.load(member)
    return rows


def test_all_examples_of_the_specification_are_read_and_shown(examples: list[dict[str, Any]]) -> None:
    assert len(examples) >= 652
    for example in examples:
        check_note(example["markdown"])
        check_note(example["markdown"].replace("\n", "\r\n"))


def test_examples_one_after_the_other_are_one_note(examples: list[dict[str, Any]]) -> None:
    sections = sorted({example["section"] for example in examples})
    assert len(sections) > 20
    for section in sections:
        texts = [example["markdown"] for example in examples if example["section"] == section]
        check_note("\n".join(texts))
        check_note("".join(texts))
    check_note("\n\n".join(f"## {example['section']}\n\n{example['markdown']}" for example in examples))
