"""Signal: whether a question is about what the notes are about, by its vector.

A logistic regression tells headings and lines of the notes from texts about other subjects, all encoded as questions.
In large notes some passage is near to nearly everything; this tells what they are about as a whole. It is fitted when
the index is built and asks nothing of the question but its vector.
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from index.deciding.other_subjects import other_texts
from index.encoding.centring import Vectors, centre_by_language
from index.encoding.encoder import Encoder, encode_new_questions
from index.language.languages import ENGLISH, KOREAN, hangul_share
from index.records import Grain, Passage, Section

_SAMPLE = 400
_CHARACTERS = 300
_STRENGTH = 10.0
_ITERATIONS = 500


@dataclass(frozen=True, slots=True)
class Subject:
    """What tells the subject of an index from others.

    ``vectors``: those of ``texts``, uncentred, ``(n, d)``, kept for rebuilding; ``weights``: ``(d + 1,)``, the last
    one the intercept; ``other_words``: by key, how many texts about other subjects hold it.
    """

    texts: tuple[str, ...]
    vectors: Vectors
    weights: Vectors
    other_words: dict[str, int]

    def odds(self, question: Vectors) -> float:
        """Return the log-odds that a question is about the subject of the notes.

        :param question: Its vector without the mean of questions in its language, ``(d,)``.
        """
        return float(question @ self.weights[:-1] + self.weights[-1])


def learn_subject(
    passages: Sequence[Passage],
    sections: Sequence[Section],
    previous: Subject | None,
    encoder: Encoder,
    generic: dict[str, Vectors],
    other_words: dict[str, int],
    progress: Callable[[int, int], object] | None = None,
) -> Subject:
    """Return the subject of the notes, encoding only texts that ``previous`` does not hold.

    Other subjects speak the languages of the notes, so that their language does not tell them apart.

    :param generic: Vectors of questions of no particular course, by language: their means are subtracted.
    :param progress: Called with (texts done, texts in all) while encoding.
    """
    own = {text: _language(text, sections[number].language) for number, text in _sample(passages)}
    languages = {section.language for section in sections}
    others = {other.text: other.language for other in other_texts() if other.language in languages}
    language_of = others | own
    texts = tuple(language_of)
    known = dict(zip(previous.texts, previous.vectors, strict=True)) if previous else {}
    vectors = encode_new_questions(texts, known, encoder, progress)
    centred = centre_by_language(vectors, list(language_of.values()), generic)
    return Subject(texts, vectors, _fit(centred, np.array([text in own for text in texts])), other_words)


def _sample(passages: Sequence[Passage]) -> list[tuple[int, str]]:
    """Return section number and text of some headings and lines: the same ones while the notes hold them."""
    chosen: list[tuple[int, str]] = []
    for grain in (Grain.HEADING, Grain.LINE):
        found = [(passage.section, passage.text[:_CHARACTERS]) for passage in passages if passage.grain is grain]
        found.sort(key=lambda one: hashlib.sha256(one[1].encode()).digest())
        chosen += found[:_SAMPLE]
    return chosen


def _language(text: str, of_note: str) -> str:
    """Return the language that ``text`` is centred in: code and names in Korean notes are not Korean."""
    return KOREAN if of_note == KOREAN and hangul_share(text) > 0 else ENGLISH


def _fit(vectors: Vectors, own: npt.NDArray[np.bool_]) -> Vectors:
    """Return weights and intercept; of one sort alone nothing can be learnt."""
    if own.all() or not own.any():
        return np.zeros(int(vectors.shape[1]) + 1, dtype=np.float32)
    # It takes a second to import, and only a build needs it.
    from sklearn.linear_model import LogisticRegression  # pyright: ignore[reportUnknownVariableType] - untyped

    model: Any = LogisticRegression(C=_STRENGTH, class_weight="balanced", max_iter=_ITERATIONS)
    model.fit(vectors, own)
    rows = np.column_stack([np.asarray(model.coef_, np.float64), np.asarray(model.intercept_, np.float64)])
    return rows.astype(np.float32).reshape(-1)
