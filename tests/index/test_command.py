"""``python -m index``: what scripts rely on. In process where possible, as a real process where it matters."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from index.__main__ import main, read_batch
from index.command_line import progress_bar
from index.course_index import ENCODER_CACHE
from index.errors import ContentError
from tests.places import ROOT

pytestmark = pytest.mark.slow

HIT_FIELDS = {"file", "heading", "heading_path", "module", "first_line", "last_line", "score", "text"}
NOTE = "# Module 1: Storage\n\n## S3\n\nAn S3 bucket holds objects of up to 5 TB.\n\n## EBS\n\nEBS is a block device.\n"


@pytest.fixture
def place(clean_environment: Path, data_dir: Path, loaded_encoder: None, small_glossary_here: None) -> Path:
    """A working directory with notes, and a data folder that borrows the converted encoder."""
    folder = clean_environment
    (folder / "notes").mkdir()
    (folder / "notes/a.md").write_text(NOTE, encoding="utf-8")
    (folder / "data").mkdir()
    (folder / "data" / ENCODER_CACHE).symlink_to((data_dir / ENCODER_CACHE).resolve())
    return folder


@pytest.fixture
def course(data_dir: Path, course_index: object, loaded_encoder: None, clean_environment: Path) -> list[str]:
    """The options that name the course's index, which is already built."""
    return ["--notes", str(ROOT / "content"), "--data", str(data_dir)]


def run(*arguments: str) -> "subprocess.CompletedProcess[str]":
    environment = {name: value for name, value in os.environ.items() if not name.startswith("NOTES_")}
    environment["PYTHONPATH"] = str(ROOT)
    return subprocess.run(
        [sys.executable, *arguments], capture_output=True, text=True, env=environment, timeout=200, check=False
    )


def test_build_search_and_info_honour_their_contract(
    place: Path, capsys: pytest.CaptureFixture[str], encoder: object
) -> None:
    options = ["--notes", "notes", "--data", "data"]
    assert main(["build", *options]) == 0
    summary = capsys.readouterr()
    assert summary.out.startswith("1 notes, 3 sections, 8 passages, 8 encoded, 0 reused, ")
    assert summary.out.rstrip().endswith(" seconds")
    assert summary.err == ""

    (place / "notes/a.md").write_text(NOTE.replace("5 TB", "50 TB"), encoding="utf-8")
    assert main(["search", "How large may an S3 object be?", *options, "-k", "2", "--json"]) == 0
    (row,) = [json.loads(line) for line in capsys.readouterr().out.splitlines()]  # the stale index was built anew
    assert set(row) >= {"id", "hits", "grounded"}
    assert [set(hit) >= HIT_FIELDS for hit in row["hits"]] == [True, True]
    best = row["hits"][0]
    assert (best["file"], best["heading"], best["module"]) == ("a.md", "S3", "Module 1: Storage")
    assert (best["heading_path"], best["first_line"], best["last_line"]) == (["Module 1: Storage", "S3"], 3, 6)
    assert best["text"] == "## S3\n\nAn S3 bucket holds objects of up to 50 TB.\n"

    assert main(["info", *options, "--json"]) == 0
    facts = json.loads(capsys.readouterr().out)
    assert (facts["counts"], facts["encoder"]) == (
        {"notes": 1, "sections": 3, "passages": 8, "known_questions": 0},
        "bundled",
    )
    assert main(["info", *options]) == 0
    assert "passages: 8" in capsys.readouterr().out.splitlines()


def test_a_broken_glossary_is_a_warning_and_the_index_is_built(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (place / "notes/glossary.yaml").write_text("- {ko: [버킷], en: [bucket]}\n- {ko: [\n", encoding="utf-8")
    (place / "notes/b.md").write_bytes(b"# B\n\xff")
    places = ["--notes", "notes", "--data", "data"]
    assert main(["build", *places]) == 0
    told = capsys.readouterr()
    assert told.out.startswith("1 notes, 3 sections")
    assert [line.split(" is left out")[0] for line in told.err.splitlines()] == [
        "warning: b.md:2",
        "warning: glossary.yaml:3",
    ]
    assert main(["info", *places, "--json"]) == 0
    assert [(row["file"], row["line"]) for row in json.loads(capsys.readouterr().out)["left_out"]] == [
        ("b.md", 2),
        ("glossary.yaml", 3),
    ]
    assert main(["info", *places]) == 0
    assert "b.md:2 is left out: not UTF-8 text" in capsys.readouterr().out
    assert main(["search", "What does an S3 bucket hold?", *places]) == 0


def test_search_prints_what_a_person_can_read(course: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["search", "DynamoDB 파티션 키는?", *course, "-k", "2"]) == 0
    verdict, *rest = capsys.readouterr().out.splitlines()
    assert verdict.startswith("The notes do not seem to answer this")
    assert "DynamoDB" in rest[0]
    assert rest[1].startswith(" 1. ")


def test_a_batch_answers_row_by_row_and_goes_on_after_a_bad_question(
    course: list[str], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    rows = [
        {"id": "a", "query": "CloudTrail 기록은 며칠 보관돼?"},
        {"id": 2, "query": " "},
        {"id": None, "query": "What is IAM?"},
    ]
    batch = tmp_path / "batch.jsonl"
    batch.write_bytes(b"\xef\xbb\xbf" + "\r\n\r\n".join(map(json.dumps, rows)).encode())
    assert main(["search", "--batch", str(batch), *course]) == 0
    printed = capsys.readouterr()
    found = [json.loads(line) for line in printed.out.splitlines()]
    assert [row["id"] for row in found] == ["a", 2, None]
    assert [bool(row["hits"]) for row in found] == [True, False, True]
    assert found[1]["grounded"] is False
    assert printed.err.startswith("warning: 2: The question is empty.")


def test_a_module_narrows_the_search(course: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["search", "What is stored?", *course, "--module", "Module 5", "--json"]) == 0
    hits = json.loads(capsys.readouterr().out)["hits"]
    assert hits
    assert all(hit["module"].startswith(("Module 5", "모듈 5")) for hit in hits)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        pytest.param(["search", "--data", "none"], ["either a question or --batch"], id="no-question"),
        pytest.param(["search", "x", "--batch", "y"], ["either a question or --batch"], id="question-and-batch"),
        pytest.param(
            ["search", "x", "--data", "none"], ["There is no index yet", "python -m index build"], id="no-index"
        ),
        pytest.param(["info", "--data", "none"], ["There is no index yet"], id="info-without-index"),
        pytest.param(["search", "--batch", "gone.jsonl"], ["gone.jsonl", "cannot be read"], id="no-batch-file"),
        pytest.param(["build", "--notes", "gone"], ["gone", "does not exist"], id="no-notes"),
    ],
)
def test_bad_usage_is_one_line_on_standard_error(
    arguments: list[str],
    words: list[str],
    place: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("NOTES_DIR", "notes")
    arguments = [*arguments, "--data", "data"] if arguments[0] == "build" else arguments
    assert main(arguments) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.count("\n") == 1
    assert all(word in printed.err for word in ["error: ", *words])


def test_an_unknown_setting_is_named(
    clean_environment: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("NOTES_FOLDER", "x")
    assert main(["info"]) == 2
    assert capsys.readouterr().err.startswith("error: NOTES_FOLDER is no setting. Known settings: ")


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        pytest.param("{", "not JSON", id="not-json"),
        pytest.param("[]", 'a row must hold "id" and "query"', id="not-an-object"),
        pytest.param('{"query": "x"}', 'a row must hold "id" and "query"', id="no-id"),
        pytest.param('{"id": 1, "query": 2}', 'a row must hold "id" and "query"', id="query-is-no-text"),
    ],
)
def test_a_bad_row_of_a_batch_is_named_with_its_line(line: str, reason: str, tmp_path: Path) -> None:
    batch = tmp_path / "batch.jsonl"
    batch.write_text('{"id": 1, "query": "x"}\n\n' + line, encoding="utf-8")
    with pytest.raises(ContentError, match=rf"batch\.jsonl:3: {reason}"):
        read_batch(batch)


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param(["-m", "index", "build", "--notes", "no/such/folder"], id="no-notes"),
        pytest.param(["-m", "index", "search", "x", "-k", "0"], id="count-of-zero"),
        pytest.param(["-m", "index", "search", "x", "-k", "many"], id="count-is-no-number"),
        pytest.param(["-m", "index"], id="no-command"),
        pytest.param(["-m", "index", "fly"], id="unknown-command"),
        pytest.param(["-m", "index", "build", "--fast"], id="unknown-option"),
    ],
)
def test_a_real_run_with_bad_usage_exits_with_2_and_one_line(arguments: list[str], clean_environment: Path) -> None:
    result = run(*arguments)
    assert result.returncode == 2
    assert result.stdout == ""
    assert result.stderr.count("\n") == 1
    assert result.stderr.startswith("error: ")


def test_a_real_search_prints_rows_and_nothing_else(course: list[str]) -> None:
    result = run("-m", "index", "search", "How long are CloudTrail events kept?", *course, "--json", "-k", "3")
    assert (result.returncode, result.stderr) == (0, "")
    row = json.loads(result.stdout)
    assert len(row["hits"]) == 3


@pytest.mark.skipif(sys.platform == "win32", reason="no POSIX pipes on Windows")
def test_a_reader_that_stops_listening_is_no_error(course: list[str], tmp_path: Path) -> None:
    batch = tmp_path / "batch.jsonl"
    batch.write_text('{"id": 1, "query": "IAM"}\n' * 20, encoding="utf-8")
    search = " ".join([sys.executable, "-m", "index", "search", "--batch", str(batch), *course])
    result = subprocess.run(
        ["/bin/sh", "-c", f"{search} | head -c 10"],
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert (len(result.stdout), result.stderr) == (10, "")


class Terminal:
    """A stream that says whether it is a terminal and keeps what is written."""

    def __init__(self, terminal: bool) -> None:
        self.terminal = terminal
        self.written = ""

    def isatty(self) -> bool:
        return self.terminal

    def write(self, text: str) -> int:
        self.written += text
        return len(text)

    def flush(self) -> None:
        pass


@pytest.mark.parametrize("terminal", [True, False], ids=["terminal", "file"])
def test_progress_is_drawn_on_a_terminal_only(terminal: bool) -> None:
    stream = Terminal(terminal)
    show = progress_bar(stream, doing="asking", unit="questions")  # type: ignore[arg-type]
    show(1, 2)
    show(2, 2)
    assert ("2/2" in stream.written) is terminal
    assert ("asking" in stream.written) is terminal


@pytest.fixture
def few_questions(tmp_path: Path) -> Path:
    """A dozen of the shipped questions, answerable and not, of both parts."""
    rows: list[str] = []
    for name in ("ko", "unanswerable"):
        rows += (ROOT / f"content/questions/{name}.jsonl").read_text(encoding="utf-8").splitlines()[:8]
    file = tmp_path / "few.jsonl"
    file.write_text("\n".join(rows), encoding="utf-8")
    return file


def test_evaluate_prints_a_table_the_decision_and_the_misses(
    course: list[str], few_questions: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["evaluate", "--questions", str(few_questions), *course]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split() == ["group", "n", "hit@1", "hit@3", "hit@5", "hit@10", "mrr@10", "ndcg@10"]
    assert lines[1].split()[:2] == ["all", "8"]
    text = "\n".join(lines)
    assert "refused of the unanswerable:" in text
    assert "encoder median ms" in text


def test_evaluate_speaks_json_and_draws_a_picture(
    course: list[str], few_questions: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    picture = tmp_path / "results.png"
    assert main(["evaluate", "--questions", str(few_questions), *course, "--json", "--plot", str(picture)]) == 0
    report = json.loads(capsys.readouterr().out)
    assert set(report) == {"retrieval", "abstention", "latency", "misses"}
    assert report["retrieval"]["all"]["n"] == 8
    assert 0 <= report["retrieval"]["all"]["hit@1"]["low"] <= report["retrieval"]["all"]["hit@1"]["mean"] <= 1
    assert 0 <= report["abstention"]["auroc"] <= 1
    assert picture.read_bytes().startswith(b"\x89PNG")


def test_evaluate_tells_what_it_cannot_do(
    course: list[str], few_questions: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["evaluate", "--questions", str(tmp_path / "absent.jsonl"), *course]) == 2
    assert "no labelled questions" in capsys.readouterr().err
    nowhere = str(tmp_path / "absent/results.png")
    assert main(["evaluate", "--questions", str(few_questions), *course, "--plot", nowhere]) == 2
    assert "cannot be written" in capsys.readouterr().err


@pytest.mark.parametrize("missing", ["ir_measures", "matplotlib"])
def test_evaluate_names_the_command_that_installs_what_it_needs(
    missing: str, course: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.evaluating.commands.find_spec", lambda name: None if name == missing else "found")
    assert main(["evaluate", *course, "--plot", str(tmp_path / "results.png")]) == 2
    assert capsys.readouterr().err == 'error: Measuring needs more packages: pip install ".[evaluate]"\n'


def test_calibrate_writes_what_it_fitted_where_it_is_told(
    course: list[str], few_questions: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    few_questions.write_text(
        few_questions.read_text(encoding="utf-8").replace('"part": "test"', '"part": "fit"'), encoding="utf-8"
    )
    target = tmp_path / "fitted.json"
    assert main(["calibrate", "--questions", str(few_questions), "--write", str(target), *course]) == 0
    assert "8 answerable and 8 unanswerable questions" in capsys.readouterr().out
    fitted = json.loads(target.read_text(encoding="utf-8"))
    assert all(0 < fitted[notes]["threshold"] < 1 for notes in ("with_known_questions", "plain"))
