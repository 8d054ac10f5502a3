"""A slice reaches the network in the orientation that the card declares, whatever way it lies in the file."""

from itertools import permutations, product

import numpy as np
import pytest
from pydantic import ValidationError

from core.images.planes import plane_affine, plane_array, plane_views
from core.images.slice import Slice
from core.models.bundle import bundle_folders, read_bundle
from core.models.content import ContentDistance
from core.models.fit import fit_of
from core.models.orientation import PlaneOrientation
from core.models.preprocessing import Preprocessing
from tests.cards import make_card

BRAIN = (
    PlaneOrientation(plane="axial", top="A", left="R"),
    PlaneOrientation(plane="coronal", top="H", left="R"),
    PlaneOrientation(plane="sagittal", top="H", left="A"),
)
NEAR = ContentDistance(relative=0.4, limit_share=0.99)
# A head in LPS: (slices feet to head, rows anterior to posterior, columns right to left), without symmetry.
HEAD = np.random.default_rng(4).random((16, 20, 24))


def lying(order, signs):
    """The head with its axes in this order and direction, and its affine."""
    values, affine = HEAD, np.eye(4)[:, [2, 1, 0, 3]]
    values = values.transpose(order)
    affine = affine[:, [*order, 3]].copy()
    for axis, sign in enumerate(signs):
        if sign < 0:
            values = np.flip(values, axis)
            affine[:3, 3] += (values.shape[axis] - 1) * affine[:3, axis]
            affine[:3, axis] *= -1
    return values, affine


def shown(values, affine, axis, index):
    view = plane_views(values.shape, affine)[axis]
    return Slice(plane_array(values, view, index), affine_lps_mm=plane_affine(affine, view, index))


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_that_one_head_gives_one_input_in_all_48_axis_orders_and_flips(order):
    preprocessing = Preprocessing(height=24, width=20, orientation=BRAIN)
    straight = [HEAD[5], HEAD[::-1, 7], HEAD[::-1, :, 9]]
    wanted = [preprocessing.apply(Slice(values)).x for values in straight]
    for signs in product((1, -1), repeat=3):
        values, affine = lying(order, signs)
        for axis in range(3):
            anatomical = order[axis]
            index = (5, 7, 9)[anatomical]
            if signs[axis] < 0:
                index = values.shape[axis] - 1 - index
            image = shown(values, affine, axis, index)
            subject = preprocessing.apply(image)
            np.testing.assert_allclose(subject.x, wanted[anatomical], atol=1e-6)
            np.testing.assert_allclose(
                subject.grid_map.from_slice(image.values),
                preprocessing_share(straight[anatomical]),
                atol=1e-9,
            )
            turned_words = [note for note in subject.notes if "turned" in note]
            assert bool(turned_words) == subject.grid_map.turn.changes_image


def preprocessing_share(values):
    return Preprocessing(height=24, width=20).grid_map(Slice(values)).from_slice(values)


def test_that_a_transposed_slice_is_cropped_and_padded_by_its_sides_in_the_patient():
    affine = np.eye(4)[:, [2, 0, 1, 3]]  # rows go left, columns go back
    tall = Slice(np.random.default_rng(1).random((30, 60)), affine_lps_mm=affine)
    for aspect in ("pad", "crop"):
        preprocessing = Preprocessing(height=32, width=16, aspect=aspect, orientation=BRAIN)
        plain = preprocessing.apply(Slice(tall.values.T))
        np.testing.assert_allclose(preprocessing.apply(tall).x, plain.x, atol=1e-6)


def test_that_a_picture_without_directions_and_a_card_without_orientation_turn_nothing():
    values, affine = lying((0, 1, 2), (1, -1, 1))
    image = shown(values, affine, 0, 3)
    for preprocessing, picture in (
        (Preprocessing(orientation=BRAIN), Slice(image.values)),
        (Preprocessing(), image),
    ):
        assert not preprocessing.apply(picture).grid_map.turn.changes_image


def test_that_the_note_says_what_is_up():
    values, affine = lying((0, 1, 2), (1, -1, 1))
    subject = Preprocessing(orientation=BRAIN).apply(shown(values, affine, 0, 3))
    assert subject.notes == (
        "The image is turned for the model, which was trained with anterior at the top and the patient's"
        " right on the left.",
    )


def fit_reasons(image, *orientation):
    card = make_card(preprocessing=Preprocessing(height=16, width=16, orientation=orientation))
    return fit_of(card, image, card.preprocessing.apply(image), NEAR).reasons


def test_that_a_slice_of_another_plane_is_warned_about():
    image = shown(*lying((0, 1, 2), (1, 1, 1)), 0, 3)
    assert fit_reasons(image, *BRAIN) == ()
    assert fit_reasons(image) == ()
    assert fit_reasons(image, *BRAIN[1:]) == (
        "The model was trained on coronal (frontal) and sagittal images; this one is axial.",
    )


def test_that_a_strongly_tilted_slice_is_warned_about():
    for degrees, is_warned in ((29, False), (31, True)):
        tilt, affine = np.radians(degrees), np.eye(4)
        affine[:3, 1], affine[:3, 2] = (0, np.cos(tilt), np.sin(tilt)), (1, 0, 0)
        affine[:3, 0] = np.cross(affine[:3, 2], affine[:3, 1])
        reasons = fit_reasons(Slice(HEAD[3], affine_lps_mm=affine), *BRAIN)
        assert bool(reasons) == is_warned
        assert all("31 degrees from the axial plane" in reason for reason in reasons)


@pytest.mark.parametrize(
    ("plane", "top", "left"), [("axial", "H", "R"), ("axial", "A", "P"), ("coronal", "H", "A")]
)
def test_that_an_orientation_outside_its_plane_is_refused(plane, top, left):
    with pytest.raises(ValidationError):
        PlaneOrientation(plane=plane, top=top, left=left)


def test_that_a_plane_has_one_orientation():
    with pytest.raises(ValidationError):
        Preprocessing(orientation=(BRAIN[0], BRAIN[0]))


def test_that_the_shipped_cards_declare_their_planes():
    planes = {
        bundle.card.id: tuple(wanted.plane for wanted in bundle.card.preprocessing.orientation)
        for bundle in map(read_bundle, bundle_folders())
    }
    assert {name.split("_")[0]: names for name, names in planes.items()} == {
        "brain": ("axial", "coronal", "sagittal"),
        "chest": ("coronal",),
    }
