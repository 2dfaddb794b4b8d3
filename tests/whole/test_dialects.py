"""Notes in the ways people write Markdown: what each says is shown and found, its marks are not, its bytes are quoted.

The tables in ``tests/data/dialects`` hold one construct a row.
"""

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest

from assistant.answering.excerpt_markdown import render
from assistant.records import Citation
from assistant.selection import Excerpt
from assistant.serving.assistant import Assistant
from assistant.web.safe_html import render_answer, render_note
from index import Encoder, IndexSettings, Note, open_or_build
from index.reading.notes import parse_note
from index.reading.passages import line_pieces
from index.reading.portable import portable
from tests.helpers.dialect_cases import Case, cases, write_notes
from tests.helpers.hostile_markdown import check_note
from tests.helpers.small_builds import few_other_subjects

_TAG = re.compile(r"<[^>]*>")


CASES = cases()


def words_of(html: str) -> str:
    """Return what a reader sees of a page, white space folded."""
    return " ".join(unescape(_TAG.sub("", html)).split())


def answers_of(note: Note) -> Iterator[str]:
    """Yield every line of ``note`` as an answer shows it: as Markdown, and as the words on the page."""
    for section in note.sections:
        for block in line_pieces(section):
            quote = note.quote(block.first_line, block.last_line)
            citation = Citation(1, "M", ("M",), note.file, block.first_line, block.last_line, quote)
            markdown = render(Excerpt(section, (block,), citation, False), note)
            yield markdown
            yield words_of(render_answer(markdown, lambda _: ""))


def test_names_and_files_are_told_apart() -> None:
    assert len({case.name for case in CASES}) == len({case.path for case in CASES}) == len(CASES)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_portable_markdown(case: Case) -> None:
    text = portable(case.note).text
    assert text.count("\n") == case.note.count("\n")
    assert portable(text).text == text, "portable Markdown is a dialect of its own, and stays as it is"
    if case.portable is not None:
        assert text == case.portable


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_what_is_said_is_shown_and_its_marks_are_not(case: Case) -> None:
    note = check_note(case.note)
    page = words_of(render_note(note.shown, missing_figure="missing", image_url=lambda url: f"/figures/{url}"))
    read = " ".join(
        " ".join([*section.heading_path, *(block.text for block in section.blocks)]) for section in note.sections
    )
    assert [text for text in case.shown if text not in page] == []
    found = case.shown if case.found is None else case.found
    assert [text for text in found if text not in " ".join(read.split())] == []
    for shown in (page, read, *answers_of(note)):
        assert [mark for mark in case.hidden if mark in shown] == [], shown


@pytest.mark.parametrize("end", ["\r\n", "\n"], ids=["windows", "unix"])
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_lines_are_the_files(case: Case, end: str) -> None:
    text = case.note.replace("\n", end)
    note = parse_note(text, case.path)
    assert note.quote(1, text.count("\n")) == text.removesuffix("\n").removesuffix("\r")
    assert note.shown.replace("\r", "") == parse_note(case.note, case.path).shown


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory, encoder: Encoder) -> Iterator[Assistant]:
    """An assistant over the notes of all tables, with the real encoder."""
    folder: Path = tmp_path_factory.mktemp("dialects")
    write_notes(folder / "notes")
    with few_other_subjects(folder):
        yield Assistant(open_or_build(IndexSettings(dir=folder / "notes", data_dir=folder / "data"), None, encoder))


@pytest.mark.parametrize("case", [case for case in CASES if case.question], ids=lambda case: case.name)
def test_answers_quote_the_files_bytes(case: Case, answers: Assistant) -> None:
    answer = answers.ask(str(case.question))
    lines = [line for citation in answer.citations for line in citation.quote.split("\n")]
    assert case.path in {citation.file for citation in answer.citations}  # another short note may say something near it
    assert [line for line in case.quoted if line not in lines] == []
    assert [mark for mark in case.hidden if mark in answer.text] == []
