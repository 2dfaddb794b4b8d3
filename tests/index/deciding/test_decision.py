"""Judging the lines that a search found, and deciding whether the notes answer."""

import math
from dataclasses import replace

import pytest

from index import CourseIndex, SearchResult
from index.deciding.decision import SECTIONS_JUDGED, Decider, DecisionParameters, abstention_odds
from index.deciding.decision_features import NAMES, features
from index.deciding.trees import Trees
from index.records import Line

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


def found(index: CourseIndex, question: str = QUESTION, language: str | None = None) -> SearchResult:
    return index.searcher.search(index.read(question), 10, language=language)


def near(index: CourseIndex, question: str = QUESTION) -> list[Line]:
    return index.searcher.lines(index.read(question), found(index, question).hits[:SECTIONS_JUDGED])


def decided(index: CourseIndex, trees: Trees, *, whole: bool = True) -> SearchResult:
    decider = Decider(
        len(index.sections), knows_questions=index.knows_questions, parameters=DecisionParameters(trees, LINE)
    )
    return decider.decide(found(index), near(index), index.read(QUESTION).lexical.matches, whole=whole)


def values(index: CourseIndex, question: str, result: SearchResult | None = None) -> dict[str, float]:
    matches = index.read(question).lexical.matches
    result = result or found(index, question)
    return dict(zip(NAMES, features(result, near(index, question), matches, len(index.sections)), strict=True))


def test_the_trees_decide(plain: CourseIndex) -> None:
    yes, no = decided(plain, by("asks_thing", 0.5)), decided(plain, by("asks_reason", 0.5))
    assert (yes.decision.grounded, no.decision.grounded) == (True, False)
    before = found(plain).decision.probability
    for result, said in ((yes, 4.0), (no, -4.0)):
        odds = said + abstention_odds(before)
        assert result.decision.probability == pytest.approx(1 / (1 + math.exp(-odds)), abs=1e-3)
    assert yes.decision.absent == no.decision.absent


def test_where_questions_are_known_they_decide(course_index: CourseIndex) -> None:
    result = decided(course_index, by("asks_reason", 0.5))
    assert result.decision == found(course_index).decision
    assert result.lines


def test_lines_are_as_likely_as_they_are_near_and_share_words(plain: CourseIndex) -> None:
    scored = near(plain)
    result = decided(plain, by("asks_thing", 0.5))
    nearest = max(line.score for line in scored)
    assert [line.block for line in result.lines] == [line.block for line in scored]
    for line, before in zip(result.lines, scored, strict=True):
        assert line.score == pytest.approx(-1.0 + 10.0 * (before.score - nearest) + 0.5 * before.shared)
        assert 0.0 < line.probability < 1.0


def test_what_found_nothing_is_left_as_it_is(plain: CourseIndex) -> None:
    nothing = replace(found(plain), hits=())
    assert Decider(len(plain.sections)).decide(nothing, [], plain.read(QUESTION).lexical.matches) == nothing


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
    english = found(plain, FOREIGN, language="en")
    assert values(plain, FOREIGN, replace(english, language="ko"))["across"] == 1.0
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
    assert decided(plain, by("asks_reason", 0.5)).decision != found(plain).decision
    monkeypatch.setattr("index.deciding.decision.MOST_SECTIONS", len(plain.sections) - 1)
    assert decided(plain, by("asks_reason", 0.5)).decision == found(plain).decision


def test_where_only_a_part_was_searched_the_abstention_decides_alone(plain: CourseIndex) -> None:
    assert decided(plain, by("asks_reason", 0.5), whole=False).decision == found(plain).decision
    assert decided(plain, by("asks_reason", 0.5)).decision != found(plain).decision
