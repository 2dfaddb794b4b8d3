"""Runs the examples of docs/api.md, as they stand there, against the running app: curl, openai, MCP, LangChain."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator

import pytest

from tests.whole.test_app import ROOT, free_port, running, wait_for

pytestmark = pytest.mark.slow

PRINTED = "http://127.0.0.1:7860"
EXAMPLES = re.findall(
    r"^```(bash|python)\n(.*?)^```", (ROOT / "docs" / "api.md").read_text(encoding="utf-8"), re.M | re.S
)


@pytest.fixture(scope="module")
def address(course_index, settings) -> Iterator[str]:
    port = free_port()
    with running(port=port, dir=settings.dir, data_dir=settings.data_dir) as process:
        wait_for(f"http://127.0.0.1:{port}/healthz", {200}, process)
        yield f"http://127.0.0.1:{port}"


def example(word: str, number: int = 0) -> tuple[str, str]:
    return [(language, code) for language, code in EXAMPLES if word in code][number]


def run(address: str, word: str, number: int = 0) -> str:
    language, code = example(word, number)
    shell = (
        ["bash", "-e", "-c"]
        if language == "bash"
        else [sys.executable, "-W", "error::DeprecationWarning:__main__", "-c"]
    )
    done = subprocess.run(
        [*shell, code.replace(PRINTED, address)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_every_example_is_run_by_a_test():
    assert [language for language, _ in EXAMPLES] == ["bash", "bash", "python", "python", "python"]


def test_curl_is_answered_with_citations(address):
    answer = json.loads(run(address, "curl"))
    assert "90일" in answer["answer"]
    assert answer["citations"][0]["module"].startswith("모듈 1")


def test_curl_streams_a_follow_up(address):
    *_, last = run(address, "curl", 1).strip().split("\n\n")
    assert last.startswith("event: done\n")
    assert "S3" in json.loads(last.partition("data: ")[2])["answer"]


def test_the_openai_client_completes_and_streams(address):
    printed = run(address, "from openai")
    whole, streamed = printed[: len(printed) // 2].strip(), printed[len(printed) // 2 :].strip()
    assert "90 days" in whole
    assert streamed == whole


def test_an_mcp_client_finds_and_calls_the_tools(address):
    names, *results = run(address, "ClientSession").strip().split("\n")
    assert names == "['ask', 'search']"
    answer, found = (json.loads(result) for result in results)
    assert answer["grounded"] is True
    assert "role" in answer["answer"].lower()
    assert len(found) == 3
    assert "액세스 키" in found[0]["text"]


def test_an_mcp_client_is_told_what_is_wrong_with_a_question(address):
    language, code = example("ClientSession")
    code = code.replace("What is an IAM role?", "  ").replace(PRINTED, address)
    assert language == "python"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=True)
    assert "The question is empty" in done.stdout


def test_langchain_retrieves(course_index, data_dir, clean_environment, monkeypatch, capsys):
    monkeypatch.setenv("NOTES_DIR", str(ROOT / "content"))
    monkeypatch.setenv("NOTES_DATA_DIR", str(data_dir))
    exec(compile(example("NotesRetriever")[1], "docs/api.md", "exec"), {})
    printed = capsys.readouterr().out
    assert printed.startswith("모듈 1")
    assert "90일" in printed
