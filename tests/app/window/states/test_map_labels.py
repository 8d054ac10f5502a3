"""The words that tell maps apart."""

import pytest

from app.window.states.map_labels import labels_of, subtitle_of
from core.methods import METHODS


def test_that_only_what_differs_from_the_default_is_told() -> None:
    defaults = {method.name: method.Params().model_dump(mode="json") for method in METHODS}
    assert {subtitle_of(name, values, 0) for name, values in defaults.items()} == {""}
    changed = defaults["integrated_gradients"] | {"steps": 24, "rule": "trapezoid"}
    assert subtitle_of("integrated_gradients", changed, 0) == "steps 24, rule trapezoid"


@pytest.mark.parametrize(
    ("method", "values", "words"),
    [
        ("smooth_grad", {"squared": True}, "squared"),
        ("smooth_grad", {"noise": 0.3}, "noise 0.3 of range"),
        ("blur_ig", {"max_sigma": 20.0}, "max sigma 20 px"),
        ("grad_cam", {"layer": "conv_5_relu"}, "layer conv_5_relu"),
        ("integrated_gradients", {"rule": "gauss_legendre"}, "rule Gauss-Legendre"),
    ],
)
def test_that_every_kind_of_parameter_has_words(method: str, values: dict, words: str) -> None:
    assert subtitle_of(method, values, 0) == words


def test_that_another_seed_is_told() -> None:
    assert subtitle_of("rise", {}, 7) == "seed 7"
    assert subtitle_of("rise", {"masks": 50}, 7) == "masks 50, seed 7"


def test_that_no_two_labels_are_alike() -> None:
    maps = [("RISE", "A"), ("RISE, masks 50", "A"), ("Grad-CAM", "A"), ("Grad-CAM", "B"), ("Grad-CAM", "B")]
    assert labels_of(maps) == ("RISE", "RISE, masks 50", "Grad-CAM, A", "Grad-CAM, B (1)", "Grad-CAM, B (2)")
