"""Files of questions for an evaluation: CSV and JSON Lines say the same, and what is wrong is told by its row."""

import json
from pathlib import Path

import pytest

from assistant.evaluating.question_files import QuestionRow, read_question_rows
from index.errors import ContentError

CSV = """question,file,lines,quote,kind,history
How long are events kept?,trail.md,12,,period,
"Which steps, in order?",trail.md,"14-16, 19",,order,
Both sides?,trail.md,3,,compare,
,logs.md,"5,6",,,
And for good?,,,kept for years,,How long are events kept? | And the logs?
What does it cost?,,,,admin,
"""
LINES = [
    {"query": "How long are events kept?", "file": "trail.md", "lines": [12], "type": "period"},
    {"query": "Which steps, in order?", "file": "trail.md", "lines": [14, 15, 16, 19], "type": "order"},
    {"query": "Both sides?", "file": "trail.md", "lines": [3], "type": "compare",
     "more": [{"file": "logs.md", "lines": [5, 6]}]},
    {"query": "And for good?", "quote": "kept for years", "history": ["How long are events kept?", "And the logs?"]},
    {"query": "What does it cost?", "type": "unanswerable", "kind": "admin"},
]  # fmt: skip


def write(folder: Path, name: str, text: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_both_forms_say_the_same(tmp_path: Path):
    table = read_question_rows(write(tmp_path, "q.csv", CSV))
    lines = read_question_rows(write(tmp_path, "q.jsonl", "\n".join(map(json.dumps, LINES))))
    assert list(table) == [2, 3, 4, 6, 7]  # as a spreadsheet counts
    assert list(lines) == [1, 2, 3, 4, 5]
    assert list(table.values()) == list(lines.values())


@pytest.mark.parametrize(
    "change",
    [
        lambda text: "\ufeff" + text,
        lambda text: text.replace("\n", "\r\n"),
        lambda text: text + ",,,,,\n\n",
        lambda text: text.replace("history\n", "history,,\n", 1),
        lambda text: text.replace("question,", "Question,", 1),
        lambda text: text.replace("14-16, 19", "14~16 19").replace('"5,6"', "5 – 6"),
    ],
    ids=["mark of Excel", "line ends of Windows", "empty rows", "empty columns", "capitals", "other signs"],
)
def test_what_spreadsheets_do_to_a_file_changes_nothing(tmp_path: Path, change):
    plain, changed = write(tmp_path, "a.csv", CSV), write(tmp_path, "b.csv", change(CSV))
    assert read_question_rows(changed) == read_question_rows(plain)


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_semicolons_and_tabs_part_cells_too(tmp_path: Path, delimiter: str):
    text = delimiter.join(["question", "file", "lines"]) + "\n" + delimiter.join(["One, or two?", "a.md", "3"])
    assert read_question_rows(write(tmp_path, "q.csv", text)) == {
        2: QuestionRow(query="One, or two?", file="a.md", lines=[3])
    }


def test_a_cell_with_an_apostrophe_before_a_formula_is_the_formula(tmp_path: Path):
    text = "question,quote\nWhat does it print?,'=SUM(A1:A3)\n"
    assert read_question_rows(write(tmp_path, "q.csv", text))[2].quote == "=SUM(A1:A3)"


HEAD = "question,file,lines,quote\n"
WRONG = [
    ("q.csv", HEAD + "Why?,a.md,x,\n", "row 2: 'x' are no numbers of lines"),
    ("q.csv", HEAD + "Why?,a.md,7-3,\n", "row 2: '7-3' are no numbers of lines"),
    ("q.csv", HEAD + "Why?,a.md,0,\n", "row 2: '0' are no numbers of lines"),
    ("q.csv", HEAD + "Why?,a.md,1-999999999,\n", "row 2: '1-999999999' are no numbers of lines"),
    ("q.csv", HEAD + "One, or two?,a.md,3,\n", "row 2: it has more cells than the first"),
    ("q.csv", HEAD + ",a.md,3,\n", "row 2: it has no question"),
    ("q.csv", HEAD + "Why?,,,\n,a.md,3,\n", "row 3: it has no question"),
    ("q.csv", HEAD + "???,a.md,3,\n", "row 2: The question is empty"),
    ("q.csv", HEAD + "Y" * 2001 + ",a.md,3,\n", "row 2: The question has 2001 characters"),
    ("q.csv", HEAD + 'Why?,a.md,3,"open\n', "row 2: this is not CSV"),
    ("q.csv", "question,file,line\nWhy?,a.md,3\n", "row 1: there is no column 'line'; the columns are question, file"),
    ("q.csv", "file,lines\na.md,3\n", "row 1: it must name the column 'question'"),
    ("q.csv", "question,file,file\nWhy?,a.md,3\n", "row 1: it must name the column 'question', and every column once"),
    ("q.csv", HEAD, "there are no questions in it"),
    ("q.csv", (HEAD + "이벤트 기록은 얼마나 오래 보관되나요?,a.md,3,\n").encode("cp949"), "not UTF-8 text (it looks like CP949); save it as UTF-8"),
    ("q.csv", (HEAD + "Why?,a.md,3,\n").encode("utf-16"), "UTF-16"),
    ("q.jsonl", '{"query": "Why?"\n', "row 1: this is not JSON"),
    ("q.jsonl", "\n[1]\n", "row 2: a row must hold named fields"),
    ("q.jsonl", '{"query": "Why?", "lines": ["3"]}', "row 1: the field 'lines.0' is wrong: input should be a valid int"),
    ("q.jsonl", '{"query": "Why?", "line": [3]}', "row 1: the field 'line' is wrong: extra inputs are not permitted"),
    ("q.jsonl", '{"lines": [3]}', "row 1: the field 'query' is wrong: field required"),
    ("q.jsonl", '{"query": "Why?", "lines": [3], "history": ["?"]}', "row 1: The question is empty"),
    ("q.jsonl", '{"query": "Why?"}', 'row 1: it names no lines and no quote, but is not of the type "unanswerable"'),
    ("q.jsonl", '{"query": "Why?", "lines": [3], "type": "unanswerable"}', "row 1: it names lines, but is of the type"),
    ("q.jsonl", "", "there are no questions in it"),
    ("q.xlsx", "PK", "must end in .jsonl or .csv"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "text", "told"), WRONG, ids=[told[:30] for _, _, told in WRONG])
def test_what_is_wrong_is_told_in_one_sentence(tmp_path: Path, name: str, text: str | bytes, told: str):
    path = write(tmp_path, name, text)
    with pytest.raises(ContentError) as caught:
        read_question_rows(path)
    assert str(caught.value).startswith(str(path))
    assert told in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_missing_file_is_told(tmp_path: Path):
    with pytest.raises(ContentError, match=r"gone\.csv: the questions cannot be read: No such file"):
        read_question_rows(tmp_path / "gone.csv")
