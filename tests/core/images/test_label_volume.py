"""Masks of volumes, cut at the position of a slice."""

from itertools import permutations, product

import numpy as np
import pytest

from core.errors import IncompatibleInput
from core.images.label_volume import LabelVolume, grid_of_frames
from core.images.mask import MaskLabel
from core.images.planes import plane_views
from core.images.slice_place import SlicePlace
from core.images.volume import Volume

SHAPE = (5, 6, 7)
AFFINE = np.array([[0.0, 0, 1.5, -20], [0, 2, 0, 30], [3, 0, 0, -10], [0, 0, 0, 1]])
# Neither symmetric nor empty along any axis.
CODES = (np.arange(5 * 6 * 7).reshape(SHAPE) % 11 % 3).astype(np.uint8)
LABELS = (MaskLabel(value=1), MaskLabel(value=4, name="Enhancing"))
VALUES = np.array([0, 1, 4])[CODES]


def label_volume(codes=CODES, affine=AFFINE, **kinds):
    return LabelVolume(codes, np.arange(len(codes)), affine, LABELS, **kinds)


def slices_of(values=VALUES, affine=AFFINE):
    """Every slice of all planes: its values and its place."""
    volume = Volume(values, affine)
    for view in plane_views(volume.shape, affine):
        for index in range(view.count):
            image = volume.slice(view, index)
            frame = index if view.axis == 0 else None
            yield image.values, SlicePlace.of(image, frames=volume.shape[0], frame=frame)


def test_that_every_slice_of_all_planes_gets_the_labels_at_its_position():
    mask = label_volume()
    for values, place in slices_of():
        result = mask.at(place)
        np.testing.assert_array_equal(result.region, values > 0)
        np.testing.assert_array_equal(result.affine_lps_mm, place.affine)
        np.testing.assert_array_equal(mask.at(place, [4]).region, values == 4)
        assert result.labels == LABELS


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_that_the_axes_of_the_mask_may_have_any_order_and_direction(order):
    for flips in product((False, True), repeat=3):
        codes, affine = CODES.transpose(order), AFFINE.copy()
        affine[:3, :3] = AFFINE[:3, :3][:, order]
        for axis in np.flatnonzero(flips):
            codes = np.flip(codes, axis)
            affine[:3, 3] += (codes.shape[axis] - 1) * affine[:3, axis]
            affine[:3, axis] *= -1
        mask = label_volume(codes, affine)
        for values, place in slices_of():
            np.testing.assert_array_equal(mask.at(place).region, values > 0)


def test_that_an_oblique_grid_is_the_same_grid():
    turn = np.eye(4)
    turn[:2, :2] = [[np.cos(0.3), -np.sin(0.3)], [np.sin(0.3), np.cos(0.3)]]
    turned = turn @ AFFINE
    mask = label_volume(affine=turned)
    for values, place in slices_of(affine=turned):
        np.testing.assert_array_equal(mask.at(place).region, values > 0)
    with pytest.raises(IncompatibleInput, match=r"up to 3\.1 mm beside those of the image"):
        mask.at(next(slices_of())[1])


def test_that_the_chosen_labels_are_told():
    place = next(slices_of())[1]
    assert label_volume().at(place).notes == (
        "The mask has the labels 1 and 4; together they are the region.",
    )
    assert label_volume().at(place, [4]).notes == ("Of the labels 1 and 4 of the mask, 4 is the region.",)


@pytest.mark.parametrize(
    ("millimetres", "message"),
    [
        ((1.5, 0, 0), "The mask lies 1.0 pixels beside the image"),  # a column of 1.5 mm
        ((0, 8, 0), "The mask lies 4.0 pixels beside the image"),  # four rows of 2 mm
        ((0.75, 0, 0), "The pixels of the mask lie up to 0.75 mm beside those of the image."),
        ((0, 0, 1.2), "The pixels of the mask lie up to 1.2 mm beside those of the image."),
        ((0, 0, 9), "The mask lies 3.0 pixels beside the image"),  # three slices beyond the last one
    ],
)
def test_that_a_mask_beside_the_image_is_refused_with_the_distance(millimetres, message):
    affine = AFFINE.copy()
    affine[:3, 3] += millimetres
    place = next(slices_of())[1]
    with pytest.raises(IncompatibleInput) as caught:
        label_volume(affine=affine).at(place)
    assert caught.value.message.startswith(message)


def test_that_a_mask_of_another_pixel_size_is_refused():
    affine = AFFINE.copy()
    affine[:3, :3] *= 2
    with pytest.raises(IncompatibleInput, match="another pixel size or direction"):
        label_volume(affine=affine).at(next(slices_of())[1])


def test_that_rounded_headers_do_not_matter():
    affine = AFFINE.copy()
    affine[:3, 3] += 0.01
    affine[:3, :3] *= 1.0001
    for values, place in slices_of():
        np.testing.assert_array_equal(label_volume(affine=affine).at(place).region, values > 0)


def test_that_a_label_map_of_another_size_is_refused():
    place = next(slices_of())[1]
    with pytest.raises(IncompatibleInput, match=r"The mask has 7 x 5 pixels, the image 7 x 6\."):
        label_volume(CODES[:, :5]).at(place)
    with pytest.raises(IncompatibleInput, match=r"The mask has 4 slices, the image 5\."):
        label_volume(CODES[:4]).at(place)


def test_that_missing_frames_are_empty_in_every_plane():
    kept = [1, 3]
    affine = AFFINE.copy()
    affine[:3, 3] += AFFINE[:3, 0]  # the grid begins at the first frame
    mask = LabelVolume(CODES[kept], np.array(kept) - 1, affine, LABELS, may_lack_frames=True)
    values = np.where(np.isin(np.arange(5), kept)[:, None, None], VALUES, 0)
    notes = []
    for expected, place in slices_of(values):
        result = mask.at(place)
        np.testing.assert_array_equal(result.region, expected > 0)
        notes.append(result.notes[1:])
    beyond = ("The slice lies 3.0 mm beyond the last one of the mask.",)
    assert notes == [beyond, (), (), (), beyond, *[()] * 13]


def test_that_overlapping_segments_are_united_and_can_be_chosen():
    first, second = np.zeros((2, 6, 7), np.uint8)
    first[1, 1:4], second[1, 3:6] = 1, 2
    mask = LabelVolume(np.stack([first, second]), np.array([0, 0]), AFFINE, LABELS, may_lack_frames=True)
    place = next(slices_of())[1]
    assert [mask.at(place, labels).region[1].nonzero()[0].tolist() for labels in ((), (1,), (4,))] == [
        [1, 2, 3, 4, 5],
        [1, 2, 3],
        [3, 4, 5],
    ]


def frame_affine(slice_number, step=(0, 0, 3.0)):
    affine = AFFINE.copy()
    affine[:3, 3] += slice_number * np.array(step)
    return affine


def test_that_frames_in_any_order_lie_on_the_grid_of_their_step():
    affine, places = grid_of_frames([frame_affine(number) for number in (4, 2, 9, 2)], 0.1)
    assert places.tolist() == [2, 0, 7, 0]
    np.testing.assert_allclose(affine, frame_affine(2))


def test_that_the_step_is_found_where_the_frames_state_another_one():
    stated = [frame_affine(number, (0, 0.5, 2.0)) for number in (0, 3, 1)]  # as with a tilted gantry
    affine, places = grid_of_frames(stated, 0.1)
    assert places.tolist() == [0, 3, 1]
    np.testing.assert_allclose(affine[:3, 0], (0, 0.5, 2.0))


def test_that_frames_on_no_regular_grid_have_none():
    assert grid_of_frames([frame_affine(number, (0, 0, 1.0)) for number in (0, 2, 4.7)], 0.1) is None
    turned = frame_affine(1)
    turned[:3, :3] = turned[:3, [0, 2, 1]]
    assert grid_of_frames([frame_affine(0), turned], 0.1) is None


def test_that_frames_closer_to_each_other_than_the_tolerance_lie_on_no_grid():
    assert grid_of_frames([frame_affine(number, (0, 0, 0.4)) for number in range(4)], 0.5) is None
