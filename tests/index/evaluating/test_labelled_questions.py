"""Measuring retrieval and abstention: the arithmetic by hand, and the course's own questions as a floor."""

import json
from pathlib import Path

import pytest

from index import CourseIndex, QuestionError
from index.errors import ContentError
from index.evaluating.labelled_questions import (
    LabelledQuestion,
    RankedQuestion,
    abstention_report,
    latency,
    load_questions,
    relevant_keys,
    retrieval_table,
    run,
    worst_misses,
)
from index.records import Decision, SearchResult
from tests.places import ROOT

ROW = {"id": "q1", "language": "ko", "kind": "fact", "query": "S3는?", "golds": [{"file": "a.md", "heading": "S3"}]}


def outcome(
    found: str = "", relevant: str = "", probability: float = 0.5, kind: str = "fact", language: str = "en"
) -> RankedQuestion:
    """An outcome whose sections are letters; the threshold is 0.5."""
    golds = tuple(("a.md", key) for key in relevant)
    result = SearchResult("", language, (), Decision(probability >= 0.5, probability, ()))
    return RankedQuestion(
        LabelledQuestion("", language, kind, "test", "?", golds), tuple(found), frozenset(relevant), result, 0.25
    )


def mean(table: dict, group: str, measure: str) -> float:
    return table[group][measure].mean


def test_measures_are_those_worked_out_by_hand() -> None:
    table = retrieval_table([outcome("abc", "a"), outcome("abc", "c", language="ko"), outcome("abc", "x", kind="list")])
    assert mean(table, "all", "hit@1") == pytest.approx(1 / 3)
    assert mean(table, "all", "hit@3") == pytest.approx(2 / 3)
    assert mean(table, "all", "mrr@10") == pytest.approx((1 + 1 / 3 + 0) / 3)
    assert mean(table, "all", "ndcg@10") == pytest.approx((1 + 1 / 2 + 0) / 3)  # at rank 3: 1 / log2(4)
    assert mean(table, "ko", "hit@1") == 0.0
    assert mean(table, "list", "hit@10") == 0.0
    assert {group: row["n"] for group, row in table.items()} == {"all": 3, "en": 2, "ko": 1, "fact": 2, "list": 1}


def test_a_question_with_two_right_sections_counts_the_first() -> None:
    both = outcome("xab", "ab")
    assert both.rank == 2
    assert mean(retrieval_table([both]), "all", "mrr@10") == pytest.approx(0.5)


def test_abstention_counts_answered_refused_and_the_curve() -> None:
    report = abstention_report(
        [
            outcome(relevant="a", probability=0.9),
            outcome(relevant="a", probability=0.4),
            outcome(probability=0.6),
            outcome(probability=0.1),
        ]
    )
    assert report is not None
    assert (report.answered.mean, report.refused.mean) == (0.5, 0.5)
    assert report.auroc == pytest.approx(3 / 4)  # of four pairs, one has the unanswerable question above
    assert report.curve == ((0.5, 0.0), (0.5, 0.5), (1.0, 0.5), (1.0, 1.0))
    assert report.refused_at_95 == 0.5


@pytest.mark.parametrize("relevant", ["", "a"], ids=["none-answerable", "all-answerable"])
def test_abstention_needs_both_sorts(relevant: str) -> None:
    assert abstention_report([outcome(relevant=relevant)] * 3) is None


def test_the_worst_misses_come_first_and_hits_not_at_all() -> None:
    second, third, lost = outcome("xa", "a"), outcome("xya", "a"), outcome("xyz", "a")
    assert worst_misses([outcome("a", "a"), second, lost, outcome("x"), third]) == [lost, third, second]
    assert worst_misses([second, lost, third], 1) == [lost]


def test_latency_is_in_milliseconds_and_has_the_encoder_beside_it() -> None:
    seen: list[str] = []
    times = latency([outcome()] * 60, seen.append)
    assert (times["search_median_ms"], times["search_p95_ms"]) == (250.0, 250.0)
    assert times["encoder_median_ms"] >= 0
    assert len(seen) == 50


def test_questions_are_read_from_a_file_or_a_folder(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(f"{json.dumps(ROW)}\n\n", encoding="utf-8")
    (tmp_path / "b.jsonl").write_text(json.dumps(ROW | {"id": "q2", "golds": [], "part": "fit"}), encoding="utf-8")
    first, second = load_questions(tmp_path)
    assert first == LabelledQuestion("q1", "ko", "fact", "test", "S3는?", (("a.md", "S3"),))
    assert (second.identifier, second.part, second.golds) == ("q2", "fit", ())
    assert load_questions(tmp_path / "a.jsonl") == [first]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        pytest.param("{", "q.jsonl:1: not a labelled question", id="no-json"),
        pytest.param(json.dumps(ROW) + '\n{"id": "q2"}', "q.jsonl:2: not a labelled question", id="field-missing"),
        pytest.param("[1]", "q.jsonl:1: not a labelled question", id="no-object"),
        pytest.param(b"\xff\xfe\x00", "q.jsonl: the questions cannot be read", id="encoding"),
    ],
)
def test_wrong_questions_are_told_with_their_line(tmp_path: Path, text: str | bytes, told: str) -> None:
    file = tmp_path / "q.jsonl"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(ContentError) as caught:
        load_questions(file)
    assert told in str(caught.value)


def test_missing_questions_are_told(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match="no labelled questions"):
        load_questions(tmp_path / "absent.jsonl")
    with pytest.raises(ContentError, match="no labelled questions"):
        load_questions(tmp_path)


def test_questions_about_other_notes_are_left_out(course_index: CourseIndex) -> None:
    here, elsewhere, unanswerable = (
        LabelledQuestion("", "en", "fact", "test", "What is S3?", golds)
        for golds in ((("developing-on-aws/05-s3-storage.en.md", None),), (("other.md", "X"),), ())
    )
    outcomes = run(course_index, [here, elsewhere, unanswerable])
    assert [row.question for row in outcomes] == [here, unanswerable]
    assert outcomes[0].relevant == relevant_keys(here, course_index.sections)
    assert len(outcomes[0].relevant) > 5  # a heading of None: any section of the file
    assert run(course_index, [here], part="fit") == []


def test_a_bad_question_stops_an_evaluation_with_its_reason(course_index: CourseIndex) -> None:
    with pytest.raises(QuestionError):
        run(course_index, [LabelledQuestion("", "en", "fact", "test", "  ", ())])


def test_the_shipped_index_stays_above_what_the_documentation_reports(course_index: CourseIndex) -> None:
    """Floors a few points below docs/retrieval.md, so that a loss is noticed and a rounding is not."""
    outcomes = run(course_index, load_questions(ROOT / "content/questions"), part="test")
    table = retrieval_table(outcomes)
    assert mean(table, "all", "hit@1") >= 0.90
    assert mean(table, "all", "hit@3") >= 0.97
    ordinary = retrieval_table([row for row in outcomes if row.question.kind != "paraphrase"])
    assert mean(ordinary, "all", "hit@1") >= 0.93
    assert mean(ordinary, "all", "hit@3") >= 0.98
    assert mean(ordinary, "ko", "hit@1") >= 0.90
    assert mean(ordinary, "en", "hit@1") >= 0.90
    report = abstention_report(outcomes)
    assert report is not None
    assert report.auroc >= 0.96
    assert report.refused.mean >= 0.84
    assert report.answered.mean >= 0.92
