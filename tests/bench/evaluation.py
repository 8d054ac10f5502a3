"""The speed of the curves, side by side with PAIR saliency as it installs; the model's time is left out.

python dev.py bench evaluation [--row NAME ...] [--quick] [--out FOLDER]

One sample at 225 x 225 and the 13 published thresholds. Both sides get the same instant network and the
same instant measure of information, for both would spend the same on them; WebP has a row of its own.
CPU seconds stand beside seconds, since a loaded machine blurs the latter.
"""

import argparse
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from unittest.mock import patch

import numpy as np
from saliency.metrics import pic

from core.arrays import Array
from core.curves.curves import curve_settings, curves_of
from core.curves.entropy import WebpEntropy, webp_version
from core.curves.linear_fill import linear_fill
from core.curves.pair import PairCurves
from core.curves.rules import rules_of
from core.images.resample import resampled
from core.network.attribution_map import AttributionMap
from core.network.run import Run
from core.samples import samples
from tests.bench import table
from tests.bench.table import Figure, at_least, at_most, ratio_figure
from tests.bench.timing import Compared, compare_timed, seconds_of
from tests.oracle.pic_cases import Case, as_input, between, grey, maps_of
from tests.oracle.shim import old_numpy_names

ROOT = Path(__file__).resolve().parents[2]
SIZE = (225, 225)
CELLS = curve_settings()
PAIR = curve_settings(protocol="pair")
# Maps whose highest pixels are connected, and maps whose highest pixels are scattered.
PAIR_BOUNDS = {"cam": at_least(10), "smooth": at_least(10), "segments": at_least(10), "noise": at_least(5)}
CELLS_BOUND = at_least(20)


class Instant:
    """Stands for a measure of information: the mean step between neighbours, which grows with detail."""

    name = "instant"

    def of(self, picture: Array) -> float:
        return float(np.abs(np.diff(picture.reshape(picture.shape[:2]).astype(np.int16), axis=1)).mean())


def sample() -> Array:
    """(225, 225) uint8, a bundled slice."""
    return np.rint(resampled(grey(samples()[0].path), SIZE)).astype(np.uint8)


def by_pair(picture: Array, values: Array, mask: Array) -> None:
    """PAIR's curves of one map, with a network that predicts the class on the original image alone."""

    def predicted(pictures: Array) -> Array:
        return np.array(
            [
                float((known_picture == picture).all())
                for known_picture in pictures.reshape(-1, *picture.shape)
            ]
        )

    with old_numpy_names(), patch.object(pic, "estimate_image_entropy", Instant().of):
        pic.compute_pic_metric(picture, values, mask, predicted, list(PAIR.thresholds))


def by_us(picture: Array, values: Array) -> None:
    """The same by `pair`, with all that is done once an image."""
    rules = rules_of(as_input(picture), PAIR)
    assert isinstance(rules, PairCurves)
    instant = Instant()
    start = replace(rules.masks[0], information=instant.of(rules.masks[0].picture))
    rules = replace(rules, entropy=instant, whole=instant.of(picture), masks=(start,))
    places = np.array([frame.x for frame in rules.frames(values, 0)])
    rules.curve_line(places, np.zeros(places.size), 0.0, 1.0)


def by_cells(picture: Array, values: Array) -> None:
    """The default protocol: four grids, both ends."""
    rules = rules_of(as_input(picture), CELLS)
    for number in range(rules.passes):
        places = np.array([frame.x for frame in rules.frames(values, number)])
        for some in np.split(places, len(rules.directions)):
            rules.curve_line(some, np.zeros(some.size), 0.0, 1.0)


def pair_rows(quick: bool) -> Iterator[Figure]:
    """`pair` and `cells` against PAIR for each kind of map."""
    picture = sample()
    mask = rules_of(as_input(picture), PAIR).masks[0].mask
    for kind, values in maps_of(picture, 0):
        sides: dict[str, Callable[[], object]] = {
            "peer": partial(by_pair, picture, values, mask),
            "pair": partial(by_us, picture, values),
            "cells": partial(by_cells, picture, values),
        }
        for timing, name in _timed(sides, 1 if quick else 2):
            yield ratio_figure("pair", f"{kind} map, {name}", timing, ("peer", "pair"), PAIR_BOUNDS[kind])
            yield ratio_figure("cells", f"{kind} map, {name}", timing, ("peer", "cells"), CELLS_BOUND)


def _timed(sides: dict[str, Callable[[], object]], rounds: int) -> Iterator[tuple[Compared, str]]:
    """By the clock on the wall and by the processor's, of the same calls; the latter over all threads."""
    spent: dict[str, list[float]] = {name: [] for name in sides}

    def both(name: str) -> float:
        before = time.process_time()
        seconds = seconds_of(sides[name])
        spent[name].append(time.process_time() - before)
        return seconds

    yield compare_timed({name: partial(both, name) for name in sides}, rounds, 0), "seconds"
    yield Compared({name: tuple(durations) for name, durations in spent.items()}), "CPU seconds"


def webp_rows(quick: bool) -> Iterator[Figure]:
    """What WebP costs a picture, which both sides pay."""
    picture = sample()[..., None]
    count = 2 if quick else 20
    spent = seconds_of(lambda: [WebpEntropy().of(picture) for _ in range(count)]) / count
    yield Figure("webp", "seconds a picture", spent, None, note=f"libwebp {webp_version()}")


def call_rows(quick: bool) -> Iterator[Figure]:
    """How often the network is called beyond ceil(evaluations / batch)."""
    picture = sample()
    x = as_input(picture)
    blurred = linear_fill(picture[..., None], rules_of(x, PAIR).masks[0].mask)[..., 0]
    map_list = {
        kind: AttributionMap(values, signed=True, cells=values.shape)
        for kind, values in maps_of(picture, 0)
        if kind != "noise" or not quick
    }
    for settings in (CELLS, PAIR):
        network = Case(picture, picture, 0, *between(blurred, picture)).network()
        curves = curves_of(network, x, map_list, 0, settings, Run())
        most = -(-curves.evaluations // network.best_batch)
        yield Figure(
            "calls",
            f"{settings.protocol}: calls beyond the fewest",
            len(network.gradient_calls) - most,
            at_most(0),
            note=f"{curves.evaluations} evaluations, batch {network.best_batch}, {most} calls",
        )


ROWS: dict[str, Callable[[bool], Iterator[Figure]]] = {
    "calls": call_rows,
    "webp": webp_rows,
    "pair": pair_rows,
}


def main() -> int:
    """Measure the requested rows; 1 if a bound does not hold."""
    parser = argparse.ArgumentParser(prog="dev.py bench evaluation", description=__doc__.splitlines()[0])
    parser.add_argument("--row", action="append", choices=list(ROWS), help="only this row; may be repeated")
    parser.add_argument("--quick", action="store_true", help="one round: whether it runs at all")
    parser.add_argument("--out", type=Path, default=ROOT / "out" / "bench", help="folder of the results")
    arguments = parser.parse_args()
    figures = []
    for name in arguments.row or ROWS:
        for figure in ROWS[name](arguments.quick):
            print(table.line_of(figure), flush=True)
            figures.append(figure)
    written = table.write(arguments.out, "evaluation", "Speed of the curves", figures)
    failed = [figure for figure in figures if figure.verdict and figure.verdict != "holds"]
    print(f"\n{len(failed)} of {len(figures)} figures out of bounds; written: {', '.join(map(str, written))}")
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main())
