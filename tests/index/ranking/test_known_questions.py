"""Questions that lines are known to answer: their file, and the signal."""

from pathlib import Path

import numpy as np
import pytest

from index.errors import ContentError
from index.language.languages import detect_language
from index.ranking.known_questions import KnownPlace, KnownQuestions, KnownQuestionSignal
from index.reading.facts import Fact, known_questions_file, load_facts
from tests.places import CONTENT


@pytest.mark.parametrize(
    ("text", "told"),
    [
        pytest.param("- {says: [", "cannot be read", id="no-yaml"),
        pytest.param("asked: what", "must be a list", id="no-list"),
        pytest.param("- what is it?", "must be {under, says, asked}", id="no-fact"),
        pytest.param("- {under: {en: A}, asked: [b]}", "must be {under, says, asked}", id="no-line"),
        pytest.param("- {says: {en: A}, asked: b}", "must be {under, says, asked}", id="no-questions"),
    ],
)
def test_a_broken_file_is_told(tmp_path: Path, text: str, told: str) -> None:
    (tmp_path / "known_questions.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(ContentError, match=told):
        load_facts(tmp_path / "known_questions.yaml")


def test_a_file_that_is_not_utf8_is_told(tmp_path: Path) -> None:
    (tmp_path / "known_questions.yaml").write_bytes("- 질문".encode("cp949"))
    with pytest.raises(ContentError, match="cannot be read"):
        load_facts(tmp_path / "known_questions.yaml")


def test_the_file_beside_the_notes_comes_before_the_shipped_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert known_questions_file(tmp_path) is None
    shipped = tmp_path / "shipped.yaml"
    shipped.write_text("[]", encoding="utf-8")
    monkeypatch.setattr("index.reading.facts.COURSE_FILE", shipped)
    assert known_questions_file(tmp_path) == shipped
    own = tmp_path / "known_questions.yaml"
    own.write_text("[]", encoding="utf-8")
    assert known_questions_file(tmp_path) == own


def test_headings_may_be_left_out(tmp_path: Path) -> None:
    path = tmp_path / "known_questions.yaml"
    path.write_text("- {says: {en: Water boils at 100 degrees.}, asked: [[when does it bubble]]}", encoding="utf-8")
    assert load_facts(path) == (Fact({}, {"en": "Water boils at 100 degrees."}, (("when does it bubble",),)),)


def test_questions_outside_a_list_ask_the_same(tmp_path: Path) -> None:
    path = tmp_path / "known_questions.yaml"
    path.write_text(
        "- {says: {en: Tea boils.}, asked: [does it, [what does, 무엇이 끓나요], 끓어요?]}", encoding="utf-8"
    )
    (fact,) = load_facts(path)
    assert fact.asked == (("does it", "끓어요?"), ("what does", "무엇이 끓나요"))


def three_questions(vectors: np.ndarray, weights: np.ndarray | None = None) -> KnownQuestions:
    """Two questions at lines of the first section, one in the third; the first and the last ask the same."""
    places = (KnownPlace(0, 4, 0), KnownPlace(0, 5, 1), KnownPlace(2, 9, 2))
    none = np.zeros((0, vectors.shape[1] + 1), np.float32)
    return KnownQuestions(("one", "two", "셋"), vectors, places, {}, (0, 1, 0), none if weights is None else weights)


def test_likeness_is_0_for_the_unlike_and_1_for_the_same() -> None:
    generic = {"en": np.zeros((1, 3), np.float32), "ko": np.zeros((1, 3), np.float32)}
    vectors = np.array([[1, 0, 0], [0.6, 0.8, 0], [0, 0, 1]], dtype=np.float32)
    signal = KnownQuestionSignal(three_questions(vectors), generic, section_count=3)
    likeness = signal.likeness("one", np.array([1, 0, 0], dtype=np.float32))
    assert likeness == pytest.approx([1.0, 0.3 / 0.7, 0.0])  # a cosine of 0.3 or less is chance
    assert signal.by_section(likeness) == pytest.approx([1.0, 0.0, 0.0])
    assert signal.by_line(likeness, 0) == pytest.approx({4: 1.0, 5: 0.3 / 0.7})
    assert signal.by_line(likeness, 1) == {}


def test_nearness_is_likeness_and_a_fifth_how_likely_the_group_is() -> None:
    generic = {"en": np.zeros((1, 2), np.float32), "ko": np.zeros((1, 2), np.float32)}
    weights = np.array([[np.log(3.0), 0, 0], [0, 0, 0]], dtype=np.float32)
    known = three_questions(np.array([[1, 0], [0, 1], [0, 1]], dtype=np.float32), weights)
    signal = KnownQuestionSignal(known, generic, section_count=3)
    vector = np.array([1, 0], dtype=np.float32)
    assert signal.group_probabilities(["one"], vector[None, :])[0] == pytest.approx([0.75, 0.25])
    likeness = signal.likeness("one", vector)
    assert likeness == pytest.approx([1.0, 0.0, 0.0])
    assert signal.nearness("one", vector, likeness) == pytest.approx([0.95, 0.05, 0.15])


def test_no_known_questions_say_nothing() -> None:
    generic = {language: np.ones((1, 3), np.float32) for language in ("ko", "en")}
    signal = KnownQuestionSignal(KnownQuestions.none(3), generic, section_count=2)
    likeness = signal.likeness("one", np.array([1, 0, 0], dtype=np.float32))
    assert signal.by_section(likeness).tolist() == [0.0, 0.0]
    assert signal.nearness("one", np.array([1, 0, 0], dtype=np.float32), likeness).tolist() == []
    assert signal.group_probabilities(["one", "하나"], np.ones((2, 3), np.float32)).shape == (2, 0)


def test_every_question_of_the_course_is_in_a_language_and_on_one_line_only() -> None:
    facts = load_facts(CONTENT / "known_questions.yaml")
    questions = [question for fact in facts for group in fact.asked for question in group]
    assert len(questions) == len(set(questions)) > 4000
    assert all(set(fact.lines) == set(fact.headings) == {"ko", "en"} for fact in facts)
    assert {detect_language(question) for question in questions} == {"ko", "en"}
