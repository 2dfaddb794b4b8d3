"""How long answers take, as ratios within one run: ``python tests/benchmarks/speed.py [--json]``.

The floor is one forward pass of the encoder; nobody can answer faster. Every question is asked once, and of search and
answer each gets its own, so that nothing is remembered from one measurement to the next. Start-up is taken apart in
processes of their own, because an import is slow only once.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from assistant.serving.assistant import Assistant
from index import CourseIndex, load_encoder, open_or_build
from index.course_index import ENCODER_CACHE
from index.settings import IndexSettings, environment, read_settings

ROOT = Path(__file__).parents[2]
FIRST_WORDS_TARGET = 1.3
#: sentence_transformers is needed for other encoders than the bundled one, langchain_core for its adapter only.
IMPORTS = (
    "onnxruntime",
    "gradio",
    "kiwipiepy",
    "assistant.serving.factory",
    "app",
    "assistant.web.gradio_site.mounting",
    "langchain_core",
    "sentence_transformers",
)
STEPS = """
import sys, time
started = time.perf_counter()
def lap(name):
    global started
    now = time.perf_counter()
    print(f"{name}\\t{now - started:.3f}")
    started = now
from assistant.settings import load_settings
from assistant.serving.factory import create_assistant
from index import CourseIndex, load_encoder
from index.course_index import ENCODER_CACHE
lap("import the assistant")
import onnxruntime
lap("import onnxruntime")
settings = load_settings()
encoder = load_encoder(settings.encoder, settings.data_dir / ENCODER_CACHE)
lap("load the encoder")
index = CourseIndex.open(settings, encoder)
lap("open the index")
create_assistant(settings, index).ask("CloudTrail 기록은 며칠 보관돼?")
lap("answer the first question")
"""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print JSON")
    options = parser.parse_args()
    settings = read_settings(
        IndexSettings, environment(), frozenset(name for name in os.environ if name.startswith("NOTES_"))
    )
    figures = {"milliseconds": answering(settings), "imports": dict(imports()), "start_up": dict(start_up())}
    if options.json:
        print(json.dumps(figures, ensure_ascii=False, indent=1))
    else:
        report(figures)


def answering(settings: IndexSettings) -> dict[str, float]:
    """Return the median milliseconds of the forward pass, the search, the first words and the whole answer."""
    index = open_or_build(settings)
    encoder = load_encoder(settings.encoder, settings.data_dir / ENCODER_CACHE)
    assistant = Assistant(CourseIndex(index.searcher, encoder))
    searching = CourseIndex(index.searcher, encoder)
    asked = list(questions())
    for question in asked[:6]:  # the first questions pay for what is made ready once
        assistant.ask(question)
    third = (len(asked) - 6) // 3
    forward, searched, answered = (asked[6 + part * third : 6 + (part + 1) * third] for part in range(3))
    firsts: list[float] = []
    wholes: list[float] = []
    for question in answered:
        started = time.perf_counter()
        growing = assistant.stream(question)
        next(growing)
        firsts.append(time.perf_counter() - started)
        for _ in growing:
            pass
        wholes.append(time.perf_counter() - started)
    return {
        "forward pass": timed(lambda question: encoder.encode_questions([question]), forward),
        "search": timed(searching.search, searched),
        "first words": 1000 * statistics.median(firsts),
        "whole answer": 1000 * statistics.median(wholes),
        "remembered answer": remembered(assistant, answered[0]),
    }


def remembered(assistant: Assistant, question: str) -> float:
    """Return the milliseconds of an answer that the cache holds."""
    from assistant.serving.cache import AnswerCache

    cached = Assistant(assistant.index, cache=AnswerCache())
    cached.ask(question)
    return timed(cached.ask, [question] * 20)


def timed(work: Callable[[str], object], questions: list[str]) -> float:
    """Return the median milliseconds that ``work`` takes for a question."""
    laps: list[float] = []
    for question in questions:
        started = time.perf_counter()
        work(question)
        laps.append(time.perf_counter() - started)
    return 1000 * statistics.median(laps)


def questions() -> Iterator[str]:
    """Yield the course's questions, Korean and English by turns."""
    folder = ROOT / "content" / "questions"
    rows = [(folder / f"{name}.jsonl").read_text(encoding="utf-8").splitlines() for name in ("ko", "en")]
    for pair in zip(*rows, strict=False):
        yield from (json.loads(row)["query"] for row in pair)


def imports() -> Iterator[tuple[str, float]]:
    """Yield the seconds that importing each module takes in a process of its own, the interpreter's start not counted."""
    for module in IMPORTS:
        code = f"import time; started = time.perf_counter(); import {module}; print(time.perf_counter() - started)"
        yield module, round(float(python(code).strip().splitlines()[-1]), 2)


def start_up() -> Iterator[tuple[str, float]]:
    """Yield the seconds of every step from an empty process to the first answer."""
    for line in python(STEPS).splitlines():
        name, tab, seconds = line.partition("\t")
        if tab:
            yield name, float(seconds)


def python(code: str) -> str:
    """Return what ``code`` prints."""
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    return done.stdout


def report(figures: dict[str, dict[str, float]]) -> None:
    """Print tables, and whether the target is met."""
    times = figures["milliseconds"]
    floor, search = times["forward pass"], times["search"]
    print(f"{'':20}{'ms':>9}{'× forward':>12}{'× search':>11}")
    for name, value in times.items():
        print(f"{name:20}{value:9.1f}{value / floor:12.2f}{value / search:11.2f}")
    met = "met" if times["first words"] <= FIRST_WORDS_TARGET * search else "missed"
    print(f"first words within {FIRST_WORDS_TARGET} × search: {met}\n")
    for title in ("imports", "start_up"):
        print(title.replace("_", "-") + ", seconds")
        for name, value in figures[title].items():
            print(f"  {name:32}{value:7.2f}")
    print(f"  {'together':32}{sum(figures['start_up'].values()):7.2f}")


if __name__ == "__main__":
    main()
