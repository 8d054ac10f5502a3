"""The three small networks of the golden values (`../shared/oracles`), rebuilt in Keras.

`shared/oracles/README.md` says how weights, inputs and golden values were made, and what each key means.
"""

import json
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from core.arrays import Array
from core.models.handle import ModelHandle
from core.models.runtime import frameworks
from tests.cards import make_card

ORACLES = Path(__file__).resolve().parents[3] / "shared" / "oracles"
NAMES = ("plain", "bn", "dense")
_WITH_SEVERAL_INPUTS = ("Add", "Concatenate")


@cache
def golden_inputs() -> dict[str, Array]:
    """`x` (6, 32, 32, 1), `logits_NAME` (6, classes), `shap_baselines` (4, 32, 32, 1), the segments."""
    return _arrays(ORACLES / "inputs.npz")


@cache
def golden_values(name: str) -> dict[str, Array]:
    """The golden values of a network by key; image-sized ones are (6, 32, 32, 1)."""
    return _arrays(ORACLES / f"golden_{name}.npz")


def graph_of(name: str) -> dict[str, Any]:
    """What is written of a network: `last_conv`, `last_relu` and its layers in order."""
    graph: dict[str, Any] = json.loads((ORACLES / f"graph_{name}.json").read_text(encoding="utf-8"))
    return graph


def golden_model(name: str, dtype: str = "float32", biases: bool = True) -> Any:
    """The Keras model, from inputs (n, 32, 32, 1) to logits, computing in `dtype`.

    biases: whether convolutions and dense layers keep theirs.
    """
    keras, _ = frameworks()
    graph, weights = graph_of(name), _arrays(ORACLES / f"weights_{name}.npz")
    tensors: dict[str, Any] = {}
    for entry in graph["layers"]:
        inputs = [tensors[each] for each in entry["inputs"]]
        if entry["type"] == "InputLayer":
            tensors[entry["name"]] = keras.Input(entry["output_shape"], dtype=dtype, name=entry["name"])
            continue
        layer = getattr(keras.layers, entry["type"])(name=entry["name"], dtype=dtype, **_options(entry))
        several = entry["type"] in _WITH_SEVERAL_INPUTS
        tensors[entry["name"]] = layer(inputs if several else inputs[0])
        # Batch norm has its epsilon as an option.
        values = [weights[each] for each in entry.get("weights", []) if not each.endswith("/epsilon")]
        if not biases and entry["type"] in ("Conv2D", "Dense") and len(values) == 2:
            values[1] = np.zeros_like(values[1])
        if values:
            layer.set_weights(values)
    return keras.Model(tensors["input"], tensors[graph["output"]], name=name)


def golden_handle(name: str) -> ModelHandle:
    """The network as methods see it, its background the golden `shap_baselines`."""
    inputs = golden_inputs()
    classes = tuple(f"class{number}" for number in range(inputs[f"logits_{name}"].shape[1]))
    handle = ModelHandle(make_card(32, id=name, classes=classes), golden_model(name))
    handle.use_background(inputs["shap_baselines"])
    return handle


def image_error(values: Array, expected: Array) -> float:
    """The largest difference of `values` (6, ...) from `expected`, each over its image's largest value."""
    axes = tuple(range(1, expected.ndim))
    difference = np.abs(np.asarray(values, np.float64).reshape(expected.shape) - expected)
    return float((difference.max(axis=axes) / np.abs(expected).max(axis=axes)).max())


def _options(entry: dict[str, Any]) -> dict[str, Any]:
    """The options of a layer's constructor."""
    names = ("filters", "kernel_size", "strides", "padding", "use_bias", "pool_size", "units", "epsilon")
    options = {name: entry[name] for name in names if name in entry}
    if entry["type"] == "ZeroPadding2D":
        options["padding"] = tuple(map(tuple, entry["padding"]))
    if entry["type"] == "Dense":
        options.pop("use_bias", None)
    return options


def _arrays(path: Path) -> dict[str, Array]:
    with np.load(path) as stored:
        return {key: stored[key] for key in stored.files}
