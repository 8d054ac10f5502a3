"""Doing one task: an image is read, explained by every method, and every map is measured."""

import math
import time
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from core.checks import check_named
from core.checks.contract import Check, CheckFamily
from core.curves.curve_set import CurveSet
from core.curves.curves import curves_of
from core.curves.judgement import KINDS
from core.curves.settings import CurveSettings
from core.datasets.cached_network import CachedNetwork
from core.datasets.region import INDEX_HINT, only_entry, region_of
from core.datasets.slice_columns import frame_of
from core.datasets.task import (
    AXIS_STEPS,
    Choice,
    FigureRow,
    Plan,
    SampledCurve,
    Task,
    TaskResult,
    setting_name,
)
from core.engine import check_fit, explain, prepare, run_check
from core.errors import Cancelled, ModelError, NotApplicable, SaliscopeError, Unreadable
from core.file_hash import sha256_if_readable
from core.images.region import EMPTY, MarkedRegion
from core.models.fit import Fit
from core.models.prediction import Prediction
from core.models.preprocessing import Subject
from core.network.run import Run
from core.network.target import LogitTarget, Target
from core.readers.process import ReaderProcess
from core.results.result import Explanation
from core.version import program_version

if TYPE_CHECKING:
    from core.models.handle import ModelHandle

# The figure of each protocol by which maps are compared.
CURVE_HEADLINE = {"cells": "gap", "pair": "area"}


@dataclass(frozen=True, slots=True)
class MissingReason:
    """Why there is no figure: a stable code and a sentence."""

    code: str
    sentence: str

    @classmethod
    def of(cls, error: SaliscopeError) -> "MissingReason":
        """The reason that an error gives."""
        return cls(error.code, error.message)


CONSTANT_MAP = MissingReason(
    "constant_map", "The map has the same value everywhere, so that it gives no ranking."
)


class _NoFigures(SaliscopeError):
    """The image as a whole has no figures; `left_out` if the plan leaves it out."""

    def __init__(self, reason: MissingReason, left_out: bool) -> None:
        super().__init__(reason.sentence)
        self.reason, self.left_out = reason, left_out


@dataclass(slots=True)
class _ImageResult:
    """The result of the image so far."""

    slice: int | None = None
    fit: Fit | None = None
    input_notes: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    prediction: Prediction | None = None
    target: str = ""
    rows: list[FigureRow] = field(default_factory=list)
    curves: list[SampledCurve] = field(default_factory=list)


def run_task(
    task: Task, model: "ModelHandle", reader: ReaderProcess | None = None, run: Run | None = None
) -> TaskResult:
    """The result of one task; errors of image, map or check are recorded in it as reasons.

    reader: the process that decodes; None starts one for this task. Raises ModelError if `model` is not the
    one of the plan, Cancelled.
    """
    plan, run = task.plan, run or Run()
    if model.card.weights_sha256 != plan.weights_sha256:
        raise ModelError(f"The task was made for other weights of {plan.model}.", "Start the run again.")
    before, started = model.used, time.monotonic()
    image_result, left_out = _ImageResult(), False
    # Before they are read: a file that changes meanwhile is measured again by the next run.
    file_sha256, mask_sha256 = file_hashes(task)
    try:
        with nullcontext(reader) if reader else ReaderProcess() as decoder:
            _measure_image(task, model, decoder, run, image_result)
    except Cancelled:
        raise
    except _NoFigures as error:
        left_out = error.left_out
        image_result.rows = list(_rows_without_figures(plan, error.reason))
    except SaliscopeError as error:
        image_result.rows = list(_rows_without_figures(plan, MissingReason.of(error)))
    used, prediction = model.used.since(before), image_result.prediction
    return TaskResult.of(
        task,
        program_version(),
        file_sha256=file_sha256,
        mask_sha256=mask_sha256,
        slice=image_result.slice,
        fit=image_result.fit,
        input_notes=image_result.input_notes,
        notes=image_result.notes,
        predicted=prediction.name if prediction else "",
        probability=prediction.probability if prediction else None,
        target=image_result.target,
        left_out=left_out,
        rows=tuple(image_result.rows),
        curves=tuple(image_result.curves),
        forwards=used.forwards,
        gradients=used.gradients,
        seconds=round(time.monotonic() - started, 3),
    )


def _measure_image(
    task: Task, model: "ModelHandle", reader: ReaderProcess, run: Run, result: _ImageResult
) -> None:
    if not task.file:
        raise Unreadable("The index names no file in this row.", INDEX_HINT)
    entry = only_entry(reader, task.path)
    frame = frame_of(entry, task.slice, task.position_mm)
    image, _ = reader.read(entry, frame)
    result.slice = frame + 1
    prepared = prepare(model, image)
    result.prediction = model.predict(prepared.x)
    result.fit, result.input_notes = check_fit(model, image, prepared), prepared.notes
    target = _target(task, model, result.prediction)
    result.target = model.card.classes[target.index]
    region: MarkedRegion | MissingReason | None
    try:
        region = region_of(reader, task, entry, frame, image)
    except SaliscopeError as error:
        region = MissingReason.of(error)
    else:
        result.notes = region.notes if region else ()
        if region and not region.mask.any():
            region = MissingReason(NotApplicable.code, EMPTY)
    shared = Run(cancelled=run.cancelled)
    maps = dict(_maps(task, model, prepared, target, shared))
    explanations = {name: each for name, each in maps.items() if isinstance(each, Explanation)}
    missing = {name: each for name, each in maps.items() if isinstance(each, MissingReason)}
    cached = CachedNetwork(model)
    for settings in task.plan.curves:
        seeded = settings.model_copy(update={"seed": task.seed})
        rows, curves = _curve_rows(cached, prepared, explanations, missing, target, seeded, run)
        result.rows += rows
        result.curves += curves
    for choice in task.plan.metrics:
        for name, explanation in maps.items():
            if isinstance(explanation, MissingReason):
                result.rows.append(_row_without_figure(name, check_named(choice.name), explanation))
            else:
                result.rows += _check_rows(model, prepared, choice, explanation, region, shared)


def _target(task: Task, model: "ModelHandle", prediction: Prediction) -> Target:
    """The logit that is explained. Raises _NoFigures if the plan has none for this image."""
    plan, classes = task.plan, model.card.classes
    if plan.only_correct and prediction.name != task.label:
        sentence = f"The prediction is {prediction.name}, the label {task.label or 'empty'}."
        raise _NoFigures(MissingReason("wrong_prediction", sentence), left_out=True)
    if plan.target == "predicted":
        return LogitTarget(prediction.index)
    if task.label not in classes:
        sentence = f"The model has no class {task.label!r}."
        raise _NoFigures(MissingReason("unknown_class", sentence), left_out=False)
    return LogitTarget(classes.index(task.label))


def _maps(
    task: Task, model: "ModelHandle", prepared: Subject, target: Target, shared: Run
) -> Iterator[tuple[str, Explanation | MissingReason]]:
    """The map of each method, or why it has none; what methods share is computed once."""
    for choice in task.plan.methods:
        try:
            explanation = explain(model, prepared, choice.name, choice.parameters, target, task.seed, shared)
        except Cancelled:
            raise
        except SaliscopeError as error:
            yield choice.name, MissingReason.of(error)
        else:
            if float(np.ptp(explanation.map.values)) == 0:
                yield choice.name, CONSTANT_MAP
            elif explanation.record.no_order:
                yield choice.name, MissingReason("no_signal", explanation.record.no_order)
            else:
                yield choice.name, explanation


def _curve_rows(
    network: CachedNetwork,
    prepared: Subject,
    explanations: dict[str, Explanation],
    missing: dict[str, MissingReason],
    target: Target,
    settings: CurveSettings,
    run: Run,
) -> tuple[list[FigureRow], list[SampledCurve]]:
    name, headline = setting_name(settings), CURVE_HEADLINE[settings.protocol]
    maps = {method: explanation.map for method, explanation in explanations.items()}
    rows = [
        FigureRow(
            method=method, metric=kind, setting=name, figure=headline, reason=why.code, sentence=why.sentence
        )
        for kind in KINDS
        for method, why in missing.items()
    ]
    try:
        curve_run = Run(cancelled=run.cancelled)
        curve_set = curves_of(network, prepared.x, maps, target.index, settings, curve_run)
    except Cancelled:
        raise
    except SaliscopeError as error:
        rows += [
            FigureRow(
                method=method,
                metric=kind,
                setting=name,
                figure=headline,
                reason=error.code,
                sentence=error.message,
            )
            for kind in KINDS
            for method in maps
        ]
        return rows, []
    rows += [row for row in _curve_set_rows(curve_set, name, headline) if row.method not in missing]
    sampled = [curve for curve in _sampled(curve_set, name) if curve.method not in missing]
    return rows, sampled


def _curve_set_rows(curve_set: CurveSet, setting: str, headline: str) -> Iterator[FigureRow]:
    for undefined in curve_set.undefined:
        for method in curve_set.methods:
            yield FigureRow(
                method=method,
                metric=undefined.kind,
                setting=setting,
                figure=headline,
                reason=undefined.reason,
                sentence=undefined.message,
            )
    for kind in sorted({score.kind for score in curve_set.scores}):
        saturated = any(score.saturated for score in curve_set.scores)
        yield FigureRow(method="", metric=kind, setting=setting, figure="saturated", value=float(saturated))
    for score in curve_set.scores:
        figures = {"gap": score.gap, "area": score.area, "spread": score.spread}
        for figure, value in figures.items():
            if value is not None:
                yield FigureRow(
                    method=score.method, metric=score.kind, setting=setting, figure=figure, value=value
                )


def _sampled(curve_set: CurveSet, setting: str) -> Iterator[SampledCurve]:
    places = np.linspace(0.0, 1.0, AXIS_STEPS + 1)
    for curve in curve_set.curves:
        heights = np.interp(places, curve.x, curve.y)
        yield SampledCurve(
            method=curve.method,
            setting=setting,
            kind=curve.kind,
            direction=curve.direction,
            y=tuple(round(float(height), 5) for height in heights),
        )


def _check_rows(
    model: "ModelHandle",
    prepared: Subject,
    choice: Choice,
    explanation: Explanation,
    region: MarkedRegion | MissingReason | None,
    run: Run,
) -> Iterator[FigureRow]:
    check, method = check_named(choice.name), explanation.record.name
    if isinstance(region, MissingReason) and check.family is CheckFamily.LOCALISATION:
        yield _row_without_figure(method, check, region)
        return
    mask = region.mask if isinstance(region, MarkedRegion) else None
    try:
        finding = run_check(
            model, prepared, explanation, check.name, choice.parameters, mask, explanation.record.seed, run
        )
    except Cancelled:
        raise
    except SaliscopeError as error:
        yield _row_without_figure(method, check, MissingReason.of(error))
        return
    for figure, value in finding.values.items():
        if math.isfinite(value):
            yield FigureRow(method=method, metric=check.name, setting="", figure=figure, value=value)
        else:
            yield FigureRow(
                method=method,
                metric=check.name,
                setting="",
                figure=figure,
                reason="not_finite",
                sentence=f"{check.title} is not a finite number.",
            )


def _row_without_figure(method: str, check: Check, why: MissingReason) -> FigureRow:
    return FigureRow(
        method=method,
        metric=check.name,
        setting="",
        figure=check.headline,
        reason=why.code,
        sentence=why.sentence,
    )


def _rows_without_figures(plan: Plan, why: MissingReason) -> Iterator[FigureRow]:
    """The reason in the place of every figure by which maps are compared."""
    for method in plan.methods:
        for settings in plan.curves:
            for kind in KINDS:
                yield FigureRow(
                    method=method.name,
                    metric=kind,
                    setting=setting_name(settings),
                    figure=CURVE_HEADLINE[settings.protocol],
                    reason=why.code,
                    sentence=why.sentence,
                )
        for choice in plan.metrics:
            yield _row_without_figure(method.name, check_named(choice.name), why)


def file_hashes(task: Task) -> tuple[str, str | None]:
    """SHA-256 of the image file and the mask file; empty if it cannot be read, None if no mask is named."""
    return sha256_if_readable(task.path), None if task.mask is None else sha256_if_readable(task.mask)
