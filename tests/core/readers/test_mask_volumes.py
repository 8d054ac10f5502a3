"""Masks in volumes: all slices of one are read either as soft edges or as labels."""

import numpy as np
import pytest
from scipy.ndimage import gaussian_filter

from tests.core.readers.mask_files import (
    ALL_LABELS,
    COLUMNS,
    FINDING,
    LABELS,
    ROWS,
    disc,
    mask_of,
    overlap,
    volume,
)


@pytest.mark.parametrize("kind", [np.uint8, np.int16, np.int32, np.float32, np.float64])
def test_that_a_label_map_of_any_type_is_above_0(tmp_path, kind):
    path = volume(tmp_path / "m.nii", [LABELS.astype(kind), (LABELS * 0).astype(kind)])
    np.testing.assert_array_equal(mask_of(path).region, ALL_LABELS)
    assert not mask_of(path, 1).region.any()


def test_that_probabilities_are_marked_from_one_half_on_in_every_slice(tmp_path):
    rising = np.tile(np.linspace(0, 1, COLUMNS, dtype=np.float32), (ROWS, 1))
    faint = (rising * 0.4).astype(np.float32)
    path = volume(tmp_path / "m.nii.gz", [rising, faint])
    np.testing.assert_array_equal(mask_of(path).region, rising >= 0.5)
    assert not mask_of(path, 1).region.any()


def test_that_soft_edges_are_taken_at_half_of_the_volume_s_highest_number(tmp_path):
    """A slice at the rim, where the mask is faint, is not marked, even if it holds few levels by itself."""
    blurred = gaussian_filter(disc(48, 60, 20) * 255.0, 3).astype(np.uint8)
    rim = np.where(disc(48, 60, 10), 60, 0).astype(np.uint8)
    path = volume(tmp_path / "m.nii", [blurred, rim])
    assert overlap(mask_of(path).region, disc(48, 60, 20)) > 0.95
    assert not mask_of(path, 1).region.any()


def test_that_a_mask_divided_by_255_is_still_one(tmp_path):
    path = volume(tmp_path / "m.nii", [(FINDING / 255).astype(np.float32)])
    np.testing.assert_array_equal(mask_of(path).region, FINDING)


@pytest.mark.parametrize("kind", [np.int8, np.int16])
def test_that_all_bits_set_of_a_signed_type_is_marked(tmp_path, kind):
    mask = mask_of(volume(tmp_path / "m.nii", [-FINDING.astype(kind)]))
    np.testing.assert_array_equal(mask.region, FINDING)
    assert mask.notes == ("The mask has the values 0 and a negative one, which marks the region.",)


def test_that_values_that_are_not_finite_are_not_marked_and_counted(tmp_path):
    values = FINDING.astype(np.float32)
    values[0, :7] = np.nan
    mask = mask_of(volume(tmp_path / "m.nii", [values]))
    np.testing.assert_array_equal(mask.region, FINDING)
    assert mask.notes[0].startswith("7 pixels of the mask are NaN or infinite")
