"""The shortcut test on images with known shortcuts."""

from pathlib import Path

import numpy as np
import pytest

from core.models.shortcuts import LesionBox, PartialView, Probe, Shortcuts
from core.values import Interval
from training.datasets import LabelledImage
from training.report.coverings import coverings
from training.report.network_outputs import NetworkOutputs
from training.report.probes import ridge
from training.report.shortcuts import shortcuts


def test_that_a_covering_leaves_the_ring_or_the_box_and_fills_the_rest_with_the_mean():
    image = np.arange(50 * 50, dtype=np.float32).reshape(1, 50, 50, 1)
    by_name = {each.name: each for each in coverings(LesionBox())}
    border = by_name["border"].apply(image)[0, ..., 0]
    np.testing.assert_array_equal(border[:6], image[0, :6, :, 0])
    assert (border[6:44, 6:44] == image.mean()).all()
    middle = by_name["centre"].visible((40, 80))
    assert middle.sum() == 20 * 40
    assert middle[10:30, 20:60].all()
    for first, other in (("border", "no_border"), ("centre", "no_centre")):
        times_visible = by_name[first].visible((50, 50)).astype(int) + by_name[other].visible((50, 50))
        assert (times_visible == 1).all()


def test_that_ridge_finds_the_direction_that_separates_the_classes(generator):
    labels = np.repeat([0, 1], [90, 10])  # the rare class counts as much as the other
    features = generator.normal(size=(100, 5)) * [1, 50, 1, 1, 1]
    features[:, 2] += 6 * labels
    fitted = ridge(features, labels, 2, 0.01)
    assert (fitted.predict(features) == labels).mean() > 0.97
    assert np.abs(fitted.weights[:, 1]).argmax() == 2


def test_that_a_huge_penalty_leaves_every_class_as_likely(generator):
    labels = np.repeat([0, 1, 2], [50, 30, 20])
    fitted = ridge(generator.normal(size=(100, 4)), labels, 3, 1e12)
    np.testing.assert_allclose(fitted.weights, 0, atol=1e-9)
    np.testing.assert_allclose(fitted.offset, 1 / 3, atol=1e-6)


def network_outputs(part: str, count: int, generator: np.random.Generator) -> NetworkOutputs:
    """The class stands in the corner of the picture, the source in the middle and in the features."""
    labels, sources = np.arange(count) % 2, np.arange(count) // 2 % 2
    pixels = generator.normal(size=(count, 32, 32)) * 0.05
    pixels[:, :2] += labels[:, None, None]
    pixels[:, 10:22, 10:22] += sources[:, None, None]
    features = generator.normal(size=(count, 3)) * 0.1 + sources[:, None]
    records = tuple(
        LabelledImage(f"{part}{n}", Path(), "ab"[labels[n]], part, f"{part}{n}", source="xy"[sources[n]])
        for n in range(count)
    )
    right = np.eye(2)[labels]
    covered = {"border": right, "no_border": np.ones((count, 2)), "centre": right, "no_centre": right}
    return NetworkOutputs(records, labels, right, features, features, pixels, covered, {"border": 0.0})


@pytest.fixture(scope="module")
def measured_shortcuts():
    generator = np.random.default_rng(1)
    parts = [network_outputs(part, 40, generator) for part in ("train", "val", "test")]
    return shortcuts(*parts, LesionBox(holds="the lesion"), 2, seed=0)


def test_that_probes_name_what_can_be_seen_where_they_look(measured_shortcuts):
    value = {(probe.sees, probe.names): probe.macro_f1.value for probe in measured_shortcuts.probes}
    assert value["border", "class"] == value["thumbnail", "class"] == value["thumbnail", "source"] == 1.0
    assert value["embedding", "source"] == 1.0
    assert max(value["border", "source"], value["embedding", "class"]) < 0.8


def test_that_views_hold_the_figures_of_covered_images_and_the_area_left(measured_shortcuts):
    assert measured_shortcuts.guess == pytest.approx(1 / 3)
    assert measured_shortcuts.view("border").macro_f1.value == 1.0
    assert measured_shortcuts.view("no_border").macro_f1.value == pytest.approx(1 / 3)
    assert measured_shortcuts.view("border").visible == pytest.approx(1 - 0.76**2)
    assert (measured_shortcuts.view("border").lesion, measured_shortcuts.view("centre").lesion) == (0.0, None)


def test_that_the_sentences_state_the_conclusions(measured_shortcuts):
    message = measured_shortcuts.sentences()
    assert message[0] == (
        "With only the border visible (12\u00a0% of each side) the model still reaches macro-F1 1.00"
        " (1.00 to 1.00); always naming the largest class gives 0.33: part of its decision may lie"
        " outside the lesion. Nothing of the lesion can be seen there."
    )
    assert "it needs the border for what it reaches with the whole image, 1.00" in message[1]
    assert "nearly as well without what surrounds the middle" in message[2]
    assert message[4].startswith("A linear classifier names the class with macro-F1 1.00")
    assert message[5].endswith("the images give away where they were taken.")


def test_that_a_figure_that_guessing_reaches_is_not_reported_as_a_shortcut():
    low = Interval(value=0.3, low=0.2, high=0.4)
    test = Shortcuts(
        border=0.12,
        region=LesionBox(holds="the lesion"),
        classes=3,
        whole=Interval(value=0.9, low=0.85, high=0.95),
        guess=0.22,
        views=(PartialView(name="border", visible=0.42, macro_f1=low),),
        probes=(
            Probe(
                sees="border",
                names="class",
                kinds=3,
                macro_f1=low,
                accuracy=low,
                chance_macro_f1=0.22,
                chance_accuracy=0.5,
            ),
        ),
    )
    view, probe, _ = test.sentences()
    assert "falls to macro-F1 0.30" in view
    assert "outside the lesion alone does not tell it the class" in view
    assert probe.endswith("nothing that can be told from guessing.")
