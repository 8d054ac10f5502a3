import pytest

from core.curves.settings import PAIR_THRESHOLDS, CurveSettings, Stream, curve_settings
from core.errors import BadParameter


def test_that_pair_takes_the_published_values_by_default():
    settings = curve_settings(protocol="pair")
    assert (settings.entropy, settings.thresholds, settings.min_prediction) == ("webp", PAIR_THRESHOLDS, 0.8)
    assert curve_settings(protocol="pair", min_prediction=0.5).min_prediction == 0.5


def test_that_settings_come_back_from_their_record():
    settings = curve_settings(protocol="pair", entropy="shannon", seed=7)
    assert CurveSettings.model_validate_json(settings.model_dump_json()) == settings


@pytest.mark.parametrize(
    ("bad_setting", "named"),
    [
        ({"thresholds": (0.5, 0.1)}, "thresholds"),
        ({"thresholds": (0.0, 0.1)}, "thresholds"),
        ({"thresholds": (0.5, 1.0)}, "thresholds"),
        ({"thresholds": ()}, "thresholds"),
        ({"protocol": "pair", "entropy": "area"}, "entropy"),
        ({"protocol": "rise"}, "protocol"),
        ({"grids": 0}, "grids"),
        ({"steps": 5}, "steps"),
    ],
)
def test_that_a_bad_setting_is_named(bad_setting, named):
    with pytest.raises(BadParameter, match=named):
        curve_settings(**bad_setting)


def test_that_the_streams_of_one_seed_differ():
    settings = CurveSettings(seed=1)
    first = {settings.generator(stream, number).random() for stream in Stream for number in range(3)}
    assert len(first) == 9
    assert settings.generator(Stream.MASK).random() == CurveSettings(seed=1).generator(Stream.MASK).random()
