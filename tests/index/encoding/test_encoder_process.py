"""The encoder in a process of its own: the same vectors, clear errors, and no process left behind."""

import os
import signal
import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from index.course_index import ENCODER_CACHE
from index.encoding.encoder import Encoder
from index.encoding.encoder_process import EncoderProcess
from index.errors import EncoderUnavailableError

pytestmark = pytest.mark.slow

QUESTIONS = ["CloudTrail 기록은 며칠 보관돼?", "How long are events kept?"]


@pytest.fixture(scope="module")
def apart(data_dir: Path, encoder: Encoder) -> Iterator[EncoderProcess]:
    process = EncoderProcess("bundled", data_dir / ENCODER_CACHE)
    yield process
    process.close()


def child_of(process: EncoderProcess) -> int:
    assert process._child is not None
    return process._child.pid


def test_vectors_are_those_of_the_encoder_in_this_process(apart: EncoderProcess, encoder: Encoder) -> None:
    texts = [*QUESTIONS, "S3\n> 버킷\n" + "객체를 저장합니다. " * 60]
    assert (apart.fingerprint, apart.width) == (encoder.fingerprint, encoder.width)
    np.testing.assert_allclose(apart.encode_questions(texts), encoder.encode_questions(texts), atol=2e-3)
    np.testing.assert_allclose(apart.encode_passages(texts), encoder.encode_passages(texts), atol=2e-3)


def test_no_text_gives_no_row(apart: EncoderProcess) -> None:
    assert apart.encode_questions([]).shape == (0, apart.width)


def test_progress_is_told_after_every_batch(apart: EncoderProcess) -> None:
    done: list[int] = []
    apart.encode_passages([f"문장 {number}" for number in range(40)], done.append)
    assert done == [32, 8]


def test_questions_from_many_threads_get_their_own_vectors(apart: EncoderProcess) -> None:
    texts = [f"질문 {number}: {'버킷' if number % 2 else 'role'}?" for number in range(12)]
    expected = [apart.encode_questions([text])[0] for text in texts]
    found: dict[int, np.ndarray] = {}

    def ask(number: int) -> None:
        found[number] = apart.encode_questions([texts[number]])[0]

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(len(texts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for number, vector in enumerate(expected):
        np.testing.assert_allclose(found[number], vector, atol=1e-5)


def test_a_killed_process_is_started_again(apart: EncoderProcess) -> None:
    before, killed = apart.encode_questions(QUESTIONS), child_of(apart)
    os.kill(killed, signal.SIGKILL)
    np.testing.assert_allclose(apart.encode_questions(QUESTIONS), before, atol=1e-5)
    assert child_of(apart) != killed


def test_an_unknown_model_is_told_at_the_first_use(tmp_path: Path) -> None:
    (tmp_path / "no-model").mkdir()
    process = EncoderProcess(str(tmp_path / "no-model"), tmp_path)
    try:
        with pytest.raises(EncoderUnavailableError, match=r"The encoder .* cannot be loaded"):
            process.encode_questions(["?"])
    finally:
        process.close()


def test_a_cache_that_cannot_be_written_is_told_as_such(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    process = EncoderProcess("bundled", tmp_path / "file" / "cache")
    try:
        with pytest.raises(EncoderUnavailableError, match=r"^Cannot write to .*file.*: Not a directory$"):
            process.encode_questions(["?"])
    finally:
        process.close()


def test_closing_ends_the_process_and_refuses_later_use(data_dir: Path, encoder: Encoder) -> None:
    process = EncoderProcess("bundled", data_dir / ENCODER_CACHE)
    process.encode_questions(QUESTIONS)
    process.close()
    assert process._child is not None
    assert process._child.returncode == 0
    with pytest.raises(EncoderUnavailableError, match="closed"):
        process.encode_questions(QUESTIONS)
