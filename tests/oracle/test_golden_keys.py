"""Every golden key has a test, or a reason why no method has it."""

import re
from pathlib import Path

import pytest

from tests.oracle.golden_networks import NAMES, golden_values

RELEVANCE = "test_golden_relevance.py"
ACTIVATION, PERTURBATION = "test_golden_activation.py", "test_golden_perturbation.py"
# Patterns of keys, and the test that covers them: its file and its name.
TESTED = {
    r"logits|target_argmax": (
        "test_golden_networks.py",
        "test_that_a_rebuilt_network_gives_the_stored_logits_and_gradients",
    ),
    r"captum/saliency_signed/.*": (
        "test_golden_networks.py",
        "test_that_a_rebuilt_network_gives_the_stored_logits_and_gradients",
    ),
    r"captum/input_x_gradient/.*": (
        "test_golden_networks.py",
        "test_that_input_x_gradient_is_captums",
    ),
    r"captum/(guided_backprop|deconvolution|deeplift_shap)/.*": (
        RELEVANCE,
        "test_that_guided_backpropagation_deconvnet_and_deep_shap_are_captums",
    ),
    r"captum/deeplift_rescale_(black|grey)/.*": (
        RELEVANCE,
        "test_that_differences_in_double_precision_are_captums_and_complete",
    ),
    r"captum/deeplift_(rescale_(black|grey)|shap)_as_shipped/.*": (
        RELEVANCE,
        "test_that_captum_as_shipped_is_not_complete_behind_a_pooled_relu",
    ),
    r"captum/guided_gradcam_bilinear/.*": (
        RELEVANCE,
        "test_that_guided_grad_cam_is_captums_with_bilinear_upsampling",
    ),
    r"zennit/[^/]+/(nocanon|canon|bn_epsilon|canon_add_autograd)/.*": (
        RELEVANCE,
        "test_that_relevance_in_double_precision_is_zennits",
    ),
    r"zennit/(epsilon_1e-6|composite_[a-z_0-9]+)/canon_shipped/target_argmax": (
        RELEVANCE,
        "test_that_batch_norm_is_merged_without_the_factor_that_zennit_leaves_behind",
    ),
}
# Tests of activation and perturbation methods, by their file.
TESTED_IN = {
    r"captum/(layer_gradcam|layer_activation)/.*": ACTIVATION,
    r"paper/(gradcam|hirescam|layercam|xgradcam|ablationcam|ablationcam_weights|eigencam)/.*": ACTIVATION,
    r"captum/(gradient_shap|occlusion_window8_stride4|feature_ablation_8x8)/.*": PERTURBATION,
    r"coalitions9/(values|shapley_exact|kernel_shap|lime_ridge|lime_ols)/.*": PERTURBATION,
}
REASONS = {
    r"captum/guided_gradcam_nearest/.*": "Maps of a layer are brought to the image linearly; see bilinear.",
    r"captum/internal_influence/.*": "No method integrates the gradient at a layer.",
    r"captum/occlusion_window6_stride4/.*": "captum's last window is cut off by the border, ours ends there.",
    r"coalitions9/lime_captum_kernel_ols/.*": "LIME weighs by the distance of masks, as the paper does.",
    r"paper/integrated_gradients_.*": "A trapezoid of 2,000 points; closed forms and PAIR test the method.",
}
HERE = Path(__file__).parent


@pytest.mark.parametrize("name", NAMES)
def test_that_every_golden_key_has_a_test_or_a_reason(name):
    patterns = [*TESTED, *TESTED_IN, *REASONS]
    for key in golden_values(name):
        matching = [pattern for pattern in patterns if re.fullmatch(pattern, key)]
        assert len(matching) == 1, (key, matching)


@pytest.mark.parametrize(("file", "test"), sorted(set(TESTED.values())))
def test_that_a_test_of_the_list_is_there(file, test):
    assert f"\ndef {test}(" in (HERE / file).read_text(encoding="utf-8")
