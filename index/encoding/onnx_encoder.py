"""Runs the bundled encoder with ONNX Runtime: ready in a second, and without PyTorch.

``tests/index/encoding/test_onnx_encoder.py`` holds it to the vectors that PyTorch makes of the same weights. Only
``index.encoding.loading`` imports this module, and late.
"""

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnxruntime
from tokenizers import Tokenizer

from index.encoding.bundled_encoder import MODEL_FILE, PROMPTS, TOKENIZER_FILE
from index.encoding.encoder import encode_in_batches


class DamagedModelError(Exception):
    """The files of a model cannot be read; the model has to be converted anew."""


class OnnxEncoder:
    """The bundled encoder: mean over the tokens, unit length, e5's prompts.

    ``OMP_NUM_THREADS`` limits its threads, as it does for other libraries; unset, there is one a core.

    :param folder: The converted model (see :func:`index.encoding.bundled_encoder.ensure_converted`).
    :param fingerprint: Identifies its weights.
    :raises DamagedModelError: If a file is missing or is not what it should be.
    """

    def __init__(self, folder: Path, fingerprint: str) -> None:
        self._fingerprint = fingerprint
        options: Any = onnxruntime.SessionOptions()  # pyright: ignore[reportUnknownVariableType] - it has no stubs
        options.intra_op_num_threads = _threads()
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")  # others use the cores as well
        options.log_severity_level = 4  # what is wrong is raised, and told once
        try:
            self._tokenizer = Tokenizer.from_file(str(folder / TOKENIZER_FILE))
            self._session: Any = onnxruntime.InferenceSession(
                str(folder / MODEL_FILE), options, providers=["CPUExecutionProvider"]
            )
            self._width = int(self._session.get_outputs()[0].shape[1])
        except MemoryError:
            raise
        except Exception as error:  # what is raised of damaged files is no class of its own
            raise DamagedModelError(f"{folder}: {error}") from error

    @property
    def fingerprint(self) -> str:
        """Identify the weights, the pooling and the prompts."""
        return self._fingerprint

    @property
    def width(self) -> int:
        """Return the number of dimensions."""
        return self._width

    def encode_questions(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """Return ``(n, width)`` float32 rows of unit length."""
        return encode_in_batches(texts, self.width, lambda batch: self._encode(PROMPTS["query"], batch))

    def encode_passages(
        self, texts: Sequence[str], progress: Callable[[int], object] | None = None
    ) -> npt.NDArray[np.float32]:
        """Return ``(n, width)`` float32 rows of unit length, in the order of ``texts``."""
        return encode_in_batches(texts, self.width, lambda batch: self._encode(PROMPTS["passage"], batch), progress)

    def _encode(self, prompt: str, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        encoded = self._tokenizer.encode_batch([prompt + text for text in texts])
        inputs = {
            "input_ids": np.array([text.ids for text in encoded], np.int64),
            "attention_mask": np.array([text.attention_mask for text in encoded], np.int64),
        }
        return np.asarray(self._session.run(None, inputs)[0], np.float32)


def _threads() -> int:
    """Return how many threads to use; 0 leaves it to ONNX Runtime."""
    wanted = os.environ.get("OMP_NUM_THREADS", "")
    return int(wanted) if wanted.isascii() and wanted.isdigit() else 0
