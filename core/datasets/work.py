"""Doing one task: an image is read, explained by every method, and every map is judged."""

import hashlib
import math
import os
import re
import time
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from core.api import Explanation, check_fit, explain, judge, prepare
from core.checks import check_named
from core.checks.contract import Check, CheckFamily
from core.curves.curve_set import CurveSet
from core.curves.curves import curves_of
from core.curves.judgement import KINDS
from core.curves.settings import CurveSettings
from core.datasets.region import INDEX_HINT, only_entry, region_of
from core.datasets.remembering import remembering
from core.datasets.task import AXIS_STEPS, Choice, Plan, Row, SampledCurve, Task, TaskResult, setting_name
from core.errors import Cancelled, InputError, ModelError, NoSlice, NotApplicable, SaliscopeError, Unreadable
from core.images.region import EMPTY, MarkedRegion
from core.models.fit import Fit
from core.models.prediction import Prediction
from core.models.preprocessing import Subject
from core.network.network import Network
from core.network.run import Run
from core.network.target import Target
from core.readers.process import ReaderProcess
from core.readers.protocol import SeriesEntry
from core.version import program_version

if TYPE_CHECKING:
    from core.models.handle import ModelHandle

# Of each protocol the figure by which maps are compared.
CURVE_HEADLINE = {"cells": "gap", "pair": "area"}


@dataclass(frozen=True, slots=True)
class Reason:
    """Why there is no figure: a stable word and a sentence."""

    code: str
    sentence: str

    @classmethod
    def of(cls, error: SaliscopeError) -> "Reason":
        return cls(error.code, error.message)


CONSTANT_MAP = Reason("constant_map", "The map has one value everywhere, so that it ranks nothing.")


class _NothingToSay(SaliscopeError):
    """The image as a whole has no figures; `left_out` if the plan wants it so."""

    def __init__(self, reason: Reason, left_out: bool) -> None:
        super().__init__(reason.sentence)
        self.reason, self.left_out = reason, left_out


@dataclass(slots=True)
class _Found:
    """What is known of the image so far."""

    slice: int | None = None
    fit: Fit | None = None
    input_notes: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    prediction: Prediction | None = None
    target: str = ""
    rows: list[Row] = field(default_factory=list)
    curves: list[SampledCurve] = field(default_factory=list)


def run_task(
    task: Task, model: "ModelHandle", reader: ReaderProcess | None = None, run: Run | None = None
) -> TaskResult:
    """The result of one task; whatever is wrong with image, map or metric stands in it as a reason.

    reader: the process that decodes; one of its own is started where none is given. Raises ModelError if
    `model` is not the one of the plan, Cancelled.
    """
    plan, run = task.plan, run or Run()
    if model.card.weights_sha256 != plan.weights_sha256:
        raise ModelError(f"The task was made for other weights of {plan.model}.", "Make the tasks again.")
    before, started = model.used, time.monotonic()
    found, left_out = _Found(), False
    # Before they are read: a file that changes meanwhile is judged again by the next run.
    file_sha256, mask_sha256 = file_hashes(task)
    try:
        with nullcontext(reader) if reader else ReaderProcess() as decoder:
            _judge_image(task, model, decoder, run, found)
    except Cancelled:
        raise
    except _NothingToSay as nothing:
        left_out = nothing.left_out
        found.rows = list(_no_rows(plan, nothing.reason))
    except SaliscopeError as error:
        found.rows = list(_no_rows(plan, Reason.of(error)))
    used, said = model.used.since(before), found.prediction
    return TaskResult.of(
        task,
        program_version(),
        file_sha256=file_sha256,
        mask_sha256=mask_sha256,
        slice=found.slice,
        fit=found.fit,
        input_notes=found.input_notes,
        notes=found.notes,
        predicted=said.name if said else "",
        probability=said.probability if said else None,
        target=found.target,
        left_out=left_out,
        rows=tuple(found.rows),
        curves=tuple(found.curves),
        forwards=used.forwards,
        gradients=used.gradients,
        seconds=round(time.monotonic() - started, 3),
    )


def frame_of(entry: SeriesEntry, text: str) -> int:
    """The frame that an index's word for a slice means, counted from 0; of an empty word the middle one.

    Words count from 1, on through the volumes, as `--slice` does. Raises InputError for a word that is no
    such number, NoSlice for one beyond the last.
    """
    if not text:
        return entry.middle_frame
    # A program that knows no empty whole numbers writes 12.0 for 12, or in its locale 12,0.
    written = re.fullmatch(r"([0-9]{1,9})([.,]0*)?", text)
    number = int(written[1]) if written else 0
    if number < 1:
        raise InputError(f"The slice {text!r} is no whole number from 1 on.", INDEX_HINT)
    if number > entry.frames:
        raise NoSlice(f"{entry.path.name} has no slice {number}; it has {entry.frames}.", INDEX_HINT)
    return number - 1


def _judge_image(task: Task, model: "ModelHandle", reader: ReaderProcess, run: Run, found: _Found) -> None:
    if not task.file:
        raise Unreadable("The index names no file in this row.", INDEX_HINT)
    entry = only_entry(reader, task.path)
    frame = frame_of(entry, task.slice)
    image, _ = reader.read(entry, frame)
    found.slice = frame + 1
    prepared = prepare(model, image)
    found.prediction = model.predict(prepared.x)
    found.fit, found.input_notes = check_fit(model, image, prepared), prepared.notes
    target = _target(task, model, found.prediction)
    found.target = model.card.classes[target.index]
    region: MarkedRegion | Reason | None
    try:
        region = region_of(reader, task, entry, frame, image)
    except SaliscopeError as error:
        region = Reason.of(error)
    else:
        found.notes = region.notes if region else ()
        if region and not region.mask.any():
            region = Reason(NotApplicable.code, EMPTY)
    shared = Run(cancelled=run.cancelled)
    maps = dict(_maps(task, model, prepared, target, shared))
    good = {name: made for name, made in maps.items() if isinstance(made, Explanation)}
    bad = {name: made for name, made in maps.items() if isinstance(made, Reason)}
    asked = remembering(model)
    for settings in task.plan.curves:
        own = settings.model_copy(update={"seed": task.seed})
        rows, curves = _curve_rows(asked, prepared, good, bad, target, own, run)
        found.rows += rows
        found.curves += curves
    for chosen in task.plan.metrics:
        for name, made in maps.items():
            if isinstance(made, Reason):
                found.rows.append(_without(name, check_named(chosen.name), made))
            else:
                found.rows += _metric_rows(model, prepared, chosen, made, region, shared)


def _target(task: Task, model: "ModelHandle", said: Prediction) -> Target:
    """The logit that is explained. Raises _NothingToSay where the plan has none for this image."""
    plan, classes = task.plan, model.card.classes
    if plan.only_correct and said.name != task.label:
        sentence = f"The model says {said.name} and the index {task.label or 'nothing'}."
        raise _NothingToSay(Reason("wrong_prediction", sentence), left_out=True)
    if plan.target == "predicted":
        return Target(said.index)
    if task.label not in classes:
        sentence = f"The model knows no class {task.label!r}."
        raise _NothingToSay(Reason("unknown_class", sentence), left_out=False)
    return Target(classes.index(task.label))


def _maps(
    task: Task, model: "ModelHandle", prepared: Subject, target: Target, shared: Run
) -> Iterator[tuple[str, Explanation | Reason]]:
    """Each method's map, or why it has none; what methods share is computed once."""
    for chosen in task.plan.methods:
        try:
            made = explain(model, prepared, chosen.name, chosen.parameters, target, task.seed, shared)
        except Cancelled:
            raise
        except SaliscopeError as error:
            yield chosen.name, Reason.of(error)
        else:
            if float(np.ptp(made.map.values)) == 0:
                yield chosen.name, CONSTANT_MAP
            elif made.record.no_order:
                yield chosen.name, Reason("no_signal", made.record.no_order)
            else:
                yield chosen.name, made


def _curve_rows(
    network: Network,
    prepared: Subject,
    good: dict[str, Explanation],
    bad: dict[str, Reason],
    target: Target,
    settings: CurveSettings,
    run: Run,
) -> tuple[list[Row], list[SampledCurve]]:
    name, headline = setting_name(settings), CURVE_HEADLINE[settings.protocol]
    maps = {method: made.map for method, made in good.items()}
    rows = [
        Row(method=method, metric=kind, setting=name, figure=headline, reason=why.code, sentence=why.sentence)
        for kind in KINDS
        for method, why in bad.items()
    ]
    try:
        own = Run(cancelled=run.cancelled)
        found = curves_of(network, prepared.x, maps, target.index, settings, own)
    except Cancelled:
        raise
    except SaliscopeError as error:
        rows += [
            Row(
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
    rows += [row for row in _found_rows(found, name, headline) if row.method not in bad]
    sampled = [one for one in _sampled(found, name) if one.method not in bad]
    return rows, sampled


def _found_rows(found: CurveSet, setting: str, headline: str) -> Iterator[Row]:
    for gap in found.undefined:
        for method in found.methods:
            yield Row(
                method=method,
                metric=gap.kind,
                setting=setting,
                figure=headline,
                reason=gap.reason,
                sentence=gap.message,
            )
    for kind in sorted({score.kind for score in found.scores}):
        saturated = any(score.saturated for score in found.scores)
        yield Row(method="", metric=kind, setting=setting, figure="saturated", value=float(saturated))
    for score in found.scores:
        figures = {"gap": score.gap, "area": score.area, "spread": score.spread}
        for figure, value in figures.items():
            if value is not None:
                yield Row(method=score.method, metric=score.kind, setting=setting, figure=figure, value=value)


def _sampled(found: CurveSet, setting: str) -> Iterator[SampledCurve]:
    places = np.linspace(0.0, 1.0, AXIS_STEPS + 1)
    for curve in found.curves:
        heights = np.interp(places, curve.x, curve.y)
        yield SampledCurve(
            method=curve.method,
            setting=setting,
            kind=curve.kind,
            direction=curve.direction,
            y=tuple(round(float(height), 5) for height in heights),
        )


def _metric_rows(
    model: "ModelHandle",
    prepared: Subject,
    chosen: Choice,
    made: Explanation,
    region: MarkedRegion | Reason | None,
    run: Run,
) -> Iterator[Row]:
    metric, method = check_named(chosen.name), made.record.name
    if isinstance(region, Reason) and metric.family is CheckFamily.LOCALISATION:
        yield _without(method, metric, region)
        return
    mask = region.mask if isinstance(region, MarkedRegion) else None
    try:
        finding = judge(model, prepared, made, metric.name, chosen.parameters, mask, made.record.seed, run)
    except Cancelled:
        raise
    except SaliscopeError as error:
        yield _without(method, metric, Reason.of(error))
        return
    for figure, value in finding.values.items():
        if math.isfinite(value):
            yield Row(method=method, metric=metric.name, setting="", figure=figure, value=value)
        else:
            yield Row(
                method=method,
                metric=metric.name,
                setting="",
                figure=figure,
                reason="not_finite",
                sentence=f"{metric.title} is not a finite number here.",
            )


def _without(method: str, metric: Check, why: Reason) -> Row:
    return Row(
        method=method,
        metric=metric.name,
        setting="",
        figure=metric.headline,
        reason=why.code,
        sentence=why.sentence,
    )


def _no_rows(plan: Plan, why: Reason) -> Iterator[Row]:
    """The reason in the place of every figure by which maps are compared."""
    for method in plan.methods:
        for settings in plan.curves:
            for kind in KINDS:
                yield Row(
                    method=method.name,
                    metric=kind,
                    setting=setting_name(settings),
                    figure=CURVE_HEADLINE[settings.protocol],
                    reason=why.code,
                    sentence=why.sentence,
                )
        for chosen in plan.metrics:
            yield _without(method.name, check_named(chosen.name), why)


def file_hashes(task: Task) -> tuple[str, str | None]:
    """Of the image's bytes and the mask's; empty where they cannot be read, None where no mask is named."""
    return _sha256(task.path), None if task.mask is None else _sha256(task.mask)


def _sha256(path: Path) -> str:
    """Of the file's bytes; empty if it cannot be read."""
    if not os.path.isfile(path):  # reading a pipe might never end
        return ""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""
