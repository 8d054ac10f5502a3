"""What methods of one image share, and the runs of parts of a longer run."""

import numpy as np
import pytest

from core.errors import Cancelled
from core.methods import method_named
from core.network.run import Run
from core.network.target import LogitTarget
from tests.core.methods.analytic import cubic
from tests.core.methods.maps import map_of

IG = method_named("integrated_gradients")


def test_that_a_shared_value_is_made_once_for_each_key():
    run, computed = Run(), []
    for key in (("a", 1), ("a", 1), ("a", 2)):
        assert run.once(key, lambda key=key: computed.append(key) or key) == key
    assert computed == [("a", 1), ("a", 2)]


def test_that_a_failed_making_is_tried_again():
    run = Run()
    with pytest.raises(Cancelled):
        run.once(("a",), Run(cancelled=lambda: True).check)
    assert run.once(("a",), lambda: 5) == 5


def test_that_a_part_counts_on_from_its_start_and_holds_its_partial_maps_back():
    reports, partials = [], []
    run = Run(on_progress=lambda done, total: reports.append((done, total)), on_partial=partials.append)
    part = run.part(8, 20)
    part.progress(3, 4)
    part.partial(None)
    assert reports == [(11, 20)]
    assert partials == []


def test_that_a_part_is_cancelled_with_its_run():
    with pytest.raises(Cancelled):
        Run(cancelled=lambda: True).part(0, 1).check()


def test_that_a_part_on_a_changed_image_shares_nothing():
    run = Run()
    run.once(("a",), lambda: 1)
    assert run.part(0, 1).once(("a",), lambda: 2) == 1
    assert run.part(0, 1, same_image=False).once(("a",), lambda: 2) == 2


def test_that_the_average_over_black_and_white_takes_the_maps_that_are_there(generator):
    x = generator.random((3, 4, 1), dtype=np.float32)
    network, run = cubic(x.shape), Run()
    for kind in ("white", "black"):
        map_of(IG, network, x, LogitTarget(0), IG.Params(baseline=kind, steps=8), run)
    assert sum(network.gradient_calls) == 16
    both = map_of(IG, network, x, LogitTarget(0), IG.Params(baseline="black_and_white", steps=8), run)
    assert sum(network.gradient_calls) == 16
    separate = map_of(
        IG, cubic(x.shape), x, LogitTarget(0), IG.Params(baseline="black_and_white", steps=8), Run()
    )
    np.testing.assert_array_equal(both.values, separate.values)


@pytest.mark.parametrize("change", [{"steps": 9}, {"rule": "trapezoid"}, {"baseline": "mean"}])
def test_that_other_parameters_are_computed_again(generator, change):
    x = generator.random((3, 4, 1), dtype=np.float32)
    network, run = cubic(x.shape), Run()
    map_of(IG, network, x, LogitTarget(0), IG.Params(steps=8), run)
    attribution_map = map_of(IG, network, x, LogitTarget(0), IG.Params(**{"steps": 8, **change}), run)
    separate = map_of(IG, cubic(x.shape), x, LogitTarget(0), IG.Params(**{"steps": 8, **change}))
    assert sum(network.gradient_calls) > 8
    np.testing.assert_array_equal(attribution_map.values, separate.values)


def test_that_another_image_or_target_is_computed_again(generator):
    first, second = generator.random((2, 3, 4, 1), dtype=np.float32)
    network, run = cubic(first.shape), Run()
    maps = [
        map_of(IG, network, x, target, IG.Params(steps=8), run)
        for x, target in ((first, LogitTarget(0)), (second, LogitTarget(0)), (first, LogitTarget(1)))
    ]
    assert sum(network.gradient_calls) == 24
    np.testing.assert_allclose(maps[2].values, -maps[0].values, atol=1e-6)
    np.testing.assert_allclose(maps[1].values, (second**3 - second.min() ** 3)[..., 0], atol=0.5)
