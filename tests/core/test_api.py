"""The face for scripts: what methods of one image share, what a run forgets, and a folder as background."""

from dataclasses import dataclass

import numpy as np
import pytest
from PIL import Image

from core import api
from core.errors import NoImages, NotApplicable
from core.images.grid_map import GridMap
from core.methods.protocol import Cost, Run, Target
from tests.cards import make_card
from tests.core.methods.analytic import Analytic, cubic

SHAPE = (32, 32, 1)


@dataclass
class Carded(Analytic):
    """A formula with a card, as the api wants a model."""

    card = make_card()
    given = None

    @property
    def used(self):
        return Cost(gradients=sum(self.gradient_calls))

    def use_background(self, inputs):
        self.given = inputs

    def background(self):
        raise NotApplicable("none")


@pytest.fixture
def model():
    plain = cubic(SHAPE)
    return Carded(plain.score, plain.slope, SHAPE)


def prepared(generator):
    return api.Prepared(
        generator.random(SHAPE, dtype=np.float32), GridMap((32, 32), (32, 32), (-0.5, -0.5, 31.5, 31.5))
    )


def requests(*names):
    return [
        api.Request("integrated_gradients", {"steps": 8, "baseline": name}, Target(0), seed=3)
        for name in names
    ]


def test_that_methods_of_one_image_compute_once_what_they_share(model, generator):
    seen = prepared(generator)
    found = list(api.explain_all(model, seen, requests("black", "white", "black_and_white")))
    assert [one.record.gradients for one in found] == [8, 8, 0]
    mean = (found[0].map.values + found[1].map.values) / 2
    np.testing.assert_allclose(found[2].map.values, mean, atol=1e-6)


def test_that_a_map_among_others_is_the_map_alone(model, generator):
    seen = prepared(generator)
    asked = [
        api.Request("smooth_grad", {"samples": 3}, Target(0), seed=7),
        api.Request("integrated_gradients", {"steps": 4, "baseline": "uniform"}, Target(0), seed=7),
        api.Request("smooth_grad", {"samples": 3}, Target(1), seed=8),
    ]
    for one, found in zip(asked, api.explain_all(model, seen, asked), strict=True):
        alone = api.explain(model, seen, one.method, one.params, one.target, one.seed)
        np.testing.assert_array_equal(found.map.values, alone.map.values)


def test_that_each_map_comes_as_soon_as_it_is_there(model, generator):
    maps = api.explain_all(model, prepared(generator), requests("black", "white"))
    next(maps)
    assert model.used.gradients == 8


def test_that_a_run_forgets_what_it_knew_of_another_image_or_model(model, generator):
    run, first, second = Run(), prepared(generator), prepared(generator)
    for seen in (first, second, first):
        api.explain(model, seen, "integrated_gradients", {"steps": 8}, Target(0), run=run)
    assert model.used.gradients == 24
    other = Carded(model.score, model.slope, SHAPE)
    api.explain(other, first, "integrated_gradients", {"steps": 8}, Target(0), run=run)
    assert other.used.gradients == 8


def test_that_the_images_of_a_folder_become_the_background(model, generator, tmp_path):
    for number in range(4):
        grey = np.full((40, 40), 20 + 50 * number, np.uint8)
        grey[:4] = 250
        grey[-4:] = 0
        Image.fromarray(grey).save(tmp_path / f"{number}.png")
    api.use_background(model, tmp_path, most=3)
    assert model.given.shape == (3, *SHAPE)
    np.testing.assert_allclose(model.given[:, 16, 16, 0], [20 / 250, 70 / 250, 120 / 250], atol=1e-6)


def test_that_a_folder_without_images_is_no_background(model, tmp_path):
    with pytest.raises(NoImages):
        api.use_background(model, tmp_path)
