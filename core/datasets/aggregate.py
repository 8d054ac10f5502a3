"""The curves of all images of a run, averaged."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Literal

import numpy as np

from core.arrays import Array
from core.curves.protocol import CurveKind, Direction
from core.datasets.statistics import Resampling, central_interval
from core.datasets.task import AXIS_STEPS, SampledCurve, TaskResult
from core.values import FrozenRecord

# A median has to be computed again in each draw; with these the band's edges vary by about a percent.
RESAMPLES = 400


class AggregatedCurve(FrozenRecord):
    """Mean or median over images at equal places of the axis, with bootstrap 95 % bands by patient.

    area: under the line, by the trapezium rule.
    """

    method: str
    setting: str
    kind: CurveKind
    direction: Direction
    middle: Literal["mean", "median"]
    images: int
    patients: int
    area: float
    y: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]


def axis() -> Array:
    """(places,) AXIS_STEPS + 1 equal places from 0 to 1."""
    return np.linspace(0.0, 1.0, AXIS_STEPS + 1)


def aggregated(results: Sequence[TaskResult], seed: int) -> Iterator[AggregatedCurve]:
    """Mean and median for each method, setting, kind and direction, in the order of computation.

    Repeats of one image are averaged first.
    """
    collected: dict[tuple[str, str, CurveKind, Direction], dict[str, list[SampledCurve]]] = {}
    groups: dict[str, int] = {}
    for result in results:
        groups[result.image] = result.group
        for curve in result.curves:
            key = (curve.setting, curve.method, curve.kind, curve.direction)
            collected.setdefault(key, defaultdict(list))[result.image].append(curve)
    for (setting, method, kind, direction), by_image in collected.items():
        lines = np.array([np.mean([repeat.y for repeat in repeats], axis=0) for repeats in by_image.values()])
        patients = np.array([groups[image] for image in by_image])
        resampling = Resampling.of(patients, np.random.default_rng(seed), RESAMPLES)
        for middle in ("mean", "median"):
            by_mean = middle == "mean"
            y = lines.mean(axis=0) if by_mean else np.median(lines, axis=0)
            low, high = central_interval(resampling.means(lines) if by_mean else resampling.medians(lines))
            yield AggregatedCurve(
                method=method,
                setting=setting,
                kind=kind,
                direction=direction,
                middle=middle,
                images=len(lines),
                patients=len(set(patients.tolist())),
                area=float(np.trapezoid(y, axis())),
                y=_plain(y),
                low=_plain(low),
                high=_plain(high),
            )


def _plain(values: Array) -> tuple[float, ...]:
    return tuple(round(float(value), 6) for value in values)
