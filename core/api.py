"""The public face for scripts and notebooks: open, load, predict, explain, curves.

from core import api

image = api.open_image("slice.dcm")
model = api.load_model("brain_tumor_mri_densenet121")
seen = api.prepare(model, image)
print(api.predict(model, seen).name)
explained = api.explain(model, seen, "grad_cam")
"""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from core.arrays import Array
from core.checks import check_named
from core.checks.contract import (
    CheckFacts,
    CheckInput,
    Finding,
    checked_check_parameters,
    is_constant_image,
    require_checkable,
)
from core.curves.curves import CurveSet, CurveSettings, Glimpse, curves_of
from core.curves.protocol import Frame
from core.curves.reveal import revealed
from core.errors import (
    BadParameter,
    Cancelled,
    CurveUndefined,
    IncompatibleInput,
    MethodError,
    SaliscopeError,
    nearest_hint,
)
from core.images.region import region_on_grid
from core.images.slice import Slice
from core.methods import method_named
from core.methods.signal import ScoreFacts, signal_of
from core.models.content import content_of
from core.models.fit import Fit, fit_of
from core.models.prediction import Prediction
from core.models.preprocessing import Subject
from core.network.attribution_map import AttributionMap
from core.network.method_input import MethodInput
from core.network.parameters import Parameters, checked_parameters
from core.network.run import Run
from core.network.target import DifferenceTarget, LogitTarget, ProbabilityTarget, Target
from core.readers.process import ReaderProcess
from core.results.records import MethodRecord, TargetRecord
from core.results.result import Explanation

if TYPE_CHECKING:
    from core.models.handle import ModelHandle

BACKGROUND_IMAGES = 16


@dataclass(frozen=True, slots=True)
class Request:
    """One map that is asked for; the target is the predicted class's logit if not given."""

    method: str
    params: Mapping[str, Any] = field(default_factory=dict)
    target: Target | None = None
    seed: int = 0


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


def prepare(model: "ModelHandle", image: Slice) -> Subject:
    """Apply the card's preprocessing. Raises NotFinite."""
    return model.card.preprocessing.apply(image)


def check_fit(model: "ModelHandle", image: Slice, prepared: Subject) -> Fit:
    """Whether an image, and what the network sees of it, fit what the model was made for."""
    return fit_of(model.card, image, prepared, content_of(model, prepared.x))


def predict(model: "ModelHandle", prepared: Subject) -> Prediction:
    """What the model says."""
    return model.predict(prepared.x)


def target_of(model: "ModelHandle", prediction: Prediction, text: str = "") -> Target:
    """A target from words: '' (the predicted class's logit), CLASS, KIND:CLASS or difference:A:B.

    KIND is logit or probability. Raises BadParameter for unknown words.
    """
    kind, _, rest = text.partition(":")
    if kind in ("logit", "probability"):
        index = _class_index(model, rest) if rest else prediction.index
        return LogitTarget(index) if kind == "logit" else ProbabilityTarget(index)
    if kind == "difference":
        first, _, second = rest.partition(":")
        pair = _class_index(model, first), _class_index(model, second)
        if pair[0] == pair[1]:
            raise BadParameter("target: a difference needs two different classes.", "Write difference:A:B.")
        return DifferenceTarget(pair[0], pair[1])
    return LogitTarget(_class_index(model, text) if text else prediction.index)


def explain(
    model: "ModelHandle",
    prepared: Subject,
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
    request = Request(method, params or {}, target, seed)
    return _explained(model, prepared, [request], run or Run())[0]


def explain_all(
    model: "ModelHandle",
    prepared: Subject,
    requests: Sequence[Request],
    run: Run | None = None,
    on_refused: Callable[[Request, SaliscopeError], None] | None = None,
) -> Iterator[Explanation]:
    """The maps of several methods of one image, each as soon as it is there, in the order asked for.

    What several of them need is computed once, and requests that differ only in target and seed share
    the calls of a method that declares it (`shares_calls`: Guided IG); each gets the seed it names, so that
    its map is the same as alone. Raises what `explain` raises; with `on_refused` only Cancelled: a request
    that fails is left out, `on_refused` hears of it with its error in its turn, and the others go on.
    """
    shared = run or Run()
    kinds = [_shared_kind(model, one) for one in requests]
    ready: dict[int, Explanation | SaliscopeError] = {}
    for number, kind in enumerate(kinds):
        if number not in ready:
            group = [number] if kind is None else [n for n, other in enumerate(kinds) if other == kind]
            found = _answered(model, prepared, [requests[n] for n in group], shared)
            ready |= zip(group, found, strict=True)
        answer = ready.pop(number)
        if isinstance(answer, Explanation):
            yield answer
        elif on_refused is None:
            raise answer
        else:
            on_refused(requests[number], answer)


def _answered(
    model: "ModelHandle", prepared: Subject, requests: Sequence[Request], run: Run
) -> list[Explanation | SaliscopeError]:
    """The maps of requests that share their calls, or each one's error. Raises Cancelled."""
    try:
        return list(_explained(model, prepared, requests, run))
    except Cancelled:
        raise
    except SaliscopeError as error:
        if len(requests) == 1:
            return [error]
    # Together they failed; by itself each may succeed.
    return [answer for one in requests for answer in _answered(model, prepared, [one], run)]


def _shared_kind(model: "ModelHandle", request: Request) -> tuple[str, Parameters, bool] | None:
    """Equal for requests that share the calls of one run of a method; None for one of its own.

    A request that must fail is one of its own: its error comes in its turn and costs the others nothing.
    """
    target = request.target or LogitTarget(0)
    try:
        chosen = method_named(request.method)
        params = checked_parameters(chosen, dict(request.params))
    except MethodError:
        return None
    if not chosen.shares_calls or not all(0 <= index < model.class_count for index in target.classes):
        return None
    return chosen.name, params, target.scale == "probability"


def _explained(
    model: "ModelHandle", prepared: Subject, requests: Sequence[Request], run: Run
) -> list[Explanation]:
    """The maps of requests for one method with the same parameters; seconds and calls are shared out."""
    chosen = method_named(requests[0].method)
    checked = checked_parameters(chosen, dict(requests[0].params))
    chosen.applies(model.facts)
    _forget_other_images(run, model, prepared)
    targets = [one.target or _predicted_target(model, prepared, run) for one in requests]
    inputs = [
        MethodInput(prepared.x, target, np.random.default_rng(one.seed))
        for target, one in zip(targets, requests, strict=True)
    ]
    count, before, started = len(requests), model.used, time.monotonic()
    maps = chosen.run(model, inputs, checked, run)
    used, seconds = model.used.since(before), time.monotonic() - started
    meaning = chosen.meaning(checked)
    records = []
    for found, target, one in zip(maps, targets, requests, strict=True):
        explained = TargetRecord.of(target, model.card.classes)
        facts = ScoreFacts.of(model, prepared.x, target, run)
        record = MethodRecord(
            name=chosen.name,
            title=chosen.title,
            parameters=checked.model_dump(mode="json"),
            target=explained,
            seed=one.seed,
            signed=found.signed,
            minimum=float(found.values.min()),
            maximum=float(found.values.max()),
            cells=found.cells,
            diagnostics=found.diagnostics,
            choices=found.choices,
            forwards=used.forwards // count,
            gradients=used.gradients // count,
            seconds=round(seconds / count, 4),
            unit=meaning.unit,
            signal=signal_of(found, meaning, facts, explained.words),
        )
        records.append(record)
    return [Explanation(found, record) for found, record in zip(maps, records, strict=True)]


def _predicted_target(model: "ModelHandle", prepared: Subject, run: Run) -> Target:
    """The logit of the class that the model names, asked of it once in a run."""
    return LogitTarget(run.once(("predicted class",), lambda: predict(model, prepared).index))


def use_background(model: "ModelHandle", folder: str | Path, most: int = BACKGROUND_IMAGES) -> None:
    """Take the first `most` images under `folder` as the model's background, for Expected Gradients.

    Raises InputError or ResourceError.
    """
    with ReaderProcess() as reader:
        images = [reader.read(entry, 0)[0] for entry in reader.index(Path(folder))[:most]]
    model.use_background(np.stack([prepare(model, image).x for image in images]))


def curves(
    model: "ModelHandle",
    prepared: Subject,
    maps: Mapping[str, AttributionMap],
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


def reveal(
    prepared: Subject, judged: AttributionMap, found: CurveSet, method: str
) -> tuple[tuple[Frame, Glimpse], ...]:
    """The pictures behind the curve of `method` in `found`, each with what the model said to it.

    From share 0 to share 1, highest values of the map first, on the curve's first grid or mask; nothing
    is asked of the model. judged: the map of that method, on the same image.

    Raises BadParameter if `found` does not hold the method, CurveUndefined if the image has no curve.
    """
    facts = next((facts for facts in found.maps if facts.method == method), None)
    if facts is None:
        if method in found.methods and found.undefined:
            raise CurveUndefined(found.undefined[0].message, found.undefined[0].hint)
        raise BadParameter(f"These curves do not hold {method!r}.", nearest_hint(method, found.methods))
    frames = revealed(prepared.x, judged.values, found.settings)
    return tuple(zip(frames, facts.glimpses, strict=True))


def judge(
    model: "ModelHandle",
    prepared: Subject,
    explained: Explanation,
    metric: str,
    params: Mapping[str, Any] | None = None,
    region: Array | None = None,
    seed: int = 0,
    run: Run | None = None,
) -> Finding:
    """What one metric says of a map of this image.

    region: (rows, columns) bool on the slice's own pixels, where the evidence should lie; the metric
    gets it on the network's grid, by `region_on_grid`. The run's random generator is made from `seed`;
    `run.on_finding` hears findings that still fill.

    Raises NotApplicable or CurveUndefined where the figure does not exist, BadParameter,
    IncompatibleInput if map or region are not of this image, ResourceError or Cancelled.
    """
    chosen = check_named(metric)
    checked = checked_check_parameters(chosen, dict(params or {}))
    subject = subject_of(model, prepared, explained, region)
    require_checkable(chosen, subject.facts)
    run = run or Run()
    run.generator = np.random.default_rng(seed)
    _forget_other_images(run, model, prepared)
    return chosen.run(subject, checked, run)


def subject_of(
    model: "ModelHandle", prepared: Subject, explained: Explanation, region: Array | None = None
) -> CheckInput:
    """A map with all that metrics need to judge it; region as in `judge`. Raises what `judge` raises."""
    record = explained.record
    grid = prepared.grid_map.grid
    if explained.map.values.shape != grid:
        raise IncompatibleInput(
            f"The map has {explained.map.values.shape} values, but the network's grid is {grid}.",
            "Judge a map on the image and model it was made for.",
        )
    chosen = method_named(record.name)
    facts = CheckFacts(
        network=model.facts,
        map=explained.map,
        method=chosen,
        params=checked_parameters(chosen, dict(record.parameters)),
        target=record.target.target(model.card.classes),
        region=None if region is None else region_on_grid(region, prepared.grid_map),
        is_image_constant=is_constant_image(prepared.x),
        no_share=record.no_share,
        no_order=record.no_order,
    )
    return CheckInput(facts, network=model, x=prepared.x, seed=record.seed)


def _forget_other_images(run: Run, model: "ModelHandle", prepared: Subject) -> None:
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


def map_of(values: Array, record: MethodRecord) -> AttributionMap:
    """A map again from its stored values and record."""
    return AttributionMap(
        values.astype(np.float32), record.signed, record.cells, record.diagnostics, record.choices
    )
