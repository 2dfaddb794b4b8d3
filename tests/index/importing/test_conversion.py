"""A file is read in a process of its own, which may be slow, greedy or die: who asks is told in a sentence."""

import re
from pathlib import Path

import pytest

from index.errors import PackageMissingError
from index.importing import conversion, formats
from index.importing.conversion import convert
from index.importing.formats import NoNoteError, SourceFormat
from tests.helpers.sample_documents import KOREAN_CSV

pytestmark = pytest.mark.slow


def test_a_file_is_read_in_another_process():
    note = convert(KOREAN_CSV, "강의 계획.csv")
    assert note.markdown.startswith("# 강의 계획\n\n| 이름 |")
    assert (note.language, note.pages, note.unread) == ("ko", 1, ())


def test_what_the_process_says_is_raised_here():
    with pytest.raises(NoNoteError, match=r"^a\.html: there is no text in it\.$"):
        convert(b"<html></html>", "a.html")


@pytest.mark.parametrize(
    ("program", "seconds", "kind"),
    [
        ("import time; time.sleep(60)", 1.0, "too_slow"),
        ("import os; os.kill(os.getpid(), 9)", 60.0, "out_of_memory"),
        ("print('not a record')", 60.0, "out_of_memory"),
    ],
    ids=["slow", "killed", "says-nothing"],
)
def test_a_process_that_fails_is_a_sentence(program: str, seconds: float, kind: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(conversion, "_CHILD", ("-c", program))
    with pytest.raises(NoNoteError) as caught:
        convert(b"a,b", "a.csv", seconds)
    assert caught.value.kind == kind


def test_a_greedy_process_is_ended(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    program = (
        "import sys; sys.argv[1:] = ['a.csv', 'a']; from index.importing import converter_child as child;"
        "child.converted = lambda *_: bytearray(child.MEMORY_BYTES); child.main()"
    )
    monkeypatch.setattr(conversion, "_CHILD", ("-c", program))
    with pytest.raises(NoNoteError, match="needs more memory"):
        convert(b"a,b", "a.csv")


def test_packages_that_are_missing_are_named(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(formats.FORMATS, ".pdf", SourceFormat("pdf_pages.read_pdf", ("no_such_package",)))
    with pytest.raises(PackageMissingError, match=r'pip install "\.\[import\]"'):
        convert(b"%PDF", "a.pdf")


def test_a_huge_file_is_not_even_read(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(formats, "MAX_SOURCE_BYTES", 3)
    with pytest.raises(NoNoteError, match="split it"):
        convert(b"a,b,c", "a.csv")


def test_no_library_of_a_format_is_imported_before_a_file_is_read():
    folder = Path(conversion.__file__).parent
    sources = {path.name: path.read_text(encoding="utf-8") for path in folder.rglob("*.py")}
    names = ("pptx", "pdfplumber", "pypdfium2", "mammoth", "dochan", "lxml", "nbformat", "openpyxl")
    found = [
        (file, name)
        for file, text in sources.items()
        for name in names
        if re.search(rf"^(?:import|from) {name}\b", text, re.M)
    ]
    assert found == []
