import numpy as np
import pytest

from core import api
from core.curves.curves import curve_settings, curves_of
from core.curves.reveal import revealed
from core.errors import BadParameter, CurveUndefined, IncompatibleInput
from core.images.grid_map import GridMap
from core.network.attribution_map import AttributionMap
from core.network.run import Run
from tests.core.curves.networks import CLASS, SIDE, Counted, constantly, picture, recognising, region

VALUES = np.random.default_rng(5).normal(size=(SIDE, SIDE)).astype(np.float32)
MAP = AttributionMap(VALUES, signed=True, cells=(SIDE, SIDE))
PREPARED = api.Subject(picture(), GridMap((SIDE, SIDE), (SIDE, SIDE), (-0.5, -0.5, SIDE - 0.5, SIDE - 0.5)))


@pytest.fixture(params=["cells", "pair"])
def settings(request):
    return curve_settings(protocol=request.param, entropy="webp")


def curves_with(settings, network=None):
    network = network or recognising(picture(), region(), needed=0.7)
    return curves_of(network, picture(), {"map": MAP}, CLASS, settings, Run())


class Watched(Counted):
    """Records the pictures that it is given."""

    def probabilities(self, inputs, run=None):
        self.received = [*getattr(self, "received", []), *inputs]
        return super().probabilities(inputs, run)


def test_that_the_frames_are_those_that_the_curve_showed_to_the_network(settings):
    plain = recognising(picture(), region(), needed=0.7)
    network = Watched(plain.score, plain.slope, picture().shape, best_batch=8)
    curve_set = curves_with(settings, network)
    frames = revealed(picture(), VALUES, settings)
    steps = len(settings.thresholds)
    received = network.received
    for frame, expected in zip(frames, [received[0], *received[2 : 2 + steps], received[1]], strict=True):
        np.testing.assert_array_equal(frame.input, expected)
    facts = next(facts for facts in curve_set.maps if facts.method == "map")
    assert [frame.x for frame in frames] == [glimpse.x for glimpse in facts.glimpses]
    assert [frame.pixels for frame in frames] == [0, *facts.revealed_pixels, SIDE**2]


def test_that_cells_from_the_bottom_reveal_the_lowest_first():
    settings = curve_settings(thresholds=(0.25, 0.5), grids=1)
    values = np.arange(SIDE**2, dtype=np.float32).reshape(SIDE, SIDE)
    for direction, rows in (("top", slice(SIDE // 2, None)), ("bottom", slice(0, SIDE // 2))):
        frames = revealed(picture(), values, settings, direction)
        assert [frame.pixels for frame in frames] == [0, SIDE**2 // 4, SIDE**2 // 2, SIDE**2]
        same = (frames[2].input == picture())[..., 0]
        assert same[rows].all()
        assert same.sum() < SIDE**2 * 0.55


def test_that_pair_has_no_frames_from_the_bottom():
    with pytest.raises(BadParameter, match="from the bottom"):
        revealed(picture(), VALUES, curve_settings(protocol="pair"), "bottom")


@pytest.mark.parametrize(("protocol", "words"), [("cells", "constant"), ("pair", "not simpler")])
def test_that_an_image_that_cannot_have_a_curve_states_the_reason(protocol, words):
    x = np.full((SIDE, SIDE, 1), 0.5, np.float32)
    with pytest.raises(CurveUndefined, match=words):
        revealed(x, VALUES, curve_settings(protocol=protocol))


def test_that_a_map_of_another_size_is_refused():
    with pytest.raises(IncompatibleInput, match=r"\(5, 5\)"):
        revealed(picture(), VALUES[:5, :5], curve_settings())


def test_that_pictures_come_with_the_network_s_prediction(settings):
    pairs = api.reveal(PREPARED, MAP, curves_with(settings), "map")
    assert len(pairs) == len(settings.thresholds) + 2
    assert [glimpse.share for _, glimpse in pairs] == [0, *settings.thresholds, 1]
    assert all(frame.x == glimpse.x for frame, glimpse in pairs)


def test_that_a_method_without_a_curve_has_no_pictures(settings):
    with pytest.raises(BadParameter, match="'mop'"):
        api.reveal(PREPARED, MAP, curves_with(settings), "mop")


def test_that_an_undefined_curve_has_no_pictures():
    settings = curve_settings(protocol="pair")
    with pytest.raises(CurveUndefined, match="on the blurred image"):
        api.reveal(PREPARED, MAP, curves_with(settings, constantly(0.9, picture().shape)), "map")
