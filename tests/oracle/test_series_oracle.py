"""Series against dcm2niix and SimpleITK, which read the same files by themselves."""

import json
import subprocess
from pathlib import Path

import nibabel as nib
import numpy as np
import pytest

from core.arrays import Array
from core.readers.index import index_path, read
from core.readers.protocol import SeriesEntry
from tests.core.readers.test_series_reference import (
    LPS_TO_RAS,
    REGULAR,
    affine_of,
    indices_of,
    philips_factor,
    stacked,
)

pytestmark = pytest.mark.slow
LARGEST_DISTANCE_MM = 1e-3


def converted(folder: Path, out: Path) -> list[tuple[Array, Array]]:
    """Voxels (columns, rows, slices) and affine (RAS) of each volume that dcm2niix makes of a folder."""
    import dcm2niix

    command = [dcm2niix.bin, "-z", "n", "-b", "y", "-f", "%s_%e_%p", "-o", str(out), str(folder)]
    subprocess.run(command, check=True, capture_output=True)
    volumes = []
    for path in sorted(out.glob("*.nii")):
        assert json.loads(path.with_suffix(".json").read_text())["ConversionSoftware"] == "dcm2niix"
        image = nib.load(path)
        voxels = image.get_fdata()
        voxels = voxels[..., None] if voxels.ndim == 3 else voxels
        volumes += [(voxels[..., number], image.affine) for number in range(voxels.shape[3])]
    return volumes


def is_equal(entry: SeriesEntry, values: Array, voxels: Array, affine: Array) -> bool:
    """Whether values (slices, rows, columns) are those of the voxels at the same places in mm."""
    if values.size != voxels.size:
        return False
    places = indices_of(entry.volume_shape)
    in_mm = LPS_TO_RAS @ affine_of(entry) @ places
    nearest = np.round(np.linalg.inv(affine) @ in_mm)
    if np.linalg.norm(affine @ nearest - in_mm, axis=0).max() > LARGEST_DISTANCE_MM:
        return False
    index = nearest[:3].astype(int)
    if index.min() < 0 or (index.max(axis=1) >= voxels.shape).any():
        return False
    expected = voxels[tuple(index)].reshape(entry.volume_shape)
    return bool(np.abs(values - expected).max() <= 1e-5 * np.ptp(expected))


@pytest.mark.parametrize("name", REGULAR)
def test_that_every_volume_is_one_that_dcm2niix_makes(shared: Path, tmp_path: Path, name: str) -> None:
    folder = shared / "dicom" / "series" / name / "dicom"
    volumes = converted(folder, tmp_path)
    entries = index_path(folder)
    assert sum(entry.volumes for entry in entries) == len(volumes)
    for entry in entries:
        for volume in range(entry.volumes):
            values = stacked(entry, volume) * philips_factor(entry)
            matches = [is_equal(entry, values, voxels, affine) for voxels, affine in volumes]
            assert any(matches)


# SimpleITK reads neither mosaics nor several stacks of one file.
@pytest.mark.parametrize(
    "name",
    ["siemens_gre_sagittal", "philips_pcasl_oblique_classic", "canon_dwi_4d", "ge_fmri_multiphase_4d"],
)
def test_that_every_volume_is_the_one_that_simpleitk_reads(shared: Path, name: str) -> None:
    import SimpleITK

    (entry,) = index_path(shared / "dicom" / "series" / name / "dicom")
    for volume in range(entry.volumes):
        first = volume * entry.slices
        paths = [str(entry.source(frame).path) for frame in range(first, first + entry.slices)]
        image = SimpleITK.ReadImage(paths)
        values = SimpleITK.GetArrayFromImage(image)
        np.testing.assert_allclose(stacked(entry, volume), values, rtol=1e-5)
        for corner in np.ndindex(2, 2, 2):
            place = [float(bit * (size - 1)) for bit, size in zip(corner, entry.volume_shape, strict=True)]
            expected = image.TransformContinuousIndexToPhysicalPoint(place[::-1])
            np.testing.assert_allclose((affine_of(entry) @ [*place, 1])[:3], expected, atol=1e-3)


def test_that_a_slice_is_at_the_place_that_simpleitk_gives(shared: Path) -> None:
    import SimpleITK

    for name in ("siemens_localizer_three_planes", "ge_ct_gantry_tilt_uneven_spacing"):
        for entry in index_path(shared / "dicom" / "series" / name / "dicom"):
            for frame in range(entry.frames):
                image, _ = read(entry, frame)
                other = SimpleITK.ReadImage(str(entry.source(frame).path))
                np.testing.assert_array_equal(image.values, SimpleITK.GetArrayFromImage(other)[0])
                assert image.affine_lps_mm is not None
                expected = other.TransformContinuousIndexToPhysicalPoint([7.0, 5.0, 0.0])
                np.testing.assert_allclose((image.affine_lps_mm @ [0, 5, 7, 1])[:3], expected, atol=1e-3)
