"""Judging the lines that a search found, and deciding whether the notes answer."""

import math
from dataclasses import replace

import pytest

from index import CourseIndex, SearchResult
from index.deciding.decision import SECTIONS_JUDGED, Decider, DecisionParameters, abstention_odds
from index.deciding.decision_features import NAMES
from index.deciding.trees import Trees
from index.ranking.lines import score_lines

QUESTION = "What does CloudTrail record?"
FOREIGN = "CloudTrail은 무엇을 기록하나요?"
LINE = {"intercept": -1.0, "nearness": 10.0, "shared": 0.5}


def by(name: str, threshold: float) -> Trees:
    """Trees that say yes where the feature called ``name`` is above ``threshold``, else no."""
    leaves = (-1, 0.0, 0, 0, -4.0), (-1, 0.0, 0, 0, 4.0)
    return Trees(NAMES, 0.0, (((NAMES.index(name), threshold, 1, 2, 0.0), *leaves),))


@pytest.fixture(scope="module")
def plain(course_index: CourseIndex) -> CourseIndex:
    return course_index.without_known_questions()


def decided(index: CourseIndex, trees: Trees, question: str = QUESTION) -> SearchResult:
    vector = index.vector(question)
    found = index.searcher.search(question, vector, 10)
    return Decider(index.searcher, DecisionParameters(trees, LINE)).decide(found, vector)


def values(index: CourseIndex, question: str) -> dict[str, float]:
    vector = index.vector(question)
    found = index.searcher.search(question, vector, 10)
    near = score_lines(index.searcher, question, vector, found.hits[:SECTIONS_JUDGED])
    return dict(zip(NAMES, Decider(index.searcher).features(found, near), strict=True))


def test_the_trees_decide(plain: CourseIndex) -> None:
    yes, no = decided(plain, by("asks_thing", 0.5)), decided(plain, by("asks_reason", 0.5))
    assert (yes.decision.grounded, no.decision.grounded) == (True, False)
    before = plain.searcher.search(QUESTION, plain.vector(QUESTION), 10).decision.probability
    for result, said in ((yes, 4.0), (no, -4.0)):
        odds = said + abstention_odds(before)
        assert result.decision.probability == pytest.approx(1 / (1 + math.exp(-odds)), abs=1e-3)
    assert yes.decision.absent == no.decision.absent


def test_where_questions_are_known_they_decide(course_index: CourseIndex) -> None:
    vector = course_index.vector(QUESTION)
    found = course_index.searcher.search(QUESTION, vector, 10)
    result = decided(course_index, by("asks_reason", 0.5))
    assert result.decision == found.decision
    assert result.lines


def test_lines_are_as_likely_as_they_are_near_and_share_words(plain: CourseIndex) -> None:
    vector = plain.vector(QUESTION)
    hits = plain.searcher.search(QUESTION, vector, 10).hits
    near = score_lines(plain.searcher, QUESTION, vector, hits[:SECTIONS_JUDGED])
    result = decided(plain, by("asks_thing", 0.5))
    nearest = max(line.score for line in near)
    assert [line.block for line in result.lines] == [line.block for line in near]
    for line, before in zip(result.lines, near, strict=True):
        assert line.score == pytest.approx(-1.0 + 10.0 * (before.score - nearest) + 0.5 * before.shared)
        assert 0.0 < line.probability < 1.0


def test_what_found_nothing_is_left_as_it_is(plain: CourseIndex) -> None:
    vector = plain.vector(QUESTION)
    found = replace(plain.searcher.search(QUESTION, vector, 10), hits=())
    assert Decider(plain.searcher).decide(found, vector) == found


def test_the_number_of_hits_asked_for_decides_nothing(plain: CourseIndex) -> None:
    one, ten = plain.search(QUESTION, 1), plain.search(QUESTION, 10)
    assert len(one.hits) == 1
    assert one.decision == ten.decision
    assert one.lines == ten.lines


def test_features_tell_what_was_asked_and_how_near_it_was(plain: CourseIndex) -> None:
    about, other = values(plain, QUESTION), values(plain, "Why do vaccines train the immune system?")
    assert about["nearest"] > other["nearest"]
    assert about["absent"] < other["absent"]
    assert (about["asks_reason"], other["asks_reason"]) == (0.0, 1.0)
    assert about["characters"] == len(QUESTION)
    assert (about["korean"], values(plain, FOREIGN)["korean"]) == (0.0, 1.0)


def test_a_question_in_another_language_than_the_notes_is_told(plain: CourseIndex) -> None:
    vector = plain.vector(FOREIGN)
    found = plain.searcher.search(FOREIGN, vector, 10, language="en")
    across = Decider(plain.searcher).features(replace(found, language="ko"), [])
    assert dict(zip(NAMES, across, strict=True))["across"] == 1.0
    assert values(plain, FOREIGN)["across"] == 0.0


@pytest.mark.parametrize(
    "question",
    ["CloudTrail", "ㅋㅋ", "a" * 500, "질문 " * 160, "1234567890", "\u200b CloudTrail"],
)
def test_any_question_gets_a_decision(plain: CourseIndex, question: str) -> None:
    result = plain.search(question)
    assert 0.0 <= result.decision.probability <= 1.0


def test_the_part_of_the_abstention_is_bounded() -> None:
    assert abstention_odds(0.5) == 0.0
    assert abstention_odds(0.0) == pytest.approx(-abstention_odds(1.0))
    assert -5.0 < abstention_odds(0.0) < 0.0


def test_in_large_notes_the_abstention_decides_alone(plain: CourseIndex, monkeypatch: pytest.MonkeyPatch) -> None:
    found = plain.searcher.search(QUESTION, plain.vector(QUESTION), 10)
    assert decided(plain, by("asks_reason", 0.5)).decision != found.decision
    monkeypatch.setattr("index.deciding.decision.MOST_SECTIONS", len(plain.sections) - 1)
    assert decided(plain, by("asks_reason", 0.5)).decision == found.decision


def test_where_only_a_part_was_searched_the_abstention_decides_alone(plain: CourseIndex) -> None:
    vector = plain.vector(QUESTION)
    found = plain.searcher.search(QUESTION, vector, 10)
    decider = Decider(plain.searcher, DecisionParameters(by("asks_reason", 0.5), LINE))
    assert decider.decide(found, vector, whole=False).decision == found.decision
    assert decider.decide(found, vector).decision != found.decision
