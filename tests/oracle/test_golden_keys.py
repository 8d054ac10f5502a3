"""Every golden value belongs to a method that is compared with it, or to a reason why there is none."""

import pytest

from tests.oracle.golden_networks import NAMES, golden_values

# Beginnings of keys, and the files of this folder that compare them.
COMPARED = {
    "captum/gradient_shap": "test_golden_perturbation",
    "captum/layer_gradcam": "test_golden_activation",
    "captum/layer_activation": "test_golden_activation",
    "captum/occlusion_window8_stride4": "test_golden_perturbation",
    "captum/feature_ablation_8x8": "test_golden_perturbation",
    "coalitions9/values": "test_golden_perturbation",
    "coalitions9/shapley_exact": "test_golden_perturbation",
    "coalitions9/kernel_shap": "test_golden_perturbation",
    "coalitions9/lime_ridge": "test_golden_perturbation",
    "coalitions9/lime_ols": "test_golden_perturbation",
    "paper/gradcam": "test_golden_activation",
    "paper/hirescam": "test_golden_activation",
    "paper/layercam": "test_golden_activation",
    "paper/xgradcam": "test_golden_activation",
    "paper/ablationcam": "test_golden_activation",
    "paper/eigencam": "test_golden_activation",
}
WITHOUT_METHOD = {
    "captum/occlusion_window6_stride4": "captum cuts the last window off, ours lies flush with the border",
    "captum/internal_influence": "gradients of a layer along a path are offered by no method",
    "coalitions9/lime_captum_kernel": "a kernel on pixel values instead of segments is offered by no method",
}
# Compared or listed where the modified backward passes and the gradient methods are.
ELSEWHERE = (
    "logits",
    "target_argmax",
    "zennit/",
    "captum/saliency",
    "captum/input_x_gradient",
    "captum/guided",
    "captum/deconvolution",
    "captum/deeplift",
    "paper/integrated_gradients",
)


@pytest.mark.parametrize("name", NAMES)
def test_that_every_golden_value_is_compared_or_has_a_reason_why_not(name):
    known = (*COMPARED, *WITHOUT_METHOD, *ELSEWHERE)
    assert [key for key in golden_values(name) if not key.startswith(known)] == []


def test_that_the_comparisons_are_where_the_list_says(repository):
    for beginning, file in COMPARED.items():
        text = (repository / "tests" / "oracle" / f"{file}.py").read_text(encoding="utf-8")
        assert beginning in text or beginning.split("/")[-1] in text, beginning
