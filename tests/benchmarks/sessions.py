"""Thirty sessions asking at once on this machine: ``python -m tests.benchmarks.sessions [--sessions 30] [--browsers]``.

Prints one line of JSON: the median and 95th percentile of the seconds from asking to the first words and to the whole
answer, as the server's queue gives them. With ``--browsers`` the same in real browsers, which share the machine with
the server and take most of it; also errors and mixed-up answers.
"""

import argparse
import asyncio
import json
import shutil
import statistics
import sys
from collections.abc import Sequence
from typing import Any

from playwright.sync_api import expect, sync_playwright

from assistant.web.strings import Strings
from tests.benchmarks.queue_sessions import Timing, time_sessions
from tests.browser.browsing import QUIET, SECONDS, served
from tests.browser.crowd import QUESTIONS, Experience, ask_at_once
from tests.browser.screenshots import site


def percentiles(seconds: Sequence[float]) -> dict[str, float]:
    """Return the median and the 95th percentile."""
    cuts = statistics.quantiles(seconds, n=20, method="inclusive")
    return {"p50": round(cuts[9], 2), "p95": round(cuts[18], 2)}


def main() -> int:
    """Measure and print; return 1 where a session saw an error or another one's answer."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sessions", type=int, default=30)
    parser.add_argument("--browsers", action="store_true")
    options = parser.parse_args()
    expect.set_options(timeout=2 * SECONDS)
    with site() as shown, served(shown) as address:
        for question in ("Is everything loaded?", "준비됐나요?"):  # as the first page that is opened does
            shown.service.assistant.ask(question)
        questions = [QUESTIONS[number % len(QUESTIONS)][0] for number in range(options.sessions)]
        result: dict[str, Any] = {
            "sessions": options.sessions,
            "queue": _seconds(asyncio.run(time_sessions(address, questions))),
        }
        if options.browsers:
            result |= _in_browsers(address, shown.strings["ko"], options.sessions)
    print(json.dumps(result))
    return 1 if result.get("errors") or result.get("mixed_up") else 0


def _seconds(timings: Sequence[Timing | Experience]) -> dict[str, dict[str, float]]:
    return {
        "first_words_seconds": percentiles([timing.first_words for timing in timings]),
        "whole_seconds": percentiles([timing.whole for timing in timings]),
    }


def _in_browsers(address: str, strings: Strings, count: int) -> dict[str, Any]:
    with sync_playwright() as driver:
        installed = shutil.which("chromium") or shutil.which("google-chrome")
        browser = driver.chromium.launch(executable_path=installed, args=list(QUIET))
        seen = ask_at_once(browser, address, strings, count)
        browser.close()
    return {
        "browsers": _seconds(seen),
        "errors": sum(bool(experience.trouble) for experience in seen),
        "mixed_up": sum(not experience.is_right for experience in seen),
    }


if __name__ == "__main__":
    sys.exit(main())
