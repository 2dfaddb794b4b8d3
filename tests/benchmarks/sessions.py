"""Thirty browser sessions asking at once on this machine: ``python -m tests.benchmarks.sessions [--sessions 30]``.

Prints one line of JSON: errors, mixed-up answers, and the median and 95th percentile of the seconds from pressing
Enter to the first words and to the whole answer. The browsers share the machine with the server.
"""

import argparse
import json
import shutil
import statistics
import sys
from collections.abc import Sequence

from playwright.sync_api import expect, sync_playwright

from tests.browser.browsing import QUIET, SECONDS, served
from tests.browser.crowd import ask_at_once
from tests.browser.screenshots import site


def percentiles(seconds: Sequence[float]) -> dict[str, float]:
    """Return the median and the 95th percentile."""
    cuts = statistics.quantiles(seconds, n=20, method="inclusive")
    return {"p50": round(cuts[9], 2), "p95": round(cuts[18], 2)}


def main() -> int:
    """Measure and print; return 1 where a session saw an error or another one's answer."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sessions", type=int, default=30)
    options = parser.parse_args()
    expect.set_options(timeout=2 * SECONDS)
    with site() as shown, served(shown) as address, sync_playwright() as driver:
        installed = shutil.which("chromium") or shutil.which("google-chrome")
        browser = driver.chromium.launch(executable_path=installed, args=list(QUIET))
        seen = ask_at_once(browser, address, shown.strings["ko"], options.sessions)
        browser.close()
    errors = sum(bool(experience.trouble) for experience in seen)
    mixed = sum(not experience.is_right for experience in seen)
    result = {
        "sessions": len(seen),
        "errors": errors,
        "mixed_up": mixed,
        "first_words_seconds": percentiles([experience.first_words for experience in seen]),
        "whole_seconds": percentiles([experience.whole for experience in seen]),
    }
    print(json.dumps(result))
    return 1 if errors or mixed else 0


if __name__ == "__main__":
    sys.exit(main())
