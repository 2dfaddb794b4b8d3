import csv
import html
import io
from xml.etree import ElementTree

import pytest

from assistant.quiz.export import FORMATS, as_anki, as_csv, as_markdown, as_moodle, export, key_of
from assistant.quiz.making.bank import draw
from assistant.quiz.records import TYPED, ItemKind
from index.reading.markdown import parse_markdown
from tests.helpers.quiz_course import course_bank

LANGUAGES = ["ko", "en"]


def items_of(language):
    return draw(course_bank().select(language), 60, 7)


@pytest.mark.parametrize("language", LANGUAGES)
def test_csv_is_read_again_row_by_row(language):
    items = items_of(language)
    rows = list(csv.DictReader(io.StringIO(as_csv(items))))
    assert [row["id"] for row in rows] == [item.id for item in items]
    assert [row["stem"] for row in rows] == [item.stem for item in items]
    assert [row["answer"] for row in rows] == [item.answer for item in items]
    assert [row["options"].split(" | ") if row["options"] else [] for row in rows] == [list(i.options) for i in items]


def test_csv_cells_are_no_formulas():
    for row in csv.reader(io.StringIO(as_csv(course_bank().items))):
        assert not any(cell.startswith(("=", "+", "@", "-x")) for cell in row)


@pytest.mark.parametrize("language", LANGUAGES)
def test_anki_gets_three_fields_a_note(language):
    items = items_of(language)
    lines = as_anki(items).splitlines()
    assert lines[:3] == ["#separator:tab", "#html:true", "#columns:Front\tBack\tSource"]
    rows = list(csv.reader(lines[3:], delimiter="\t", quoting=csv.QUOTE_NONE))
    assert len(rows) == len(items)
    assert all(len(row) == 3 and all(row) for row in rows)


@pytest.mark.parametrize("language", LANGUAGES)
def test_moodle_xml_is_read_again_with_the_same_keys(language):
    items = items_of(language)
    questions = ElementTree.fromstring(as_moodle(items)).findall("question")
    assert [question.findtext("name/text") for question in questions] == [item.id for item in items]
    for item, question in zip(items, questions, strict=True):
        answers = [(answer.findtext("text"), answer.get("fraction")) for answer in question.findall("answer")]
        right = [html.unescape(text) for text, fraction in answers if fraction == "100"]
        if item.kind is ItemKind.TRUE_FALSE:
            assert right == ["true" if item.answer in ("True", "참") else "false"]
        elif item.kind is ItemKind.ORDERING:
            pairs = [(s.findtext("answer/text"), s.findtext("text")) for s in question.findall("subquestion")]
            assert [html.unescape(step) for _, step in sorted(pairs)] == list(item.steps)
        elif item.kind in TYPED:
            assert item.answer in right
        else:
            assert right == [item.answer]
            assert [html.unescape(text) for text, _ in answers] == list(item.options)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_sheet_keeps_answers_apart_from_questions(language):
    items = items_of(language)
    headings = parse_markdown(as_markdown(items)).headings
    assert [heading.level for heading in headings] == [1, 2]
    questions = " ".join(block.text for block in headings[0].blocks)
    answers = " ".join(block.text for block in headings[1].blocks)
    for item in items:
        assert item.stem.split("\n")[-1].split("*")[0].strip() in questions
        assert key_of(item) in answers


def test_nothing_to_export_is_an_empty_file_of_the_format():
    assert as_csv([]).count("\n") == 1
    assert as_anki([]).count("\n") == 3


def test_an_unknown_format_is_refused():
    with pytest.raises(ValueError, match="There is no format 'pdf'"):
        export([], "pdf")
    assert set(FORMATS) == {"markdown", "csv", "anki", "moodle"}
