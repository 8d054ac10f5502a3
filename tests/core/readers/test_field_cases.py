"""Pictures and NIfTI files that people reported, with the right values beside them."""

from pathlib import Path

import numpy as np
import pytest

from core.images.slice import Slice
from core.readers import SeriesEntry, index_path, read


@pytest.fixture
def cases(shared: Path) -> Path:
    return shared / "field_cases"


def opened(path: Path, frame: int = 0) -> tuple[SeriesEntry, Slice]:
    (entry,) = index_path(path)
    image = read(entry, frame)[0]
    assert image.shape == (entry.rows, entry.columns)
    return entry, image


@pytest.mark.parametrize("name", ["p01_grey16", "p01_grey16_alpha", "p01_rgb16_grey"])
def test_that_all_levels_of_16_bit_grey_are_kept(cases: Path, name: str) -> None:
    _, image = opened(cases / f"{name}.png")
    np.testing.assert_array_equal(image.values, np.load(cases / "p_truth12.npy"))


@pytest.mark.parametrize(
    ("name", "kind", "lowest", "highest"),
    [
        ("uint32", np.uint32, 0, 4_275_000_000),
        ("int8", np.int8, -128, 97),
        ("float64", np.float64, 0, 225 / 255),
        ("big", np.uint8, 0, 225),
    ],
)
def test_that_tiff_values_are_those_stored(
    cases: Path, name: str, kind: type, lowest: float, highest: float
) -> None:
    """All of them show the same ramp, stretched to the range of their type."""
    _, image = opened(cases / f"p03_{name}.tif")
    assert (image.values.dtype, image.values.min(), image.values.max()) == (kind, lowest, highest)
    ramp = opened(cases / "p03_big.tif")[1].values.astype(float)
    shown = (image.values.astype(float) - lowest) / (highest - lowest) * 225
    assert np.abs(shown - ramp).max() <= 1


def test_that_planes_are_colour_and_pages_are_slices(cases: Path) -> None:
    assert opened(cases / "p03_planar_rgb.tif")[1].values.shape == (256, 256, 3)
    entry, second = opened(cases / "p03_zstack.tif", frame=1)
    assert entry.frames == 2
    assert (second.values != read(entry, 0)[0].values).any()


def test_that_a_turned_tiff_is_upright_and_its_entry_agrees(cases: Path) -> None:
    entry, image = opened(cases / "p03_orientation6.tif")
    assert (entry.rows, entry.columns) == (256, 200)
    np.testing.assert_array_equal(image.values, np.load(cases / "p03_orientation6_truth.npy"))


@pytest.mark.parametrize("name", ["n02_gz_called.nii", "n02_plain_called.nii.gz", "n02_no_ending"])
def test_that_the_ending_of_a_nifti_file_decides_nothing(cases: Path, name: str) -> None:
    right, wrong = index_path(cases / "n00_good.nii.gz")[0], index_path(cases / name)[0]
    assert right.frames == wrong.frames
    for frame in range(right.frames):
        expected, found = (read(entry, frame)[0] for entry in (right, wrong))
        # The same voxels under a header with right for left: shown the other way round, at mirrored places.
        np.testing.assert_array_equal(found.values, expected.values[:, ::-1])
        columns = expected.shape[1] - 1
        first, last = ([0, 0, column, 1] for column in (0, columns))
        assert (found.affine_lps_mm @ first)[:3].tolist() == (
            (expected.affine_lps_mm @ last)[:3] * [-1, 1, 1]
        ).tolist()
        assert (found.notes, found.spacing_mm) == ((), (2, 2))


def test_that_the_few_bright_pixels_of_a_sparse_picture_are_read(cases: Path) -> None:
    _, image = opened(cases / "g03_sparse.png")
    assert np.unique(image.values).tolist() == [50, 250]
    assert (image.values == 250).sum() == 100
