"""Sentences that hold a number: the number must be right and readable."""

import pytest
from PIL import Image

from app.texts import curves as texts_curves
from app.texts import explain as texts_explain
from app.texts import image as texts_image
from app.texts import prediction as texts_prediction
from app.texts import studies as texts_studies
from core.curves.settings import CurveSettings
from core.methods.contract import Family
from core.network.cost import Cost
from core.number_text import percent
from core.readers.picture import PictureReader


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (0.0843, "0.0843"),
        (-12.345, "−12.3"),
        (1234, "1234"),
        (2e-5, "2.0e−05"),
        (float("nan"), "NaN"),
    ],
)
def test_that_the_ends_of_a_scale_have_three_digits(value: float, text: str) -> None:
    assert texts_image.at_least(value) == f"≥ {text}"


@pytest.mark.parametrize(
    ("share", "text"),
    [(0.5, "50.0 %"), (0.99996, "> 99.9 %"), (1e-5, "< 0.1 %"), (0.0, "0.0 %"), (1.0, "100.0 %")],
)
def test_that_a_probability_is_never_rounded_to_certainty(share: float, text: str) -> None:
    assert percent(share) == text


def test_that_every_family_of_methods_has_a_name() -> None:
    assert set(texts_explain.FAMILIES) == set(Family)


def test_that_the_standing_sentence_lists_two_classes_as_well() -> None:
    assert texts_prediction.only_classes(("normal", "ill")).startswith("The model knows only normal and ill.")


@pytest.mark.parametrize(
    ("spent", "text"),
    [
        (Cost(forwards=1025, gradients=1), "1,026 model calls"),
        (Cost(forwards=2, gradients=64), "64 gradients"),
        (Cost(forwards=1), "1 model call"),
        (Cost(gradients=128, at_most=True), "up to 128 gradients"),
        (Cost(), "no model call"),
    ],
)
def test_that_a_cost_names_every_kind_of_call_that_matters(spent: Cost, text: str) -> None:
    assert texts_explain.calls(spent) == text


@pytest.mark.parametrize(
    ("name", "title", "text"),
    [
        ("head.nii.gz", "NIfTI", "head.nii.gz, NIfTI"),
        ("a.dcm", "Series 3", "a.dcm, Series 3"),
        ("a.png", "PNG", "a.png"),
        ("a.png", "", "a.png"),
    ],
)
def test_that_a_case_is_titled_by_its_name_first(name: str, title: str, text: str) -> None:
    assert texts_studies.case_title(name, title) == text


def test_that_two_pictures_can_be_distinguished(tmp_path) -> None:
    titles = set()
    for name in ("one.png", "two.png"):
        Image.new("L", (4, 4)).save(tmp_path / name)
        (entry,) = PictureReader().index(tmp_path / name)
        titles.add(texts_studies.case_title(entry.path.name, entry.title))
    assert titles == {"one.png", "two.png"}


def test_that_gaps_are_spoken_of_only_where_there_are_any() -> None:
    cells, pair = (CurveSettings.model_validate({"protocol": name}) for name in ("cells", "pair"))
    assert "gaps are small" in texts_curves.curve_settings(cells, saturated=True)
    assert "gap" not in texts_curves.curve_settings(pair, saturated=True)
    assert "already predicted as this class" in texts_curves.curve_settings(pair, saturated=True)
