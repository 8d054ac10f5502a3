"""The peers, with our compiled calls or as they come.

PAIR saliency 0.2.1 and tf-keras-vis 0.8.7 belong to the environment. Those of surrogates, lime 0.2.0.1 and
xplique 2.0.2, do not, as xplique needs OpenCV and TensorFlow Probability: they are measured where a person
has installed them beside it.
"""

import warnings
from collections.abc import Callable
from importlib.util import find_spec
from typing import Any
from unittest.mock import patch

import numpy as np
import saliency.core as pair
from saliency.core import xrai as pair_xrai

from core.arrays import Array
from core.models.handle import ModelHandle
from core.models.runtime import frameworks
from core.network.target import Target

Call = Callable[..., dict[str, Array]]


def compiled_gradients(handle: ModelHandle, target: Target) -> Call:
    """The function that PAIR calls, answered by the handle: compiled once, whatever the batch."""

    def call(batch: Any, call_model_args: Any = None, expected_keys: Any = None) -> dict[str, Array]:
        return {pair.base.INPUT_OUTPUT_GRADIENTS: handle.gradients(np.asarray(batch), target)[1]}

    return call


def eager_gradients(handle: ModelHandle, target: Target) -> Call:
    """The same as PAIR's examples write it: the Keras model under a gradient tape, not compiled."""
    _, tf = frameworks()

    def call(batch: Any, call_model_args: Any = None, expected_keys: Any = None) -> dict[str, Array]:
        inputs = tf.convert_to_tensor(np.asarray(batch), tf.float32)
        with tf.GradientTape() as tape:
            tape.watch(inputs)
            score = handle._model(inputs)[:, target.index]
        return {pair.base.INPUT_OUTPUT_GRADIENTS: tape.gradient(score, inputs).numpy()}

    return call


def xrai(x: Array, call: Call, batch: int) -> Array:
    """PAIR's XRAI with its defaults."""
    return pair.XRAI().GetMask(x, call, batch_size=batch)


def xrai_of(labels: list[Array], base: Array) -> Array:
    """What PAIR does after segmentation and attribution: masks, their dilation, and the ranking."""
    footprint = pair_xrai.disk(5)
    masks = [
        pair_xrai.dilation(mask, footprint=footprint) for mask in pair_xrai._unpack_segs_to_masks(labels)
    ]
    return pair.XRAI._xrai(base, masks)[0]


def blur_ig(x: Array, call: Call, batch: int, steps: int) -> Array:
    """PAIR's Blur IG with its defaults."""
    return pair.BlurIG().GetMask(x, call, steps=steps, batch_size=batch)


def score_cam(handle: ModelHandle, x: Array, target: Target, layer: str, compiled: bool, most: int) -> Array:
    """tf-keras-vis' Score-CAM at the layer that is ours too; as it comes, it calls the model's `predict`.

    most: channels to use; 0: all of them.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from tf_keras_vis.scorecam import Scorecam

        def predict(inputs: list[Array], batch_size: int) -> Array:
            return handle.logits(inputs[0])

        explainer = Scorecam(handle._model, clone=False)
        ours = patch.object(explainer.model, "predict", predict) if compiled else patch.dict({})
        with ours:
            return explainer(
                lambda outputs: outputs[:, target.index],
                x[None],
                penultimate_layer=layer,
                seek_penultimate_conv_layer=False,
                max_N=most or None,
            )


def is_installed(package: str) -> bool:
    """Whether a peer that the environment need not have is there."""
    return find_spec(package) is not None


def lime(handle: ModelHandle, x: Array, target: Target, labels: Array, masks: int) -> object:
    """LIME by its authors' package over given segments, filled with the lowest value."""
    from lime.lime_image import LimeImageExplainer

    def scores(images: Any) -> Array:
        return handle.logits(np.asarray(images, np.float32)[..., : x.shape[-1]])

    # The package takes images of three channels alone, and has one of the same number of them.
    image = np.repeat(x[..., :1], 3, axis=-1).astype(np.float64)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return LimeImageExplainer(random_state=0).explain_instance(
            image,
            scores,
            labels=(target.index,),
            top_labels=None,
            hide_color=float(x.min()),
            num_samples=masks,
            batch_size=handle.best_batch,
            segmentation_fn=lambda _: labels,
        )


def xplique(name: str, handle: ModelHandle, x: Array, target: Target, labels: Array, masks: int) -> object:
    """xplique's `Lime` or `KernelShap` over given segments, with the Keras model as it compiles it."""
    from xplique import attributions

    _, tf = frameworks()
    explainer = getattr(attributions, name)(
        handle._model,
        batch_size=handle.best_batch,
        map_to_interpret_space=lambda _: tf.constant(labels, tf.int32),
        nb_samples=masks,
        ref_value=np.full(x.shape[-1], x.min(), np.float32),
    )
    one_hot = np.eye(handle.class_count, dtype=np.float32)[[target.index]]
    return explainer.explain(x[None], one_hot)
