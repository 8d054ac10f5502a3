"""What `explain` and `curves` report for maps without signal, and for a failed method among others."""

import csv
import json

import numpy as np
import pytest

from app.command_line.sentences import explanation_line
from core.network.attribution_map import AttributionMap
from core.results.curves import CurvesDocument
from core.results.explanation import ExplainDocument, ExplanationDocument
from core.results.result import Explanation
from tests.gui.recorded import explained

GRADIENT_METHODS = (
    "gradient",
    "input_x_gradient",
    "smooth_grad",
    "var_grad",
    "integrated_gradients",
    "blur_ig",
    "cam",
    "grad_cam",
    "grad_cam_pp",
    "layer_cam",
)
ALL_KINDS = (*GRADIENT_METHODS, "score_cam", "occlusion", "rise")
TOO_LARGE = ("--method", "occlusion", "--set", "occlusion.window=64")


def named(*names):
    return [word for name in names for word in ("--method", name)]


def without(head):
    """The lines about maps: those with a share of the picture."""
    return [line for line in head.splitlines() if "of the picture" in line]


def test_that_a_saturated_probability_is_reported_and_gets_no_share(
    saliscope, bundle_with_head, picture, tmp_path
):
    bundle = bundle_with_head(lambda kernel, bias: (1e5 * kernel, bias))
    ran = saliscope(
        *("explain", picture, "--model", bundle, "--out", tmp_path / "o", "--target", "probability"),
        *named(*GRADIENT_METHODS),
    )
    assert ran.code == 0
    message = "is saturated (above 99.9999 %): its gradient vanishes. Explain the logit instead."
    assert ran.out.count(message) == len(GRADIENT_METHODS)
    assert without(ran.out) == []
    assert "Its sum is" not in ran.out


def test_that_the_probability_of_a_class_that_is_ruled_out_is_saturated_too(
    saliscope, bundle_with_head, picture, tmp_path
):
    bundle = bundle_with_head(lambda kernel, bias: (0 * kernel, np.array([40, 0, 0], np.float32)))
    ran = saliscope(
        *("explain", picture, "--model", bundle, "--out", tmp_path / "o"),
        *("--target", "probability:pituitary", *named(*ALL_KINDS)),
    )
    message = "The probability of pituitary is saturated (below 0.0001 %)"
    assert (ran.code, ran.out.count(message), without(ran.out)) == (0, len(ALL_KINDS), [])


@pytest.mark.parametrize("target", ["probability", "difference:glioma:pituitary", "logit"])
def test_that_three_equal_logits_of_a_network_without_weights_are_zero_up_to_rounding(
    saliscope, bundle_with_head, picture, tmp_path, target
):
    bundle = bundle_with_head(lambda kernel, bias: (0 * kernel, 0 * bias))
    ran = saliscope(
        *("explain", picture, "--model", bundle, "--out", tmp_path / "o", "--target", target),
        *named(*ALL_KINDS),
    )
    assert ran.code == 0
    assert ran.out.count("is zero up to rounding (") == len(ALL_KINDS)
    assert without(ran.out) == []


def test_that_the_rounding_that_is_left_of_tied_logits_is_no_evidence(
    saliscope, bundle_with_head, picture, tmp_path
):
    """Three equal columns: the gradient of a probability is what float32 leaves of w (p - p), about 1e-8."""
    bundle = bundle_with_head(lambda kernel, bias: (np.repeat(kernel[:, :1], 3, axis=1), 0 * bias))
    ran = saliscope(
        *("explain", picture, "--model", bundle, "--out", tmp_path / "o", "--json"),
        *("--target", "probability:glioma", *named(*GRADIENT_METHODS)),
    )
    (image,) = ExplainDocument.model_validate(ran.document).images
    assert {method.signal.state for method in image.methods} == {"zero_up_to_rounding"}
    assert any(method.maximum > 0 for method in image.methods)
    stored = (tmp_path / "o" / "picture" / "explanation.json").read_text(encoding="utf-8")
    assert ExplanationDocument.model_validate_json(stored).methods == image.methods


def test_that_a_map_with_signal_has_its_share_and_its_unit_in_the_document(
    saliscope, bundle, picture, tmp_path
):
    ran = saliscope(
        "explain",
        picture,
        "--model",
        bundle,
        "--out",
        tmp_path / "o",
        *named("xrai"),
        "--json",
        *("--set", "xrai.base=rise", "--target", "difference:glioma:pituitary"),
    )
    (record,) = ExplainDocument.model_validate(ran.document).images[0].methods
    assert (record.unit, record.signal.state, record.signal.sentence) == ("change of the score", "signal", "")
    assert record.signal.effect > 1000 * record.signal.rounding > 0


def test_that_a_method_that_is_refused_leaves_the_maps_of_the_others(saliscope, bundle, picture, tmp_path):
    ran = saliscope(
        *("explain", picture, "--model", bundle, "--out", tmp_path / "o", "--json"),
        *named("gradient"),
        *TOO_LARGE,
        *named("grad_cam"),
    )
    assert ran.code == 7
    words = "occlusion.window: a square of 64 does not fit into the input of 32 x 32."
    assert ran.one_error == f"picture.png: no map by Occlusion. {words} Choose a smaller window."
    (image,) = ExplainDocument.model_validate(ran.document).images
    assert [method.name for method in image.methods] == ["gradient", "grad_cam"]
    (failed,) = image.failed
    assert (failed.name, failed.title, failed.error.code) == ("occlusion", "Occlusion", "bad_parameter")
    assert failed.error.message == words
    folder = tmp_path / "o" / "picture"
    assert {"gradient.npy", "gradient.png", "grad_cam.npy"} <= {path.name for path in folder.iterdir()}
    assert not (folder / "occlusion.npy").exists()
    stored = ExplanationDocument.model_validate_json(
        (folder / "explanation.json").read_text(encoding="utf-8")
    )
    assert stored.failed == image.failed


def test_that_an_image_none_of_whose_methods_has_a_map_fails_with_their_error(
    saliscope, bundle, picture, tmp_path
):
    ran = saliscope(
        *("explain", picture, "--model", bundle, "--out", tmp_path / "o", "--json", *TOO_LARGE),
        *("--method", "rise", "--set", "rise.masks=8", "--set", "rise.keep=0.85", "--set", "rise.grid=24"),
    )
    assert ran.code == 2
    first, second = ran.err.splitlines()
    assert "no map by Occlusion. occlusion.window" in first
    assert "rise.masks cannot be 8 with this grid and keep" in second
    assert ran.document["images"][0]["error"]["code"] == "bad_parameter"
    assert not (tmp_path / "o" / "picture").exists()


def test_that_curves_are_drawn_for_the_maps_that_exist(saliscope, bundle, picture, tmp_path):
    ran = saliscope(
        *("curves", picture, "--model", bundle, "--out", tmp_path / "o", "--json"),
        *TOO_LARGE,
        *named("grad_cam"),
    )
    assert ran.code == 7
    (image,) = CurvesDocument.model_validate(ran.document).images
    assert {each.method for each in image.scores} == {"grad_cam", "random", "edge"}
    assert [each.name for each in image.failed] == ["occlusion"]
    result = json.loads((tmp_path / "o" / "picture" / "curves.json").read_text(encoding="utf-8"))
    assert result["curves"]["methods"] == ["grad_cam", "random", "edge"]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (
            ("occlusion", "occlusion.stride=32"),
            "occlusion.stride cannot be 32 with a window of 15: pixels between the squares would never be "
            "tested. Choose a stride of at most 15, or a larger window.",
        ),
        (
            ("occlusion", "occlusion.window=4"),
            "occlusion.stride cannot be 8 with a window of 4: pixels between the squares would never be "
            "tested. Choose a stride of at most 4, or a larger window.",
        ),
        (
            ("rise", "rise.keep=0.0001"),
            "rise.keep cannot be 0.0001 with 1000 masks: most pixels would never be shown, so that nothing "
            "would be known of them. Choose a value nearer to 0.5, or more masks.",
        ),
        (
            ("rise", "rise.keep=0.9999"),
            "rise.keep cannot be 0.9999 with 1000 masks: most pixels would never be hidden, so that nothing "
            "would be known of them. Choose a value nearer to 0.5, or more masks.",
        ),
    ],
    ids=lambda value: value[1] if isinstance(value, tuple) else None,
)
def test_that_settings_that_leave_pixels_untested_are_refused_before_anything_is_read(
    saliscope, bundle, picture, tmp_path, options, words
):
    method, setting = options
    ran = saliscope(
        *("explain", picture, "--model", bundle, "--out", tmp_path / "o", "--method", "gradient"),
        *("--method", method, "--set", setting),
    )
    assert (ran.code, ran.one_error) == (2, words)
    assert not (tmp_path / "o").exists()


def test_that_a_data_set_has_a_reason_and_no_figure_for_maps_of_rounding(
    saliscope, bundle_with_head, picture, tmp_path
):
    bundle = bundle_with_head(lambda kernel, bias: (1e-9 * kernel, bias))
    index = tmp_path / "index.csv"
    index.write_text("file,box\npicture.png,4;4;20;20\n".replace(";", " "), encoding="utf-8")
    ran = saliscope(
        *("evaluate", index, "--model", bundle, "--out", tmp_path / "o", *named("gradient", "occlusion")),
        *("--metric", "curves", "--metric", "energy_inside", "--metric", "repeatability"),
        *("--set", "curves.grids=1", "--set", "curves.random_draws=2", "--set", "curves.thresholds=0.2,0.5"),
    )
    assert ran.code == 0, ran.err
    with (tmp_path / "o" / "rows.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["method"] in ("gradient", "occlusion")]
    assert {row["reason"] for row in rows} == {"no_signal"}
    assert {row["value"] for row in rows} == {""}
    assert all("zero up to rounding (it moves the score by" in row["sentence"] for row in rows)


@pytest.mark.parametrize(
    ("diagnostics", "sentence"),
    [
        (
            {"completeness_error": 0.2, "sum": 0.1, "rise": 0.0},
            "Its sum is +0.100 and the score does not rise (0): an error relative to the rise is not "
            "defined.",
        ),
        (
            {"completeness_error": 0.02, "sum": 0.11, "rise": 0.1},
            "Its sum is +0.110 and the rise of the score +0.100: they differ by 0.010, so the map "
            "accounts for the score.",
        ),
        (
            {"completeness_error": 0.1, "sum": 2.2, "rise": 2.0},
            "Its sum is +2.200 and the rise of the score +2.000: an error of 10.0 %, so the map nearly "
            "accounts for the score.",
        ),
        (
            {"completeness_error": 0.3, "sum": 2.6, "rise": 2.0},
            "Its sum is +2.600 and the rise of the score +2.000: an error of 30.0 %, too much; "
            "take more steps.",
        ),
    ],
)
def test_that_a_relative_error_is_reported_with_its_reference(diagnostics, sentence):
    values = np.ones((4, 4), np.float32)
    result = AttributionMap(values, signed=True, cells=(4, 4), diagnostics=diagnostics)
    record = explained(values, "integrated_gradients", signed=True, diagnostics=diagnostics).record
    assert explanation_line(Explanation(result, record)).endswith(f"(logit of meningioma). {sentence}")


def test_that_a_control_map_s_share_is_not_attributed_to_a_class():
    values = np.ones((4, 4), np.float32)
    result = AttributionMap(values, signed=False, cells=(4, 4))
    message = explanation_line(Explanation(result, explained(values, "random").record))
    assert message.endswith("lies in 50.0 % of the picture (a control map: it does not use the model).")
