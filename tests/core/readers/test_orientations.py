"""NIfTI and DICOM files in every orientation: a marked voxel is where the phantom has it, in all planes."""

from pathlib import Path
from typing import Any

import nibabel
import numpy as np
import pytest

from core.images.planes import plane_views
from core.images.slice import Slice
from core.readers.index import index_path
from core.readers.protocol import FrameSource, SeriesEntry, affine_rows
from core.readers.volume_cache import KEPT_VOLUMES
from core.readers.volumes import read_plane
from tests.core.images.phantom import (
    SPACING_MM,
    Phantom,
    has_letters_of,
    oblique_directions,
    phantom,
    straight_directions,
)
from tests.core.readers.dicom_files import dicom_file

STRAIGHT = straight_directions()
OBLIQUE = oblique_directions()
ALL = [*STRAIGHT, *OBLIQUE]
# In the middle of nothing: no symmetric error leaves it in its place.
MARKED = 33
TO_RAS = np.diag([-1.0, -1, 1, 1])


@pytest.fixture(autouse=True)
def _empty_cache() -> Any:
    yield
    KEPT_VOLUMES.make_room(2**62)


def nifti_series(folder: Path, subject: Phantom) -> SeriesEntry:
    """The phantom with its columns, rows and slices along the stored axes."""
    affine = TO_RAS @ subject.affine[:, [2, 1, 0, 3]]
    image = nibabel.Nifti1Image(subject.values.transpose(2, 1, 0), affine)
    nibabel.save(image, folder / "a.nii")
    return index_path(folder / "a.nii")[0]


def dicom_series(folder: Path, subject: Phantom) -> SeriesEntry:
    """The phantom as one file a slice, in the order of its slices."""
    directions = subject.affine[:3, :3] / SPACING_MM
    paths = []
    for index, pixels in enumerate(subject.values):
        path = dicom_file(
            folder / f"{index}.dcm",
            pixels,
            ImagePositionPatient=[f"{part:.9g}" for part in (subject.affine @ [index, 0, 0, 1])[:3]],
            ImageOrientationPatient=[f"{part:.9g}" for part in (*directions[:, 2], *directions[:, 1])],
            PixelSpacing=list(SPACING_MM[1:]),
            SliceThickness=SPACING_MM[0],
        )
        paths.append(path)
    changes = {
        "frames": len(paths),
        "sources": tuple(FrameSource(path=path) for path in paths),
        "affine_lps_mm": affine_rows(subject.affine),
        "no_volume": "",
    }
    return index_path(paths[0])[0].model_copy(update=changes)


SERIES = pytest.mark.parametrize("series", [nifti_series, dicom_series])


def planes_with_mark(entry: SeriesEntry) -> list[tuple[Slice, int, int]]:
    """The displayed slice of each plane with the marked voxel, and its row and column in it."""
    assert entry.affine_lps_mm is not None
    views = plane_views(entry.volume_shape, np.array(entry.affine_lps_mm))
    planes = []
    for view in views:
        images = [read_plane(entry, 0, view.axis, index)[0] for index in range(view.count)]
        with_mark = [image for image in images if (image.values == MARKED).any()]
        assert len(with_mark) == 1
        row, column = np.argwhere(with_mark[0].values == MARKED)[0]
        planes.append((with_mark[0], int(row), int(column)))
    return planes


@SERIES
@pytest.mark.parametrize("directions", ALL)
def test_that_a_marked_voxel_is_at_its_place_with_the_right_letters_in_all_planes(
    tmp_path: Path, directions: np.ndarray, series: Any
) -> None:
    subject = phantom(directions)
    for image, row, column in planes_with_mark(series(tmp_path, subject)):
        assert image.affine_lps_mm is not None
        place = (image.affine_lps_mm @ [0, row, column, 1])[:3]
        assert place == pytest.approx(subject.position_mm(MARKED), abs=1e-4)
        places = subject.positions_mm(image.values[:2, :2])
        to_right, downward = places[0, 1] - places[0, 0], places[1, 0] - places[0, 0]
        assert image.edge_letters is not None
        assert has_letters_of(image.edge_letters.top, -downward)
        assert has_letters_of(image.edge_letters.left, -to_right)


@SERIES
@pytest.mark.parametrize("directions", ALL)
def test_that_the_crosshair_of_one_plane_leads_to_the_marked_voxel_in_the_others(
    tmp_path: Path, directions: np.ndarray, series: Any
) -> None:
    entry = series(tmp_path, phantom(directions))
    affine = np.array(entry.affine_lps_mm)
    views = plane_views(entry.volume_shape, affine)
    assert {view.name for view in views} == {"axial", "coronal", "sagittal"}
    for start in views:
        index, row, column = next(
            (index, *map(int, np.argwhere(values == MARKED)[0]))
            for index in range(start.count)
            if ((values := read_plane(entry, 0, start.axis, index)[0].values) == MARKED).any()
        )
        voxel = start.voxel(index, row, column)
        assert (affine @ [*voxel, 1])[:3] == pytest.approx(phantom(directions).position_mm(MARKED), abs=1e-4)
        for view in views:
            other_index, other_row, other_column = (int(part) for part in view.place(voxel))
            image, _ = read_plane(entry, 0, view.axis, other_index)
            assert image.values[other_row, other_column] == MARKED


@pytest.mark.parametrize("directions", STRAIGHT)
def test_that_a_straight_nifti_file_has_the_standard_letters_in_all_planes(
    tmp_path: Path, directions: np.ndarray
) -> None:
    entry = nifti_series(tmp_path, phantom(directions))
    letters = [read_plane(entry, 0, axis, 0)[0].edge_letters for axis in (0, 1, 2)]
    assert letters == [("A", "R", "P", "L"), ("H", "R", "F", "L"), ("H", "A", "F", "P")]
