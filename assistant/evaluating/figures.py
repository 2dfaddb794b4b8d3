"""Adds verdicts up: shares and means with their intervals, by kind of question and by languages; prints nothing."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from assistant.evaluating.verdicts import AnswerVerdict
from index.evaluating.intervals import Estimate, estimate, share

ALL = "all"
SAME = "same language"
ACROSS = "across languages"


@dataclass(frozen=True, slots=True)
class AnswerFigures:
    """How questions are served that the notes answer; ``short`` and ``lines`` are of those that were answered."""

    count: int
    answered: Estimate
    all_lines: Estimate
    any_line: Estimate
    short: Estimate
    lines: Estimate


@dataclass(frozen=True, slots=True)
class DeclineFigures:
    """How questions are served that the notes do not answer."""

    count: int
    declined: Estimate


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of all questions, then of those within and across languages, then of each kind, by name."""

    answerable: dict[str, AnswerFigures]
    others: dict[str, DeclineFigures]

    def to_json(self) -> dict[str, Any]:
        """Return the figures as JSON values; where nothing was counted, None."""
        return {
            name: {group: _json(asdict(figures)) for group, figures in groups.items()}
            for name, groups in (("answerable", self.answerable), ("not_in_notes", self.others))
        }


def figures_of(verdicts: Sequence[AnswerVerdict]) -> Figures:
    """Return the figures of ``verdicts``."""
    answerable = [verdict for verdict in verdicts if verdict.is_answerable]
    others = [verdict for verdict in verdicts if not verdict.is_answerable]
    return Figures(
        {name: answer_figures(group) for name, group in _groups(answerable).items()},
        {
            name: DeclineFigures(len(group), share(not v.answered for v in group))
            for name, group in _groups(others).items()
        },
    )


def answer_figures(verdicts: Sequence[AnswerVerdict]) -> AnswerFigures:
    """Return the figures of questions that the notes answer."""
    answered = [verdict for verdict in verdicts if verdict.answered]
    return AnswerFigures(
        count=len(verdicts),
        answered=share(verdict.answered for verdict in verdicts),
        all_lines=share(verdict.all_quoted for verdict in verdicts),
        any_line=share(verdict.any_quoted for verdict in verdicts),
        short=share(verdict.short for verdict in answered),
        lines=estimate([len(verdict.quoted) for verdict in answered]),
    )


def _groups(verdicts: Sequence[AnswerVerdict]) -> dict[str, list[AnswerVerdict]]:
    """Return ``verdicts`` by group, those of a kind under its name, the commonest kinds first."""
    if not verdicts:
        return {}
    groups = {
        ALL: list(verdicts),
        SAME: [verdict for verdict in verdicts if not verdict.question.across],
        ACROSS: [verdict for verdict in verdicts if verdict.question.across],
    }
    kinds: dict[str, list[AnswerVerdict]] = {}
    for verdict in verdicts:
        if verdict.question.kind:
            kinds.setdefault(verdict.question.kind, []).append(verdict)
    commonest = sorted(kinds, key=lambda kind: (-len(kinds[kind]), kind))
    # A kind that is called like one of the first groups stands apart from it.
    named = {kind if kind not in groups else f"{kind} (kind)": kinds[kind] for kind in commonest}
    return {name: group for name, group in (groups | named).items() if group}


def _json(values: dict[str, Any]) -> dict[str, Any]:
    """Return ``values`` with None for estimates of nothing: JSON has no word for what is not a number."""
    return {
        name: None if isinstance(value, dict) and value["mean"] != value["mean"] else value
        for name, value in values.items()
    }
