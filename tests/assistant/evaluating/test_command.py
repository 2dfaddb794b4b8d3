"""``python -m assistant evaluate`` on real notes: what it prints, and how it refuses what it cannot read."""

import csv
import json
import re
from pathlib import Path

import pytest

from assistant.__main__ import main
from assistant.settings import Settings
from index import CourseIndex

ROWS = [
    ("How long does CloudTrail keep its records?", "developing-on-aws/01-aws-cloud-computing.en.md", "149", "", "period"),
    ("CloudTrail 기록은 며칠 보관돼?", "", "", "CloudTrail은 기록을 90일 정도까지만 저장합니다.", "period"),
    ("CloudTrail 기록은 며칠 보관돼?", "developing-on-aws/03-iam.ko.md", "1", "", "wrong on purpose"),
    ("김치찌개는 어떻게 끓여?", "", "", "", "off"),
    ("What is S3?", "", "", "", "wrong on purpose"),
]  # fmt: skip


def write(path: Path, rows: list[tuple[str, ...]]) -> Path:
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        csv.writer(stream).writerows([("question", "file", "lines", "quote", "kind"), *rows])
    return path


@pytest.fixture
def questions(tmp_path: Path) -> Path:
    return write(tmp_path / "questions.csv", ROWS)


@pytest.fixture
def places(settings: Settings, course_index: CourseIndex, loaded_encoder: None) -> list[str]:
    return ["--notes", str(settings.dir), "--data", str(settings.data_dir)]


def test_figures_and_misses_as_json(questions: Path, places: list[str], capsys: pytest.CaptureFixture[str]):
    assert main(["evaluate", "--questions", str(questions), *places, "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    everything = report["answerable"]["all"]
    assert (report["questions"], report["engine"]) == (5, "extractive")
    assert everything["count"] == 3
    assert everything["all_lines"]["mean"] == pytest.approx(2 / 3)
    assert everything["all_lines"]["low"] == pytest.approx(0.2077, abs=1e-4)
    assert report["answerable"]["period"]["all_lines"]["mean"] == 1.0
    assert report["not_in_notes"]["all"]["declined"]["mean"] == 0.5
    assert report["not_in_notes"]["off"]["declined"]["mean"] == 1.0
    first, second = report["misses"]
    assert (first["row"], first["answered"]) == (4, True)
    assert first["wanted"][0][0]["line"] == 1
    assert any("90일" in line["text"] for line in first["quoted"])
    assert (second["row"], second["wanted"]) == (6, [])
    assert second["quoted"]


def test_a_table_and_the_misses_for_readers(questions: Path, places: list[str], capsys: pytest.CaptureFixture[str]):
    assert main(["evaluate", "--questions", str(questions), *places, "--misses"]) == 0
    printed = capsys.readouterr()
    assert printed.err == ""  # no terminal, no bar
    lines = printed.out.splitlines()
    assert re.fullmatch(r"5 questions; an answer takes \d+\.\d\d s \(median\), \d+\.\d\d s \(95%\)", lines[0])
    assert [line.split()[:2] for line in lines if line.startswith(("all ", "period "))] == [
        ["all", "3"], ["period", "2"], ["all", "2"],
    ]  # fmt: skip
    misses = printed.out.partition("row 4: ")[2]
    assert misses.startswith("CloudTrail 기록은 며칠 보관돼?\n  wanted  developing-on-aws/03-iam.ko.md:1  # ")
    assert "  quoted  developing-on-aws/01-aws-cloud-computing.ko.md:149  CloudTrail은 기록을 90일" in misses
    assert "row 6: What is S3?\n  wanted  nothing, the notes don't say\n  quoted  developing-on-aws/05" in misses
    assert "김치찌개" not in printed.out


def test_without_the_flag_misses_are_counted(questions: Path, places: list[str], capsys: pytest.CaptureFixture[str]):
    assert main(["evaluate", "--questions", str(questions), *places]) == 0
    assert capsys.readouterr().out.endswith("\n\n2 misses; --misses lists them.\n")


def test_a_conversation_is_asked_as_one(tmp_path: Path, places: list[str], capsys: pytest.CaptureFixture[str]):
    row = {
        "query": "그럼 영구 보관은?",
        "history": ["CloudTrail 기록은 며칠 보관돼?"],
        "quote": "CloudTrail은 기록을 90일 정도까지만 저장합니다.",
        "also": [{"file": "developing-on-aws/01-aws-cloud-computing.ko.md", "lines": [150, 151, 152, 153]}],
    }
    path = tmp_path / "questions.jsonl"
    path.write_text(json.dumps(row), encoding="utf-8")
    assert main(["evaluate", "--questions", str(path), *places, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["answerable"]["all"]["any_line"]["mean"] == 1.0


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([("Why?", "b.md", "1", "", "")], "row 2: there is no note 'b.md'; did you mean 'a.md'?"),
        ([("What?", "", "", "", ""), ("Why?", "a.md", "4", "", "")], "row 3: a.md has no line 4; it has 3"),
        ([("Why?", "a.md", "", "because", "")], "row 2: there is no text 'because' in a.md"),
        ([("Why?", "a.md", "one", "", "")], "row 2: 'one' are no numbers of lines"),
    ],
    ids=["unknown note", "line out of range", "no such text", "no number"],
)
def test_a_wrong_row_is_one_line_and_exit_code_2_before_anything_is_built(
    rows: list[tuple[str, ...]], words: str, clean_environment: Path, capsys: pytest.CaptureFixture[str]
):
    (clean_environment / "notes").mkdir()
    (clean_environment / "notes" / "a.md").write_text("# A\n\nIt is so.", encoding="utf-8")
    write(clean_environment / "q.csv", rows)
    assert main(["evaluate", "--questions", "q.csv", "--notes", "notes", "--data", "data"]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith(f"error: q.csv: {words}")
    assert printed.err.count("\n") == 1
    assert not (clean_environment / "data").exists()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--questions", "gone.csv"], "gone.csv: the questions cannot be read: No such file"),
        (["--questions", "notes.csv"], "notes.csv: the questions cannot be read: Is a directory"),
        (["--questions", "q.csv", "--notes", "gone"], "gone: "),
    ],
    ids=["missing questions", "a folder", "missing notes"],
)
def test_places_that_are_not_there_are_told(
    arguments: list[str], words: str, clean_environment: Path, capsys: pytest.CaptureFixture[str]
):
    (clean_environment / "notes.csv").mkdir()
    write(clean_environment / "q.csv", [("Why?", "", "", "", "")])
    assert main(["evaluate", *arguments]) == 2
    printed = capsys.readouterr()
    assert printed.err.startswith(f"error: {words}")
    assert printed.err.count("\n") == 1
