"""The public face for scripts and notebooks: open, load, predict, explain, curves.

from core import api

image = api.open_image("slice.dcm")
model = api.load_model("brain_tumor_mri_densenet121")
seen = api.prepare(model, image)
print(api.predict(model, seen).name)
explained = api.explain(model, seen, "grad_cam")
"""

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from core.arrays import Array, FloatArray
from core.errors import BadParameter, nearest_hint
from core.evaluation.curves import CurveSet, CurveSettings, curves_of
from core.images.grid_map import GridMap
from core.images.slice import Slice
from core.methods import method as method_named
from core.methods.protocol import Map, Run, Target, checked_params
from core.models.prediction import Prediction
from core.readers.process import ReaderProcess
from core.records import MethodRecord, TargetRecord

if TYPE_CHECKING:
    from core.models.handle import ModelHandle

BACKGROUND_IMAGES = 16


@dataclass(frozen=True, slots=True)
class Prepared:
    """What the network sees of a slice: input (height, width, channels) and where its grid lies."""

    x: FloatArray
    grid_map: GridMap


@dataclass(frozen=True, slots=True)
class Request:
    """One map that is asked for; the target is the predicted class's logit if not given."""

    method: str
    params: Mapping[str, Any] = field(default_factory=dict)
    target: Target | None = None
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Explanation:
    """A map with the record of how it was made."""

    map: Map
    record: MethodRecord


def open_image(path: str | Path, frame: int = 0) -> Slice:
    """The first image under `path` (a file or folder), its `frame` counted from 0.

    Decoding happens in a process of its own. Raises InputError or ResourceError.
    """
    with ReaderProcess() as reader:
        entry = reader.index(Path(path))[0]
        image, _ = reader.read(entry, frame)
    return image


def load_model(name: str) -> "ModelHandle":
    """The handle of an installed model, or of the bundle in the folder `name`.

    Raises UnknownModel or DamagedBundle.
    """
    # Imported late: it brings up the framework, which takes seconds and which listing and help need not.
    from core.models.handle import ModelHandle

    return ModelHandle.load(name)


def prepare(model: "ModelHandle", image: Slice) -> Prepared:
    """Apply the card's preprocessing. Raises NotFinite."""
    x, grid_map = model.card.preprocessing.apply(image)
    return Prepared(x, grid_map)


def predict(model: "ModelHandle", prepared: Prepared) -> Prediction:
    """What the model says."""
    return model.predict(prepared.x)


def target_of(model: "ModelHandle", prediction: Prediction, text: str = "") -> Target:
    """A target from words: '' (the predicted class's logit), CLASS, KIND:CLASS or difference:A:B.

    KIND is logit or probability. Raises BadParameter for unknown words.
    """
    kind, _, rest = text.partition(":")
    if kind in ("logit", "probability"):
        index = _class_index(model, rest) if rest else prediction.index
        return Target(index, "logit" if kind == "logit" else "probability")
    if kind == "difference":
        first, _, second = rest.partition(":")
        pair = _class_index(model, first), _class_index(model, second)
        if pair[0] == pair[1]:
            raise BadParameter("target: a difference needs two different classes.", "Write difference:A:B.")
        return Target(pair[0], "difference", pair[1])
    return Target(_class_index(model, text) if text else prediction.index)


def explain(
    model: "ModelHandle",
    prepared: Prepared,
    method: str,
    params: Mapping[str, Any] | None = None,
    target: Target | None = None,
    seed: int = 0,
    run: Run | None = None,
) -> Explanation:
    """The map of one method. `target` is the predicted class's logit if not given.

    The run's random generator is made from `seed`. Methods of one image that get the same `run` share
    what they share. Raises MethodError, ResourceError or Cancelled.
    """
    chosen = method_named(method)
    checked = checked_params(chosen, dict(params or {}))
    chosen.applies(model)
    target = target or Target(predict(model, prepared).index)
    run = run or Run()
    run.generator = np.random.default_rng(seed)
    _forget_other_images(run, model, prepared)
    before, started = model.used, time.monotonic()
    result = chosen.run(model, prepared.x, target, checked, run)
    used = model.used.since(before)
    record = MethodRecord(
        name=chosen.name,
        title=chosen.title,
        parameters=checked.model_dump(mode="json"),
        target=TargetRecord.of(target, model.card.classes),
        seed=seed,
        signed=result.signed,
        minimum=float(result.values.min()),
        maximum=float(result.values.max()),
        cells=result.cells,
        diagnostics=result.diagnostics,
        choices=result.choices,
        forwards=used.forwards,
        gradients=used.gradients,
        seconds=round(time.monotonic() - started, 4),
    )
    return Explanation(result, record)


def explain_all(
    model: "ModelHandle", prepared: Prepared, requests: Sequence[Request], run: Run | None = None
) -> Iterator[Explanation]:
    """The maps of several methods of one image, each as soon as it is there, in the order asked for.

    What several of them need is computed once; each gets the seed it names, so that its map is the
    same as alone. Raises what `explain` raises.
    """
    shared = run or Run()
    for one in requests:
        yield explain(model, prepared, one.method, one.params, one.target, one.seed, shared)


def use_background(model: "ModelHandle", folder: str | Path, most: int = BACKGROUND_IMAGES) -> None:
    """Take the first `most` images under `folder` as the model's background, for Expected Gradients.

    Raises InputError or ResourceError.
    """
    with ReaderProcess() as reader:
        images = [reader.read(entry, 0)[0] for entry in reader.index(Path(folder))[:most]]
    model.use_background(np.stack([prepare(model, image).x for image in images]))


def curves(
    model: "ModelHandle",
    prepared: Prepared,
    maps: Mapping[str, Map],
    target_class: int | None = None,
    settings: CurveSettings | None = None,
    run: Run | None = None,
) -> CurveSet:
    """AIC and SIC of the maps, with the random and edge baselines beside them.

    target_class: the class whose probability and hits are followed; the predicted one if not given.
    """
    if target_class is None:
        target_class = predict(model, prepared).index
    return curves_of(model, prepared.x, maps, target_class, settings or CurveSettings(), run or Run())


def _forget_other_images(run: Run, model: "ModelHandle", prepared: Prepared) -> None:
    """A run that served another image or model keeps nothing of it."""
    known = run.memo.get(("served",))
    if known is not None and not (known[0] is model and np.array_equal(known[1], prepared.x)):
        run.memo.clear()
    run.memo[("served",)] = (model, prepared.x)


def _class_index(model: "ModelHandle", name: str) -> int:
    classes: Sequence[str] = model.card.classes
    if name not in classes:
        raise BadParameter(f"target: the model knows no class {name!r}.", nearest_hint(name, classes))
    return classes.index(name)


def map_of(values: Array, record: MethodRecord) -> Map:
    """A map again from its stored values and record."""
    return Map(values.astype(np.float32), record.signed, record.cells, record.diagnostics, record.choices)
