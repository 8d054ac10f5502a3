"""The parts of the experiment on baselines that need neither a model nor data."""

import numpy as np
import pytest

from tests.experiments.baselines import BASELINES, FIGURES, table, top_inside


def test_that_the_highest_tenth_is_counted_by_pixels() -> None:
    values = np.arange(100.0).reshape(10, 10)
    region = np.zeros((10, 10), bool)
    region[9, 5:] = region[0, :] = True
    assert top_inside(values, region) == 0.5


def test_that_differences_are_paired_and_slices_without_a_figure_are_left_out_of_it_alone() -> None:
    generator = np.random.default_rng(0)
    figures = generator.random((6, len(BASELINES), len(FIGURES)))
    figures[:, 1] = figures[:, 0] + 0.25
    figures[2, 4, 1] = np.nan
    lines = list(table(["a", "a", "b", "b", "c", "c"], figures))
    titles = [line for line in lines if not line.startswith(" ")]
    assert titles[:2] == ["completeness error: 6 slices, 3 patients", "points: 5 slices, 3 patients"]
    white = [line for line in lines if line.split()[0] == BASELINES[1]]
    assert len(white) == len(FIGURES)
    assert all(line.endswith("minus black +0.2500 [+0.2500, +0.2500]") for line in white)


@pytest.mark.parametrize("count", [3, 4, 5])
def test_that_the_table_holds_every_baseline(count: int) -> None:
    lines = list(table([str(n) for n in range(count)], np.ones((count, len(BASELINES), len(FIGURES)))))
    assert len(lines) == len(FIGURES) * (1 + len(BASELINES))
