"""Modified backward passes against the golden values of captum and zennit.

The passes are compared in double precision, where even ill-conditioned rules agree; the methods, which
compute in single precision, within the tolerances of `shared/oracles/README.md`.
"""

from functools import cache

import numpy as np
import pytest

from core.methods import method_named
from core.methods.relevance.differences import RESCALE
from core.models.backward.propagation import Propagation
from core.models.backward.reading import steps_of
from core.models.backward.traced import relevance_pass
from core.models.runtime import frameworks
from core.network.composite import (
    AlphaBeta,
    Composite,
    Epsilon,
    Flat,
    Gamma,
    WSquare,
    ZBox,
    ZPlus,
    modified_gradient,
)
from core.network.method_input import MethodInput
from core.network.run import Run
from core.network.target import LogitTarget
from tests.oracle.golden_networks import (
    NAMES,
    golden_handle,
    golden_inputs,
    golden_model,
    golden_values,
    graph_of,
    image_error,
)

EXACT = 1e-6
CLOSE = 2e-5
TARGETS = ("target_argmax", "target_class0")
# The network that takes longest is for the slow run.
SOME_NAMES = ("plain", "bn", pytest.param("dense", marks=pytest.mark.slow))
SMALL, BOX = Epsilon(1e-6), ZBox(0.0, 1.0)

# The rule of the first convolution, of the others, of dense layers.
RULES = {
    "epsilon_1e-6": (SMALL, SMALL, SMALL),
    "epsilon_0.25": (Epsilon(0.25),) * 3,
    "gamma_0.25": (Gamma(0.25), Gamma(0.25), SMALL),
    "zplus": (ZPlus(),) * 3,
    "alpha2_beta1": (AlphaBeta(2.0),) * 3,
    "first_wsquare": (WSquare(), ZPlus(), SMALL),
    "first_zbox_0_1": (BOX, ZPlus(), SMALL),
    "composite_epsilon_plus": (ZPlus(), ZPlus(), SMALL),
    "composite_epsilon_alpha2_beta1": (AlphaBeta(2.0), AlphaBeta(2.0), SMALL),
    "composite_epsilon_plus_flat": (Flat(), ZPlus(), SMALL),
    "composite_epsilon_gamma_box_0_1": (BOX, Gamma(0.25), SMALL),
    "composite_excitation_backprop": (ZPlus(),) * 3,
}
# What the variants of zennit's goldens do with batch norm and sums.
VARIANTS = {
    "nocanon": {"merges_batch_norm": False},
    "canon": {},
    "canon_add_autograd": {"add": "slope"},
    "bn_epsilon": {"merges_batch_norm": False, "batch_norm": "epsilon"},
}
CASES = [
    pytest.param("plain", "nocanon", TARGETS[:1], id="plain"),
    pytest.param("bn", "canon", TARGETS[:1], id="batch norm merged"),
    *(
        pytest.param(name, variant, TARGETS, id=f"{name}, {variant}, both targets", marks=pytest.mark.slow)
        for name, variant in (
            ("plain", "nocanon"),
            ("bn", "nocanon"),
            ("bn", "canon"),
            ("bn", "canon_add_autograd"),
            ("bn", "bn_epsilon"),
            ("dense", "nocanon"),
            ("dense", "bn_epsilon"),
        )
    ),
]
# By LRP's own name of a composite: the golden key of the rules that it stands for.
NAMED = {
    "epsilon_plus": "composite_epsilon_plus",
    "epsilon_plus_flat": "composite_epsilon_plus_flat",
    "epsilon_alpha2_beta1": "composite_epsilon_alpha2_beta1",
    "epsilon_gamma_box": "composite_epsilon_gamma_box_0_1",
    "w_square": "first_wsquare",
    "z_box": "first_zbox_0_1",
    "gamma": "gamma_0.25",
    "epsilon": "epsilon_0.25",
    "z_plus": "zplus",
    "alpha2_beta1": "alpha2_beta1",
    "excitation_backprop": "composite_excitation_backprop",
}


def composite_of(rule, variant):
    """The composite that a golden key of zennit was made with."""
    options = dict(VARIANTS[variant])
    if rule.endswith("_zero_bias"):
        options["has_biases"] = False
        rule = rule.removesuffix("_zero_bias")
    if rule == "composite_excitation_backprop":
        options |= {"activation": "slope", "batch_norm": "slope"}
    return Composite(*RULES[rule], **options)


def rules_of(name, variant):
    """The rules of which a network has goldens in this variant."""
    parts = [key.split("/") for key in golden_values(name) if key.startswith("zennit/")]
    return sorted({part[1] for part in parts if part[2] == variant})


@cache
def exact_steps(name):
    return steps_of(golden_model(name, "float64"))


def class_rows(name, target):
    """(6, 4) float64, 1 at the explained class of each image."""
    classes = golden_values(name)[target] if target in golden_values(name) else np.zeros(6, int)
    return np.eye(4)[classes]


def weighted(logits, rows):
    _, tf = frameworks()
    return tf.reduce_sum(logits * rows, axis=-1)


@cache
def way_forward(name, composite):
    """A propagation and its way forward in double precision, for all targets."""
    _, tf = frameworks()
    propagation = Propagation(exact_steps(name), composite)
    return propagation, propagation.forward(tf.constant(golden_inputs()["x"], tf.float64))


def exact_relevance(name, composite, rows):
    """(6, 32, 32, 1) float64 of a composite that is handed the score itself."""
    propagation, passed = way_forward(name, composite)
    return propagation.backward(passed, rows * passed.logits).numpy()


def exact_differences(name, target, baselines):
    """(6,) rises of the score and (6, 32, 32, 1) DeepLIFT in double precision."""
    _, tf = frameworks()
    run = relevance_pass(exact_steps(name), RESCALE, weighted)
    arrays = (golden_inputs()["x"], class_rows(name, target), np.broadcast_to(baselines, (6, 32, 32, 1)))
    values, attribution = run(*(tf.constant(each, tf.float64) for each in arrays))
    return values.numpy(), attribution.numpy()


def maps_of(handle, method, target, **params):
    """(6, 32, 32, 1) the method's maps of the six images in single precision."""
    chosen = method_named(method)
    classes = class_rows(handle.card.id, target).argmax(axis=1)
    inputs = [
        MethodInput(x, LogitTarget(int(index)))
        for x, index in zip(golden_inputs()["x"], classes, strict=True)
    ]
    maps = chosen.run(handle, inputs, chosen.Params(**params), Run())
    return np.stack([each.values for each in maps])[..., None]


@pytest.fixture(scope="module")
def handles():
    return {name: golden_handle(name) for name in NAMES}


@pytest.mark.parametrize(("name", "variant", "targets"), CASES)
def test_that_relevance_in_double_precision_is_zennits(name, variant, targets):
    golden, rules = golden_values(name), rules_of(name, variant)
    assert rules
    errors = {}
    for rule in rules:
        composite = composite_of(rule, variant)
        for target in targets:
            key = f"zennit/{rule}/{variant}/{target}"
            if key in golden:
                relevance = exact_relevance(name, composite, class_rows(name, target))
                errors[key] = image_error(relevance, golden[key])
    assert {key: error for key, error in errors.items() if not error < EXACT} == {}


def test_that_batch_norm_is_merged_without_the_factor_that_zennit_leaves_behind():
    golden = golden_values("bn")
    rows = class_rows("bn", "target_argmax")
    for rule, least in (("composite_epsilon_plus", 5e-4), ("epsilon_1e-6", 1e-2)):
        relevance = exact_relevance("bn", composite_of(rule, "canon"), rows)
        assert image_error(relevance, golden[f"zennit/{rule}/canon/target_argmax"]) < EXACT
        assert image_error(relevance, golden[f"zennit/{rule}/canon_shipped/target_argmax"]) > least


def test_that_a_sum_hands_on_its_relevance_once_while_a_plain_addition_doubles_it():
    rows = class_rows("bn", "target_argmax")
    shared, doubled = (
        exact_relevance("bn", composite_of("composite_epsilon_plus", variant), rows).sum(axis=(1, 2, 3))
        for variant in ("canon", "canon_add_autograd")
    )
    assert (doubled > 2 * shared).all()


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("name", SOME_NAMES)
def test_that_differences_in_double_precision_are_captums_and_complete(name, target):
    golden = golden_values(name)
    for label, grey in (("black", 0.0), ("grey", 0.5)):
        rise, attribution = exact_differences(name, target, np.float64(grey))
        assert image_error(attribution, golden[f"captum/deeplift_rescale_{label}/{target}"]) < EXACT
        np.testing.assert_allclose(attribution.sum(axis=(1, 2, 3)), rise, atol=1e-12)


def test_that_captum_as_shipped_is_not_complete_behind_a_pooled_relu():
    golden = golden_values("plain")
    for label, grey in (("black", 0.0), ("grey", 0.5)):
        rise, ours = exact_differences("plain", "target_argmax", np.float64(grey))
        shipped = golden[f"captum/deeplift_rescale_{label}_as_shipped/target_argmax"].astype(np.float64)
        assert np.abs(shipped.sum(axis=(1, 2, 3)) - rise).max() > 0.05
        assert image_error(ours, shipped) > 0.01
    background = golden_inputs()["shap_baselines"]
    rises, maps = zip(
        *(exact_differences("plain", "target_argmax", each) for each in background), strict=True
    )
    shipped = golden["captum/deeplift_shap_as_shipped/target_argmax"].astype(np.float64)
    assert np.abs(shipped.sum(axis=(1, 2, 3)) - np.mean(rises, axis=0)).max() > 0.5
    np.testing.assert_allclose(np.sum(maps, axis=(0, 2, 3, 4)) / 4, np.mean(rises, axis=0), atol=1e-12)


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("name", SOME_NAMES)
def test_that_guided_backpropagation_deconvnet_and_deep_shap_are_captums(handles, name, target):
    golden = golden_values(name)
    keys = {
        "guided_backpropagation": "guided_backprop",
        "deconvnet": "deconvolution",
        "deep_shap": "deeplift_shap",
    }
    errors = {
        method: image_error(maps_of(handles[name], method, target), golden[f"captum/{key}/{target}"])
        for method, key in keys.items()
    }
    assert max(errors.values()) < CLOSE, errors


@pytest.mark.parametrize("where", ["last_conv", "last_relu"])
@pytest.mark.parametrize("name", SOME_NAMES)
def test_that_guided_grad_cam_is_captums_with_bilinear_upsampling(handles, name, where):
    for target in TARGETS:
        maps = maps_of(handles[name], "guided_grad_cam", target, layer=graph_of(name)[where])
        golden = golden_values(name)[f"captum/guided_gradcam_bilinear/{where}/{target}"]
        # Where nothing in the layer supports the class both are 0.
        is_empty = ~golden.any(axis=(1, 2, 3))
        assert not maps[is_empty].any()
        assert image_error(maps[~is_empty], golden[~is_empty]) < 5e-5


@pytest.mark.parametrize("name", SOME_NAMES)
def test_that_differences_to_a_baseline_in_single_precision_are_captums(handles, name):
    x, golden = golden_inputs()["x"], golden_values(name)
    targets = [LogitTarget(int(index)) for index in golden["target_argmax"]]
    for label, grey in (("black", 0.0), ("grey", 0.5)):
        _, attribution = handles[name].relevance(x, targets, RESCALE, None, np.full_like(x, grey))
        assert image_error(attribution, golden[f"captum/deeplift_rescale_{label}/target_argmax"]) < CLOSE


def lrp_error(handle, composite, variant):
    """The largest error of the method LRP, whose batch norms are merged where they can be."""
    name = handle.card.id
    params = {
        "epsilon": 0.25 if composite == "epsilon" else 1e-6,
        "composite": composite,
        "batch_norm": "pass",
    }
    maps = maps_of(handle, "lrp", "target_argmax", **params)
    return image_error(maps, golden_values(name)[f"zennit/{NAMED[composite]}/{variant}/target_argmax"])


def test_that_lrp_by_the_name_of_its_composite_is_zennits_in_single_precision(handles):
    for composite in ("epsilon_plus", "epsilon_gamma_box"):
        assert lrp_error(handles["bn"], composite, "canon") < 5e-5


@pytest.mark.slow
@pytest.mark.parametrize("composite", NAMED)
def test_that_every_named_composite_is_zennits_in_single_precision(handles, composite):
    assert lrp_error(handles["plain"], composite, "nocanon") < 5e-5
    assert lrp_error(handles["bn"], composite, "canon") < (3e-4 if "alpha2" in composite else 5e-5)
    # zennit takes the gradient of a batch norm there, which is not conserving.
    if composite != "excitation_backprop":
        assert lrp_error(handles["dense"], composite, "nocanon") < 5e-3


@pytest.mark.slow
def test_that_lrp_of_a_dense_block_with_batch_norm_as_a_layer_is_zennits(handles):
    params = {"composite": "epsilon_plus", "epsilon": 1e-6, "batch_norm": "epsilon"}
    maps = maps_of(handles["dense"], "lrp", "target_argmax", **params)
    golden = golden_values("dense")["zennit/composite_epsilon_plus/bn_epsilon/target_argmax"]
    assert image_error(maps, golden) < 5e-3


def test_that_z_plus_and_epsilon_conserve_the_score_without_biases():
    for rule, bound in (("epsilon_plus", 2e-3), ("epsilon", 2e-2)):
        small = Epsilon(1e-9)
        rules = (ZPlus(), ZPlus(), small) if rule == "epsilon_plus" else (small,) * 3
        for name in ("plain", "bn"):
            composite = Composite(*rules, has_biases=False)
            rows = class_rows(name, "target_argmax")
            relevance = exact_relevance(name, composite, rows)
            score = (rows * way_forward(name, composite)[1].logits.numpy()).sum(axis=1)
            np.testing.assert_allclose(relevance.sum(axis=(1, 2, 3)), score, rtol=bound)


def test_that_a_larger_epsilon_does_not_conserve_where_units_are_near_zero():
    composite = composite_of("epsilon_1e-6_zero_bias", "canon")
    rows = class_rows("bn", "target_argmax")
    relevance = exact_relevance("bn", composite, rows).sum(axis=(1, 2, 3))
    score = (rows * way_forward("bn", composite)[1].logits.numpy()).sum(axis=1)
    assert np.abs(relevance / score - 1).max() > 1


def test_that_a_modified_gradient_without_relus_rule_is_the_gradient(handles):
    x, golden = golden_inputs()["x"], golden_values("bn")
    targets = [LogitTarget(int(index)) for index in golden["target_argmax"]]
    values, slopes = handles["bn"].relevance(x, targets, modified_gradient("slope"))
    expected_values, expected = handles["bn"].gradients(x, targets)
    np.testing.assert_allclose(values, expected_values, atol=1e-5)
    assert image_error(slopes, expected) < CLOSE
