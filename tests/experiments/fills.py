"""How the fills of LIME and KernelSHAP differ: localisation, information curves, own figures.

20 slices of the brain data's test part as in `baselines`, each by a shipped brain model for its predicted
class, over the default segments, with fewer selections than by default. Intervals: 95 %, bootstrap by
patient; the differences from black are paired.

    python -m tests.experiments.fills [MODEL] [SLICES] [SELECTIONS]
"""

import sys
from typing import Any

import numpy as np

from core import api, engine
from core.arrays import Array
from core.checks.auprc import average_precision
from core.images.region import region_on_grid
from core.images.slice_place import SlicePlace
from core.models.handle import ModelHandle
from core.network.run import Run
from core.readers.index import index_path
from core.readers.process import ReaderProcess
from tests.experiments.baselines import CURVES, MODEL, Case, cases, table

SLICES, SELECTIONS = 20, 256
FILLS = ("black", "mean", "blurred")
# Each method with the figures that it gives of its own accuracy.
METHODS: dict[str, tuple[str, ...]] = {"lime": ("fit", "stability"), "kernel_shap": ("standard_error",)}
FIGURES = tuple(
    f"{name}: {figure}" for name, own in METHODS.items() for figure in ("AUPRC", "gap of SIC", *own)
)


def figures_of(model: ModelHandle, reader: ReaderProcess, case: Case, masks: int) -> tuple[Array, float]:
    """(fills, figures) of one slice, and the share of the image that the tumour covers."""
    image, _ = reader.read(index_path(case.path)[0], 0)
    mask = reader.read_mask(index_path(case.mask)[0], SlicePlace.of(image))
    subject = engine.prepare(model, image)
    region = region_on_grid(mask.region, subject.grid_map)
    sides = [(name, fill) for name in METHODS for fill in FILLS]
    requests = [engine.Request(name, {"fill": fill, "masks": masks}) for name, fill in sides]
    explanations = list(engine.explain_all(model, subject, requests, Run()))
    maps = {f"{name} {fill}": each.map for (name, fill), each in zip(sides, explanations, strict=True)}
    curves = engine.curves(model, subject, maps, settings=CURVES)

    def of_map(name: str, fill: str, own: tuple[str, ...]) -> list[Any]:
        attribution, score = maps[f"{name} {fill}"], curves.score(f"{name} {fill}", "sic")
        gap = np.nan if score is None else score.score
        precision = average_precision(attribution.values, region)
        return [precision, gap, *(attribution.diagnostics.get(figure, np.nan) for figure in own)]

    rows = [[value for name, own in METHODS.items() for value in of_map(name, fill, own)] for fill in FILLS]
    return np.array(rows), float(region.mean())


def main(model: str, count: int, masks: int) -> None:
    """Print the table after every fifth slice and at the end."""
    handle = api.load_model(model)
    patients: list[str] = []
    figures: list[Array] = []
    areas: list[float] = []
    with ReaderProcess() as reader:
        for case in cases(model, count):
            rows, area = figures_of(handle, reader, case, masks)
            patients.append(case.patient)
            figures.append(rows)
            areas.append(area)
            print(len(figures), case.path.stem, end=" ", flush=True)
            if len(figures) % 5 == 0 or len(figures) == count:
                print(f"\n{model}, {len(figures)} slices, {masks} selections, tumour {np.mean(areas):.4f}")
                print("\n".join(table(patients, np.stack(figures), FIGURES, FILLS)), flush=True)


if __name__ == "__main__":
    given = sys.argv[1:]
    main(
        given[0] if given else MODEL,
        int(given[1]) if len(given) > 1 else SLICES,
        int(given[2]) if len(given) > 2 else SELECTIONS,
    )
