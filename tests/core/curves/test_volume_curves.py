"""Curves of volumes: cubes over the blurred volume, with closed forms."""

import numpy as np
import pytest

from core.curves.cells import SHIFTS, CellsCurves, cell_grid, without_detail
from core.curves.curves import curve_settings, curves_of
from core.curves.reveal import revealed
from core.errors import IncompatibleInput, NotApplicable
from core.network.attribution_map import AttributionMap
from core.network.run import Run
from tests.core.curves.networks import Counted

GRID = (6, 14, 14)


def volume(seed=0):
    """(6, 14, 14, 1) float32 of whole 8-bit levels."""
    return (np.random.default_rng(seed).integers(0, 256, (*GRID, 1)) / 255).astype(np.float32)


def cube():
    """(6, 14, 14) bool."""
    mask = np.zeros(GRID, bool)
    mask[1:4, 3:8, 6:11] = True
    return mask


def as_map(values):
    return AttributionMap(values.astype(np.float32), signed=False, cells=values.shape)


def share_shown(original, mask):
    """The logit of class 0 rises with the share of the mask's voxels that are those of the original."""

    def score(inputs):
        same = np.abs(inputs - original).max(axis=-1) < 1e-4
        return 20.0 * (same[:, mask].mean(axis=1) - 0.5)

    return Counted(score, np.zeros_like, original.shape, best_batch=16)


@pytest.mark.parametrize("shift", [(0.0, 0.0, 0.0), (0.8, 0.7, 0.5)])
@pytest.mark.parametrize("shape", [(28, 28, 28), (5, 30, 42), (40, 30, 9)])
def test_that_a_grid_covers_every_voxel_with_cubes_of_the_middle_side(shape, shift):
    grid = cell_grid(shape, shift)
    side = sorted(shape)[1] / 14
    assert set(np.unique(grid)) == set(range(grid.max() + 1))
    for cell in range(0, grid.max() + 1, 97):
        extents = [np.ptp(places) for places in np.nonzero(grid == cell)]
        assert max(extents) < side
        assert (grid == cell).sum() == np.prod(np.add(extents, 1))


def test_that_a_volume_of_few_slices_has_the_cells_of_its_planes():
    whole, first = cell_grid((4, 56, 56), (0.0, 0.0, 0.0)), cell_grid((56, 56), (0.0, 0.0))
    np.testing.assert_array_equal(whole, np.repeat(first[None], 4, axis=0))


@pytest.mark.parametrize("axes", [2, 3])
def test_that_shifts_are_powers_of_the_golden_ratio_of_so_many_axes(axes):
    ratio = 1 / SHIFTS[axes][0]
    assert ratio ** (axes + 1) == pytest.approx(ratio + 1, rel=1e-14)
    assert SHIFTS[axes] == pytest.approx([ratio**-power for power in range(1, axes + 1)], rel=1e-14)


def test_that_a_blurred_volume_of_equal_slices_is_the_blurred_picture_in_each():
    picture = volume()[0]
    expected = without_detail(picture)
    for blurred in without_detail(np.repeat(picture[None], 6, axis=0)):
        np.testing.assert_allclose(blurred, expected, atol=1e-6)


def test_that_a_bright_slice_is_blurred_into_its_neighbours():
    x = np.zeros((28, 28, 28, 1), np.float32)
    x[14] = 1.0
    along = without_detail(x)[:, 5, 9, 0]
    assert along.sum() == pytest.approx(1, abs=1e-3)
    assert along.argmax() == 14
    assert along.max() == pytest.approx(1 / (2.8 * np.sqrt(2 * np.pi)), rel=0.02)


def test_that_a_share_reveals_exactly_that_part_of_the_volume_highest_cubes_first():
    settings = curve_settings(thresholds=(0.1, 0.5), grids=1)
    frames = list(CellsCurves.of(volume(), settings).frames(cube().astype(float), 0))
    shown = [(frame.input == volume()).all(axis=-1) for frame in frames]
    count = cube().size
    assert [each.sum() for each in shown] == [round(0.1 * count), round(0.5 * count)] * 2
    assert shown[0][cube()].all()
    assert not shown[2][cube()].any()


@pytest.mark.parametrize("entropy", ["area", "shannon"])
def test_that_a_true_map_of_a_volume_is_better_than_random_and_its_reverse_is_not(entropy):
    x, settings = volume(), curve_settings(grids=2, entropy=entropy)
    maps = {"true": as_map(cube() + 0.0), "reverse": as_map(1.0 - cube())}
    curve_set = curves_of(share_shown(x, cube()), x, maps, 0, settings, Run())
    true, reverse = (curve_set.score(name, "sic") for name in maps)
    assert (true.better_than_random, reverse.better_than_random) == ("yes", "no")
    assert reverse.gap == pytest.approx(-true.gap, abs=0.05)
    assert len(revealed(x, cube() + 0.0, settings)) == 2 + len(settings.thresholds)


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        ({"protocol": "pair"}, "interpolates between pixels of a plane"),
        ({"entropy": "webp"}, "picture's file"),
    ],
)
def test_that_rules_of_pictures_are_refused_for_volumes_in_one_sentence(settings, reason):
    with pytest.raises(NotApplicable, match=reason):
        curves_of(share_shown(volume(), cube()), volume(), {}, 0, curve_settings(**settings), Run())


def test_that_a_map_of_a_picture_does_not_fit_a_volume():
    maps = {"flat": as_map(cube()[0] + 0.0)}
    with pytest.raises(IncompatibleInput, match="The map of flat has"):
        curves_of(share_shown(volume(), cube()), volume(), maps, 0, curve_settings(), Run())
