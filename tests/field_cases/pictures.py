"""Pictures and NIfTI files: how they are read."""

import numpy as np

from tests.field_cases.registry import Files, case


@case("grey16_alpha")
def _(files: Files) -> None:
    """All 3600 levels are kept."""
    for name in ("p01_grey16", "p01_grey16_alpha", "p01_rgb16_grey"):
        np.testing.assert_array_equal(files.image(f"{name}.png").values, files.truth("p_truth12.npy"))


@case("tiff_types")
def _(files: Files) -> None:
    """All of them show the same ramp, stretched to the range of their type."""
    ramp = files.image("p03_big.tif").values.astype(float)
    for name, kind, lowest, highest in (
        ("uint32", np.uint32, 0, 4_275_000_000),
        ("int8", np.int8, -128, 97),
        ("float64", np.float64, 0, 225 / 255),
        ("big", np.uint8, 0, 225),
    ):
        values = files.image(f"p03_{name}.tif").values
        assert (values.dtype, values.min(), values.max()) == (kind, lowest, highest)
        displayed = (values.astype(float) - lowest) / (highest - lowest) * 225
        assert np.abs(displayed - ramp).max() <= 1


@case("tiff_types")
def _(files: Files) -> None:
    """Planes are colour and pages are slices."""
    assert files.image("p03_planar_rgb.tif").values.shape == (256, 256, 3)
    assert files.frames("p03_zstack.tif") == 2
    assert (files.image("p03_zstack.tif", 1).values != files.image("p03_zstack.tif").values).any()


@case("tiff_orientation")
def _(files: Files) -> None:
    image = files.image("p03_orientation6.tif")
    assert image.shape == (256, 200)
    np.testing.assert_array_equal(image.values, files.truth("p03_orientation6_truth.npy"))


@case("endings")
def _(files: Files) -> None:
    """The same voxels under a header with right for left: shown the other way round, at mirrored places."""
    frames = files.frames("n00_good.nii.gz")
    for name in ("n02_gz_called.nii", "n02_plain_called.nii.gz", "n02_no_ending"):
        assert files.frames(name) == frames
        for frame in range(frames):
            expected, image = files.image("n00_good.nii.gz", frame), files.image(name, frame)
            np.testing.assert_array_equal(image.values, expected.values[:, ::-1])
            first, last = ([0, 0, column, 1] for column in (0, expected.shape[1] - 1))
            place, mirrored = image.affine_lps_mm @ first, expected.affine_lps_mm @ last
            np.testing.assert_array_equal(place[:3], mirrored[:3] * [-1, 1, 1])
            assert (image.notes, image.spacing_mm) == ((), (2, 2))


@case("sparse")
def _(files: Files) -> None:
    values = files.image("g03_sparse.png").values
    assert np.unique(values).tolist() == [50, 250]
    assert (values == 250).sum() == 100
