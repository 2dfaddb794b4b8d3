"""PDF pages become pages with headings, joined paragraphs and tables; headers, footers and page numbers do not."""

from collections.abc import Iterator

import pytest

from index.importing.converter_child import converted
from index.importing.documents import (
    HeadingBlock,
    ImportedDocument,
    ItemBlock,
    ParagraphBlock,
    TableBlock,
    Unread,
    runs_text,
)
from index.importing.formats import NoNoteError
from index.importing.readers import ocr
from index.importing.readers.line_joining import LineJoiner
from index.importing.readers.ocr import has_ocr
from index.importing.readers.pdf_layout import PdfLine, PdfPage, laid_out
from index.importing.readers.pdf_pages import read_pdf
from tests.helpers.sample_documents import SERVICES, encrypted_pdf, english_pdf, korean_pdf, scanned_pdf


@pytest.fixture(scope="module")
def korean() -> ImportedDocument:
    return read_pdf(korean_pdf(), "guide")


@pytest.fixture(scope="module")
def english() -> ImportedDocument:
    return read_pdf(english_pdf(), "guide")


def test_thirty_pages_keep_their_numbers_titles_and_headings(korean: ImportedDocument):
    assert korean.title == "저장소 운영 안내서"
    assert [page.label for page in korean.pages] == [str(n) for n in range(1, 31)]
    headings = [[block for block in page.blocks if isinstance(block, HeadingBlock)] for page in korean.pages]
    assert headings == [[HeadingBlock(1, f"{n}. {SERVICES[n % 6][1]}")] for n in range(1, 31)]


def test_headers_and_page_numbers_are_dropped_and_told(korean: ImportedDocument):
    assert korean.unread == (Unread("repeated", detail="예시대학교 저장소 과목"),)
    assert "예시대학교" not in repr(korean.pages)
    assert "- 3 -" not in repr(korean.pages)


def test_korean_lines_are_joined_whether_or_not_a_word_was_broken(korean: ImportedDocument):
    for page, number in zip(korean.pages, range(1, 31), strict=True):
        paragraph = next(block for block in page.blocks if isinstance(block, ParagraphBlock))
        assert runs_text(paragraph.runs) == (
            f"{SERVICES[number % 6][1]}는 운영자가 한 번만 만들며 이름은 전체 시스템에서 하나뿐이어야 합니다. "
            "만든 뒤에는 이름을 바꿀 수 없고 지운 이름은 다시 쓸 수 없으므로 처음부터 신중하게 정해야 합니다."
        )


def test_a_table_stands_where_it_stood(korean: ImportedDocument):
    kinds = [type(block) for block in korean.pages[6].blocks]
    assert kinds == [HeadingBlock, ParagraphBlock, ParagraphBlock, TableBlock, ItemBlock, ItemBlock]
    assert TableBlock((("등급", "복원 시간"), ("얼음", "72시간"), ("불씨", "5분"))) in korean.pages[6].blocks


def test_a_hyphen_at_a_lines_end_is_taken_out_and_one_of_a_compound_is_not(english: ImportedDocument):
    (paragraph,) = english.pages[0].blocks
    assert isinstance(paragraph, ParagraphBlock)
    assert runs_text(paragraph.runs).startswith("An archive is kept in a well-known place, and its maintenance is done")


def test_of_two_columns_the_left_one_comes_first(english: ImportedDocument):
    text = " ".join(runs_text(block.runs) for block in english.pages[1].blocks if isinstance(block, ParagraphBlock))
    assert text.index("Left line 11") < text.index("Right line 0")
    assert "robots Left line 1 tells" in text


def test_a_page_is_called_by_the_section_that_goes_on_there():
    line = ("Some text of the page that says something about it.", 72.0, 400.0)
    pages = [
        PdfPage(
            1, 842, (PdfLine("Delays", 72, 120, 100, 116, 16, False, 520), PdfLine(*line, 130, 140, 10, False, 520))
        ),
        PdfPage(2, 842, (PdfLine(*line, 130, 140, 10, False, 520),)),
    ]
    laid = laid_out(pages, LineJoiner())
    assert laid.title == "Delays"  # the only line of its size, on the first page
    assert [len(blocks) for blocks in laid.pages] == [1, 1]


def test_a_sentence_over_a_pages_end_is_whole():
    def page(number: int, *texts: str) -> PdfPage:
        lines = tuple(PdfLine(t, 72, 500, 130 + 14 * n, 140 + 14 * n, 10, False, 500) for n, t in enumerate(texts))
        return PdfPage(number, 842, lines)

    laid = laid_out(
        [page(1, "One ends. The archive is", "opened by"), page(2, "the warden. Then it", "is closed.")], LineJoiner()
    )
    assert [[runs_text(b.runs) for b in blocks if isinstance(b, ParagraphBlock)] for blocks in laid.pages] == [
        ["One ends. The archive is opened by the warden."],
        ["Then it is closed."],
    ]


@pytest.fixture
def without_programs(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """As on a machine on which tesseract is not installed."""
    monkeypatch.setenv("PATH", "")
    ocr._languages.cache_clear()
    yield
    ocr._languages.cache_clear()


def test_a_scanned_page_is_told_where_nothing_reads_it(without_programs: None):
    document = read_pdf(scanned_pdf(), "scan")
    assert document.unread == (Unread("scanned", ("2",)),)
    assert [len(page.blocks) for page in document.pages] == [1, 0]


@pytest.mark.skipif(not has_ocr(), reason="tesseract is not installed")
def test_a_scanned_page_is_read_and_told():
    document = read_pdf(scanned_pdf(), "scan")
    assert document.unread == (Unread("ocr", ("2",)),)
    assert "archive closes at nine" in repr(document.pages[1].blocks)


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (encrypted_pdf(), "encrypted"),
        (b"%PDF-1.7\nnothing", "damaged"),
        (korean_pdf(2)[:900], "damaged"),
        (b"  ", "empty"),
    ],
    ids=["encrypted", "no-pdf", "cut", "empty"],
)
def test_what_cannot_be_read_is_a_sentence(data: bytes, kind: str):
    with pytest.raises(NoNoteError) as caught:
        converted(data, "a.pdf", "a")
    assert caught.value.kind == kind
    assert str(caught.value).startswith("a.pdf: ")
