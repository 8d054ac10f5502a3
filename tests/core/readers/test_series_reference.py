"""Real series as volumes, against the NIfTI files that dcm2niix made of them."""

from pathlib import Path

import nibabel as nib
import numpy as np
import pytest
from pydicom import dcmread
from scipy.ndimage import map_coordinates

from core.arrays import Array
from core.readers.index import index_path, read
from core.readers.protocol import SeriesEntry

LARGEST_DISTANCE_MM = 1e-3
LPS_TO_RAS = np.diag([-1.0, -1.0, 1.0, 1.0])
# Of each series: the references, and the entry and volume that each of their volumes is.
REGULAR = {
    "canon_dwi_4d": {"reference": [(0, 0), (0, 1)]},
    "ge_fmri_multiphase_4d": {"reference": [(0, 0), (0, 1)]},
    "philips_enhanced_b0_fieldmap": {"reference": [(0, 0)], "reference_e2_fieldmaphz": [(1, 0)]},
    "philips_pcasl_oblique_classic": {"reference": [(0, 0)]},
    "philips_pcasl_oblique_enhanced": {"reference": [(0, 0)]},
    "siemens_gre_sagittal": {"reference": [(0, 0)]},
    # The files' names are in another order than their instance numbers.
    "siemens_localizer_three_planes": {
        "reference_1": [(0, 0)],
        "reference_2": [(2, 0)],
        "reference_3": [(1, 0)],
    },
    "siemens_mosaic_epi_axial": {"reference": [(0, 0), (0, 1)]},
    "siemens_mosaic_epi_coronal_oblique": {"reference": [(0, 0), (0, 1)]},
    "siemens_xa10_enhanced_4d": {"reference": [(0, 0), (0, 1), (0, 2), (0, 3)]},
    "uih_dti_4d_oblique": {"reference": [(0, 0), (0, 1)]},
}


def stacked(entry: SeriesEntry, volume: int) -> Array:
    """(slices, rows, columns) of one volume."""
    first = volume * entry.slices
    return np.stack([read(entry, frame)[0].values for frame in range(first, first + entry.slices)])


def affine_of(entry: SeriesEntry) -> Array:
    assert entry.affine_lps_mm is not None
    return np.array(entry.affine_lps_mm)


def philips_factor(entry: SeriesEntry) -> float:
    """From the values that DICOM defines to the maker's own, which dcm2niix gives: 1 / (slope * scale slope).

    Only for images whose own scale is another one, not for the field map, which is in Hz in both.
    """
    source = entry.source(0)
    dataset = dcmread(source.path, stop_before_pixels=True)
    groups = dataset.get("PerFrameFunctionalGroupsSequence")
    if groups is None or (0x2005, 0x140F) not in groups[source.frame]:
        return 1.0
    own = groups[source.frame][0x2005, 0x140F].value[0]
    slope = float(groups[source.frame].PixelValueTransformationSequence[0].RescaleSlope)
    return 1.0 / (slope * float(own[0x2005, 0x100E].value))


def indices_of(shape: tuple[int, ...]) -> Array:
    """(4, n): all places of a volume, with a row of ones."""
    places = np.indices(shape).reshape(3, -1)
    return np.vstack([places, np.ones(places.shape[1])])


@pytest.mark.parametrize("name", REGULAR)
def test_that_a_series_has_the_values_and_places_of_its_reference(shared: Path, name: str) -> None:
    folder = shared / "dicom" / "series" / name
    entries = index_path(folder / "dicom")
    references = REGULAR[name]
    assert {path.name.removesuffix(".nii.gz") for path in (folder).glob("*.nii.gz")} == {*references}
    assert len(entries) == len(references)
    for reference_name, volumes in references.items():
        reference = nib.load(folder / f"{reference_name}.nii.gz")
        voxels = reference.get_fdata()
        voxels = voxels[..., None] if voxels.ndim == 3 else voxels
        assert voxels.shape[3] == len(volumes)
        for number, (entry_number, volume) in enumerate(volumes):
            entry = entries[entry_number]
            assert (entry.volumes, entry.no_volume) == (len(volumes), "")
            places = indices_of(entry.volume_shape)
            in_mm = LPS_TO_RAS @ affine_of(entry) @ places
            exact = np.linalg.inv(reference.affine) @ in_mm
            nearest = np.round(exact[:3]).astype(int)
            differences = reference.affine @ np.vstack([nearest, places[3]]) - in_mm
            assert np.linalg.norm(differences, axis=0).max() < LARGEST_DISTANCE_MM
            expected = voxels[..., number][tuple(nearest)].reshape(entry.volume_shape)
            values = stacked(entry, volume) * philips_factor(entry)
            np.testing.assert_allclose(values, expected, rtol=1e-6, atol=1e-5 * np.ptp(expected))


@pytest.mark.parametrize("name", REGULAR)
def test_that_each_slice_of_a_series_is_where_the_volume_says(shared: Path, name: str) -> None:
    folder = shared / "dicom" / "series" / name
    for entry in index_path(folder / "dicom"):
        corners = indices_of((2, 2, 2)) * np.array([[1], [entry.rows - 1], [entry.columns - 1], [1]])
        corners = corners[:, corners[0] == 0]
        for frame in range(entry.frames):
            affine = affine_of(entry)
            affine[:3, 3] += frame % entry.slices * affine[:3, 0]
            image, _ = read(entry, frame)
            assert image.affine_lps_mm is not None
            assert image.shape == (entry.rows, entry.columns)
            np.testing.assert_allclose(image.affine_lps_mm @ corners, affine @ corners, atol=2e-3)


def test_that_the_tilted_ct_is_told_and_its_slices_are_those_of_the_untilted_reference(
    shared: Path,
) -> None:
    folder = shared / "dicom" / "series" / "ge_ct_gantry_tilt_uneven_spacing"
    (entry,) = index_path(folder / "dicom")
    assert entry.affine_lps_mm is None
    assert entry.no_volume == "Its slices are not equally spaced: 1.08 to 7.00 mm apart."
    assert entry.notes == ("The slices are tilted by 18.5° against the direction of the stack.",)
    untilted = nib.load(folder / "reference_tilt_corrected_equalised.nii.gz")
    voxels = nib.load(folder / "reference.nii.gz").get_fdata()
    for frame in range(3):
        image, _ = read(entry, frame)
        np.testing.assert_array_equal(image.values, voxels[:, ::-1, frame].T)
        if frame == 1:  # between two slices of the untilted reference, which has equal steps
            continue
        assert image.affine_lps_mm is not None
        at = np.linalg.inv(untilted.affine) @ LPS_TO_RAS @ image.affine_lps_mm @ indices_of((1, 512, 512))
        assert np.abs(at[2] - np.round(at[2])).max() < LARGEST_DISTANCE_MM
        at[2] = np.round(at[2])
        resampled = map_coordinates(untilted.get_fdata(), at[:3], order=1, mode="nearest").reshape(512, 512)
        difference = np.abs(resampled - image.values)
        assert np.median(difference) < 1.0
        assert np.corrcoef(resampled.ravel(), image.values.ravel())[0, 1] > 0.995
