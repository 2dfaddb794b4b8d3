"""Indexes that are built fast: with few of the texts that ship beside the notes."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from index import build, store
from index.deciding.other_subjects import FILE as OTHER_SUBJECTS
from index.deciding.other_subjects import other_texts, word_counts
from index.encoding.centring import Vectors


@contextlib.contextmanager
def few_other_subjects(folder: Path) -> Iterator[None]:
    """Let indexes be built with every 26th of the texts about other subjects: encoding all takes a while."""
    path = folder / "other_subjects.tsv"
    path.write_text(
        "".join(OTHER_SUBJECTS.read_text(encoding="utf-8").splitlines(keepends=True)[::26]), encoding="utf-8"
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("index.deciding.other_subjects.FILE", path)
        patch.setattr("index.build.OTHER_SUBJECTS", path)
        for remembered in (other_texts, word_counts):
            remembered.cache_clear()
        yield
    for remembered in (other_texts, word_counts):
        remembered.cache_clear()


@contextlib.contextmanager
def five_terms(folder: Path) -> Iterator[None]:
    """Let indexes be built with five general terms instead of all of them, and few texts about other subjects."""
    path = folder / "shipped_terms.yaml"
    path.write_text(
        "- {ko: [서버], en: [server]}\n- {ko: [권한], en: [permission]}\n- {ko: [객체], en: [object]}\n"
        "- {ko: [자격 증명], en: [credentials]}\n- {ko: [기록, 로그], en: [log]}\n",
        encoding="utf-8",
    )
    with pytest.MonkeyPatch.context() as patch, few_other_subjects(folder):
        patch.setattr("index.language.glossary.SHIPPED", (path,))
        patch.setattr("index.build.SHIPPED", (path,))
        patch.setattr("index.language.glossary.EVERYDAY_WORDS", path)
        patch.setattr("index.build.EVERYDAY_WORDS", path)
        yield


_SMALL_COURSE = 60  # sections


@contextlib.contextmanager
def few_background_questions() -> Iterator[None]:
    """Let small indexes ask every eleventh question of other domains: asking them all is nine tenths of such a build.

    A course is asked all of them: whoever starts the application afterwards finds its index as it has to be.
    """
    every = build._background_questions

    def some(stored: store.StoredIndex, language: str) -> list[tuple[str, Vectors]]:
        return list(every(stored, language))[:: 1 if len(stored.sections) > _SMALL_COURSE else 11]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("index.build._background_questions", some)
        yield
