"""The ranking of regions: hand examples, a slow reference implementation, and what it refuses."""

import numpy as np
import pytest

from core.errors import BadMap, BadParameter
from core.methods.region.regions import fast_regions, full_regions, top_share

ROW = np.array([[5.0, 3.0, 4.0, 0.0, 1.0, -6.0]])


def masks_of(*members):
    return [np.array(indices) for indices in members]


def by_definition(base, masks, least):
    """Full XRAI with boolean masks: the pixels taken and their value, one after the other."""
    covered = np.zeros(base.shape, bool)
    left = [np.isin(np.arange(base.size).reshape(base.shape), mask) for mask in masks]
    taken = []
    while True:
        left = [mask for mask in left if (mask & ~covered).sum() >= least]
        if not left:
            return taken, covered
        means = [base[mask & ~covered].mean() for mask in left]
        best = left.pop(int(np.argmax(means)))
        taken.append((best & ~covered, max(means)))
        covered |= best


@pytest.fixture
def random_regions(generator):
    """A base and 40 random blobs of it, some of them twice."""
    base = generator.normal(size=(24, 20))
    masks = []
    for _ in range(40):
        row, column = generator.integers(0, 18, 2)
        height, width = generator.integers(3, 12, 2)
        blob = np.zeros(base.shape, bool)
        blob[row : row + height, column : column + width] = True
        masks += [np.flatnonzero(blob)] * (1 + (height == 5))
    return base, masks


def test_that_the_full_ranking_looks_at_what_a_mask_adds():
    # Means: {0,1} 4, {0,2,3} 3, {1,2} 3.5. After {0,1} the second adds {2,3} (2), the third {2} (4).
    regions = full_regions(ROW, masks_of([0, 1], [0, 2, 3], [1, 2]), 1)
    assert [list(part) for part in regions.parts] == [[0, 1], [2], [3], [4, 5]]
    np.testing.assert_array_equal(regions.values, [[4, 4, 4, 0, -2.5, -2.5]])
    assert regions.has_rest


def test_that_the_fast_ranking_looks_at_whole_masks():
    # Sorted once: {0,1} 4, {1,2} 3.5, {0,2,3} 3; the last adds only {3}.
    regions = fast_regions(ROW, masks_of([0, 1], [0, 2, 3], [1, 2], [3, 4, 5]), 1)
    assert [list(part) for part in regions.parts] == [[0, 1], [2], [3], [4, 5]]
    by_fast = fast_regions(ROW, masks_of([2, 3, 5], [0, 1, 2], [1, 3]), 1)
    assert [list(part) for part in by_fast.parts] == [[0, 1, 2], [3], [5], [4]]


def test_that_fast_values_may_rise_along_the_walk():
    regions = fast_regions(np.array([[4.0, 0.0, 9.0, -6.0]]), masks_of([0], [1, 2, 3], [0, 2, 3]), 1)
    np.testing.assert_array_equal(regions.values, [[4, 0, 1.5, 1.5]])


def test_that_a_mask_that_adds_too_little_is_left_to_the_rest():
    regions = full_regions(ROW, masks_of([0, 1], [1, 2], [3, 4]), 2)
    assert [list(part) for part in regions.parts] == [[0, 1], [3, 4], [2, 5]]
    np.testing.assert_array_equal(regions.values, [[4, 4, -1, 0.5, 0.5, -1]])


def test_that_the_first_of_equal_masks_wins():
    regions = full_regions(np.zeros((1, 4)), masks_of([2, 3], [0, 1]), 1)
    assert [list(part) for part in regions.parts] == [[2, 3], [0, 1]]
    assert not regions.has_rest


def test_that_rounding_of_running_sums_does_not_break_a_tie():
    # 0.1 + 0.2 - 0.2 is not 0.1, so the running mean of the second mask would beat the first's.
    base = np.array([[0.3, 0.2, 0.1, 0.1]])
    regions = full_regions(base, masks_of([0, 1], [2], [1, 3]), 1)
    assert [list(part) for part in regions.parts] == [[0, 1], [2], [3]]


@pytest.mark.parametrize("least", [1, 9, 30])
def test_that_the_full_ranking_is_its_definition(random_regions, least):
    base, masks = random_regions
    regions = full_regions(base, masks, least)
    taken, covered = by_definition(base, masks, least)
    parts = regions.parts[:-1] if regions.has_rest else regions.parts
    assert len(parts) == len(taken) > 3
    for part, (mask, value) in zip(parts, taken, strict=True):
        np.testing.assert_array_equal(part, np.flatnonzero(mask))
        assert (regions.values[mask] == value).all()
    np.testing.assert_array_equal(regions.parts[-1], np.flatnonzero(~covered))


@pytest.mark.parametrize("rank", [full_regions, fast_regions])
def test_that_regions_part_the_image_and_keep_the_sum(random_regions, rank):
    base, masks = random_regions
    regions = rank(base, masks, 9)
    np.testing.assert_array_equal(np.sort(np.concatenate(regions.parts)), np.arange(base.size))
    assert regions.values.sum() == pytest.approx(base.sum(), abs=1e-9)
    assert all(part.size >= 9 for part in regions.parts[:-1])


@pytest.mark.parametrize("rank", [full_regions, fast_regions])
def test_that_a_base_with_nan_is_an_error(rank):
    base = ROW.copy()
    base[0, 1] = np.nan
    with pytest.raises(BadMap):
        rank(base, masks_of([0, 1]), 1)


@pytest.mark.parametrize("rank", [full_regions, fast_regions])
@pytest.mark.parametrize("masks", [[], masks_of([0, 1], [4])])
def test_that_no_segment_of_the_wanted_size_is_a_named_error(rank, masks):
    with pytest.raises(BadParameter, match="no segment of the image has 3 pixels"):
        rank(ROW, masks, 3)


def test_that_the_top_share_keeps_ties_at_its_edge():
    values = np.array([[9.0, 7.0, 7.0, 7.0, 1.0, 0.0, 0.0, 0.0, 0.0, -1.0]])
    np.testing.assert_array_equal(top_share(values, 30), values >= 7)
    np.testing.assert_array_equal(top_share(values, 10), values >= 9)
