import numpy as np
import pytest

from core.curves.curves import CurveSet, curve_settings, curves_of
from core.curves.protocol import CurveReason
from core.errors import BadParameter, Cancelled, CurveUndefined, IncompatibleInput
from core.network.attribution_map import AttributionMap
from core.network.run import Run
from tests.core.curves.networks import (
    CLASS,
    SIDE,
    Counted,
    brightness,
    constantly,
    picture,
    recognising,
    region,
)


def as_map(values):
    return AttributionMap(np.asarray(values, np.float32), signed=False, cells=values.shape)


MAPS = {
    "truth": as_map(region()),
    "elsewhere": as_map(np.roll(region(), 12, axis=(0, 1))),
    "nothing": as_map(np.zeros((SIDE, SIDE))),
}


def curves_with(network, maps=None, x=None, run=None, **settings):
    x = picture() if x is None else x
    chosen = curve_settings(**settings)
    return curves_of(network, x, MAPS if maps is None else maps, CLASS, chosen, run or Run())


@pytest.fixture(params=["cells", "pair"])
def protocol(request):
    return request.param


@pytest.mark.parametrize("kind", ["aic", "sic"])
def test_that_the_true_region_beats_random_edge_and_its_shifted_copy(protocol, kind):
    curve_set = curves_with(recognising(picture(), region(), needed=0.7), protocol=protocol)
    truth, elsewhere, random, edge = (
        curve_set.score(name, kind).score for name in ("truth", "elsewhere", "random", "edge")
    )
    assert truth > 0.8
    assert truth > max(elsewhere, random, edge) + 0.2


def test_that_the_true_region_is_better_than_random_and_its_reverse_is_not():
    maps = {"truth": as_map(region()), "reverse": as_map(~region())}
    curve_set = curves_with(recognising(picture(), region(), needed=0.7), maps)
    assert curve_set.score("truth", "sic").better_than_random == "yes"
    assert curve_set.score("reverse", "sic").better_than_random == "no"
    assert curve_set.score("reverse", "sic").gap < -0.5
    assert curve_set.score("random", "sic").better_than_random is None


def test_that_a_network_that_sees_brightness_is_explained_by_its_region():
    x = picture() * 0.5
    x[region()] = 1.0
    network = brightness(region(), 0.9, 40.0, x.shape)
    curve_set = curves_with(network, x=x)
    assert curve_set.score("truth", "sic").gap > 0.7
    assert curve_set.score("truth", "aic").better_than_random == "yes"


def test_that_the_gap_of_a_step_has_its_closed_form():
    # Class 0 comes only with the whole region: 9 cells of 196, which the threshold 0.08 reveals first.
    network = recognising(picture(), region(), needed=0.999)
    curve_set = curves_with(network, grids=1, thresholds=(0.02, 0.04, 0.08, 0.5))
    top, bottom = (curve_set.curve("truth", "aic", way) for way in ("top", "bottom"))
    assert top.y == (0, 0, 0, 1, 1, 1)
    assert bottom.y == (0, 0, 0, 0, 0, 1)
    # The axis is the area really shown, whole pixels of 784.
    x = [round(share * 784) / 784 for share in (0.04, 0.08, 0.5)]
    assert top.area == pytest.approx(1 - (x[0] + x[1]) / 2)
    assert bottom.area == pytest.approx((1 - x[2]) / 2)
    assert curve_set.score("truth", "aic").gap == pytest.approx(top.area - bottom.area)


def test_that_the_soft_curve_holds_the_probability_itself():
    network = recognising(picture(), region(), needed=0.5, gain=3.0)
    curve_set = curves_with(network, grids=1, thresholds=(9 / 196,))
    curve = curve_set.curve("truth", "sic")
    ends = [1 / (1 + np.exp(2 * 3.0 * sign * 0.5)) for sign in (1, -1)]
    assert curve.y == pytest.approx((ends[0], ends[1], ends[1]), abs=1e-6)


def test_that_an_uninformative_map_has_no_gap_on_average():
    gaps, areas = [], []
    x = picture()
    for seed in range(12):
        random = curves_with(
            recognising(x, region(), needed=0.7), {}, grids=2, random_draws=16, seed=seed
        ).score("random", "sic")
        gaps.append(random.gap)
        areas.append(random.area)
    error = np.std(gaps, ddof=1) / np.sqrt(len(gaps))
    assert error < 0.04
    assert abs(np.mean(gaps)) < 2.5 * error
    # The area alone is far from a half, so that it would not show the difference.
    assert abs(np.mean(areas) - 0.5) > 0.1


def test_that_ties_give_no_gap_on_average_either():
    gaps = [
        curves_with(
            recognising(picture(), region(), needed=0.7),
            {"nothing": MAPS["nothing"]},
            random_draws=1,
            seed=seed,
        )
        .score("nothing", "sic")
        .gap
        for seed in range(40)
    ]
    error = np.std(gaps, ddof=1) / np.sqrt(len(gaps))
    assert error < 0.06
    assert abs(np.mean(gaps)) < 2.5 * error


def test_that_a_map_of_zeros_is_evaluated_and_flagged(protocol):
    curve_set = curves_with(recognising(picture(), region()), protocol=protocol)
    facts = {facts.method: facts for facts in curve_set.maps}
    assert facts["nothing"].constant
    assert facts["nothing"].tied_pixels > SIDE**2 * 0.9
    assert not facts["truth"].constant
    assert facts["random"].tied_pixels == 0
    assert curve_set.curve("nothing", "sic") is not None


def test_that_random_and_edge_stand_beside_the_maps_and_replace_their_namesakes(protocol):
    network = recognising(picture(), region())
    plain = curves_with(network, {"truth": MAPS["truth"]}, protocol=protocol)
    assert plain.methods == ("truth", "random", "edge")
    named = curves_with(network, MAPS | {"random": MAPS["truth"], "edge": MAPS["truth"]}, protocol=protocol)
    assert named.methods == ("truth", "elsewhere", "nothing", "random", "edge")
    for name in ("truth", "random", "edge"):
        assert named.score(name, "sic") == plain.score(name, "sic")


def test_that_the_same_seed_gives_the_same_and_another_gives_other_curves(protocol):
    network = recognising(picture(), region())
    first, again, other = (curves_with(network, protocol=protocol, seed=seed) for seed in (3, 3, 4))
    assert first == again
    assert first.curve("random", "sic") != other.curve("random", "sic")


def test_that_the_spread_over_grids_is_reported_and_absent_with_one():
    network = recognising(picture(), region(), needed=0.7)
    assert curves_with(network, grids=1).score("truth", "sic").spread is None
    curve_set = curves_with(network, grids=4)
    assert 0 < curve_set.score("truth", "sic").spread < 0.1
    assert curve_set.score("truth", "sic").area == curve_set.curve("truth", "sic").area


@pytest.mark.parametrize("best_batch", [1, 7, 64])
def test_that_the_network_is_called_as_seldom_as_its_batch_allows(protocol, best_batch):
    network = recognising(picture(), region(), best_batch=best_batch)
    curve_set = curves_with(network, protocol=protocol)
    assert sum(network.gradient_calls) == curve_set.evaluations
    assert len(network.gradient_calls) == -(-curve_set.evaluations // best_batch)


def test_that_cells_evaluate_each_map_on_each_grid_from_both_ends():
    network = recognising(picture(), region())
    curve_set = curves_with(network, grids=3, random_draws=5, thresholds=(0.1, 0.5))
    assert curve_set.evaluations == 2 + (len(MAPS) + 1) * 3 * 2 * 2 + 5 * 2 * 2


def test_that_glimpses_report_the_prediction_at_each_share(protocol):
    network = recognising(picture(), region(), needed=0.7)
    curve_set = curves_with(network, protocol=protocol)
    glimpses = next(facts for facts in curve_set.maps if facts.method == "truth").glimpses
    assert [g.share for g in glimpses] == [0, *curve_set.settings.thresholds, 1]
    assert (glimpses[0].predicted_class, glimpses[-1].predicted_class) == (1, CLASS)
    assert glimpses[0] == curve_set.image.blurred
    for glimpse in glimpses:
        keeps_class = glimpse.predicted_class == CLASS
        assert glimpse.target_probability == pytest.approx(
            glimpse.probability if keeps_class else 1 - glimpse.probability
        )


def test_that_a_saturated_image_keeps_its_curves_in_cells_and_is_flagged():
    curve_set = curves_with(constantly(0.9, picture().shape))
    assert not curve_set.undefined
    score = curve_set.score("truth", "aic")
    assert score.saturated
    assert score.gap == 0
    assert score.better_than_random == "undecided"


def test_that_a_saturated_image_has_no_curves_in_pair():
    network = constantly(0.9, picture().shape)
    curve_set = curves_with(network, protocol="pair")
    assert [gap.reason for gap in curve_set.undefined] == [CurveReason.NOT_WORSE, CurveReason.NOT_WORSE]
    assert (curve_set.curves, curve_set.scores, curve_set.maps) == ((), (), ())
    assert len(network.gradient_calls) == 1


def test_that_one_kind_can_be_defined_without_the_other():
    # 0.92 and 0.99 of the class: the softmax rises, the class is there from the start.
    x = picture()
    network = recognising(x, np.ones((SIDE, SIDE), bool), needed=-1.0, gain=1.2)
    curve_set = curves_with(network, protocol="pair")
    assert [(gap.kind, gap.reason) for gap in curve_set.undefined] == [("aic", CurveReason.NOT_WORSE)]
    assert {score.kind for score in curve_set.scores} == {"sic"}


def test_that_a_blurred_image_that_is_not_simpler_is_counted_for_both_kinds():
    levels = np.random.default_rng(6).integers(0, 8, (SIDE, SIDE, 1)) * 36
    x = (levels / 255).astype(np.float32)
    network = recognising(x, region())
    curve_set = curves_with(network, x=x, protocol="pair", entropy="shannon")
    assert [gap.reason for gap in curve_set.undefined] == [CurveReason.NOT_SIMPLER, CurveReason.NOT_SIMPLER]
    assert curve_set.image.information_blurred > curve_set.image.information_original
    assert "shannon" in curve_set.undefined[0].message
    assert sum(network.gradient_calls) == curve_set.evaluations == 2


@pytest.mark.parametrize(
    ("name", "reason"), [("cells", CurveReason.CONSTANT_IMAGE), ("pair", CurveReason.NOT_SIMPLER)]
)
def test_that_a_constant_image_has_a_reason_instead_of_curves(name, reason):
    x = np.full((SIDE, SIDE, 1), 0.5, np.float32)
    curve_set = curves_with(constantly(0.9, x.shape), x=x, protocol=name)
    assert {gap.reason for gap in curve_set.undefined} == {reason}
    assert curve_set.curves == ()


def test_that_a_class_that_the_model_does_not_predict_has_a_reason(protocol):
    curve_set = curves_with(constantly(0.01, picture().shape), protocol=protocol)
    assert [gap.reason for gap in curve_set.undefined] == [CurveReason.LOW_PREDICTION] * 2
    assert "0.010" in curve_set.undefined[1].message


def test_that_rejection_does_not_depend_on_the_maps(protocol):
    network = constantly(0.9, picture().shape)
    alone, together = curves_with(network, {}, protocol=protocol), curves_with(network, protocol=protocol)
    assert alone.undefined == together.undefined


def test_that_a_prediction_that_is_no_number_is_an_error(protocol):
    def broken(inputs):
        return np.where(inputs.mean(axis=(1, 2, 3)) == picture().mean(dtype=np.float64), 1.0, np.nan)

    network = Counted(broken, np.zeros_like, picture().shape)
    with pytest.raises(CurveUndefined, match="not a number"):
        curves_with(network, protocol=protocol)


def test_that_a_map_of_another_size_is_refused():
    with pytest.raises(IncompatibleInput, match="small"):
        curves_with(recognising(picture(), region()), {"small": as_map(np.zeros((5, 5)))})


def test_that_an_input_of_another_size_is_refused():
    with pytest.raises(IncompatibleInput, match=r"\(30, 30, 1\)"):
        curves_with(recognising(picture(), region()), {}, x=np.zeros((30, 30, 1), np.float32))


def test_that_an_unknown_class_is_refused():
    with pytest.raises(BadParameter, match="class 2"):
        curves_of(recognising(picture(), region()), picture(), {}, 2, curve_settings(), Run())


def test_that_progress_ends_at_its_total(protocol):
    steps = []
    curve_set = curves_with(
        recognising(picture(), region()),
        run=Run(on_progress=lambda done, total: steps.append((done, total))),
        protocol=protocol,
    )
    assert steps[-1] == (curve_set.evaluations, curve_set.evaluations)
    assert [done for done, _ in steps] == sorted(done for done, _ in steps)


def test_that_cancelling_takes_effect_within_one_batch(protocol):
    network = recognising(picture(), region())
    run = Run(cancelled=lambda: len(network.gradient_calls) == 2)
    with pytest.raises(Cancelled):
        curves_with(network, run=run, protocol=protocol)
    assert len(network.gradient_calls) == 2


@pytest.mark.parametrize("entropy", ["area", "shannon", "webp"])
def test_that_x_runs_from_0_to_1_on_every_axis(entropy):
    curve_set = curves_with(recognising(picture(), region()), entropy=entropy, grids=2, random_draws=2)
    for curve in curve_set.curves:
        assert (curve.x[0], curve.x[-1]) == (0, 1)
        assert list(curve.x) == sorted(curve.x)
        assert sorted(curve.shares) == [0, *curve_set.settings.thresholds, 1]


def test_that_colour_inputs_have_curves(protocol):
    x = np.repeat(picture(), 3, axis=2)
    x[..., 1] = x[::-1, :, 1]
    curve_set = curves_with(recognising(x, region(), needed=0.7), x=x, protocol=protocol)
    assert curve_set.score("truth", "sic").score > curve_set.score("random", "sic").score + 0.2


def test_that_a_set_survives_its_own_document(protocol):
    curve_set = curves_with(recognising(picture(), region()), protocol=protocol)
    assert CurveSet.model_validate_json(curve_set.model_dump_json()) == curve_set
    assert curve_set.webp_version.count(".") == (2 if protocol == "pair" else 0)
