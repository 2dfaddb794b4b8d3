import argparse
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from assistant.__main__ import main as assistant_main
from assistant.settings import Settings
from index import CourseIndex
from index.__main__ import main as index_main
from index.command_line import CommandParser, exit_code, given_places
from index.errors import IndexMissingError, QuestionError
from tests.places import CONTENT, ROOT

pytestmark = pytest.mark.slow

MAINS = {"index": index_main, "assistant": assistant_main}


def places(**given: object) -> argparse.Namespace:
    return argparse.Namespace(**{"notes": None, "data": None, **given})


@pytest.mark.parametrize(
    ("given", "repeated"),
    [
        ({}, ""),
        ({"data": Path("my data")}, " --data 'my data'"),
        ({"notes": Path("n"), "data": Path("d"), "encoder": "bundled"}, " --notes n --data d --encoder bundled"),
    ],
    ids=["nothing given", "one, quoted", "all"],
)
def test_the_repair_names_the_options_given(
    given: dict[str, object], repeated: str, capsys: pytest.CaptureFixture[str]
) -> None:
    def command() -> None:
        raise IndexMissingError("There is no index yet", Path("x"))

    assert exit_code(command, places(**given)) == 2
    said = f"error: There is no index yet (x). Repair it with: python -m index build{repeated}\n"
    assert capsys.readouterr().err == said


def test_a_command_that_works_exits_with_0_and_another_with_its_line(capsys: pytest.CaptureFixture[str]) -> None:
    def refuse() -> None:
        raise QuestionError("The question is empty.")

    def interrupt() -> None:
        raise KeyboardInterrupt

    assert exit_code(lambda: None, places()) == 0
    assert exit_code(interrupt, places()) == 130
    assert capsys.readouterr().err == ""
    assert exit_code(refuse, places(data=Path("d"))) == 2
    assert capsys.readouterr().err == "error: The question is empty.\n"


def test_only_the_places_given_change_the_settings() -> None:
    assert given_places(places(data=Path("d"))) == {"data_dir": Path("d")}


@pytest.mark.parametrize(
    ("program", "arguments", "words"),
    [
        ("index", ["search", "x", "-k", "0"], "argument -k: '0' is no positive number (see python -m index search"),
        ("index", [], "the following arguments are required: COMMAND (see python -m index --help)"),
        ("assistant", [], "the following arguments are required: COMMAND (see python -m assistant --help)"),
        ("assistant", ["aks"], "argument COMMAND: invalid choice: 'aks'"),
        ("assistant", ["quiz", "--count", "many"], "argument --count: invalid int value: 'many'"),
        ("assistant", ["quiz", "--language", "fr"], "argument --language: invalid choice: 'fr'"),
        (
            "assistant",
            ["evaluate"],
            "the following arguments are required: --questions (see python -m assistant evaluate",
        ),
        ("assistant", ["faq", "list", "--nope"], "unrecognized arguments: --nope (see python -m assistant --help)"),
    ],
)
def test_bad_usage_is_one_line_and_exit_code_2(
    program: str, arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as caught:
        MAINS[program](arguments)
    printed = capsys.readouterr()
    assert caught.value.code == 2
    assert printed.out == ""
    assert printed.err.startswith("error: ")
    assert words in printed.err
    assert printed.err.count("\n") == 1


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["ask", "x", "--data", "none"], "python -m index build --data none\n"),
        (["ask", "--batch", "gone.jsonl"], "gone.jsonl"),
        (["ask"], "either a question or --batch"),
        (["quiz", "--notes", "gone"], "gone"),
        (["quiz", "--count", "0"], "--count must be between"),
    ],
)
def test_bad_input_of_the_assistant_is_one_line_and_exit_code_2(
    arguments: list[str],
    words: str,
    clean_environment: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("NOTES_DIR", str(CONTENT))
    assert assistant_main(arguments) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith("error: ")
    assert words in printed.err
    assert printed.err.count("\n") == 1


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({"history": "CloudTrail"}, 'row 1: "history" must be a list of questions'),
        ({"history": [1]}, 'row 1: "history" must be a list of questions'),
        ({"module": 3}, 'row 1: "module" must be a text'),
    ],
)
def test_a_row_with_a_wrong_history_or_module_is_told(
    row: dict[str, object], words: str, clean_environment: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("rows.jsonl").write_text(json.dumps({"id": 1, "query": "x", **row}), encoding="utf-8")
    assert assistant_main(["ask", "--batch", "rows.jsonl"]) == 2
    assert capsys.readouterr().err == f"error: rows.jsonl: {words}\n"


def test_rows_of_a_batch_have_a_history_and_a_module(
    course_index: CourseIndex,
    loaded_encoder: None,
    settings: Settings,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    rows = [
        {"id": "follow-up", "query": "그럼 영구 보관은?", "history": ["CloudTrail 기록은 며칠 보관돼?"]},
        {"id": "module", "query": "What is a bucket?", "module": "Module 3"},
    ]
    batch = tmp_path / "rows.jsonl"
    batch.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    places = ["--notes", str(settings.dir), "--data", str(settings.data_dir)]
    assert assistant_main(["ask", "--batch", str(batch), *places]) == 0
    follow_up, module = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert "CloudTrail" in follow_up["standalone"]
    assert follow_up["grounded"]
    assert all(citation["module"].startswith("Module 3") for citation in module["citations"])


def test_subcommands_report_in_one_line_too() -> None:
    commands = CommandParser(prog="x").add_subparsers()
    assert isinstance(commands.add_parser("y"), CommandParser)


@pytest.mark.skipif(sys.platform == "win32", reason="no POSIX pipes on Windows")
@pytest.mark.parametrize("count", ["1", "1000"], ids=["less than a buffer", "more"])
def test_a_reader_that_stops_listening_is_no_error(count: str) -> None:
    quiz = [sys.executable, "-m", "assistant", "quiz", "--notes", str(ROOT / "content"), "--count", count, "--json"]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("NOTES_")}
    reading, writing = os.pipe()
    os.close(reading)  # nobody listens: the first write breaks, however much a pipe would hold
    try:
        done = subprocess.run(
            quiz, stdout=writing, stderr=subprocess.PIPE, text=True, cwd=ROOT, env=environment, timeout=200, check=False
        )
    finally:
        os.close(writing)
    assert (done.returncode, done.stderr) == (0, "")
