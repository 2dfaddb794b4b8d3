"""Reading and showing a hostile note takes time linear in its size, each kind timed at 1, 2, 4 and 8 times a size."""

from collections.abc import Callable

import pytest

from assistant.web.safe_html import render_note
from index.reading.notes import parse_note
from index.reading.passages import passages
from tests.helpers.hostile_markdown import GROWING, cpu_seconds

pytestmark = pytest.mark.slow

LARGEST = 16_000  # characters, the first of four sizes, each twice the one before
ENOUGH = 0.01  # seconds that can be compared
MOST = 20.0  # eight times the size: 8 if linear, 64 if quadratic


def read(text: str) -> None:
    for section in parse_note(text, "note.md").sections:
        passages(section)


def show(text: str) -> None:
    render_note(text, anchors=True, missing_figure="missing", image_url=lambda _: None)


@pytest.mark.parametrize("job", [read, show], ids=["read", "show"])
@pytest.mark.parametrize("kind", GROWING)
def test_time_is_linear_in_the_size_of_a_note(kind: str, job: Callable[[str], None]) -> None:
    def seconds(size: int) -> float:
        text = GROWING[kind](size)
        return cpu_seconds(lambda: job(text))

    size = 500
    while (first := seconds(size)) < ENOUGH and size < LARGEST:
        size *= 2
    for _ in range(2):  # a machine that is busy elsewhere may spoil one measurement
        times = [max(first, ENOUGH), *(seconds(size * factor) for factor in (2, 4, 8))]
        if times[-1] <= MOST * times[0]:
            return
        first = seconds(size)
    pytest.fail(f"{kind}: {[round(each, 3) for each in times]} seconds at {size} characters and more")
