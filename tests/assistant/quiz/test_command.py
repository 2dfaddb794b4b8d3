import json

import pytest

from assistant.__main__ import main
from assistant.quiz.making.bank import QuizBank
from tests.helpers.quiz_course import CONTENT, course_bank

PLACES = ["--notes", str(CONTENT)]


@pytest.fixture
def run(capsys, data_dir, monkeypatch, loaded_encoder):
    """Run the command on the items of the course as the other tests have made them."""
    bank = course_bank()
    monkeypatch.setattr(QuizBank, "read", lambda folder, *_: bank if folder == CONTENT else pytest.fail(folder))

    def call(*arguments):
        code = main(["quiz", *PLACES, "--data", str(data_dir), *arguments])
        output = capsys.readouterr()
        return code, output.out, output.err

    return call


def test_json_items_have_the_agreed_fields_and_quote_their_file(run):
    code, out, _ = run("--json", "--count", "8", "--language", "en", "--seed", "5")
    items = json.loads(out)
    assert code == 0
    assert len(items) == 8
    for item in items:
        assert {"id", "kind", "stem", "options", "answer", "explanation", "citation"} <= set(item)
        citation = item["citation"]
        lines = (CONTENT / citation["file"]).read_text(encoding="utf-8").split("\n")
        assert citation["quote"] == "\n".join(lines[citation["first_line"] - 1 : citation["last_line"]])


def test_a_seed_prints_the_same_again(run):
    assert run("--json", "--seed", "9") == run("--json", "--seed", "9")
    assert run("--json", "--seed", "9") != run("--json", "--seed", "10")


@pytest.mark.parametrize("module", ["5", "모듈 5", "Module 5"])
def test_a_module_is_given_by_number_or_name(run, module):
    _, out, _ = run("--json", "--module", module, "--language", "ko")
    assert {item["citation"]["module"] for item in json.loads(out)} == {"모듈 5: S3로 스토리지 솔루션 개발"}


def test_a_topic_decides_sections_and_language(run):
    _, out, _ = run("--json", "--topic", "What encryption in S3 covers", "--count", "2", "--seed", "1")
    items = json.loads(out)
    assert all(item["language"] == "en" for item in items)
    assert {item["place"] for item in items} == {"developing-on-aws/05-s3-storage#8"}


def test_a_topic_that_the_notes_lack_gives_no_items_and_says_so(run):
    code, out, err = run("--json", "--topic", "김치찌개 끓이는 방법")
    assert (code, json.loads(out)) == (0, [])
    assert "nothing on this topic" in err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        pytest.param(["--count", "0"], "--count must be between", id="no items"),
        pytest.param(["--module", "9"], "There are no items in a module '9'", id="unknown module"),
    ],
)
def test_bad_input_is_one_line_and_code_2(run, arguments, message):
    code, out, err = run(*arguments)
    assert code == 2
    assert out == ""
    assert message in err
    assert err.count("\n") == 1


@pytest.mark.parametrize(
    ("form", "start"), [("markdown", "# "), ("csv", "id,kind"), ("anki", "#sep"), ("moodle", "<?xml")]
)
def test_every_format_is_printed(run, form, start):
    _, out, _ = run("--format", form, "--kind", "choice", "--count", "3")
    assert out.startswith(start)
