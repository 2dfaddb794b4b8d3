"""The bundled encoder as sentence-transformers and PyTorch run it, in float32: what ours is held against."""

from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.modules import Normalize, Pooling, Transformer
from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

from index.encoding.bundled_encoder import PROMPTS, TOKENIZER_FILE, Blocks, PackedModel

_EMBEDDINGS = {"word_embeddings": "word", "position_embeddings": "pos", "token_type_embeddings": "type"}
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


def dequantised(blocks: Blocks) -> npt.NDArray[np.float32]:
    """Return the weights of ``blocks`` as float32."""
    return ((blocks.values.astype(np.float32) - 8) * blocks.scales[:, None]).reshape(-1)


def sentence_transformer(model: PackedModel, converted: Path, folder: Path) -> SentenceTransformer:
    """Write ``model`` to ``folder`` as a SentenceTransformer, with the tokenizer of the ``converted`` one; return it."""
    weights = model.tensors | {name: dequantised(blocks) for name, blocks in model.matrices.items()}
    config = BertConfig(
        vocab_size=weights["emb.word"].size // model.width,
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
        name: torch.tensor(weights[_packed_name(name)].reshape(tuple(parameter.shape)))
        for name, parameter in bert.named_parameters()
    }
    bert.load_state_dict(state, strict=False)
    bert.save_pretrained(folder / "bert")
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_file=str(converted / TOKENIZER_FILE),
        bos_token="<s>",
        cls_token="<s>",
        eos_token="</s>",
        sep_token="</s>",
        unk_token="<unk>",
        pad_token="<pad>",
        mask_token="<mask>",
        model_max_length=model.positions,
    )
    tokenizer.save_pretrained(folder / "bert")
    transformer = Transformer(
        str(folder / "bert"), max_seq_length=model.positions, model_kwargs={"add_pooling_layer": False}
    )
    whole = SentenceTransformer(
        modules=[transformer, Pooling(model.width, "mean"), Normalize()], prompts=PROMPTS, device="cpu"
    )
    whole.save(str(folder), create_model_card=False)
    return whole


def _packed_name(name: str) -> str:
    """Map a BertModel parameter name to its name in the packed file."""
    suffix = "w" if name.endswith("weight") else "b"
    if name.startswith("embeddings."):
        part = name.split(".")[1]
        return f"emb.ln.{suffix}" if part == "LayerNorm" else f"emb.{_EMBEDDINGS[part]}"
    _, _, layer, rest = name.split(".", 3)
    module = rest.rsplit(".", 1)[0]
    packed = next(short for short, long in _LAYER_TENSORS.items() if long == module)
    return f"l{layer}.{packed}.{suffix}"
