"""Writes BERT as an ONNX model that keeps the 4-bit weights as they are: an eighth of the memory, and faster.

``MatMulNBits`` multiplies by blocks of 32 weights with a scale each, its activations rounded to 8 bits on the way
(cosine .9999 to float32); ``GatherBlockQuantized`` looks tokens up in such blocks. Both are ONNX Runtime's own
operators (domain com.microsoft), as are the attention and the fused layer normalisation.
BERT: Devlin et al. 2018, arXiv:1810.04805.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
from onnx import TensorProto, helper, numpy_helper

from index.encoding.bundled_encoder import Blocks, PackedModel

WEIGHTS_FILE = "weights.bin"
_RUNTIME = "com.microsoft"
_BLOCK = 32
_BITS = 4
_INT8_ACTIVATIONS = 4  # ONNX Runtime's accuracy level of that name
_KEPT_IN_THE_MODEL = 1024  # bytes; what is larger is read from the other file as it is needed


def write_network(model: PackedModel, path: Path) -> None:
    """Write the network of ``model`` to ``path``, its weights beside it.

    Inputs ``input_ids`` and ``attention_mask`` are ``(n, length)`` int64, the output ``sentence_embedding`` is ``(n,
    width)`` float32: the mean over the tokens that are no padding, at unit length.
    """
    network = helper.make_model(
        _Network(model).graph(),
        opset_imports=[helper.make_opsetid("", 20), helper.make_opsetid(_RUNTIME, 1)],
        ir_version=10,
    )
    onnx.save_model(network, path, save_as_external_data=True, location=WEIGHTS_FILE, size_threshold=_KEPT_IN_THE_MODEL)


class _Network:
    """Collects the nodes and weights of the graph; every method adds a part and returns its output's name."""

    def __init__(self, model: PackedModel) -> None:
        self._model = model
        self._nodes: list[onnx.NodeProto] = []
        self._weights: list[onnx.TensorProto] = []

    def graph(self) -> onnx.GraphProto:
        """Return the whole graph."""
        width, shape = self._model.width, ["n", "length"]
        states = self._embedded()
        mask = self._node("Cast", ["attention_mask"], "mask", to=TensorProto.INT32)
        for number in range(self._model.layers):
            states = self._layer(f"l{number}.", states, mask)
        self._mean(states)
        inputs = [
            helper.make_tensor_value_info(name, TensorProto.INT64, shape) for name in ("input_ids", "attention_mask")
        ]
        output = helper.make_tensor_value_info("sentence_embedding", TensorProto.FLOAT, ["n", width])
        return helper.make_graph(self._nodes, "multilingual-e5-small", inputs, [output], self._weights)

    def _embedded(self) -> str:
        """Add a token's own vector, its position's, and that of the only kind of token there is here."""
        model = self._model
        blocks = model.matrices["emb.word"]
        rows = len(blocks.scales) * _BLOCK // model.width
        values = self._weight("word.values", _packed(blocks).reshape(rows, model.width // 2))
        scales = self._weight("word.scales", blocks.scales.reshape(rows, model.width // _BLOCK))
        words = self._node(
            "GatherBlockQuantized",
            [values, "input_ids", scales],
            "words",
            _RUNTIME,
            block_size=_BLOCK,
            bits=_BITS,
            gather_axis=0,
            quantize_axis=1,
        )
        positions = model.tensors["emb.pos"].reshape(-1, model.width) + model.tensors["emb.type"][: model.width]
        length = self._node("Shape", ["input_ids"], "length", start=1, end=2)
        start = self._weight("start", np.zeros(1, np.int64))
        places = self._node("Slice", [self._weight("positions", positions), start, length], "places")
        total = self._node("Add", [words, places], "embedded")
        scale, bias = self._tensor("emb.ln.w"), self._tensor("emb.ln.b")
        epsilon = model.layer_norm_epsilon
        return self._node("LayerNormalization", [total, scale, bias], "normalised", axis=-1, epsilon=epsilon)

    def _layer(self, name: str, states: str, mask: str) -> str:
        heads = [self._product(f"{name}{head}", states, bias=True) for head in "qkv"]
        attended = self._node(
            "MultiHeadAttention", [*heads, "", mask], f"{name}attended", _RUNTIME, num_heads=self._model.heads
        )
        states = self._added(name, "a", attended, states)
        inner = self._product(f"{name}fi", states)
        active = self._node("BiasGelu", [inner, self._tensor(f"{name}fi.b")], f"{name}active", _RUNTIME)
        return self._added(name, "f", active, states)

    def _added(self, name: str, part: str, inner: str, states: str) -> str:
        """Project ``inner``, add it to ``states``, and normalise."""
        product = self._product(f"{name}{part}o", inner)
        norm = [self._tensor(f"{name}{part if part == 'a' else 'o'}ln.{kind}") for kind in "wb"]
        inputs = [product, states, *norm, self._tensor(f"{name}{part}o.b")]
        epsilon = self._model.layer_norm_epsilon
        return self._node("SkipLayerNormalization", inputs, f"{name}{part}.states", _RUNTIME, epsilon=epsilon)

    def _mean(self, states: str) -> None:
        axes = [self._weight(f"axis{number}", np.array([number])) for number in (1, 2)]
        mask = self._node("Cast", ["attention_mask"], "weights", to=TensorProto.FLOAT)
        column = self._node("Unsqueeze", [mask, axes[1]], "column")
        counted = self._node("Mul", [states, column], "counted")
        total = self._node("ReduceSum", [counted, axes[0]], "sum", keepdims=0)
        self._node("LpNormalization", [total], "sentence_embedding", axis=1, p=2)  # a sum points where its mean does

    def _product(self, name: str, states: str, *, bias: bool = False) -> str:
        """Multiply by the matrix called ``name``, and add its bias."""
        blocks = self._model.matrices[f"{name}.w"]
        inner = self._model.feed_forward if name.endswith("fo") else self._model.width
        rows, columns = len(blocks.scales) * _BLOCK // inner, inner // _BLOCK
        values = self._weight(f"{name}.values", _packed(blocks).reshape(rows, columns, _BLOCK // 2))
        inputs = [states, values, self._weight(f"{name}.scales", blocks.scales.reshape(rows, columns))]
        if bias:
            inputs += ["", "", self._tensor(f"{name}.b")]
        sizes = {"K": inner, "N": rows, "bits": _BITS, "block_size": _BLOCK}
        return self._node("MatMulNBits", inputs, name, _RUNTIME, accuracy_level=_INT8_ACTIVATIONS, **sizes)

    def _node(self, kind: str, inputs: Sequence[str], output: str, domain: str = "", **attributes: Any) -> str:  # noqa: ANN401
        self._nodes.append(helper.make_node(kind, inputs, [output], domain=domain, **attributes))
        return output

    def _tensor(self, name: str) -> str:
        return self._weight(name, self._model.tensors[name])

    def _weight(self, name: str, values: npt.NDArray[Any]) -> str:
        self._weights.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name


def _packed(blocks: Blocks) -> npt.NDArray[np.uint8]:
    """Return ``(blocks, 16)`` bytes of two weights each, the first in the low nibble."""
    return np.bitwise_or(blocks.values[:, 0::2], blocks.values[:, 1::2] << 4).astype(np.uint8)
