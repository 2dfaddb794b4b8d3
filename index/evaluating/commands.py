"""``python -m index evaluate`` and ``calibrate``: measuring on labelled questions, in tables, JSON and a picture."""

import argparse
import json
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from index.course_index import open_or_build
from index.errors import PackageMissingError, StorageError
from index.evaluating.calibration import Sample, as_json, collect, fit_abstention
from index.evaluating.intervals import Estimate
from index.evaluating.labelled_questions import (
    MEASURES,
    QUESTIONS_FOLDER,
    AbstentionReport,
    RankedQuestion,
    abstention_report,
    latency,
    load_questions,
    retrieval_table,
    run,
    worst_misses,
)
from index.json_values import json_values
from index.settings import IndexSettings


def register(commands: Any, places: argparse.ArgumentParser) -> None:  # noqa: ANN401 - argparse names no type
    """Add both commands to ``commands``; ``places`` holds the options that all commands share."""
    command = commands.add_parser("evaluate", parents=[places], help="measure on labelled questions")
    _add_questions(command)
    command.add_argument("--part", choices=("fit", "test"), help="only this part of the questions (default: both)")
    command.add_argument("--json", action="store_true", help="print JSON")
    command.add_argument("--plot", type=Path, metavar="FILE.png", help="draw the results")
    command.set_defaults(run=_evaluate)

    command = commands.add_parser("calibrate", parents=[places], help="fit the abstention decision (part 'fit')")
    _add_questions(command)
    command.add_argument(
        "--also",
        type=Path,
        action="append",
        default=[],
        metavar="DIR",
        help="more notes to fit on; with a folder questions/ in it, on those",
    )
    command.add_argument("--write", type=Path, metavar="FILE", help="where to write (default: print them)")
    command.set_defaults(run=_calibrate)


def _add_questions(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--questions", type=Path, metavar="FILE", help="JSON Lines, or a folder of them (default: content/questions)"
    )


def _questions_path(settings: IndexSettings, options: argparse.Namespace) -> Path:
    if options.questions:
        return Path(options.questions)
    own = settings.dir / QUESTIONS_FOLDER
    return own if own.is_dir() else IndexSettings().dir / QUESTIONS_FOLDER


def _evaluate(settings: IndexSettings, options: argparse.Namespace) -> None:
    for package in ("ir_measures", *(("matplotlib",) if options.plot else ())):
        if find_spec(package) is None:
            raise PackageMissingError('Measuring needs more packages: pip install ".[evaluate]"')
    questions = load_questions(_questions_path(settings, options))
    course_index = open_or_build(settings)
    outcomes = run(course_index, questions, options.part)
    table, report = retrieval_table(outcomes), abstention_report(outcomes)
    times = latency(outcomes, course_index.encode) if outcomes else {}
    if options.json:
        print(json.dumps(_as_json(table, report, times, outcomes), ensure_ascii=False))
    else:
        parts = (_table_lines(table), _abstention_lines(report), _time_lines(times), _miss_lines(outcomes))
        print("\n".join(line for part in parts for line in part))
    if options.plot:
        _plot(table, report, options.plot)


def _as_json(
    table: dict[str, dict[str, Estimate | int]],
    report: AbstentionReport | None,
    times: dict[str, float],
    outcomes: Sequence[RankedQuestion],
) -> dict[str, Any]:
    misses = [
        {"id": outcome.question.identifier, "query": outcome.question.query, "rank": outcome.rank}
        for outcome in worst_misses(outcomes)
    ]
    return json_values({"retrieval": table, "abstention": report, "latency": times, "misses": misses})


def _table_lines(table: dict[str, dict[str, Estimate | int]]) -> list[str]:
    lines = [f"{'group':12}{'n':>5}" + "".join(f"{name:>20}" for name in MEASURES.values())]
    for group, row in table.items():
        cells = (_cell(row[name]) for name in MEASURES.values())
        lines.append(f"{group:12}{row['n']:>5}" + "".join(f"{cell:>20}" for cell in cells))
    return lines


def _cell(value: Estimate | int) -> str:
    return f"{value.mean:.3f} [{value.low:.2f}, {value.high:.2f}]" if isinstance(value, Estimate) else str(value)


def _abstention_lines(report: AbstentionReport | None) -> list[str]:
    if report is None:
        return []
    return [
        "",
        f"answered of the answerable:   {_cell(report.answered)}",
        f"refused of the unanswerable:  {_cell(report.refused)}",
        f"AUROC {report.auroc:.3f}; refused where 95% are answered: {report.refused_at_95:.3f}",
    ]


def _time_lines(times: dict[str, float]) -> list[str]:
    return ["", ", ".join(f"{name.replace('_', ' ')} {value:.1f}" for name, value in times.items())] if times else []


def _miss_lines(outcomes: Sequence[RankedQuestion]) -> list[str]:
    misses = worst_misses(outcomes)
    if not misses:
        return []
    lines = ["", "worst misses (rank of the first section that answers):"]
    for outcome in misses:
        first = outcome.result.hits[0].section.heading if outcome.result.hits else "nothing"
        wanted = " / ".join(dict.fromkeys(str(heading) for _, heading in outcome.question.golds))
        lines.append(f"{outcome.rank or '> 10':>5}  {outcome.question.query}")
        lines.append(f"       wanted: {wanted}; found first: {first}")
    return lines


def _plot(table: dict[str, dict[str, Estimate | int]], report: AbstentionReport | None, path: Path) -> None:
    """Draw hit@1 and hit@3 by group with intervals, and the abstention curve.

    :raises StorageError: If the picture cannot be written.
    """
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot as plt

    figure, (left, right) = plt.subplots(1, 2, figsize=(12, 5), constrained_layout=True)
    groups = list(table)
    for offset, name in ((-0.2, "hit@1"), (0.2, "hit@3")):
        values = [value for group in groups if isinstance(value := table[group][name], Estimate)]
        means = [value.mean for value in values]
        errors = [[v.mean - v.low for v in values], [v.high - v.mean for v in values]]
        left.barh([n + offset for n in range(len(groups))], means, 0.38, xerr=errors, label=name)
    left.set_yticks(range(len(groups)), groups)
    left.invert_yaxis()
    left.set_xlim(0, 1)
    left.set_title("Retrieval, with 95% bootstrap intervals")
    left.legend(loc="lower left")
    if report:
        right.plot([false for _, false in report.curve], [answered for answered, _ in report.curve])
        right.plot(1 - report.refused.mean, report.answered.mean, "o", label="threshold in force")
        right.set_xlabel("answered of the unanswerable")
        right.set_ylabel("answered of the answerable")
        right.set_title(f"Abstention, AUROC {report.auroc:.3f}")
        right.legend(loc="lower right")
    try:
        figure.savefig(path, dpi=110)
    except OSError as error:
        raise StorageError(f"The picture cannot be written to {path}: {error.strerror}") from error
    finally:
        plt.close(figure)


def _calibrate(settings: IndexSettings, options: argparse.Namespace) -> None:
    folders = [settings.dir, *options.also]
    plain: list[Sample] = []
    known: list[Sample] = []
    for folder in folders:
        own = folder / QUESTIONS_FOLDER
        is_own = folder in options.also and own.is_dir()
        questions = load_questions(own if is_own else _questions_path(settings, options))
        course_index = open_or_build(settings.model_copy(update={"dir": folder}))
        plain += collect(course_index.without_known_questions(), questions)
        if course_index.knows_questions:
            known += collect(course_index, questions)
    parameters = fit_abstention(plain)
    with_known = fit_abstention(known, with_known_questions=True) if known else parameters
    names = ", ".join(folder.name for folder in folders)
    answerable = sum(sample.answerable for sample in plain)
    fitted_on = f"{names}: {answerable} answerable and {len(plain) - answerable} unanswerable questions, part 'fit'"
    fitted = as_json(with_known, parameters, fitted_on)
    if options.write is None:
        print(fitted, end="")
        return
    try:
        Path(options.write).write_text(fitted, encoding="utf-8")
    except OSError as error:
        raise StorageError(f"{options.write} cannot be written: {error.strerror}.") from error
    thresholds = f"thresholds {with_known.threshold} with known questions, {parameters.threshold} without"
    print(f"{fitted_on}; {thresholds}; written to {options.write}")
