"""Masks in DICOM files with padding: pixels that hold no image are not marked, whatever their number."""

import numpy as np
import pytest
from scipy.ndimage import gaussian_filter

from core.readers.index import index_path
from core.readers.mask import read_mask
from tests.core.readers.dicom_files import dicom_file

ROWS, COLUMNS = 60, 80
RING = np.ones((ROWS, COLUMNS), bool)
RING[9:-9, 9:-9] = False
FINDING = np.zeros((ROWS, COLUMNS), bool)
FINDING[20:40, 25:50] = True
INVERTED = "MONOCHROME1"


def region_of(path, frame=0):
    mask = read_mask(index_path(path)[0], frame)
    return mask.region, mask.notes


@pytest.mark.parametrize("padding", [7, 255, 2000, 65535])
@pytest.mark.parametrize("top", [1, 255])
def test_that_padding_above_0_is_neither_marked_nor_a_label(tmp_path, top, padding):
    values = np.where(RING, padding, FINDING * top).astype(np.uint16)
    if padding == top:
        values[FINDING] = top = 100
    region, notes = region_of(dicom_file(tmp_path / "m.dcm", values, PixelPaddingValue=padding))
    np.testing.assert_array_equal(region, FINDING)
    assert notes == ()


def test_that_padding_does_not_move_the_threshold_of_soft_edges(tmp_path):
    soft = gaussian_filter(FINDING * 255.0, 2).round()
    plain = dicom_file(tmp_path / "plain.dcm", soft.astype(np.uint16))
    values = np.where(RING, 60000, soft).astype(np.uint16)
    padded = dicom_file(tmp_path / "padded.dcm", values, PixelPaddingValue=60000)
    (wanted, expected_notes), (region, notes) = region_of(plain), region_of(padded)
    assert wanted.sum() > 400
    np.testing.assert_array_equal(region, wanted)
    assert notes == expected_notes
    assert "soft edges" in notes[0]


def test_that_a_background_of_padding_leaves_the_rest_marked(tmp_path):
    values = (FINDING * 255).astype(np.uint16)
    region, _ = region_of(dicom_file(tmp_path / "m.dcm", values, PixelPaddingValue=0))
    np.testing.assert_array_equal(region, FINDING)


@pytest.mark.parametrize(("padding", "background"), [(0, 255), (300, 255), (255, 255)])
def test_that_the_bright_part_of_an_inverted_mask_is_without_its_padding(tmp_path, padding, background):
    marked = 5 if padding == 0 else 0
    values = np.where(RING, padding, np.where(FINDING, marked, background)).astype(np.uint16)
    path = dicom_file(
        tmp_path / "m.dcm", values, PhotometricInterpretation=INVERTED, PixelPaddingValue=padding
    )
    region, notes = region_of(path)
    np.testing.assert_array_equal(region, FINDING)
    assert "low values shown bright" in notes[0]


def test_that_padding_in_one_slice_counts_for_no_other(tmp_path):
    soft = gaussian_filter(FINDING * 255.0, 2).round()
    volume = np.stack([np.where(RING, 60000, soft), soft, soft * 0]).astype(np.uint16)
    path = dicom_file(tmp_path / "m.dcm", volume, PixelPaddingValue=60000)
    regions = [region_of(path, frame)[0] for frame in range(3)]
    np.testing.assert_array_equal(regions[0], regions[1])
    assert regions[1].sum() > 400
    assert not regions[2].any()


def test_that_a_mask_of_padding_alone_marks_nothing(tmp_path):
    values = np.full((ROWS, COLUMNS), 9, np.uint16)
    for photometric in ("MONOCHROME2", INVERTED):
        path = dicom_file(
            tmp_path / "m.dcm", values, PixelPaddingValue=9, PhotometricInterpretation=photometric
        )
        assert not region_of(path)[0].any()
