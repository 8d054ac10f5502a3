import numpy as np
import pytest

from core.checks.aopc import Aopc
from core.checks.deletion import Deletion
from core.checks.imputation import imputed
from core.checks.insertion import Insertion
from core.checks.removal import fill_image, pixel_places, square_places
from core.checks.road import Road
from core.errors import Cancelled, CurveUndefined, NotApplicable
from core.network.run import Run
from tests.core.checks.subjects import finding_of, subject
from tests.core.curves.networks import SIDE, Counted, constantly, picture, recognising, region

CHECKS = (Insertion(), Deletion(), Aopc(), Road())
PIXELS = SIDE * SIDE


class Linear(Counted):
    """Its probability of class 0 is the share of the region's pixels that are the original's."""

    def probabilities(self, inputs, run=None):
        self.gradient_calls.append(len(inputs))
        probability = self.score(inputs)
        return np.stack([probability, 1 - probability], axis=1)


def share_seen(original, mask, best_batch=8):
    def share(inputs):
        return (np.abs(inputs - original).max(axis=-1) < 1e-6)[:, mask].mean(axis=1)

    return Linear(share, np.zeros_like, original.shape, best_batch=best_batch)


@pytest.fixture(params=CHECKS, ids=lambda check: check.name)
def check(request):
    return request.param


@pytest.fixture
def true_map():
    """The region on top, all values different."""
    return region() + np.random.default_rng(3).random((SIDE, SIDE)) / 2


@pytest.mark.parametrize("steps", [4, 28, 784])
def test_that_insertion_and_deletion_of_a_true_map_have_their_closed_form(true_map, steps):
    # The probability rises in a line over the region's share and stays 1: area 1 - share / 2. The
    # straight line between two steps is off only where the bend is, by a triangle.
    check_input = subject(share_seen(picture(), region()), picture(), true_map)
    share, width = region().mean(), 1 / steps
    before = share % width
    expected = 1 - share / 2 - before * (width - before) / (2 * share)
    inserted = finding_of(Insertion(), check_input, steps=steps, fill="blur").values
    deleted = finding_of(Deletion(), check_input, steps=steps, fill="noise").values
    assert inserted["area"] == pytest.approx(expected, abs=1e-9)
    assert deleted["area"] == pytest.approx(1 - expected, abs=1e-9)
    assert (inserted["nothing"], inserted["whole"]) == (deleted["nothing"], deleted["whole"]) == (0, 1)


def test_that_a_map_of_ties_shows_exactly_the_requested_pixels_and_the_ties_are_reported():
    values = np.zeros((SIDE, SIDE))
    values[0, 0] = 1
    check_input = subject(share_seen(picture(), np.ones((SIDE, SIDE), bool)), picture(), values)
    finding = finding_of(Insertion(), check_input, steps=7)
    assert [row["share"] for row in finding.steps] == [step / 7 for step in range(8)]
    np.testing.assert_allclose([row["probability"] for row in finding.steps], np.arange(8) / 7)
    assert finding.values["tied_pixels"] == PIXELS - 1
    assert finding.values["area"] == pytest.approx(0.5)


def test_that_ties_follow_the_seed_and_nothing_else():
    values = np.zeros((SIDE, SIDE))
    values[:3] = 1
    first, again, other = (pixel_places(values, np.random.default_rng(seed)) for seed in (0, 0, 1))
    np.testing.assert_array_equal(first, again)
    assert (first != other).any()
    for places in (first, other):
        assert sorted(places.ravel()) == list(range(PIXELS))
        assert places[:3].max() == 3 * SIDE - 1


def test_that_squares_go_whole_one_after_the_other_in_the_order_of_their_means():
    values = np.zeros((7, 8))
    values[3:6, 3:6] = 2
    values[6, 6:] = 1  # cut by both edges
    places = square_places(values, 3, np.random.default_rng(0))
    np.testing.assert_array_equal(places[3:6, 3:6], np.arange(9).reshape(3, 3))
    np.testing.assert_array_equal(places[6, 6:], [9, 10])
    assert sorted(places.ravel()) == list(range(56))


def test_that_the_fall_by_squares_has_its_closed_form():
    # 4 of 196 squares of 2 x 2 are the region: taken first, the probability falls in a line to 0 there.
    mask = region(size=4, at=8)
    check_input = subject(share_seen(picture(), mask), picture(), mask.astype(float))
    values = finding_of(Aopc(), check_input, window=2, steps=98, most=0.5).values
    share = mask.mean()
    assert values["morf"] == pytest.approx((0.5 - share / 2) / 0.5, abs=1e-9)
    assert values["lerf"] == pytest.approx(0)
    assert values["gap"] == values["morf"] - values["lerf"]


@pytest.mark.parametrize(
    ("check", "params"),
    [(Aopc(), {"window": 2}), (Road(), {"steps": 4})],
    ids=lambda parameter: getattr(parameter, "name", ""),
)
def test_that_a_true_map_has_a_gap_its_reverse_the_opposite_and_noise_none(check, params):
    network = share_seen(picture(), region())
    noise = np.random.default_rng(0)
    gaps = [
        finding_of(check, subject(network, picture(), noise.random((SIDE, SIDE))), seed, **params).values[
            "gap"
        ]
        for seed in range(30)
    ]
    error = np.std(gaps, ddof=1) / np.sqrt(len(gaps))
    assert abs(np.mean(gaps)) < 2.5 * error
    true = finding_of(check, subject(network, picture(), region().astype(float)), **params).values["gap"]
    wrong = finding_of(check, subject(network, picture(), 1.0 - region()), **params).values["gap"]
    assert true > 0.8
    assert wrong < -0.8
    assert true > np.mean(gaps) + 4 * np.std(gaps)


@pytest.mark.parametrize("best_batch", [1, 7, 64])
def test_that_the_network_is_called_as_seldom_as_its_batch_allows(check, true_map, best_batch):
    network = recognising(picture(), region(), best_batch=best_batch)
    check_input = subject(network, picture(), true_map)
    finding_of(check, check_input)
    cost = check.cost(check.Params(), check_input.facts).forwards
    assert sum(network.gradient_calls) == cost
    assert len(network.gradient_calls) == -(-cost // best_batch)


def test_that_cancelling_takes_effect_within_one_batch(check, true_map):
    network = recognising(picture(), region(), best_batch=2)
    run = Run(cancelled=lambda: len(network.gradient_calls) == 2)
    with pytest.raises(Cancelled):
        check.run(subject(network, picture(), true_map), check.Params(), run)
    assert len(network.gradient_calls) == 2


def test_that_the_same_seed_gives_the_same_finding(check):
    check_input = subject(recognising(picture(), region()), picture(), region(at=16, size=12) + 0.0)
    assert finding_of(check, check_input, 3) == finding_of(check, check_input, 3)
    assert finding_of(check, check_input, 3) != finding_of(check, check_input, 4)


def test_that_a_map_of_zeros_has_a_reason_instead_of_a_figure(check):
    check_input = subject(recognising(picture(), region()), picture(), np.zeros((SIDE, SIDE)))
    with pytest.raises(NotApplicable, match="0 everywhere"):
        check.applies(check_input.facts)
    with pytest.raises(NotApplicable, match="0 everywhere"):
        finding_of(check, check_input)


def test_that_a_constant_image_has_a_reason_instead_of_a_figure(check, true_map):
    x = np.full((SIDE, SIDE, 1), 0.5, np.float32)
    with pytest.raises(CurveUndefined, match="constant"):
        finding_of(check, subject(constantly(0.9, x.shape), x, true_map))


def test_that_a_prediction_that_is_no_number_is_an_error(check, true_map):
    network = Counted(lambda inputs: np.full(len(inputs), np.nan), np.zeros_like, picture().shape)
    with pytest.raises(CurveUndefined, match="not a number"):
        finding_of(check, subject(network, picture(), true_map))


@pytest.mark.parametrize("fill", ["blur", "mean", "noise"])
def test_that_fills_keep_the_range_of_the_input_channel_by_channel(fill):
    x = np.random.default_rng(0).random((24, 20, 2)).astype(np.float32)
    x[..., 1] += 5
    filled = fill_image(x, fill, np.random.default_rng(1))
    assert filled.shape == x.shape
    assert filled.dtype == np.float32
    for channel in range(2):
        assert filled[..., channel].min() >= x[..., channel].min()
        assert filled[..., channel].max() <= x[..., channel].max()
        assert np.ptp(filled[..., channel]) < {"blur": 0.5, "mean": 1e-9, "noise": 1}[fill]


def test_that_imputed_pixels_are_the_weighted_mean_of_their_neighbours():
    generator = np.random.default_rng(0)
    x = generator.random((12, 15, 2)).astype(np.float32)
    missing = generator.random((12, 15)) < 0.7
    result = imputed(x, missing)
    np.testing.assert_array_equal(result[~missing], x[~missing])
    weights = {(0, 1): 2, (1, 0): 2, (1, 1): 1, (1, -1): 1}
    for row, column in np.argwhere(missing):
        parts = [
            (weight, result[row + sign * down, column + sign * right])
            for (down, right), weight in weights.items()
            for sign in (1, -1)
            if 0 <= row + sign * down < 12 and 0 <= column + sign * right < 15
        ]
        mean = sum(weight * value for weight, value in parts) / sum(weight for weight, _ in parts)
        np.testing.assert_allclose(result[row, column], mean, atol=1e-5)


def test_that_imputation_rebuilds_a_plane_from_its_rim_and_leaves_a_whole_image_alone():
    rows, columns = np.indices((11, 9))
    plane = (rows + 2.0 * columns)[..., None].astype(np.float32)
    missing = np.zeros((11, 9), bool)
    missing[1:-1, 1:-1] = True
    np.testing.assert_allclose(imputed(plane, missing), plane, atol=1e-4)
    np.testing.assert_array_equal(imputed(plane, np.zeros((11, 9), bool)), plane)


def test_that_one_known_pixel_fills_the_image():
    missing = np.ones((6, 5), bool)
    missing[4, 2] = False
    np.testing.assert_allclose(imputed(np.arange(30.0).reshape(6, 5, 1), missing), 22, atol=1e-4)


def test_that_road_adds_noise_of_the_requested_size_to_what_is_filled_in(true_map):
    received = []

    class Keeping(Counted):
        def probabilities(self, inputs, run=None):
            received.extend(inputs)
            return super().probabilities(inputs, run)

    network = Keeping(lambda inputs: np.zeros(len(inputs)), np.zeros_like, picture().shape, best_batch=8)
    for noise in (0.0, 0.05):
        finding_of(Road(), subject(network, picture(), true_map), noise=noise, steps=1, most=0.5)
    # The original image, then the highest and the lowest half smoothed away; each without and with noise.
    for plain, noisy in zip(received[1:3], received[4:6], strict=True):
        added = (noisy - plain)[noisy != plain]
        assert added.size == PIXELS // 2
        assert added.std() == pytest.approx(0.05 * np.ptp(picture()), rel=0.1)
