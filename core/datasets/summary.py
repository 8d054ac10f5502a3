"""Scores of a run with intervals, how stable their ranking is, what was left out and why."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from pydantic import Field

from core.arrays import Array
from core.checks import CHECKS
from core.datasets.statistics import Resampling, central_interval, half_taus, pairwise_taus
from core.datasets.task import FigureRow, TaskResult
from core.methods.control.random_map import RandomMap
from core.values import FrozenRecord, Interval

HALVES = 50


class Estimated(Interval):
    """A mean over images with the central 95 % of its bootstrap over patients."""


class Score(FrozenRecord):
    """One method by one measure, over all images."""

    metric: str
    setting: str = Field(description="of a curve, protocol/entropy; else empty")
    figure: str
    method: str
    images: int = Field(description="with a value")
    patients: int
    mean: Estimated
    median: float
    spread: float | None = Field(description="mean over images of the figure's deviation over grids or draws")
    over_random: Estimated | None = Field(description="paired difference to random; none for random itself")
    better_than_random: float | None = Field(
        description="share of the images on which it is better than random"
    )
    left_out: dict[str, int] = Field(description="images without a value, by reason")


class Stability(FrozenRecord):
    """How stable the ranking of the methods by one measure is.

    The ranking is that of the means over the images on which all `methods` have a value.
    """

    metric: str
    setting: str
    figure: str
    methods: tuple[str, ...] = Field(description="best first")
    images: int
    patients: int
    halves: int = Field(description="random halvings by patient")
    tau_halves: float | None = Field(description="median Kendall's tau between the halves")
    tau_halves_low: float | None = Field(description="what nine halvings of ten exceed")
    tau_image_halves: float | None = Field(
        description="median Kendall's tau between halves of the images, a patient's in both halves"
    )
    tau_seeds: float | None = Field(description="median Kendall's tau between repeats with other seeds")
    range: float = Field(description="of the means, from the first method to the last")
    spread: float | None = Field(description="median over methods of their spread over grids")


class LeftOut(FrozenRecord):
    """Images without a value, counted; `method` is empty where no method has one."""

    metric: str
    setting: str
    figure: str
    method: str
    reason: str
    images: int
    example: str


@dataclass(frozen=True, slots=True)
class Measure:
    """A figure by which maps are compared: the headline of a check, or of a curve under one setting."""

    metric: str
    setting: str
    figure: str

    @property
    def higher_is_better(self) -> bool:
        """Whether the larger value is the better one; so it is for curves."""
        return all(check.better == "higher" for check in CHECKS if check.name == self.metric)


@dataclass(frozen=True, slots=True)
class Measured:
    """The values of a measure (images, methods), means over repeats; NaN where there is none.

    groups: (images,) patients. by_repeat: (repeats, images, methods). spread: (images, methods). reasons: why
    there is no value, by image and method.
    """

    measure: Measure
    methods: tuple[str, ...]
    groups: Array
    by_repeat: Array
    values: Array
    spread: Array
    reasons: Mapping[tuple[int, int], FigureRow]


def measured(results: Sequence[TaskResult]) -> list[Measured]:
    """All measures of the results, with the images in their order but for those that the plan leaves out."""
    counted = [result for result in results if not result.left_out]
    images = list(dict.fromkeys(result.image for result in counted))
    repeats = sorted({result.repeat for result in counted})
    groups = {result.image: result.group for result in counted}
    cells: dict[Measure, dict[tuple[str, str, int], FigureRow]] = defaultdict(dict)
    spreads: dict[tuple[str, str, str, str], list[float]] = defaultdict(list)
    for result in counted:
        for row in result.rows:
            if row.figure == "spread" and row.setting and row.value is not None:
                spreads[(row.metric, row.setting, row.method, result.image)].append(row.value)
            elif row.method and _is_headline(row):
                measure = Measure(row.metric, row.setting, row.figure)
                cells[measure][(result.image, row.method, result.repeat)] = row
    return [_table(measure, rows, images, repeats, groups, spreads) for measure, rows in cells.items()]


def _is_headline(row: FigureRow) -> bool:
    if row.setting:
        return row.figure == ("gap" if row.setting.startswith("cells") else "area")
    return any(check.name == row.metric and check.headline == row.figure for check in CHECKS)


def _table(
    measure: Measure,
    rows: Mapping[tuple[str, str, int], FigureRow],
    images: Sequence[str],
    repeats: Sequence[int],
    groups: Mapping[str, int],
    spreads: Mapping[tuple[str, str, str, str], list[float]],
) -> Measured:
    methods = tuple(dict.fromkeys(method for _, method, _ in rows))
    by_repeat = np.full((len(repeats), len(images), len(methods)), np.nan)
    spread = np.full(by_repeat.shape[1:], np.nan)
    reasons: dict[tuple[int, int], FigureRow] = {}
    for row_number, image in enumerate(images):
        for column, method in enumerate(methods):
            for layer, repeat in enumerate(repeats):
                row = rows.get((image, method, repeat))
                if row is None:
                    continue
                if row.value is None:
                    reasons[(row_number, column)] = row
                else:
                    by_repeat[layer, row_number, column] = row.value
            image_spreads = spreads.get((measure.metric, measure.setting, method, image))
            if image_spreads:
                spread[row_number, column] = float(np.mean(image_spreads))
    values = _mean_without_nan(by_repeat)
    reasons = {place: row for place, row in reasons.items() if not np.isfinite(values[place])}
    numbers = np.array([groups[image] for image in images])
    return Measured(measure, methods, numbers, by_repeat, values, spread, reasons)


def _mean_without_nan(values: Array) -> Array:
    """Mean over the first axis of the finite values; NaN where there is none."""
    is_finite = np.isfinite(values)
    count = is_finite.sum(axis=0)
    total = np.where(is_finite, values, 0.0).sum(axis=0)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)


def scores(table: Measured, seed: int) -> Iterator[Score]:
    """One score for each method that has a value on any image."""
    random = table.methods.index(RandomMap.name) if RandomMap.name in table.methods else None
    for column, method in enumerate(table.methods):
        values = table.values[:, column]
        has_value = np.isfinite(values)
        left_out: dict[str, int] = defaultdict(int)
        for (_, other), row in sorted(table.reasons.items()):
            if other == column:
                left_out[row.reason] += 1
        if not has_value.any():
            continue
        spread = table.spread[has_value, column]
        spread = spread[np.isfinite(spread)]
        difference = better_share = None
        if random is not None and random != column:
            both = has_value & np.isfinite(table.values[:, random])
            gain = values[both] - table.values[both, random]
            if gain.size:
                difference = _estimated(gain, table.groups[both], seed)
                better = gain if table.measure.higher_is_better else -gain
                better_share = float((better > 0).mean())
        yield Score(
            metric=table.measure.metric,
            setting=table.measure.setting,
            figure=table.measure.figure,
            method=method,
            images=int(has_value.sum()),
            patients=len(set(table.groups[has_value].tolist())),
            mean=_estimated(values[has_value], table.groups[has_value], seed),
            median=float(np.median(values[has_value])),
            spread=float(spread.mean()) if spread.size else None,
            over_random=difference,
            better_than_random=better_share,
            left_out=dict(left_out),
        )


def _estimated(values: Array, groups: Array, seed: int) -> Estimated:
    low, high = central_interval(Resampling.of(groups, np.random.default_rng(seed)).means(values))
    return Estimated(value=float(values.mean()), low=float(low), high=float(high))


def stability(table: Measured, seed: int) -> Stability | None:
    """How stable the ranking is; None if fewer than two methods have values on a common image."""
    has_values = np.atleast_1d(np.isfinite(table.values).any(axis=0))
    methods = [name for place, name in enumerate(table.methods) if has_values[place]]
    complete = np.isfinite(table.values[:, has_values]).all(axis=1)
    if len(methods) < 2 or not complete.any():
        return None
    values, groups = table.values[complete][:, has_values], table.groups[complete]
    means = values.mean(axis=0)
    order = np.argsort(-means if table.measure.higher_is_better else means, kind="stable")
    taus = half_taus(values, groups, HALVES, np.random.default_rng(seed))
    image_taus = half_taus(values, np.arange(len(values)), HALVES, np.random.default_rng(seed))
    repeats = table.by_repeat[:, complete][:, :, has_values]
    means_by_repeat = [repeat.mean(axis=0) for repeat in repeats if np.isfinite(repeat).all()]
    seeds = pairwise_taus(np.array(means_by_repeat)) if len(means_by_repeat) > 1 else np.empty(0)
    # The spread of the random map is that over its draws.
    is_measured = has_values & (np.array(table.methods) != RandomMap.name)
    spread = _mean_without_nan(table.spread[complete][:, is_measured])
    spread = spread[np.isfinite(spread)]
    return Stability(
        metric=table.measure.metric,
        setting=table.measure.setting,
        figure=table.measure.figure,
        methods=tuple(methods[place] for place in order),
        images=len(values),
        patients=len(set(groups.tolist())),
        halves=HALVES,
        tau_halves=float(np.median(taus)) if taus.size else None,
        tau_halves_low=float(np.percentile(taus, 10)) if taus.size else None,
        tau_image_halves=float(np.median(image_taus)) if image_taus.size else None,
        tau_seeds=float(np.median(seeds)) if seeds.size else None,
        range=float(np.ptp(means)),
        spread=float(np.median(spread)) if spread.size else None,
    )


def left_out(table: Measured) -> Iterator[LeftOut]:
    """First the images on which no method has a value, then those on which single methods have none."""
    images = range(len(table.values))
    columns = range(len(table.methods))
    without_any = {image for image in images if all((image, column) in table.reasons for column in columns)}
    counts: dict[tuple[str, str], list[FigureRow]] = defaultdict(list)
    for (image, column), row in sorted(table.reasons.items()):
        if image not in without_any:
            counts[(table.methods[column], row.reason)].append(row)
        elif column == 0:
            counts[("", row.reason)].append(row)
    for (method, reason), rows in sorted(counts.items()):
        yield LeftOut(
            metric=table.measure.metric,
            setting=table.measure.setting,
            figure=table.measure.figure,
            method=method,
            reason=reason,
            images=len(rows),
            example=rows[0].sentence,
        )
