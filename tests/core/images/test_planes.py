"""The three planes of a volume: positions, letters, names and crosshair in every orientation."""

from itertools import product

import numpy as np
import pytest

from core.images.planes import AXES, plane_affine, plane_views
from core.images.slice import Slice
from core.images.volume import Volume
from tests.core.images.phantom import (
    ORIGIN_MM,
    SHAPE,
    SPACING_MM,
    Phantom,
    has_letters_of,
    oblique_directions,
    phantom,
    straight_directions,
)

STRAIGHT = straight_directions()
OBLIQUE = oblique_directions()
ALL = [*STRAIGHT, *OBLIQUE]
# LPS directions of columns (to the right) and rows (downward): the patient's right is on the left in axial
# and coronal planes, the front on the left in sagittal ones; the head, or in axial planes the front, on top.
CONVENTION = {
    "axial": ((1, 0, 0), (0, 1, 0)),
    "coronal": ((1, 0, 0), (0, 0, -1)),
    "sagittal": ((0, 1, 0), (0, 0, -1)),
}
NORMALS = {"axial": (0, 0, 1), "coronal": (0, 1, 0), "sagittal": (1, 0, 0)}


def every_slice(subject: Phantom) -> list[Slice]:
    volume = Volume(subject.values, subject.affine)
    return [
        volume.slice(view, index)
        for view in plane_views(SHAPE, subject.affine)
        for index in range(view.count)
    ]


@pytest.mark.parametrize("directions", ALL)
def test_that_every_displayed_pixel_is_where_the_phantom_has_it(directions: np.ndarray) -> None:
    subject = phantom(directions)
    for image in every_slice(subject):
        assert image.affine_lps_mm is not None
        rows, columns = np.indices(image.shape)
        indices = np.stack([np.zeros_like(rows), rows, columns, np.ones_like(rows)], axis=-1)
        stated = (indices @ image.affine_lps_mm.T)[..., :3]
        np.testing.assert_allclose(stated, subject.positions_mm(image.values), atol=1e-9)


@pytest.mark.parametrize("directions", ALL)
def test_that_the_next_slice_is_one_step_of_the_slices_affine_further(directions: np.ndarray) -> None:
    subject = phantom(directions)
    for view in plane_views(SHAPE, subject.affine):
        first, second = (plane_affine(subject.affine, view, index) for index in (0, 1))
        np.testing.assert_allclose(first @ [1, 2, 1, 1], second @ [0, 2, 1, 1], atol=1e-9)


@pytest.mark.parametrize("directions", ALL)
def test_that_letters_name_the_sides_where_the_phantoms_voxels_are(directions: np.ndarray) -> None:
    subject = phantom(directions)
    for image in every_slice(subject):
        places = subject.positions_mm(image.values)
        to_right, downward = places[0, 1] - places[0, 0], places[1, 0] - places[0, 0]
        assert image.edge_letters is not None
        for letters, direction in zip(
            image.edge_letters, (-downward, -to_right, downward, to_right), strict=True
        ):
            assert has_letters_of(letters, direction)


@pytest.mark.parametrize("directions", ALL)
def test_that_planes_across_rows_and_columns_are_shown_as_radiologists_expect(
    directions: np.ndarray,
) -> None:
    subject = phantom(directions)
    volume = Volume(subject.values, subject.affine)
    for view in plane_views(SHAPE, subject.affine)[1:]:
        places = subject.positions_mm(volume.slice(view, 0).values)
        to_right, downward = CONVENTION[view.name]
        for step, expected in (
            (places[0, 1] - places[0, 0], to_right),
            (places[1, 0] - places[0, 0], downward),
        ):
            # At most 30 degrees from it.
            assert step @ expected > 0.86 * np.linalg.norm(step)


@pytest.mark.parametrize("directions", ALL)
def test_that_the_plane_across_slices_is_shown_as_it_was_acquired(directions: np.ndarray) -> None:
    subject = phantom(directions)
    view = plane_views(SHAPE, subject.affine)[0]
    np.testing.assert_array_equal(
        Volume(subject.values, subject.affine).slice(view, 1).values, subject.values[1]
    )


@pytest.mark.parametrize("directions", ALL)
def test_that_planes_have_the_name_and_angle_of_the_nearest_anatomical_one(directions: np.ndarray) -> None:
    views = plane_views(SHAPE, phantom(directions).affine)
    assert {view.name for view in views} == set(NORMALS)
    for view in views:
        # The directions of a phantom are perpendicular: across an axis is along its direction.
        share = abs(directions[:, view.axis] @ NORMALS[view.name])
        assert view.angle_degrees == pytest.approx(np.degrees(np.arccos(min(share, 1))), abs=1e-5)
        assert view.is_oblique == (view.angle_degrees >= 1)


@pytest.mark.parametrize("directions", ALL)
def test_that_the_crosshair_marks_the_same_voxel_in_all_planes(directions: np.ndarray) -> None:
    subject = phantom(directions)
    volume = Volume(subject.values, subject.affine)
    views = plane_views(SHAPE, subject.affine)
    for voxel in product(*map(range, SHAPE)):
        for view in views:
            index, row, column = (int(part) for part in view.place(voxel))
            assert volume.slice(view, index).values[row, column] == subject.values[voxel]
            assert view.voxel(index, row, column) == voxel


@pytest.mark.parametrize("directions", OBLIQUE)
def test_that_spacing_follows_the_axes_of_each_plane(directions: np.ndarray) -> None:
    subject = phantom(directions)
    volume = Volume(subject.values, subject.affine)
    for view in plane_views(SHAPE, subject.affine):
        expected = SPACING_MM[view.rows_axis], SPACING_MM[view.columns_axis]
        assert volume.slice(view, 0).spacing_mm == pytest.approx(expected)


def test_that_a_tilted_stack_keeps_positions_in_every_plane() -> None:
    directions = np.array([[0, 0, 1], [0.3, 1, 0], [np.sqrt(1 - 0.09), 0, 0.0]])
    subject = phantom(directions)
    for image in every_slice(subject):
        assert image.affine_lps_mm is not None
        place = (image.affine_lps_mm @ [0, 1, 2, 1])[:3]
        np.testing.assert_allclose(place, subject.position_mm(image.values[1, 2]), atol=1e-9)


def test_that_without_a_position_planes_have_no_name_and_no_letters() -> None:
    values = phantom(STRAIGHT[0]).values
    volume = Volume(values, spacing_mm=SPACING_MM, spacing_source="NIfTI header")
    for view, spacing in zip(plane_views(SHAPE, None), ((2, 3), (4, 3), (4, 2)), strict=True):
        image = volume.slice(view, 0)
        assert (view.name, image.affine_lps_mm, image.edge_letters) == ("", None, None)
        assert image.spacing_mm == spacing
        np.testing.assert_array_equal(image.values, np.take(values, 0, axis=view.axis))


def test_that_stored_values_are_scaled_slice_by_slice() -> None:
    stored = phantom(STRAIGHT[0]).values.astype(">i2")
    volume = Volume(stored, slope=0.5, intercept=-3)
    for axis in AXES:
        image = volume.slice(plane_views(SHAPE, None)[axis], 1)
        assert image.values.dtype == np.float32
        np.testing.assert_array_equal(image.values, np.take(stored, 1, axis=axis) * 0.5 - 3)
    plain = Volume(stored).slice(plane_views(SHAPE, None)[0], 1).values
    assert plain.dtype == np.int16


def test_that_a_slice_beyond_the_last_is_refused() -> None:
    subject = phantom(STRAIGHT[0])
    view = plane_views(SHAPE, subject.affine)[2]
    for index in (-1, 5):
        with pytest.raises(IndexError, match=f"5 slices, so no slice {index}"):
            Volume(subject.values, subject.affine).slice(view, index)


def test_that_the_origin_of_the_phantom_is_its_first_voxel() -> None:
    assert phantom(OBLIQUE[0]).position_mm(1) == pytest.approx(ORIGIN_MM)
