"""Checks of maps of volumes, with closed forms."""

from dataclasses import replace

import numpy as np
import pytest

from core.checks import CHECKS, check_named
from core.checks.agreement import agreement
from core.checks.imputation import imputed
from core.checks.likeness import likeness
from core.checks.removal import fill_image, square_places
from core.checks.shift_robustness import shifted
from core.errors import IncompatibleInput
from core.methods import method_named
from core.network.target import LogitTarget
from tests.core.checks.subjects import finding_of, subject
from tests.core.curves.test_volume_curves import cube, share_shown, volume
from tests.core.methods.analytic import cubic
from tests.core.methods.lifted import picture_and_volume
from tests.core.methods.maps import map_of

SHAPE = (7, 9, 8, 1)


@pytest.fixture
def x(generator):
    return generator.random(SHAPE, dtype=np.float32)


def subject_of(network, x, method="gradient", region=None):
    """The subject of a map that the method made; target: class 0."""
    made_by = method_named(method)
    values = map_of(made_by, network, x, LogitTarget(0), made_by.Params()).values
    made = subject(network, x, values, region)
    return replace(made, facts=replace(made.facts, method=made_by, params=made_by.Params()))


@pytest.mark.parametrize("steps", [10, 50])
def test_that_insertion_and_deletion_of_a_true_map_of_a_volume_have_their_closed_form(steps):
    made = subject(share_shown(volume(), cube()), volume(), cube() + 0.0)
    shares = np.arange(steps + 1) / steps
    counts = np.round(shares * cube().size)
    shown = np.minimum(counts / cube().sum(), 1.0)
    for name, seen in (("insertion", shown), ("deletion", 1 - shown)):
        logits = 20.0 * (seen - 0.5)
        expected = np.trapezoid(1 / (1 + np.exp(-2 * logits)), counts / cube().size)
        assert finding_of(check_named(name), made, steps=steps).values["area"] == pytest.approx(
            expected, abs=1e-3
        )


@pytest.mark.parametrize("name", ["aopc", "road"])
def test_that_a_true_map_of_a_volume_has_a_gap_and_its_reverse_the_opposite(name):
    network, check = share_shown(volume(), cube()), check_named(name)
    params = {"window": 2} if name == "aopc" else {}
    gaps = [
        finding_of(check, subject(network, volume(), values), **params).values["gap"]
        for values in (cube() + 0.0, 1.0 - cube())
    ]
    assert gaps[0] > 0.4
    assert gaps[1] < -0.4


def test_that_cubes_go_whole_in_the_order_of_their_means(generator):
    values = np.zeros((4, 6, 5))
    values[2:, 3:, :3] = 1.0
    places = square_places(values, 3, generator)
    assert places[3:, 3:, :3].max() == 8
    assert sorted(places.ravel()) == list(range(120))


@pytest.mark.parametrize("fill", ["mean", "noise", "blur"])
def test_that_fills_of_a_volume_keep_the_range_of_each_channel(fill, generator):
    x = np.concatenate([generator.random(SHAPE), 5 + generator.random(SHAPE)], axis=-1).astype(np.float32)
    filled = fill_image(x, fill, generator)
    assert filled.shape == x.shape
    for channel in range(2):
        assert filled[..., channel].min() >= x[..., channel].min()
        assert filled[..., channel].max() <= x[..., channel].max()


def test_that_an_imputed_voxel_is_the_mean_of_its_26_neighbours_weighted_by_their_nearness(generator):
    x = generator.random((3, 3, 3, 2)).astype(np.float32)
    missing = np.zeros((3, 3, 3), bool)
    missing[1, 1, 1] = True
    distance = np.abs(np.indices(missing.shape) - 1).sum(axis=0)
    weights = np.where(distance == 0, 0.0, np.choose(distance, [0, 1 / 14, 1 / 28, 1 / 56]))
    assert weights.sum() == pytest.approx(1)
    expected = np.einsum("ijk,ijkc->c", weights, x)
    np.testing.assert_allclose(imputed(x, missing)[1, 1, 1], expected, atol=1e-6)


def test_that_imputation_rebuilds_a_ramp_across_slices_from_its_rim():
    ramp = np.add.reduce(np.indices((6, 7, 8)) * [[[[1.0]]], [[[2.0]]], [[[-1.0]]]])[..., None]
    missing = np.zeros((6, 7, 8), bool)
    missing[1:-1, 1:-1, 1:-1] = True
    np.testing.assert_allclose(imputed(ramp, missing), ramp, atol=1e-4)


def test_that_infidelity_of_the_shares_of_a_linear_score_is_0_in_a_volume(generator):
    weights = generator.normal(size=SHAPE)
    x = generator.random(SHAPE, dtype=np.float32)
    network = cubic(SHAPE)
    network.score = lambda inputs: (inputs * weights).sum(axis=(1, 2, 3, 4))
    exact = subject(network, x, (weights * (x - x.min()))[..., 0])
    params = {"side": 0.5, "fill": "black", "reading": "share", "patches": 40}
    assert finding_of(check_named("infidelity"), exact, **params).values["relative_infidelity"] < 1e-6
    wrong = subject(network, x, generator.normal(size=SHAPE[:-1]))
    assert finding_of(check_named("infidelity"), wrong, **params).values["relative_infidelity"] > 0.5


def test_that_a_map_of_each_voxel_by_itself_moves_with_the_volume_in_six_directions(x):
    finding = finding_of(check_named("shift_robustness"), subject_of(cubic(SHAPE), x), distance=1)
    assert finding.values["lowest"] == pytest.approx(1)
    assert [row["direction"] for row in finding.steps][:2] == ["to the slice before", "to the next slice"]
    assert len(finding.steps) == 6
    moved = shifted(x, 1, 0, -2)
    np.testing.assert_array_equal(moved[1:, :, :-2], x[:-1, :, 2:])
    np.testing.assert_array_equal(moved[0], moved[1])


def test_that_likeness_of_volumes_has_ssim_and_no_hog(generator):
    values = generator.random((12, 13, 14))
    figures = likeness(values, values, signed=False)
    assert figures == pytest.approx({"spearman": 1.0, "spearman_abs": 1.0, "ssim": 1.0})


def test_that_maps_of_a_volume_agree_as_the_same_values_in_a_plane_do(generator):
    first, second = generator.random((2, 4, 5, 6))
    flat = agreement({"a": first.reshape(4, 30), "b": second.reshape(4, 30)})
    assert agreement({"a": first, "b": second}) == flat


def test_that_localisation_of_a_volume_counts_voxels(generator):
    network, x = cubic((6, 14, 14, 1)), volume()
    perfect = subject(network, x, cube() + 0.0, cube())
    assert finding_of(check_named("iou"), perfect).values["iou"] == 1
    assert finding_of(check_named("auprc"), perfect).values["auprc"] == pytest.approx(1)
    assert finding_of(check_named("energy_inside"), perfect).values["share"] == 1
    even = subject(network, x, np.ones(cube().shape) + 1e-6 * generator.random(cube().shape), cube())
    assert finding_of(check_named("energy_inside"), even).values["density"] == pytest.approx(1, abs=1e-3)
    beside = np.zeros(cube().shape)
    beside[5, 5, 8] = 1.0  # two slices behind the cube
    pointing = check_named("pointing_game")
    hits = [
        finding_of(pointing, subject(network, x, beside, cube()), tolerance=tolerance).values["hit"]
        for tolerance in (0, 1, 2)
    ]
    assert hits == [0, 0, 1]


def test_that_a_region_of_a_slice_does_not_fit_a_map_of_a_volume():
    with pytest.raises(IncompatibleInput, match="The region has"):
        check_named("iou").applies(subject(cubic((6, 14, 14, 1)), volume(), cube() + 0.0, cube()[0]).facts)


# Those that make the map again are asked of a method that makes it with the network; the others of any map.
@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.name)
def test_that_every_check_answers_for_a_network_of_volumes(check, generator):
    _, network = picture_and_volume()
    x = generator.random(network.input_shape, dtype=np.float32)
    region = np.zeros(x.shape[:-1], bool)
    region[1:, 3:6, 3:6] = True
    made = subject_of(network, x, "grad_cam" if check.name != "infidelity" else "gradient", region)
    few = {"samples": 2, "steps": 4, "patches": 8, "window": 3, "distance": 0}
    few = {name: value for name, value in few.items() if name in check.Params.model_fields and value}
    if check.name == "shift_robustness":  # three slices have no inner one
        made = subject_of(cubic(SHAPE), generator.random(SHAPE, dtype=np.float32))
    finding = finding_of(check, made, **few)
    assert np.isfinite(list(finding.values.values())).all()
    assert finding.sentence


def test_that_randomising_layers_of_a_network_of_volumes_changes_its_map(generator):
    _, network = picture_and_volume()
    x = generator.random(network.input_shape, dtype=np.float32)
    finding = finding_of(check_named("randomisation_independent"), subject_of(network, x, "gradient"))
    assert len(finding.steps) >= 3
    assert finding.values["spearman_abs"] < 0.9
