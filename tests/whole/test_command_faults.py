"""What a command is given that it cannot read, write or use: one sentence, exit code 2, and no traceback."""

import errno
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from assistant.__main__ import main as assistant_main
from index.__main__ import main as index_main
from index.command_line import exit_code
from index.deciding import abstention
from tests.assistant.faq.test_exchange import ENTRY
from tests.places import ROOT

pytestmark = pytest.mark.slow

WHOLE = ENTRY.to_json()
DEEP, LONG = "[" * 100_000 + "]" * 100_000, "1" * 5000


def entry(**changed: Any) -> str:
    return json.dumps([{**WHOLE, **changed}])


def told(capsys: pytest.CaptureFixture[str]) -> str:
    """Return the one sentence on standard error."""
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 1, lines
    assert lines[0].startswith("error: ")
    return lines[0]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        pytest.param("a.json", DEEP, id="nested"),
        pytest.param("a.json", f"[{LONG}]", id="long-number"),
        pytest.param("a.json", "", id="nothing"),
        pytest.param("a.json", "5", id="a-number"),
        pytest.param("a.json", "[NaN]", id="no-number"),
        pytest.param("a.json", entry(position=10**30), id="number-for-no-database"),
        pytest.param("a.json", entry(position=-1), id="negative"),
        pytest.param("a.json", entry(updated_ms=10**18), id="moment-after-all-calendars"),
        pytest.param("a.json", entry(position=True), id="flag-for-a-number"),
        pytest.param("a.json", entry(question_ko="\ud800"), id="half-a-character"),
        pytest.param("a.json", entry(answer_ko="a\0b"), id="nul"),
        pytest.param("a.json", entry(slug="x" * 500), id="long-anchor"),
        pytest.param("a.json", entry(citations=[5]), id="citation-without-fields"),
        pytest.param(
            "a.json", entry(citations=[{**WHOLE["citations"][0], "marker": float("inf")}]), id="citation-at-infinity"
        ),
        pytest.param(
            "a.json", entry(citations=[{**WHOLE["citations"][0], "last_line": 10**20}]), id="citation-beyond-any-line"
        ),
        pytest.param("a.json", entry(citations=[{**WHOLE["citations"][0], "quote": "\udfff"}]), id="half-a-quote"),
        pytest.param("a.csv", "slug,module\n1,2,3,4\n", id="more-cells-than-columns"),
        pytest.param("a.csv", f"slug,position\na,{LONG}\n", id="long-number-in-csv"),
        pytest.param("a.csv", f"slug,position\na,{DEEP}\n", id="nested-in-csv"),
        pytest.param("a.csv", "slug\n" + "x" * 200_000, id="long-cell"),
        pytest.param("a.csv", 'slug\n"a', id="open-quote"),
        pytest.param("a.md", '<!-- faq:entry {"a": ' + "[" * 100_000 + "} -->\n", id="nested-in-markdown"),
        pytest.param("a.md", '<!-- faq:entry {"a": ' + LONG + "} -->\n", id="long-number-in-markdown"),
    ],
)
def test_an_odd_file_of_entries_is_refused_in_one_sentence(
    name: str, text: str, clean_environment: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (clean_environment / name).write_text(text, encoding="utf-8", errors="surrogatepass")
    assert assistant_main(["faq", "import", name, "--data", "data"]) == 2
    told(capsys)


@pytest.mark.parametrize("name", ["folder.json", "missing.json", "bytes.json", "faq.exe"])
def test_a_file_of_entries_that_cannot_be_read_is_named(
    name: str, clean_environment: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (clean_environment / "folder.json").mkdir()
    (clean_environment / "bytes.json").write_bytes(b"\xff\xfe\0")
    assert assistant_main(["faq", "import", name, "--data", "data"]) == 2
    assert name in told(capsys)


@pytest.mark.parametrize(
    ("main", "arguments"),
    [
        (assistant_main, ["faq", "list", "--data", "file"]),
        (assistant_main, ["faq", "list", "--data", "/proc/nowhere"]),
        (assistant_main, ["faq", "export", "/proc/faq.json", "--data", "data"]),
        (assistant_main, ["faq", "export", "--note", "file", "--data", "data"]),
        (assistant_main, ["quiz", "--notes", "file"]),
        (assistant_main, ["quiz", "--notes", "nowhere"]),
        (index_main, ["build", "--notes", "notes", "--data", "file"]),
        (index_main, ["build", "--notes", "notes", "--data", "/proc/nowhere"]),
        (index_main, ["build", "--notes", "file", "--data", "data"]),
        (index_main, ["info", "--notes", "notes", "--data", "data"]),
        (index_main, ["search", "--batch", "bytes", "--data", "data"]),
        (index_main, ["search", "--batch", "notes", "--data", "data"]),
        (index_main, ["search", "--batch", "row", "--data", "data"]),
        (index_main, ["evaluate", "--questions", "bytes", "--data", "data"]),
        (assistant_main, ["ask", "--batch", "row", "--data", "data"]),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else value.__module__.partition(".")[0],
)
def test_a_place_that_cannot_be_used_is_told_in_one_sentence(
    main: Any, arguments: list[str], clean_environment: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (clean_environment / "notes").mkdir()
    (clean_environment / "notes/a.md").write_text("# A\n\nS3 keeps objects.\n", encoding="utf-8")
    (clean_environment / "file").write_text("x", encoding="utf-8")
    (clean_environment / "bytes").write_bytes(b"\xff\xfe\0")
    (clean_environment / "row").write_text('{"id": 1, "query": 5}\n', encoding="utf-8")
    assert main(arguments) == 2
    told(capsys)


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (PermissionError(errno.EACCES, "Permission denied", "notes/a.md"), "notes/a.md: Permission denied."),
        (OSError(errno.ENOSPC, "No space left on device"), "No space left on device."),
        (OSError(errno.EIO, "Input/output error", "data"), "data: Input/output error."),
        (UnicodeEncodeError("ascii", "가", 0, 1, "x"), "the output takes only ascii; set PYTHONIOENCODING=utf-8."),
    ],
    ids=["permission", "full", "broken", "encoding"],
)
def test_what_the_system_refuses_is_told(error: Exception, sentence: str, capsys: pytest.CaptureFixture[str]) -> None:
    import argparse

    def command() -> None:
        raise error

    assert exit_code(command, argparse.Namespace()) == 2
    assert told(capsys) == f"error: {sentence}"


@pytest.mark.parametrize(
    ("redirection", "code"), [("> /dev/full", 2), (">&-", 0), ("| true", 0)], ids=["full", "closed", "nobody-reads"]
)
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device of Linux")
def test_output_that_goes_nowhere_is_no_traceback(redirection: str, code: int, tmp_path: Path) -> None:
    command = f'"{sys.executable}" -m assistant faq list --data "{tmp_path}" {redirection}'
    ran = subprocess.run(  # the shell stands for the student's terminal
        ["sh", "-c", command],
        cwd=tmp_path,
        env={**{n: v for n, v in os.environ.items() if not n.startswith("NOTES_")}, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert (ran.returncode, "Traceback" in ran.stderr, "ignored" in ran.stderr) == (code, False, False), ran.stderr


@pytest.mark.parametrize("name", ["NOTES_RETENTION_DAYS", "NOTES_PORT"])
@pytest.mark.parametrize("value", ["99999999999999999999", "1" * 5000, "-1", "0", "1.5", "NaN", "1e400", "많이"])
def test_a_number_out_of_bounds_is_named(
    name: str, value: str, clean_environment: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(name, value)
    assert assistant_main(["faq", "list", "--data", "data"]) == 2
    assert name in told(capsys)


def test_env_files_that_are_no_text_are_named(clean_environment: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (clean_environment / ".env").write_bytes(b"NOTES_PORT=\xff")
    assert assistant_main(["faq", "list", "--data", "data"]) == 2
    assert ".env" in told(capsys)


def test_nothing_is_calibrated_over_the_package_unless_told(monkeypatch: pytest.MonkeyPatch) -> None:
    from index.__main__ import _parser

    assert _parser("python -m index").parse_args(["calibrate"]).write is None
    assert abstention.PARAMETERS.is_file()
