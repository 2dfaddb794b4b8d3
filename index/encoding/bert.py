"""Runs the bundled encoder on PyTorch's own layers, from the folder that sentence-transformers loads as well.

Importing sentence-transformers takes several times longer than loading this model and answering a first question.
What the one model needs of it is little: BERT's embeddings, its layers (PyTorch has them as ``TransformerEncoder``),
the mean over the tokens, unit length. ``tests/index/encoding/test_bert.py`` holds both to the same vectors.
BERT: Devlin et al. 2018, arXiv:1810.04805. Only ``index.encoding.loading`` imports this module, and late: PyTorch
takes seconds.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from safetensors.torch import load_file  # pyright: ignore[reportUnknownVariableType]
from tokenizers import Tokenizer
from torch import Tensor, nn

from index.encoding.bundled_encoder import PROMPTS
from index.encoding.encoder import encode_in_batches

_EMBEDDED = ("word", "position", "token_type")
_HEADS = ("query", "key", "value")
#: The parts of PyTorch's layer, by the names that BERT gives them.
_PARTS = {
    "self_attn.out_proj": "attention.output.dense",
    "norm1": "attention.output.LayerNorm",
    "linear1": "intermediate.dense",
    "linear2": "output.dense",
    "norm2": "output.LayerNorm",
}


class DamagedModelError(Exception):
    """The files of a model cannot be read; the model has to be converted anew."""


class BertEncoder:
    """A BERT with mean pooling, unit length and e5's prompts.

    :param folder: The converted model (see :func:`index.encoding.bundled_encoder.ensure_converted`).
    :param fingerprint: Identifies its weights.
    :param dtype: What to compute in.
    :raises DamagedModelError: If a file is missing or is not what it should be.
    """

    def __init__(self, folder: Path, fingerprint: str, dtype: torch.dtype) -> None:
        self._fingerprint = fingerprint
        try:
            config: dict[str, Any] = json.loads((folder / "config.json").read_text(encoding="utf-8"))
            weights: dict[str, Tensor] = load_file(folder / "model.safetensors")
            self._model = _Bert(config, weights).to(dtype).eval()
            self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
            self._tokenizer.enable_truncation(int(config["max_position_embeddings"]))
            self._tokenizer.enable_padding(pad_id=int(config["pad_token_id"]))
        except MemoryError:
            raise
        except Exception as error:  # what the Rust readers raise of damaged files is no class of its own
            raise DamagedModelError(f"{folder}: {error}") from error

    @property
    def fingerprint(self) -> str:
        """Identify the weights, the pooling and the prompts."""
        return self._fingerprint

    @property
    def width(self) -> int:
        """Return the number of dimensions."""
        return self._model.width

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
        tokens = torch.tensor([text.ids for text in encoded])
        mask = torch.tensor([text.attention_mask for text in encoded])
        with torch.inference_mode():
            return self._model(tokens, mask).numpy()


class _Bert(nn.Module):
    """``(n, length)`` tokens and their mask → ``(n, width)`` float32 vectors of unit length."""

    def __init__(self, config: Mapping[str, Any], weights: Mapping[str, Tensor]) -> None:
        super().__init__()
        self.width = int(config["hidden_size"])
        epsilon = float(config["layer_norm_eps"])
        with torch.device("meta"):  # no memory: the weights follow
            layer = nn.TransformerEncoderLayer(
                self.width,
                int(config["num_attention_heads"]),
                int(config["intermediate_size"]),
                activation="gelu",
                layer_norm_eps=epsilon,
                batch_first=True,
            )
            self.layers = nn.TransformerEncoder(layer, int(config["num_hidden_layers"]), enable_nested_tensor=False)
            self.norm = nn.LayerNorm(self.width, epsilon)
        self.layers.load_state_dict(_layer_weights(weights, int(config["num_hidden_layers"])), assign=True)
        self.norm.load_state_dict(
            {kind: weights[f"embeddings.LayerNorm.{kind}"] for kind in ("weight", "bias")}, assign=True
        )
        self.word, self.position, self.token_type = (
            nn.Embedding.from_pretrained(weights[f"embeddings.{name}_embeddings.weight"]) for name in _EMBEDDED
        )

    def forward(self, tokens: Tensor, mask: Tensor) -> Tensor:
        """Return the mean over the tokens that are no padding, at unit length."""
        embedded = self.word(tokens) + self.position.weight[: tokens.shape[1]] + self.token_type.weight[0]
        states: Tensor = self.layers(self.norm(embedded), src_key_padding_mask=mask == 0)
        counted = mask.unsqueeze(-1).float()
        mean = (states.float() * counted).sum(dim=1) / counted.sum(dim=1)
        return nn.functional.normalize(mean, dim=1)


def _layer_weights(weights: Mapping[str, Tensor], layers: int) -> dict[str, Tensor]:
    """Return the weights of BERT's layers under PyTorch's names: query, key and value are one matrix there."""
    renamed: dict[str, Tensor] = {}
    for number in range(layers):
        for kind in ("weight", "bias"):
            heads = [weights[f"encoder.layer.{number}.attention.self.{head}.{kind}"] for head in _HEADS]
            renamed[f"layers.{number}.self_attn.in_proj_{kind}"] = torch.cat(heads)
            for name, part in _PARTS.items():
                renamed[f"layers.{number}.{name}.{kind}"] = weights[f"encoder.layer.{number}.{part}.{kind}"]
    return renamed
