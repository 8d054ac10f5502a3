"""How the baselines of Integrated Gradients differ: completeness, localisation, information curves.

100 slices of the brain data's test part (equally many a class, spread over the index), each by a shipped
brain model for its predicted class, with the method's other parameters at their defaults, but two draws of
noise. The curves are those of the program with fewer points, and one grid instead of four. Intervals: 95 %,
bootstrap by patient; the differences from black are paired.

    python -m tests.experiments.baselines [MODEL] [SLICES]
"""

import csv
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from core import api, engine
from core.arrays import Array
from core.checks.localisation import evidence_inside
from core.curves.settings import curve_settings
from core.datasets.statistics import Resampling, central_interval
from core.images.region import region_on_grid
from core.images.slice_place import SlicePlace
from core.models.handle import ModelHandle
from core.network.run import Run
from core.readers.index import index_path
from core.readers.process import ReaderProcess
from tests.experiments.polarity_and_padding import DATA, scored_images

MODEL, SLICES = "brain_tumor_mri_efficientnetb0", 100
METHOD = "integrated_gradients"
BASELINES = (
    "black",
    "white",
    "mean",
    "blurred",
    "uniform",
    "black_and_white",
    "black_and_mean",
    "black_and_blurred",
    "black_white_mean_and_blurred",
)
FIGURES = ("completeness error", "points", "energy inside", "top 10 % inside", "gap of SIC", "gap of AIC")
TOP_SHARE = 0.1
DRAWS = 2
CURVES = curve_settings(grids=1, random_draws=1, thresholds=(0.02, 0.06, 0.1, 0.2, 0.4, 0.65))


@dataclass(frozen=True, slots=True)
class Case:
    """A slice of the test part and the outline of its tumour."""

    patient: str
    path: Path
    mask: Path


def cases(model: str, count: int) -> list[Case]:
    """Slices of the model's test part: equally many a class where the count allows, spread over the index."""
    folder = DATA / "brain_tumor_mri"
    with (folder / "index.csv").open(encoding="utf-8", newline="") as stream:
        rows = {folder / row["file"]: row for row in csv.DictReader(stream)}
    of_test = scored_images(model)
    classes = sorted({name for _, name in of_test})
    chosen = []
    for number, name in enumerate(classes):
        paths = [path for path, label in of_test if label == name]
        wanted = count // len(classes) + (number < count % len(classes))
        places = np.linspace(0, len(paths) - 1, wanted).round().astype(int)
        chosen += [paths[place] for place in places]
    return [Case(rows[path]["person"], path, folder / rows[path]["mask"]) for path in chosen]


def figures_of(model: ModelHandle, reader: ReaderProcess, case: Case) -> tuple[Array, float]:
    """(baselines, figures) of one slice, and the share of the image that the tumour covers."""
    image, _ = reader.read(index_path(case.path)[0], 0)
    mask = reader.read_mask(index_path(case.mask)[0], SlicePlace.of(image))
    subject = engine.prepare(model, image)
    region = region_on_grid(mask.region, subject.grid_map)
    requests = [engine.Request(METHOD, {"baseline": name, "draws": DRAWS}) for name in BASELINES]
    explanations = list(engine.explain_all(model, subject, requests, Run()))
    maps = {name: each.map for name, each in zip(BASELINES, explanations, strict=True)}
    curves = engine.curves(model, subject, maps, settings=CURVES)
    rows = []
    for name, attribution in maps.items():
        scores = [curves.score(name, kind) for kind in ("sic", "aic")]
        inside = evidence_inside(attribution.values, region)
        rows.append(
            [
                attribution.diagnostics["completeness_error"],
                float(attribution.choices["points"]),
                np.nan if inside is None else inside,
                top_inside(attribution.values, region),
                *(np.nan if score is None else score.score for score in scores),
            ]
        )
    return np.array(rows), float(region.mean())


def top_inside(values: Array, region: Array) -> float:
    """Share of the highest tenth of a map's values (height, width) that lies in the region, same shape."""
    count = round(TOP_SHARE * values.size)
    highest = np.argsort(values, axis=None, kind="stable")[-count:]
    return float(region.ravel()[highest].mean())


def measured(model: str, count: int) -> Iterator[tuple[Case, Array, float]]:
    """Each slice with its figures, as soon as it is done."""
    handle = api.load_model(model)
    with ReaderProcess() as reader:
        for case in cases(model, count):
            yield case, *figures_of(handle, reader, case)


def table(
    patients: Sequence[str],
    figures: Array,
    titles: Sequence[str] = FIGURES,
    names: Sequence[str] = BASELINES,
) -> Iterator[str]:
    """Lines of means and of differences from the first of `names`, which is black, with intervals.

    figures: (slices, names, titles).
    """
    for column, title in enumerate(titles):
        values = figures[..., column]
        usable = np.isfinite(values).all(axis=1)
        values, groups = values[usable], np.array(patients)[usable]
        yield f"{title}: {usable.sum()} slices, {np.unique(groups).size} patients"
        if not usable.any():
            continue
        draws = Resampling.of(groups, np.random.default_rng(0))
        means, differences = draws.means(values), draws.means(values - values[:, :1])
        low, high = central_interval(means)
        below, above = central_interval(differences)
        for number, name in enumerate(names):
            difference = float((values[:, number] - values[:, 0]).mean())
            yield (
                f"  {name:30} {values[:, number].mean():8.4f} [{low[number]:.4f}, {high[number]:.4f}]"
                f"   minus black {difference:+.4f} [{below[number]:+.4f}, {above[number]:+.4f}]"
            )


def main(model: str, count: int) -> None:
    """Print the table after every tenth slice and at the end."""
    patients: list[str] = []
    figures: list[Array] = []
    areas: list[float] = []
    for case, rows, area in measured(model, count):
        patients.append(case.patient)
        figures.append(rows)
        areas.append(area)
        print(len(figures), case.path.stem, end=" ", flush=True)
        if len(figures) % 10 == 0 or len(figures) == count:
            print(f"\n{model}, {len(figures)} slices, tumour {np.mean(areas):.4f} of the image")
            print("\n".join(table(patients, np.stack(figures))), flush=True)


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else MODEL, int(sys.argv[2]) if len(sys.argv) > 2 else SLICES)
