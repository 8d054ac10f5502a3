"""The scripting interface: what methods of one image share, what a run drops, a folder as background."""

from dataclasses import dataclass

import nibabel
import numpy as np
import pytest
from PIL import Image

from core import api
from core.errors import BadParameter, NoImages, NoSlice, NotApplicable, UsageError
from core.images.grid_map import GridMap
from core.network.cost import Cost
from core.network.run import Run
from core.network.target import DifferenceTarget, LogitTarget, ProbabilityTarget
from tests.cards import make_card
from tests.core.methods.analytic import Analytic, cubic

SHAPE = (32, 32, 1)


@dataclass
class Carded(Analytic):
    """An analytic network with a card, as the api requires a model."""

    card = make_card()
    background_inputs = None

    @property
    def used(self):
        return Cost(gradients=sum(self.gradient_calls))

    def use_background(self, inputs):
        self.background_inputs = inputs

    def background(self):
        raise NotApplicable("none")


@dataclass(frozen=True)
class Named:
    """A prediction of which only the class is used."""

    index: int


@pytest.fixture
def model():
    plain = cubic(SHAPE)
    return Carded(plain.score, plain.slope, SHAPE)


def prepared(generator):
    return api.Subject(
        generator.random(SHAPE, dtype=np.float32), GridMap((32, 32), (32, 32), (-0.5, -0.5, 31.5, 31.5))
    )


def requests(*names):
    return [
        api.Request("integrated_gradients", {"steps": 8, "baseline": name}, LogitTarget(0), seed=3)
        for name in names
    ]


def test_that_methods_of_one_image_compute_once_what_they_share(model, generator):
    subject = prepared(generator)
    explanations = list(api.explain_all(model, subject, requests("black", "white", "black_and_white")))
    assert [explanation.record.gradients for explanation in explanations] == [8, 8, 0]
    mean = (explanations[0].map.values + explanations[1].map.values) / 2
    np.testing.assert_allclose(explanations[2].map.values, mean, atol=1e-6)


def test_that_a_map_among_others_is_the_map_alone(model, generator):
    subject = prepared(generator)
    wanted = [
        api.Request("smooth_grad", {"samples": 3}, LogitTarget(0), seed=7),
        api.Request("integrated_gradients", {"steps": 4, "baseline": "uniform"}, LogitTarget(0), seed=7),
        api.Request("smooth_grad", {"samples": 3}, LogitTarget(1), seed=8),
    ]
    for request, explanation in zip(wanted, api.explain_all(model, subject, wanted), strict=True):
        alone = api.explain(model, subject, request.method, request.params, request.target, request.seed)
        np.testing.assert_array_equal(explanation.map.values, alone.map.values)


@pytest.mark.parametrize("baseline", ["black", "uniform"])
def test_that_maps_that_differ_in_target_and_seed_share_their_calls_and_are_those_alone(
    model, generator, baseline
):
    subject = prepared(generator)
    params = {"steps": 6, "baseline": baseline, "draws": 2}
    wanted = [
        api.Request("guided_ig", params, LogitTarget(0), seed=1),
        api.Request("gradient", {}, LogitTarget(0)),
        api.Request("guided_ig", params, LogitTarget(1), seed=2),
        api.Request("guided_ig", params | {"steps": 5}, LogitTarget(1), seed=2),
        api.Request("guided_ig", params, ProbabilityTarget(1), seed=2),
        api.Request("guided_ig", params, DifferenceTarget(0, 1), seed=3),
    ]
    explanations = list(api.explain_all(model, subject, wanted))
    walks = 2 if baseline == "uniform" else 1
    assert model.gradient_calls == [3 * walks] * 6 + [1] + [walks] * 5 + [walks] * 6
    assert [explanation.record.gradients for explanation in explanations] == [
        6 * walks,
        1,
        *(n * walks for n in (6, 5, 6, 6)),
    ]
    for request, explanation in zip(wanted, explanations, strict=True):
        alone = api.explain(model, subject, request.method, request.params, request.target, request.seed)
        np.testing.assert_array_equal(explanation.map.values, alone.map.values)
        assert explanation.record.seed == request.seed
        assert explanation.record.target == alone.record.target


def test_that_a_request_that_fails_costs_those_before_it_nothing(model, generator):
    wanted = [
        api.Request("guided_ig", {"steps": 3}, LogitTarget(0)),
        api.Request("guided_ig", {"steps": -1}, LogitTarget(0)),
        api.Request("guided_ig", {"steps": 3}, LogitTarget(2)),  # the model has two classes
    ]
    maps = api.explain_all(model, prepared(generator), wanted)
    assert next(maps).record.gradients == 3
    assert model.gradient_calls == [1] * 3
    with pytest.raises(BadParameter, match=r"guided_ig\.steps cannot be -1"):
        next(maps)


def test_that_the_default_class_is_predicted_once(model, generator):
    predicted_inputs = []
    model.predict = lambda x: predicted_inputs.append(x) or Named(1)
    wanted = [api.Request("gradient"), api.Request("input_x_gradient"), api.Request("gradient")]
    explanations = list(api.explain_all(model, prepared(generator), wanted))
    assert len(predicted_inputs) == 1
    assert {explanation.record.target.class_name for explanation in explanations} == {"meningioma"}


def test_that_each_map_is_delivered_as_soon_as_it_is_computed(model, generator):
    maps = api.explain_all(model, prepared(generator), requests("black", "white"))
    next(maps)
    assert model.used.gradients == 8


def test_that_a_run_drops_what_it_stored_of_another_image_or_model(model, generator):
    run, first, second = Run(), prepared(generator), prepared(generator)
    for subject in (first, second, first):
        api.explain(model, subject, "integrated_gradients", {"steps": 8}, LogitTarget(0), run=run)
    assert model.used.gradients == 24
    other = Carded(model.score, model.slope, SHAPE)
    api.explain(other, first, "integrated_gradients", {"steps": 8}, LogitTarget(0), run=run)
    assert other.used.gradients == 8


def test_that_the_images_of_a_folder_become_the_background(model, generator, tmp_path):
    for number in range(4):
        grey = np.full((40, 40), 20 + 50 * number, np.uint8)
        grey[:4] = 250
        grey[-4:] = 0
        Image.fromarray(grey).save(tmp_path / f"{number}.png")
    api.use_background(model, tmp_path, most=3)
    assert model.background_inputs.shape == (3, *SHAPE)
    np.testing.assert_allclose(
        model.background_inputs[:, 16, 16, 0], [20 / 250, 70 / 250, 120 / 250], atol=1e-6
    )


def test_that_a_folder_without_images_is_no_background(model, tmp_path):
    with pytest.raises(NoImages):
        api.use_background(model, tmp_path)


@pytest.fixture
def volume_file(tmp_path):
    """Slice n has the value n + 1 everywhere but at one pixel; five slices; the names are no ASCII."""
    folder = tmp_path / "Prüfung Größe 患者"
    folder.mkdir()
    path = folder / "kopf α.nii.gz"
    values = np.ones((7, 6, 5)) * np.arange(1, 6)
    values[1, 2, 3] = 40
    nibabel.save(nibabel.Nifti1Image(values.astype(np.int16), np.diag([-1.0, -2.0, 3.0, 1.0])), path)
    return path


def test_that_an_image_is_a_slice_by_number_or_the_middle_one(volume_file):
    (entry,) = api.open_series(volume_file)
    assert (entry.slices, entry.volume_shape) == (5, (5, 6, 7))
    assert [
        int(api.open_image(source).values[0, 0]) for source in (volume_file, entry, str(volume_file))
    ] == [3] * 3
    assert int(api.open_image(volume_file.parent, slice=5).values[0, 0]) == 5
    with pytest.raises(NoSlice):
        api.open_image(entry, slice=6)
    with pytest.raises(UsageError):
        api.open_image(entry, slice=1, position_mm=0)


def test_that_a_volume_holds_every_slice(volume_file):
    volume = api.open_volume(volume_file)
    assert volume.shape == (5, 6, 7)
    np.testing.assert_array_equal(volume.values[:, 0, 0], [1, 2, 3, 4, 5])
    assert np.argwhere(volume.values == 40).tolist() == [[3, 2, 1]]
    with pytest.raises(NoSlice):
        api.open_volume(volume_file, volume=2)
