"""Sentences that hold a number: the number must be right and readable."""

import numpy as np
import pytest
from PIL import Image

from app.texts import checks as texts_checks
from app.texts import curves as texts_curves
from app.texts import explain as texts_explain
from app.texts import image as texts_image
from app.texts import studies as texts_studies
from core.curves.curve_set import CurveScore
from core.curves.settings import CurveSettings
from core.curves.verdict import chance_of
from core.methods.contract import Family
from core.models.prediction_words import only_classes_line
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
    assert only_classes_line(("normal", "ill")).startswith("The model knows only normal and ill.")


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


@pytest.mark.parametrize("gap", [True, False])
def test_that_the_table_s_interval_never_contradicts_the_verdict_beside_it(gap) -> None:
    generator = np.random.default_rng(2)
    verdicts = set()
    for _ in range(2000):
        middle = 0.0 if gap else 0.5
        chance = chance_of(generator.normal(middle, 0.1, 8).tolist(), 0.0 if gap else None)
        score = float(chance.mean + chance.margin * generator.choice([-1, 0.98, 0.999, 1.001, 1.02, 3]))
        entry = CurveScore(
            method="grad_cam",
            kind="sic",
            score=score,
            area=0.5,
            gap=score if gap else None,
            spread=0.3,
            margin=chance.margin,
            random_mean=chance.mean,
            saturated=False,
            better_than_random=chance.verdict(score),
        )
        words = texts_curves.score_figure(entry).replace("−", "-").split(" ±")
        digits = len(words[1].split(".")[1])
        low = round(float(words[0]) - float(words[1]), digits)
        verdicts.add(entry.better_than_random)
        assert (low > round(chance.mean, digits)) == (texts_curves.verdict_word(entry) == "yes")
        # The chip beside the map says the same figures.
        assert texts_curves.score_figure(entry) in texts_checks.better_than_random("Grad-CAM", entry)
        assert texts_curves.score_figure(entry) in texts_curves.score_words("Grad-CAM", entry)
    assert verdicts == {"yes", "no", "undecided"}
