"""What answers are worth, judged and added up by hand."""

import json
import math
from dataclasses import replace

import pytest

from assistant.evaluating.figures import ACROSS, ALL, SAME, figures_of
from assistant.evaluating.marking import MarkedQuestion, Places
from assistant.evaluating.verdicts import AnswerVerdict, judge
from assistant.records import Answer, Citation


def lines(*numbers: int, file: str = "a.md") -> Places:
    return frozenset((file, number) for number in numbers)


def verdict(*ways: Places, quoted: tuple[tuple[int, int], ...] | None = (), kind: str = "", across: bool = False) -> AnswerVerdict:  # fmt: skip
    """The verdict on an answer that quotes the spans of lines ``quoted``, None for one that was declined."""
    question = MarkedQuestion(1, "1", "Why?", kind, (), None, ways, across)
    citations = tuple(Citation(1, "", (), "a.md", first, last, "") for first, last in quoted or ())
    return judge(question, Answer("Why?", "en", quoted is not None, "", citations, (), (), 0.5, "extractive", 0.0))


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (verdict(lines(3, 4), quoted=((3, 4),)), (True, True, True, False)),
        (verdict(lines(3, 4), quoted=((4, 5),)), (False, True, True, True)),
        (verdict(lines(3, 4), quoted=((7, 7),)), (False, False, True, True)),
        (verdict(lines(3, 4), quoted=None), (False, False, True, True)),
        (verdict(lines(3), lines(8, 9), quoted=((8, 9),)), (True, True, True, False)),
        (verdict(lines(3, file="b.md"), quoted=((3, 3),)), (False, False, True, True)),
        (verdict(lines(3), quoted=((2, 5),)), (True, True, True, False)),
        (verdict(lines(3), quoted=((2, 6),)), (True, True, False, False)),
        (verdict(quoted=None), (False, False, True, False)),
        (verdict(quoted=((3, 3),)), (False, False, True, True)),
    ],
    ids=["whole", "in part", "beside it", "declined", "elsewhere", "other note", "short", "long", "none declined", "none answered"],
)  # fmt: skip
def test_a_verdict(found: AnswerVerdict, expected: tuple[bool, bool, bool, bool]):
    assert (found.all_quoted, found.any_quoted, found.short, found.is_miss) == expected


def test_lines_that_a_declined_answer_names_are_not_quoted():
    answered = verdict(lines(3), quoted=((3, 3),))
    declined = judge(answered.question, replace(answered.answer, grounded=False))
    assert not declined.quoted
    assert not declined.answered


VERDICTS = [
    verdict(lines(3), quoted=((3, 3),), kind="fact"),
    verdict(lines(3), quoted=((3, 8),), kind="fact", across=True),
    verdict(lines(3, 4), quoted=((3, 3), (9, 9)), kind="list"),
    verdict(lines(3), quoted=None, kind="fact"),
    verdict(quoted=None, kind="near"),
    verdict(quoted=((5, 5),), kind="near", across=True),
    verdict(quoted=None, kind="admin"),
]


def test_figures_are_those_worked_out_by_hand():
    figures = figures_of(VERDICTS)
    everything = figures.answerable[ALL]
    assert list(figures.answerable) == [ALL, SAME, ACROSS, "fact", "list"]
    assert list(figures.others) == [ALL, SAME, ACROSS, "near", "admin"]
    assert everything.count == 4
    assert (everything.answered.mean, everything.all_lines.mean, everything.any_line.mean) == (0.75, 0.5, 0.75)
    assert everything.short.mean == pytest.approx(2 / 3)  # of the answered
    assert everything.lines.mean == pytest.approx((1 + 6 + 2) / 3)
    assert figures.answerable["list"].all_lines.mean == 0.0
    assert figures.answerable["list"].any_line.mean == 1.0
    assert figures.answerable[ACROSS].count == 1
    assert figures.others[ALL].declined.mean == pytest.approx(2 / 3)
    assert figures.others["near"].declined.mean == 0.5
    assert everything.answered.low < 0.75 < everything.answered.high


def test_figures_of_nothing_are_left_out_of_json():
    figures = figures_of([verdict(lines(3), quoted=None)])
    assert math.isnan(figures.answerable[ALL].short.mean)
    written = json.dumps(figures.to_json(), allow_nan=False)
    assert json.loads(written)["answerable"][ALL]["short"] is None
    assert json.loads(written)["not_in_notes"] == {}


def test_a_kind_that_is_called_all_stands_by_itself():
    figures = figures_of([verdict(lines(3), quoted=None, kind="all"), verdict(lines(3), quoted=((3, 3),))])
    assert figures.answerable["all"].count == 2
    assert figures.answerable["all (kind)"].count == 1
