"""The vectors that ship are those that the encoder makes, of all that ships; whatever is wrong with them costs time only."""

import random
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest

from index import CourseIndex, Encoder, build
from index.encoding.centring import Vectors, generic_questions
from index.encoding.shipped_vectors import FILE, RecordingEncoder, ShippedVectorsEncoder
from index.store import load
from tests.helpers.fakes import HashingEncoder
from tests.places import CONTENT


class SilentEncoder:
    """An encoder that must not be asked for anything."""

    def __init__(self, encoder: Encoder) -> None:
        self.fingerprint, self.width = encoder.fingerprint, encoder.width

    def encode_questions(self, texts: Sequence[str]) -> Vectors:
        raise AssertionError(f"make vectors: the vector of {texts[0]!r} does not ship")

    def encode_passages(self, texts: Sequence[str], progress: Callable[[int], object] | None = None) -> Vectors:
        raise AssertionError(f"make vectors: the vector of {texts[0]!r} does not ship")


@pytest.mark.slow
def test_the_course_that_ships_is_built_without_encoding_anything(encoder: Encoder, tmp_path: Path) -> None:
    report = build.build(CONTENT, tmp_path, SilentEncoder(encoder), "bundled")
    assert (report.encoded, report.reused) == (0, report.passages)
    assert load(tmp_path).manifest.fingerprint == encoder.fingerprint


def test_they_are_what_the_encoder_makes_of_the_texts(course_index: CourseIndex, encoder: Encoder) -> None:
    shipped, source = ShippedVectorsEncoder(encoder), random.Random(0)
    passages = source.sample([passage.text for passage in course_index.searcher.stored.passages], 12)
    questions = source.sample([*generic_questions("ko"), *generic_questions("en")], 12)
    for texts, known, anew in (
        (passages, shipped.encode_passages, encoder.encode_passages),
        (questions, shipped.encode_questions, encoder.encode_questions),
    ):
        cosines = np.sum(known(texts) * anew(texts), axis=1)
        assert cosines.min() > 0.9995
        assert np.linalg.norm(known(texts), axis=1) == pytest.approx(np.ones(len(texts)), abs=1e-5)


@pytest.mark.parametrize("damage", ["missing", "empty", "cut", "of another encoder"])
def test_without_them_everything_is_encoded(damage: str, tmp_path: Path) -> None:
    encoder, file = HashingEncoder(), tmp_path / "vectors.npz"
    if damage != "missing":
        recording = RecordingEncoder(encoder)
        recording.encode_questions(["ships"])
        recording.write(file)
    if damage == "empty":
        file.write_bytes(b"")
    elif damage == "cut":
        file.write_bytes(FILE.read_bytes()[:1000])
    elif damage == "of another encoder":
        encoder.fingerprint = "another"
    told = ShippedVectorsEncoder(encoder, file)
    assert not told.knows_passage("ships")
    assert told.encode_questions(["ships"]) == pytest.approx(encoder.encode_questions(["ships"]))


def test_texts_that_ship_and_others_keep_their_order(tmp_path: Path) -> None:
    encoder, file, done = HashingEncoder(), tmp_path / "vectors.npz", list[int]()
    recording = RecordingEncoder(encoder)
    recording.encode_passages(["one", "two"])
    assert recording.write(file) == 2
    told = ShippedVectorsEncoder(encoder, file)
    texts = ["new", "two", "other", "one"]
    assert told.encode_passages(texts, done.append) == pytest.approx(encoder.encode_passages(texts), abs=5e-3)
    assert sum(done) == len(texts)
    assert told.encode_questions(["one"]) == pytest.approx(encoder.encode_questions(["one"]))
    assert [told.knows_passage(text) for text in ("one", "new")] == [True, False]


def test_nothing_is_asked_of_nobody(hashing_encoder: HashingEncoder) -> None:
    assert ShippedVectorsEncoder(hashing_encoder).encode_passages([]).shape == (0, hashing_encoder.width)
