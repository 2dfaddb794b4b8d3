"""Fitting the decision whether the notes answer."""

import json
import random
from dataclasses import asdict
from pathlib import Path

import pytest

from index import CourseIndex
from index.deciding.abstention import FEATURES, KNOWN_FEATURES, PLAIN, PLAIN_FEATURES, WITH_KNOWN
from index.evaluating.calibration import Sample, as_json, collect, fit_abstention
from index.evaluating.labelled_questions import LabelledQuestion


def sample(answerable: bool, strength: float, kind: str = "fact", notes: str = "a.md") -> Sample:
    return Sample(notes, (strength,) + (0.0,) * (len(FEATURES) - 1), answerable, kind)


def samples(notes: str = "a.md", shift: float = 0.0) -> list[Sample]:
    """Answerable questions around 3, others around 0, with noise."""
    draw = random.Random(7)
    return [sample(good, draw.gauss(3.0 if good else 0.0, 1.0) + shift, notes=notes) for good in [True, False] * 200]


def logit_threshold_as_strength(rows: list[Sample]) -> float:
    """The strength at which the fitted probability is the threshold."""
    import math

    parameters = fit_abstention(rows)
    logit = math.log(parameters.threshold / (1 - parameters.threshold))
    return (logit - parameters.intercept) / parameters.weights[FEATURES[0]]


def test_a_signal_that_tells_gets_a_weight_and_one_that_does_not_gets_none() -> None:
    parameters = fit_abstention(samples())
    assert parameters.weights[FEATURES[0]] > 0.5
    assert [parameters.weights[name] for name in PLAIN_FEATURES[1:]] == [0.0] * (len(PLAIN_FEATURES) - 1)
    assert set(fit_abstention(samples(), with_known_questions=True).weights) == set(KNOWN_FEATURES)


def test_the_threshold_answers_94_of_100() -> None:
    rows = samples()
    strengths = sorted(row.values[0] for row in rows if row.answerable)
    assert logit_threshold_as_strength(rows) == pytest.approx(strengths[12], abs=0.1)  # 6% of 200


def test_notes_with_few_samples_weigh_as_much_as_those_with_many() -> None:
    few = [sample(good, 0.0 if good else 3.0, notes="b.md") for good in [True, False] * 5]  # just the other way round
    alone, outvoted = (
        fit_abstention(samples()).weights[FEATURES[0]],
        fit_abstention(samples() + few).weights[FEATURES[0]],
    )
    assert outvoted < alone / 2


def test_the_threshold_holds_for_the_weakest_of_the_notes() -> None:
    weak = samples("b.md", shift=-1.0)
    assert logit_threshold_as_strength(samples() + weak) < logit_threshold_as_strength(samples()) - 0.5


def test_paraphrases_do_not_move_the_threshold() -> None:
    hard = [sample(True, -1.0, "paraphrase")] * 40
    ordinary = sorted(row.values[0] for row in samples() if row.answerable)[12]
    assert logit_threshold_as_strength(samples() + hard) == pytest.approx(ordinary, abs=0.1)


def test_paraphrases_count_where_questions_are_known() -> None:
    rows = samples() + [sample(True, 1.0, "paraphrase")] * 40
    known, plain = fit_abstention(rows, with_known_questions=True), fit_abstention(rows)
    assert known.threshold < plain.threshold


def test_one_sort_alone_cannot_be_fitted() -> None:
    with pytest.raises(ValueError, match="class"):
        fit_abstention([sample(True, 1.0), sample(True, 2.0)])


def test_samples_are_of_the_part_and_of_these_notes(course_index: CourseIndex) -> None:
    storage = (("developing-on-aws/05-s3-storage.ko.md", None),)
    questions = [
        LabelledQuestion("1", "ko", "fact", "fit", "S3 버킷은 무엇인가요?", storage),
        LabelledQuestion("2", "ko", "fact", "test", "S3 버킷은 무엇인가요?", storage),
        LabelledQuestion("3", "ko", "fact", "fit", "S3 버킷은 무엇인가요?", (("other.md", None),)),
        LabelledQuestion("4", "en", "other", "fit", "Who won the football match yesterday?", ()),
    ]
    answerable, other = collect(course_index, questions)
    assert (answerable.answerable, other.answerable) == (True, False)
    assert (answerable.kind, other.kind) == ("fact", "other")
    dense = FEATURES.index("dense")
    assert answerable.values[dense] > other.values[dense] + 1


def test_what_was_fitted_is_written_with_its_origin(tmp_path: Path) -> None:
    file = tmp_path / "abstention.json"
    known, plain = fit_abstention(samples(), with_known_questions=True), fit_abstention(samples())
    file.write_text(as_json(known, plain, "made-up questions"), encoding="utf-8")
    data = json.loads(file.read_text(encoding="utf-8"))
    assert data == {"fitted_on": "made-up questions", WITH_KNOWN: asdict(known), PLAIN: asdict(plain)}
