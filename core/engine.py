"""Predict, explain, curves and checks on a prepared subject; decodes no file and loads no model."""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
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
    NotFinite,
    SaliscopeError,
    nearest_hint,
)
from core.images.region import region_on_grid
from core.images.slice import Slice
from core.methods import method_named
from core.methods.perturbation.occlusion import Fill, covered
from core.methods.signal import ScoreFacts, signal_of
from core.models.content import content_of
from core.models.fit import Fit, fit_of, holds_signal
from core.models.prediction import Prediction
from core.models.preprocessing import Subject
from core.network.attribution_map import AttributionMap
from core.network.cost import Cost
from core.network.method_input import MethodInput
from core.network.parameters import Parameters, checked_parameters
from core.network.run import Run
from core.network.target import DifferenceTarget, LogitTarget, ProbabilityTarget, Target
from core.results.records import MethodRecord, PartialRecord, TargetRecord
from core.results.result import Explanation
from core.results.scan import ScannedSlice

if TYPE_CHECKING:
    # At run time it would bring up the framework, which takes seconds and which listing and help need not.
    from core.models.handle import ModelHandle


@dataclass(frozen=True, slots=True)
class Request:
    """One map to compute; the target is the predicted class's logit by default."""

    method: str
    params: Mapping[str, Any] = field(default_factory=dict)
    target: Target | None = None
    seed: int = 0


def prepare(model: "ModelHandle", image: Slice) -> Subject:
    """What the network sees of an image, by the card's preprocessing. Raises NotFinite."""
    return model.card.preprocessing.apply(image)


def check_fit(model: "ModelHandle", image: Slice, subject: Subject) -> Fit:
    """Whether an image, and what the network sees of it, fit what the model was made for."""
    return fit_of(model.card, image, subject, content_of(model, subject.x))


def predict(model: "ModelHandle", subject: Subject) -> Prediction:
    """The model's prediction. Raises ModelError if it is not finite."""
    return model.predict(subject.x)


def predict_covered(
    model: "ModelHandle", subject: Subject, box: tuple[int, int, int, int], fill: Fill
) -> Prediction:
    """The model's prediction with one box of its input filled, as a square of the method Occlusion.

    box: (top, left, bottom, right) in input pixels, the last row and column excluded. Raises BadParameter for
    a box beyond the input, ModelError if the answer is not finite.
    """
    return model.predict(covered(subject.x, box, fill))


def scan(model: "ModelHandle", images: Iterable[Slice], run: Run | None = None) -> list[ScannedSlice]:
    """The probabilities of many slices, such as all of a volume, and whether each fits the model.

    What is said of a slice is the same as when it is predicted by itself, but that one in which the network
    gets nothing to see, or values that are not finite, has no probabilities. Reports progress and may be
    cancelled after each slice. Raises ModelError if an answer of the model is not finite, Cancelled.
    """
    run, images = run or Run(), tuple(images)
    slices = []
    for number, image in enumerate(images):
        run.progress(number, len(images))
        try:
            subject = prepare(model, image)
        except NotFinite:
            subject = None
        if subject is None or not holds_signal(subject):
            slices.append(ScannedSlice(fits=False))
            continue
        prediction = predict(model, subject)
        probabilities = dict(zip(prediction.classes, prediction.probabilities, strict=True))
        fit = check_fit(model, image, subject)
        slices.append(ScannedSlice(probabilities=probabilities, fits=fit.answer != "does_not_fit"))
    run.progress(len(images), len(images))
    return slices


def target_of(model: "ModelHandle", prediction: Prediction, text: str = "") -> Target:
    """A target from text: '' (the predicted class's logit), CLASS, KIND:CLASS or difference:A:B.

    KIND is logit or probability. Raises BadParameter for an unknown class or kind.
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
    subject: Subject,
    method: str,
    params: Mapping[str, Any] | None = None,
    target: Target | None = None,
    seed: int = 0,
    run: Run | None = None,
    keeps_estimate: bool = False,
) -> Explanation:
    """The map of one method. `target` is the predicted class's logit by default.

    The random generator of the method is made from `seed`. Methods of one image that get the same `run`
    share what they have in common. keeps_estimate: a cancelled run gives the mean of its first draws, with
    `record.partial`, if the method declares `draws` and there were some.

    Raises MethodError, ResourceError or Cancelled.
    """
    request = Request(method, params or {}, target, seed)
    return _explanations(model, subject, [request], run or Run(), keeps_estimate)[0]


def explain_all(
    model: "ModelHandle",
    subject: Subject,
    requests: Sequence[Request],
    run: Run | None = None,
    on_refused: Callable[[Request, SaliscopeError], None] | None = None,
) -> Iterator[Explanation]:
    """The maps of several methods of one image, each as soon as it is computed, in the order of requests.

    What several of them need is computed once, and requests that differ only in target and seed share
    the calls of a method that declares it (`shares_calls`: Guided IG); each gets its own seed, so that its
    map is the same as alone. Raises what `explain` raises; with `on_refused` only Cancelled: a request that
    fails is left out, `on_refused` gets it with its error in its turn, and the others go on.
    """
    run = run or Run()
    groups = [_group_key(model, request) for request in requests]
    ready: dict[int, Explanation | SaliscopeError] = {}
    for number, key in enumerate(groups):
        if number not in ready:
            members = [number] if key is None else [n for n, other in enumerate(groups) if other == key]
            results = _results(model, subject, [requests[n] for n in members], run)
            ready |= zip(members, results, strict=True)
        result = ready.pop(number)
        if isinstance(result, Explanation):
            yield result
        elif on_refused is None:
            raise result
        else:
            on_refused(requests[number], result)


def curves(
    model: "ModelHandle",
    subject: Subject,
    maps: Mapping[str, AttributionMap],
    target_class: int | None = None,
    settings: CurveSettings | None = None,
    run: Run | None = None,
) -> CurveSet:
    """AIC and SIC of the maps, with those of the control maps (random and edge) beside them.

    target_class: the class whose probability and hits are followed; the predicted one by default.
    Raises CurveUndefined, ResourceError or Cancelled.
    """
    if target_class is None:
        target_class = predict(model, subject).index
    return curves_of(model, subject.x, maps, target_class, settings or CurveSettings(), run or Run())


def reveal(
    subject: Subject, attribution_map: AttributionMap, curve_set: CurveSet, method: str
) -> tuple[tuple[Frame, Glimpse], ...]:
    """The pictures behind the curve of `method` in `curve_set`, each with the model's answer to it.

    From share 0 to share 1, highest values of the map first, on the curve's first grid or mask; the model
    is not called. attribution_map: the map of that method, on the same image.

    Raises BadParameter if the curves do not hold the method, CurveUndefined if the image has no curve.
    """
    facts = next((facts for facts in curve_set.maps if facts.method == method), None)
    if facts is None:
        if method in curve_set.methods and curve_set.undefined:
            raise CurveUndefined(curve_set.undefined[0].message, curve_set.undefined[0].hint)
        raise BadParameter(f"These curves do not hold {method!r}.", nearest_hint(method, curve_set.methods))
    frames = revealed(subject.x, attribution_map.values, curve_set.settings)
    return tuple(zip(frames, facts.glimpses, strict=True))


def run_check(
    model: "ModelHandle",
    subject: Subject,
    explanation: Explanation,
    check: str,
    params: Mapping[str, Any] | None = None,
    region: Array | None = None,
    seed: int = 0,
    run: Run | None = None,
) -> Finding:
    """The finding of one check of a map of this image.

    region: (rows, columns) bool on the slice's own pixels, where the evidence should lie; the check gets
    it on the network's grid, by `region_on_grid`. The run's random generator is made from `seed`;
    `run.on_finding` gets findings that are not complete.

    Raises NotApplicable or CurveUndefined where the figure does not exist, BadParameter,
    IncompatibleInput if map or region are not of this image, ResourceError or Cancelled.
    """
    chosen = check_named(check)
    checked = checked_check_parameters(chosen, dict(params or {}))
    check_input = check_input_of(model, subject, explanation, region)
    require_checkable(chosen, check_input.facts)
    run = run or Run()
    run.generator = np.random.default_rng(seed)
    forget_other_images(run, model, subject)
    return chosen.run(check_input, checked, run)


def check_input_of(
    model: "ModelHandle", subject: Subject, explanation: Explanation, region: Array | None = None
) -> CheckInput:
    """A map with all that checks need of it; region (rows, columns) bool as in `run_check`.

    Raises IncompatibleInput if map or region are not of this image, BadParameter for a target or parameters
    that do not belong to the model or method.
    """
    record = explanation.record
    grid = subject.grid_map.grid
    if explanation.map.values.shape != grid:
        raise IncompatibleInput(
            f"The map has {explanation.map.values.shape} values, but the network's grid is {grid}.",
            "Check a map on the image and model it was made for.",
        )
    chosen = method_named(record.name)
    facts = CheckFacts(
        network=model.facts,
        map=explanation.map,
        method=chosen,
        params=checked_parameters(chosen, dict(record.parameters)),
        target=record.target.target(model.card.classes),
        is_image_constant=is_constant_image(subject.x),
        region=None if region is None else region_on_grid(region, subject.grid_map),
        no_share=record.no_share,
        no_order=record.no_order,
        partial=record.partial.words if record.partial is not None else "",
    )
    return CheckInput(facts, network=model, x=subject.x, seed=record.seed)


def map_of(values: Array, record: MethodRecord) -> AttributionMap:
    """A map again from its stored values (rows, columns) and its record."""
    return AttributionMap(
        values.astype(np.float32), record.signed, record.cells, record.diagnostics, record.choices
    )


def _results(
    model: "ModelHandle", subject: Subject, requests: Sequence[Request], run: Run
) -> list[Explanation | SaliscopeError]:
    """The maps of requests that share their calls, or each one's error. Raises Cancelled."""
    try:
        return list(_explanations(model, subject, requests, run))
    except Cancelled:
        raise
    except SaliscopeError as error:
        if len(requests) == 1:
            return [error]
    # Together they failed; by itself each may succeed.
    return [result for request in requests for result in _results(model, subject, [request], run)]


def _group_key(model: "ModelHandle", request: Request) -> tuple[str, Parameters, bool] | None:
    """Equal for requests that share the calls of one run of a method; None for one by itself.

    A request that must fail stays by itself: its error comes in its turn and costs the others nothing.
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


def _explanations(
    model: "ModelHandle",
    subject: Subject,
    requests: Sequence[Request],
    run: Run,
    keeps_estimate: bool = False,
) -> list[Explanation]:
    """The maps of requests for one method with the same parameters; seconds and calls are shared out."""
    chosen = method_named(requests[0].method)
    params = checked_parameters(chosen, dict(requests[0].params))
    chosen.applies(model.facts)
    forget_other_images(run, model, subject)
    targets = [request.target or predicted_target(model, subject, run) for request in requests]
    inputs = [
        MethodInput(subject.x, target, np.random.default_rng(request.seed))
        for target, request in zip(targets, requests, strict=True)
    ]
    count, before, started = len(requests), model.used, time.monotonic()
    partial = None
    try:
        maps = chosen.run(model, inputs, params, run)
    except Cancelled:
        estimate = run.last_estimate
        if estimate is None or not keeps_estimate:
            raise
        maps = [estimate.map]
        partial = PartialRecord(done=estimate.done, total=estimate.total, draws=chosen.draws)
    used, seconds = model.used.since(before), time.monotonic() - started
    share = Cost(forwards=used.forwards // count, gradients=used.gradients // count)
    explanations = []
    for attribution_map, target, request in zip(maps, targets, requests, strict=True):
        target_record = TargetRecord.of(target, model.card.classes)
        facts = ScoreFacts.of(model, subject.x, target, run)
        meaning = chosen.meaning(params)
        record = MethodRecord(
            name=chosen.name,
            title=chosen.title,
            parameters=params.model_dump(mode="json"),
            target=target_record,
            seed=request.seed,
            **_map_facts(attribution_map),
            forwards=share.forwards,
            gradients=share.gradients,
            seconds=round(seconds / count, 4),
            unit=meaning.unit,
            signal=signal_of(attribution_map, meaning, facts, target_record.words_by(model.card.words_of)),
            partial=partial,
        )
        explanations.append(Explanation(attribution_map, record))
    return explanations


def _map_facts(attribution_map: AttributionMap) -> dict[str, Any]:
    """The fields of a record that the map itself gives."""
    return {
        "signed": attribution_map.signed,
        "minimum": float(attribution_map.values.min()),
        "maximum": float(attribution_map.values.max()),
        "cells": attribution_map.cells,
        "diagnostics": attribution_map.diagnostics,
        "choices": attribution_map.choices,
    }


def predicted_target(model: "ModelHandle", subject: Subject, run: Run) -> Target:
    """The logit of the predicted class; the model predicts once in a run."""
    return LogitTarget(run.once(("predicted class",), lambda: predict(model, subject).index))


def forget_other_images(run: Run, model: "ModelHandle", subject: Subject) -> None:
    """Clear what a run keeps of another image or model."""
    served = run.memo.get(("served",))
    if served is not None and not (served[0] is model and np.array_equal(served[1], subject.x)):
        run.memo.clear()
    run.memo[("served",)] = (model, subject.x)


def _class_index(model: "ModelHandle", name: str) -> int:
    classes: Sequence[str] = model.card.classes
    if name not in classes:
        raise BadParameter(f"target: the model knows no class {name!r}.", nearest_hint(name, classes))
    return classes.index(name)
