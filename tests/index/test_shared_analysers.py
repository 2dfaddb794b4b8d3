"""Analysers that all threads share give every thread what they give one alone."""

import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest

from index.language import terms
from index.language.terms import TermExtractor, stem

pytestmark = pytest.mark.slow

THREADS = 8
WORDS = [f"{start}{end}" for start in ("encrypt", "replicat", "bucket", "monitor", "distribut", "lifecycl")
         for end in ("ing", "ed", "ion", "ions", "able", "ers", "fulness", "ization", "ational", "ly")]  # fmt: skip
TEXTS = [f"{noun}의 {verb}는 어떻게 하나요? {number}번 버킷의 수명 주기를 설명해줘"
         for number, (noun, verb) in enumerate([("버킷", "암호화"), ("역할", "위임"), ("함수", "모니터링"), ("자격증명", "교체")] * 4)]  # fmt: skip


@pytest.fixture
def hasty_threads() -> Iterator[None]:
    """Let threads take turns in the middle of everything."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


def in_threads(work: Callable[[str], object], texts: Sequence[str]) -> list[list[object]]:
    def all_of(first: int) -> list[object]:
        order = [*texts[first:], *texts[:first]]
        found = {text: work(text) for text in order}
        return [found[text] for text in texts]

    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(all_of, range(THREADS)))


@pytest.mark.usefixtures("hasty_threads")
def test_stems_are_right_in_every_thread_and_so_is_what_is_remembered() -> None:
    expected = [stem.__wrapped__(word) for word in WORDS]
    for _ in range(5):
        stem.cache_clear()
        assert in_threads(stem.__wrapped__, WORDS) == [expected] * THREADS
        assert in_threads(stem, WORDS) == [expected] * THREADS
        assert [stem(word) for word in WORDS] == expected


@pytest.mark.usefixtures("hasty_threads")
def test_korean_is_analysed_alike_in_every_thread() -> None:
    terms._analyser.cache_clear()
    extractor = TermExtractor(["버킷", "수명 주기"])
    expected = [TermExtractor(["버킷", "수명 주기"]).extract(text) for text in TEXTS]
    assert in_threads(extractor.extract, TEXTS) == [expected] * THREADS
