"""Measures extractive answers on labelled questions: ``python tests/benchmarks/answers.py [--notes DIR] [--data DIR]``.

Every row of ``content/questions/{ko,en}.jsonl`` names substrings of the lines that an answer must quote. For each part
(``fit`` is what rules are tuned on, ``test`` is not) and language it prints the share of questions answered, the share
with all such lines quoted, of those answered and of all, the median of lines quoted, and whether citations are true.
"""

import argparse
import json
import re
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.records import Answer
from assistant.serving.assistant import Assistant
from assistant.settings import Settings
from index import open_or_build

ROOT = Path(__file__).parent.parent.parent
_MARKER = re.compile(r"\[(\d+)\]")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one answer is worth. ``found`` is the share of the wanted lines that are quoted."""

    row: dict[str, Any]
    answer: Answer
    found: float
    lines_quoted: int
    exact: bool
    resolved: bool


def judge(assistant: Assistant, row: dict[str, Any], wanted: Sequence[str]) -> Outcome:
    """Answer one question and compare with the lines ``wanted``."""
    answer = assistant.ask(row["query"])
    quoted = "\n".join(citation.quote for citation in answer.citations)
    exact = all(
        assistant.index.note(citation.file).quote(citation.first_line, citation.last_line) == citation.quote
        for citation in answer.citations
    )
    markers = {int(marker) for marker in _MARKER.findall(answer.text)}
    return Outcome(
        row=row,
        answer=answer,
        found=sum(line in quoted for line in wanted) / len(wanted),
        lines_quoted=sum(bool(line.strip()) for line in quoted.split("\n")) if quoted else 0,
        exact=exact,
        resolved=markers == {citation.marker for citation in answer.citations},
    )


def report(name: str, outcomes: Sequence[Outcome]) -> None:
    """Print one row of figures."""
    answered = [outcome for outcome in outcomes if outcome.answer.grounded]
    facts = [o.lines_quoted for o in answered if len(o.row["lines"].get(o.answer.language, ())) == 1]
    lists = [o.found for o in answered if o.row["kind"] == "list"]
    complete = sum(outcome.found == 1.0 for outcome in answered)
    print(
        f"{name:<14} n={len(outcomes):<4} answered {len(answered) / len(outcomes):.3f}  "
        f"all lines: of answered {complete / max(len(answered), 1):.3f}, of all {complete / len(outcomes):.3f}  "
        f"lists {statistics.mean(lists or [0]):.3f}  "
        f"one-line facts quote median {statistics.median(facts or [0])}, mean {statistics.mean(facts or [0]):.2f}  "
        f"exact {all(o.exact for o in outcomes)}, markers {all(o.resolved for o in outcomes)}"
    )


def main() -> None:
    """Run the measurement."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--notes", type=Path, help="another folder of notes, judged by the rows' lines.raw")
    parser.add_argument("--data", type=Path, default=ROOT / ".notes-data")
    parser.add_argument("--show", choices=("fit", "test"), help="print the questions of this part that went wrong")
    options = parser.parse_args()
    settings = Settings(dir=options.notes or ROOT / "content", data_dir=options.data)
    assistant = Assistant(open_or_build(settings))
    for language in ("ko", "en"):
        text = (ROOT / "content" / "questions" / f"{language}.jsonl").read_text(encoding="utf-8")
        rows = [json.loads(line) for line in text.splitlines() if line.strip()]
        key = "raw" if options.notes else language
        outcomes = [judge(assistant, row, row["lines"][key]) for row in rows if row["lines"].get(key)]
        for part in ("fit", "test"):
            report(f"{language} {part}", [outcome for outcome in outcomes if outcome.row["part"] == part])
        for kind in sorted({outcome.row["kind"] for outcome in outcomes}):
            report(f"{language} {kind}", [outcome for outcome in outcomes if outcome.row["kind"] == kind])
        for outcome in outcomes:
            if outcome.row["part"] == options.show and outcome.answer.grounded and outcome.found < 1.0:
                print(f"\n{outcome.row['kind']}: {outcome.row['query']}\n  wanted {outcome.row['lines'][key]}")
                for citation in outcome.answer.citations:
                    print(f"  [{citation.marker}] {citation.quote!r}")


if __name__ == "__main__":
    main()
