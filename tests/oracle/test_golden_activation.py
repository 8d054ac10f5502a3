"""Class activation maps against the golden values of captum and of the papers' formulas."""

import numpy as np
import pytest

from core.images.resample import resampled
from core.methods import method_named
from core.network.run import Run
from core.network.target import LogitTarget
from tests.core.methods.maps import map_of
from tests.oracle.golden_networks import (
    NAMES,
    golden_handle,
    golden_inputs,
    golden_values,
    graph_of,
)

CLOSE = 2e-5  # of the image's largest value
TARGETS = ("target_argmax", "target_class0")
# Of golden keys: the method and whether it keeps negative values, which no golden value cuts off.
SIGNED = {"captum/layer_gradcam": ("grad_cam", False), "paper/gradcam": ("grad_cam", False)}
SIGNED |= {"paper/hirescam": ("hires_cam", True), "paper/layercam": ("layer_cam", False)}


@pytest.fixture(scope="module", params=NAMES)
def name(request):
    return request.param


@pytest.fixture(scope="module")
def handle(name):
    return golden_handle(name)


def targets_of(name, target):
    if target == "target_class0":
        return [LogitTarget(0)] * 6
    return [LogitTarget(int(index)) for index in golden_values(name)["target_argmax"]]


def maps_of(handle, method, targets, **params):
    method = method_named(method)
    images = zip(golden_inputs()["x"], targets, strict=True)
    return [map_of(method, handle, x, target, method.Params(**params), Run()) for x, target in images]


def error_of(maps, coarse, is_signed=True):
    """The largest difference from golden values (6, rows, columns), over the largest of each image.

    Where the map has no negative values those of the golden one are cut off; the size stays that of all.
    """
    coarse = coarse.reshape(coarse.shape[:3])
    cut = coarse if is_signed else np.maximum(coarse, 0)
    expected = np.stack([resampled(each, (32, 32)) for each in cut])
    differences = np.abs(np.stack([each.values for each in maps]) - expected).max(axis=(1, 2))
    sizes = np.abs(coarse).max(axis=(1, 2))
    # Layer-CAM of an image may be 0 everywhere; ours is then exactly that.
    return float((differences / np.where(sizes == 0, 1e-30, sizes)).max())


def cases() -> list[tuple[str, str, str, bool]]:
    behind_relu = {"paper/xgradcam": ("x_grad_cam", False)}
    by_place = {"last_conv": SIGNED, "last_relu": SIGNED | behind_relu}
    return [(key, where, *rest) for where, methods in by_place.items() for key, rest in methods.items()]


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize(("key", "where", "method", "is_signed"), cases())
def test_that_a_class_activation_map_is_the_golden_one(handle, name, key, where, method, is_signed, target):
    maps = maps_of(handle, method, targets_of(name, target), layer=graph_of(name)[where])
    assert error_of(maps, golden_values(name)[f"{key}/{where}/{target}"], is_signed) < CLOSE


@pytest.mark.parametrize("target", TARGETS)
def test_that_respond_cam_is_the_golden_x_grad_cam_with_its_negative_values(handle, name, target):
    maps = maps_of(handle, "respond_cam", targets_of(name, target), layer=graph_of(name)["last_relu"])
    assert error_of(maps, golden_values(name)[f"paper/xgradcam/last_relu/{target}"]) < CLOSE


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("where", ["last_conv", "last_relu"])
def test_that_ablation_cam_is_the_golden_one_also_where_connections_pass_by_the_layer(
    handle, name, where, target
):
    targets = targets_of(name, target)
    maps = maps_of(handle, "ablation_cam", targets, layer=graph_of(name)[where], weights="paper")
    assert error_of(maps, golden_values(name)[f"paper/ablationcam/{where}/{target}"], False) < CLOSE


@pytest.mark.parametrize("where", ["last_conv", "last_relu"])
def test_that_eigen_cam_is_the_golden_one_up_to_its_sign(handle, name, where):
    maps = maps_of(handle, "eigen_cam", [LogitTarget(0)] * 6, layer=graph_of(name)[where])
    assert error_of(maps, golden_values(name)[f"paper/eigencam/{where}"]) < CLOSE


def test_that_every_unit_of_the_last_convolution_is_the_golden_activation(handle, name):
    golden = golden_values(name)["captum/layer_activation/last_conv"]
    layer = graph_of(name)["last_conv"]
    for unit in range(golden.shape[-1]):
        maps = maps_of(handle, "unit_activation", [LogitTarget(0)] * 6, layer=layer, unit=unit)
        expected = np.stack([resampled(each, (32, 32)) for each in golden[..., unit]])
        difference = np.abs(np.stack([each.values for each in maps]) - expected)
        assert difference.max() < CLOSE * np.abs(golden).max()
