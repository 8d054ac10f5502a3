"""The geometry of a slice in a workspace, and its place in its volume."""

from pathlib import Path

import numpy as np
import pytest

from core.errors import Refused
from core.images.planes import plane_views
from core.images.slice import Slice
from core.images.volume import Volume
from core.readers.nifti_headers import MAPPED_LIMIT_BYTES
from core.readers.protocol import SeriesEntry, affine_rows
from core.readers.slice_choice import ChosenSlice
from core.workspace.document import VolumePlace
from core.workspace.geometry import MOST_VOXELS, filled_volume, geometry_contradiction, slice_geometry
from tests.core.images.phantom import phantom, straight_directions


def entry_of(slices: int, affine: np.ndarray | None, no_volume: str = "") -> SeriesEntry:
    return SeriesEntry(
        path=Path("a.dcm"),
        reader="DICOM",
        title="",
        frames=slices,
        rows=4,
        columns=5,
        affine_lps_mm=affine_rows(affine),
        no_volume=no_volume,
    )


@pytest.mark.parametrize("directions", straight_directions())
def test_that_a_slice_is_put_back_where_it_was_cut_from_its_volume(directions) -> None:
    source = phantom(directions)
    slices, rows, columns = source.values.shape
    entry = entry_of(slices, source.affine).model_copy(update={"rows": rows, "columns": columns})
    for view in plane_views(source.values.shape, source.affine):
        image = Volume(source.values, source.affine).slice(view, 2)
        geometry = slice_geometry(image, entry, ChosenSlice(axis=view.axis, index=2))
        volume = geometry.volume
        assert volume is not None
        assert geometry_contradiction(geometry) == ""
        filled = filled_volume(image.values.astype(np.float32), volume, -1.0)
        is_in_slice = np.zeros(source.values.shape, bool)
        np.moveaxis(is_in_slice, view.axis, 0)[2] = True
        np.testing.assert_array_equal(filled, np.where(is_in_slice, source.values, -1))


@pytest.mark.parametrize(
    "entry",
    [
        None,
        entry_of(1, np.diag([1.0, 2.0, 3.0, 1.0])),
        entry_of(3, None),
        entry_of(3, np.diag([1.0, 2.0, 3.0, 1.0]), "Its slices are not equally spaced."),
    ],
)
def test_that_a_slice_of_no_volume_has_its_own_geometry_alone(entry) -> None:
    image = Slice(np.zeros((4, 5)), spacing_mm=(2.0, 3.0), orientation_letters=("L", "P"))
    geometry = slice_geometry(image, entry, ChosenSlice(index=0))
    assert geometry.volume is None
    assert (geometry.shape, geometry.spacing_mm) == ((4, 5), (2.0, 3.0))
    assert geometry.orientation_letters == ("L", "P")


STRAIGHT = np.diag([1.0, 1.0, 1.0, 1.0])


@pytest.mark.parametrize("slices", [10**9 // 20 + 1, MAPPED_LIMIT_BYTES // 20])
def test_that_the_place_in_a_volume_of_any_size_that_readers_map_is_saved(slices) -> None:
    image = Slice(np.zeros((4, 5)), spacing_mm=(1.0, 1.0))
    geometry = slice_geometry(image, entry_of(slices, STRAIGHT), ChosenSlice(index=slices - 1))
    assert geometry.volume is not None
    assert (geometry.volume.shape, geometry.volume.index) == ((slices, 4, 5), slices - 1)
    assert geometry_contradiction(geometry) == ""


def test_that_a_slice_of_a_larger_series_is_saved_without_its_volume() -> None:
    """As a series of many files may be, which are never in memory together."""
    image = Slice(np.zeros((4, 5)), spacing_mm=(1.0, 1.0))
    geometry = slice_geometry(image, entry_of(MOST_VOXELS // 20 + 1, STRAIGHT), ChosenSlice(index=7))
    assert geometry.volume is None
    assert geometry.spacing_mm == (1.0, 1.0)
    assert geometry_contradiction(geometry) == ""


def test_that_a_volume_that_takes_too_much_memory_is_refused_before_it_is_made() -> None:
    volume = VolumePlace(shape=(10**9, 4, 5), affine_lps_mm=affine_rows(STRAIGHT) or (), index=0)
    with pytest.raises(Refused, match=r"^The volume of this slice has more than 1,000 million voxels\."):
        filled_volume(np.zeros((4, 5), np.float32), volume, 0.0)
