"""Indexes that are built fast: with few of the texts that ship beside the notes, and with vectors that are known."""

import contextlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from index import Encoder, IndexUnavailableError, build, store
from index.deciding.other_subjects import FILE as OTHER_SUBJECTS
from index.deciding.other_subjects import other_texts, word_counts


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

    def some(stored: store.StoredIndex, language: str) -> list[tuple[str, npt.NDArray[np.float32]]]:
        return list(every(stored, language))[:: 1 if len(stored.sections) > _SMALL_COURSE else 11]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("index.build._background_questions", some)
        yield


class RememberingEncoder:
    """An encoder that encodes no question twice: each index built by a test needs the same thousand and a half."""

    def __init__(self, encoder: Encoder, known: Mapping[str, npt.NDArray[np.float32]]) -> None:
        self._encoder = encoder
        self._known = dict(known)
        self.fingerprint = encoder.fingerprint
        self.width = encoder.width

    def encode_questions(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        missing = list(dict.fromkeys(text for text in texts if text not in self._known))
        if missing:
            self._known.update(zip(missing, self._encoder.encode_questions(missing), strict=True))
        return np.stack([self._known[text] for text in texts]) if texts else self._encoder.encode_questions(texts)

    def encode_passages(
        self, texts: Sequence[str], progress: Callable[[int], object] | None = None
    ) -> npt.NDArray[np.float32]:
        return self._encoder.encode_passages(texts, progress)


def shipped_vectors(folder: Path, encoder: Encoder) -> dict[str, npt.NDArray[np.float32]]:
    """Return the vectors of the texts that ship beside the notes, from the index in ``folder`` if it is of use."""
    try:
        stored = store.load(folder)
    except IndexUnavailableError:
        return {}
    if stored.manifest.fingerprint != encoder.fingerprint or stored.manifest.settings != build.settings_of_build():
        return {}
    known = dict(zip(stored.subject.texts, stored.subject.vectors, strict=True))
    for language, vectors in stored.question_vectors.items():
        known |= dict(zip(build.generic_questions(language), vectors, strict=True))
    return known
