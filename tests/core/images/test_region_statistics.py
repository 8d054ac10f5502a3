"""Statistics of a region, against figures worked out by hand."""

import math

import numpy as np
import pytest

from core.images.region_statistics import region_statistics
from core.images.slice import Slice

MASK = np.zeros((4, 5), bool)
MASK[1, 1:3], MASK[3, 4] = True, True


def test_that_figures_are_those_of_the_marked_pixels() -> None:
    values = np.full((4, 5), 900, np.int16)
    values[1, 1], values[1, 2], values[3, 4] = -3, 1, 8
    statistics = region_statistics(Slice(values, spacing_mm=(2.0, 0.5)), MASK)
    assert (statistics.mean, statistics.minimum, statistics.maximum) == (2.0, -3.0, 8.0)
    assert statistics.deviation == pytest.approx(math.sqrt((25 + 1 + 36) / 3))
    assert (statistics.pixels, statistics.area_mm2) == (3, 3.0)


def test_that_sums_of_large_values_do_not_overflow() -> None:
    values = np.full((300, 300), 65000, np.uint16)
    assert region_statistics(Slice(values), np.ones((300, 300), bool)).mean == 65000.0


def test_that_padding_and_values_that_are_no_numbers_count_for_the_area_alone() -> None:
    values = np.full((4, 5), 7.0)
    values[1, 1], values[1, 2] = np.nan, -2000.0
    padding = values == -2000.0
    statistics = region_statistics(Slice(values, padding=padding), MASK)
    assert (statistics.mean, statistics.deviation, statistics.minimum) == (7.0, 0.0, 7.0)
    assert (statistics.pixels, statistics.area_mm2) == (3, None)


def test_that_a_region_without_any_value_has_none() -> None:
    statistics = region_statistics(Slice(np.full((4, 5), np.nan)), MASK)
    assert math.isnan(statistics.mean)
    assert statistics.pixels == 3
    empty = region_statistics(Slice(np.ones((4, 5)), spacing_mm=(1.0, 1.0)), np.zeros((4, 5), bool))
    assert (math.isnan(empty.mean), empty.pixels, empty.area_mm2) == (True, 0, 0.0)


def test_that_colours_count_by_the_mean_of_their_channels() -> None:
    values = np.zeros((4, 5, 3), np.uint8)
    values[1, 1], values[1, 2], values[3, 4] = (30, 60, 90), (0, 0, 0), (90, 90, 90)
    statistics = region_statistics(Slice(values), MASK)
    assert (statistics.mean, statistics.maximum) == (50.0, 90.0)


def test_that_a_region_of_many_bands_has_the_figures_of_all_its_pixels(monkeypatch, generator) -> None:
    monkeypatch.setattr("core.images.region_statistics.BAND_PIXELS", 40)
    values, mask = generator.normal(1000, 3, (57, 23)), generator.random((57, 23)) < 0.3
    mask[20:30] = False  # bands without a pixel of the region
    values[3, 3] = np.inf
    mask[3, 3] = True
    marked = values[mask & np.isfinite(values)]
    statistics = region_statistics(Slice(values), mask)
    assert statistics.mean == pytest.approx(marked.mean(), rel=1e-12)
    assert statistics.deviation == pytest.approx(marked.std(), rel=1e-9)
    assert (statistics.minimum, statistics.maximum) == (marked.min(), marked.max())
    assert statistics.pixels == mask.sum()
