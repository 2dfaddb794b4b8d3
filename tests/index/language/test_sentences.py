"""Sentences: never cut inside one, nothing lost."""

import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.language.sentences import sentence_spans

PIECES = st.sampled_from(
    [
        "저장합니다.",
        "그래요?",
        "네!",
        "3.5",
        "e.g.",
        "1.",
        "No.",
        "S3.",
        '"끝."',
        "U.S.",
        "v1.2.3",
        "EC2",
        "다",
        " ",
        "\n",
        "…",
    ]
)


def sentences(text: str) -> list[str]:
    return [text[span.start : span.end] for span in sentence_spans(text)]


@given(st.lists(PIECES, max_size=30).map(" ".join))
def test_spans_cover_everything_but_white_space_in_order(text: str) -> None:
    assert "".join("".join(sentences(text)).split()) == "".join(text.split())
    spans = sentence_spans(text)
    assert all(before.end <= after.start for before, after in pairwise(spans))


@given(
    st.lists(
        st.sampled_from(["S3는 객체를 저장합니다", "버전은 3.5예요", "왜 그럴까요", "e.g. EC2는 서버다"]), max_size=6
    )
)
def test_korean_sentences_come_back_whole(clauses: list[str]) -> None:
    whole = [f"{clause}." for clause in clauses]
    assert sentences(" ".join(whole)) == whole


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("저장합니다. 지웁니다.", ["저장합니다.", "지웁니다."], id="korean-statements"),
        pytest.param("될까요? 됩니다! 네.", ["될까요?", "됩니다!", "네."], id="question-and-exclamation"),
        pytest.param("크기는 5.0 TB입니다. 끝", ["크기는 5.0 TB입니다.", "끝"], id="decimal"),
        pytest.param("Use e.g. S3. Then stop.", ["Use e.g. S3.", "Then stop."], id="abbreviation"),
        pytest.param("그는 “네.” 했다. 끝.", ["그는 “네.”", "했다.", "끝."], id="closing-quote"),
        pytest.param("1. 첫째 2. 둘째", ["1. 첫째 2. 둘째"], id="list-numbers"),
        pytest.param("J. Smith wrote it. Yes", ["J. Smith wrote it.", "Yes"], id="initial"),
        pytest.param("정말?! 네...", ["정말?!", "네..."], id="several-stops"),
        pytest.param("一。二！", ["一。", "二！"], id="full-width-stops"),
        pytest.param("file.md와 a.b.c를 봅니다.", ["file.md와 a.b.c를 봅니다."], id="stops-inside-names"),
        pytest.param("끝이 없는 문장", ["끝이 없는 문장"], id="no-stop"),
        pytest.param(". 시작", [". 시작"], id="lone-stop"),
        pytest.param("  ", [], id="blank"),
    ],
)
def test_sentences(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected


@pytest.mark.parametrize("piece", [".", "?!", ".)", "a.", "a. ", "etc. ", "。", "\"'"])
def test_a_run_of_stops_is_read_once(piece: str) -> None:
    started = time.process_time()
    sentence_spans("a" + piece * 200_000 + " b")
    assert time.process_time() - started < 5
