"""Reading and showing notes that are put together at random: no crash, every line owned once, every cited line exists.

``FUZZ_SECONDS=3600 pytest tests/whole/test_markdown_fuzz.py`` looks for an hour and begins where ``FUZZ_SEED`` says.
"""

import os
import random
import time

import pytest

from assistant.web.safe_html import render_note
from index import Note
from tests.helpers.hostile_markdown import check_note, check_page, random_note

pytestmark = pytest.mark.slow

SECONDS = float(os.environ.get("FUZZ_SECONDS", "15"))
SEED = int(os.environ.get("FUZZ_SEED", "1"))
PACE = 2e-3  # seconds of processor time a character, far above what any honest note takes
PAUSE = 2.0


def check_panels(note: Note, source: random.Random) -> None:
    """Show up to three sections as the source panel does, from any of their lines on."""
    for section in source.sample(note.sections, min(3, len(note.sections))):
        text = note.shown_lines(section.first_line, section.last_line)
        html = render_note(text, section.first_line, missing_figure="missing", image_url=lambda url: f"/figures/{url}")
        check_page(html, section.first_line, section.last_line)


@pytest.mark.timeout(SECONDS + 120)
def test_notes_put_together_at_random_are_read_and_shown() -> None:
    end = time.monotonic() + SECONDS
    number = SEED
    while time.monotonic() < end:
        source = random.Random(number)
        text = random_note(source, source.choice((8, 60, 400)))
        started = time.process_time()
        try:
            check_panels(check_note(text), source)
            spent = time.process_time() - started
            assert spent < PAUSE + PACE * len(text), f"{spent:.1f} seconds for {len(text)} characters"
        except Exception as error:
            raise AssertionError(f"FUZZ_SEED={number}: {text[:2000]!r}") from error
        number += 1
    assert number > SEED + 20
    print(f"{number - SEED} notes, next FUZZ_SEED={number}")
