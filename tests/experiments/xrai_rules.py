"""Which rule for Integrated Gradients ranks XRAI's regions as a fine one does.

20 slices of the brain data's test part (equally many a class, spread over the index), each by a shipped brain
model for its predicted class. The regions of every rule are compared with those of a reference of 1,000
points for each of the two baselines, black and white: Spearman's rank correlation of the maps, and of the
means of the base over all segments, from which the ranking starts. Intervals: 95 %, bootstrap by patient;
the differences from PAIR's own rule (100 points, equal weights) are paired.

    python -m tests.experiments.xrai_rules [MODEL] [SLICES]
"""

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import spearmanr

from core import api, engine
from core.arrays import Array
from core.datasets.statistics import Resampling, central_interval
from core.methods.region.regions import full_regions
from core.methods.region.segments import segment_masks
from core.methods.region.xrai import XraiParams
from core.models.handle import ModelHandle
from core.network.run import Run
from core.readers.index import index_path
from core.readers.process import ReaderProcess
from tests.experiments.baselines import MODEL, Case, cases

SLICES = 20
METHOD = "integrated_gradients"


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of Integrated Gradients and its points for each baseline."""

    rule: str
    points: int

    @property
    def title(self) -> str:
        """Both, for the table."""
        return f"{self.rule} {self.points}"


PAIR = Rule("pair", 100)
REFERENCE = Rule("trapezoid", 1000)
RULES = (
    PAIR,
    Rule("pair", 40),
    Rule("trapezoid", 40),
    Rule("gauss_legendre", 40),
    Rule("trapezoid", 60),
    Rule("trapezoid", 100),
)
FIGURES = ("rank correlation of the maps", "rank correlation of the segments' means")


def segment_means(values: Array, masks: Sequence[Array]) -> Array:
    """(segments,) the mean of a map (height, width) over each segment."""
    return np.array([values[mask].mean() for mask in masks])


def compared(values: Array, reference: Array, masks: Sequence[Array]) -> tuple[float, float]:
    """The FIGURES of a base map against the reference's, both (height, width)."""
    defaults = XraiParams()
    maps = [full_regions(each, list(masks), defaults.min_pixels).values for each in (values, reference)]
    means = [segment_means(each, masks) for each in (values, reference)]
    return float(spearmanr(*(each.ravel() for each in maps))[0]), float(spearmanr(*means)[0])


def figures_of(model: ModelHandle, reader: ReaderProcess, case: Case) -> Array:
    """(rules, figures) of one slice."""
    image, _ = reader.read(index_path(case.path)[0], 0)
    subject = engine.prepare(model, image)
    requests = [
        engine.Request(METHOD, {"baseline": "black_and_white", "rule": each.rule, "steps": each.points})
        for each in (*RULES, REFERENCE)
    ]
    maps = [each.map.values for each in engine.explain_all(model, subject, requests, Run())]
    masks = segment_masks(subject.prepared.x, XraiParams().dilation)
    return np.array([compared(values, maps[-1], masks) for values in maps[:-1]])


def table(patients: Sequence[str], figures: Array) -> Iterator[str]:
    """Lines of means and of differences from PAIR's rule, with intervals; (slices, rules, figures)."""
    draws = Resampling.of(np.array(patients), np.random.default_rng(0))
    for column, title in enumerate(FIGURES):
        values = figures[..., column]
        yield f"{title}: {len(values)} slices, {len(set(patients))} patients"
        differences = values - values[:, :1]
        low, high = central_interval(draws.means(values))
        below, above = central_interval(draws.means(differences))
        for number, rule in enumerate(RULES):
            yield (
                f"  {rule.title:20} {values[:, number].mean():.4f} [{low[number]:.4f}, {high[number]:.4f}]"
                f"   minus PAIR's {differences[:, number].mean():+.4f}"
                f" [{below[number]:+.4f}, {above[number]:+.4f}]"
            )


def main(model: str, count: int) -> None:
    """Print the table after every fifth slice and at the end."""
    handle = api.load_model(model)
    patients: list[str] = []
    figures: list[Array] = []
    with ReaderProcess() as reader:
        for case in cases(model, count):
            patients.append(case.patient)
            figures.append(figures_of(handle, reader, case))
            print(len(figures), case.path.stem, figures[-1].round(4).tolist(), flush=True)
            if len(figures) % 5 == 0 or len(figures) == count:
                print("\n".join(table(patients, np.stack(figures))), flush=True)


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else MODEL, int(sys.argv[2]) if len(sys.argv) > 2 else SLICES)
