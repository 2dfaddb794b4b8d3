import csv
import io
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.faq.exchange import from_csv, to_csv
from assistant.faq.records import Entry
from assistant.quiz.export import as_csv
from assistant.spreadsheets import cell_text, neutral_cell
from tests.assistant.faq.test_exchange import ENTRY
from tests.helpers.quiz_course import course_bank

FORMULAS = [
    '=HYPERLINK("http://evil.example","A+")',
    "+1+1",
    "-2+3",
    "- SUM(1)",
    "@SUM(1)",
    "\t=1",
    "\r=1",
    "＝1+1",
    "'=1",
]


@given(st.text(st.sampled_from("'=+-@\t\r\n＝a가 "), max_size=8) | st.text())
def test_a_cell_reads_back_as_the_text_that_it_was(text: str) -> None:
    assert cell_text(neutral_cell(text)) == text


@pytest.mark.parametrize("formula", FORMULAS)
def test_no_cell_of_the_faq_opens_like_a_formula_and_importing_gives_the_text_back(formula: str) -> None:
    texts = {"question_ko": formula, "question_en": formula, "answer_ko": formula, "module": formula, "slug": formula}
    entry: Entry = replace(ENTRY, **texts)
    written = to_csv([entry])
    for row in csv.reader(io.StringIO(written, newline="")):
        assert [cell for cell in row if cell[:1] in "=+-@\t\r＝＋－＠" and cell] == []
    assert from_csv(written) == [entry]


@pytest.mark.parametrize("formula", FORMULAS)
def test_no_cell_of_a_quiz_opens_like_a_formula(formula: str) -> None:
    first = course_bank().items[0]
    item = replace(first, stem=formula, explanation=formula, citation=replace(first.citation, quote=formula))
    rows = list(csv.reader(io.StringIO(as_csv([item]), newline="")))
    assert [cell for cell in rows[1] if cell[:1] in "=+-@\t\r＝＋－＠" and cell] == []


def test_plain_text_stays_as_it_is() -> None:
    for text in ("S3가 뭐예요?", "it's = 1", "'quoted'", "1-2", ""):
        assert neutral_cell(text) == text
