"""A BERT encoder as an ONNX graph of onnxruntime's fused operators, over the weights of a safetensors file."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from onnx import ModelProto, NodeProto, TensorProto
    from onnxruntime import InferenceSession

Weights = dict[str, NDArray[np.float32]]
FUSED = "com.microsoft"
"""Domain of the fused operators, described in onnxruntime's docs/ContribOperators.md."""
OPSET, IR = 17, 8


def bert_session(folder: Path) -> tuple[InferenceSession, int]:
    """A session for the model in a folder, and the length of its vectors.

    It takes `ids` (texts, pieces), padded on the right, and `lengths` (texts,), both int32, and
    gives `pieces` (texts, pieces, dimensions): the last hidden states, as torch computes them.
    """
    import onnxruntime
    from safetensors.numpy import load_file

    config = json.loads((folder / "config.json").read_text())
    graph = _Graph(config, load_file(folder / "model.safetensors"))
    model = graph.model()
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    names = list(graph.weights)
    values = [onnxruntime.OrtValue.ortvalue_from_numpy(graph.weights[name]) for name in names]
    options.add_external_initializers(names, values)
    session = onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
    return session, int(config["hidden_size"])


class _Graph:
    """The nodes of a BERT, layer by layer, and the weights that they name."""

    def __init__(self, config: dict[str, Any], held: Weights) -> None:
        self._config = config
        self._held = held
        self._nodes: list[NodeProto] = []
        self.weights: Weights = {}

    def model(self) -> ModelProto:
        """The graph; its weights are named and handed over apart."""
        from onnx import TensorProto, helper

        hidden = self._embeddings()
        for number in range(self._config["num_hidden_layers"]):
            hidden = self._layer(f"encoder.layer.{number}.", hidden)
        self._add("Identity", [hidden], "pieces", domain="")
        graph = helper.make_graph(
            self._nodes,
            "bert",
            [
                helper.make_tensor_value_info("ids", TensorProto.INT32, ["texts", "length"]),
                helper.make_tensor_value_info("lengths", TensorProto.INT32, ["texts"]),
            ],
            [helper.make_tensor_value_info("pieces", TensorProto.FLOAT, ["texts", "length", "dimensions"])],
            [_outside(name, weight) for name, weight in self.weights.items()],
        )
        opsets = [helper.make_opsetid("", OPSET), helper.make_opsetid(FUSED, 1)]
        return helper.make_model(graph, opset_imports=opsets, ir_version=IR)

    def _embeddings(self) -> str:
        """Words, positions and the first segment, summed and normalised."""
        words = self._weight("embeddings.word_embeddings.weight")
        positions = self._new(
            "positions",
            self._held["embeddings.position_embeddings.weight"]
            + self._held["embeddings.token_type_embeddings.weight"][0],
        )
        norm = self._norm("embeddings.LayerNorm.")
        return self._add(
            "EmbedLayerNormalization",
            ["ids", "", words, positions, "", *norm],
            "embedded",
            "mask",
            epsilon=self._epsilon,
        )

    def _layer(self, prefix: str, hidden: str) -> str:
        """Self-attention, then the feed-forward block, each added to what came in and normalised."""
        parts = [f"{prefix}attention.self.{name}." for name in ("query", "key", "value")]
        packed = self._new(f"{prefix}qkv", np.concatenate([self._held[f"{part}weight"].T for part in parts], axis=1))
        bias = self._new(f"{prefix}qkv.bias", np.concatenate([self._held[f"{part}bias"] for part in parts]))
        heads = self._config["num_attention_heads"]
        attended = self._add("Attention", [hidden, packed, bias, "lengths"], f"{prefix}attended", num_heads=heads)
        hidden = self._joined(f"{prefix}attention.output.", attended, hidden)
        wide = self._times(f"{prefix}intermediate.dense.", hidden)
        bias = self._weight(f"{prefix}intermediate.dense.bias")
        active = self._add("BiasGelu", [wide, bias], f"{prefix}active")
        return self._joined(f"{prefix}output.", active, hidden)

    def _joined(self, prefix: str, hidden: str, before: str) -> str:
        """A dense layer, the residual connection and the normalisation."""
        dense = self._times(f"{prefix}dense.", hidden)
        inputs = [dense, before, *self._norm(f"{prefix}LayerNorm."), self._weight(f"{prefix}dense.bias")]
        return self._add("SkipLayerNormalization", inputs, f"{prefix}joined", epsilon=self._epsilon)

    def _times(self, prefix: str, hidden: str) -> str:
        weight = self._new(f"{prefix}weight", self._held[f"{prefix}weight"].T)
        return self._add("MatMul", [hidden, weight], f"{prefix}product", domain="")

    def _norm(self, prefix: str) -> tuple[str, str]:
        return self._weight(f"{prefix}weight"), self._weight(f"{prefix}bias")

    def _weight(self, name: str) -> str:
        return self._new(name, self._held[name])

    def _new(self, name: str, weight: NDArray[np.float32]) -> str:
        self.weights[name] = np.ascontiguousarray(weight)
        return name

    def _add(self, operator: str, inputs: Sequence[str], *outputs: str, domain: str = FUSED, **attributes: Any) -> str:
        from onnx import helper

        self._nodes.append(helper.make_node(operator, inputs, outputs, domain=domain, **attributes))
        return outputs[0]

    @property
    def _epsilon(self) -> float:
        return float(self._config["layer_norm_eps"])


def _outside(name: str, weight: NDArray[np.float32]) -> TensorProto:
    """The name and shape of a weight whose values the session is given apart."""
    from onnx import TensorProto

    tensor = TensorProto(name=name, data_type=TensorProto.FLOAT, dims=weight.shape, data_location=TensorProto.EXTERNAL)
    tensor.external_data.add(key="location", value="weights")
    return tensor
