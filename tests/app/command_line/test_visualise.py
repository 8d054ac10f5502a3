"""`saliscope visualise`: its files, its document, and what is refused before anything slow begins."""

import numpy as np
import pytest
from PIL import Image

from core.results.visualisation import STATEMENT, VisualiseDocument


@pytest.fixture
def made(saliscope, bundle, tmp_path):
    def make(*arguments):
        few = ("--set", "steps=3")
        return saliscope(
            "visualise", *arguments, "--model", bundle, *few, "--out", tmp_path / "out", "--json"
        )

    return make


def test_that_a_class_gets_a_picture_its_values_and_a_document(made, tmp_path):
    ran = made("activation_maximisation", "--class", "meningioma", "--seed", 5)
    document = VisualiseDocument.model_validate(ran.document)
    folder = tmp_path / "out" / document.folder
    assert folder.name == "activation_maximisation_meningioma"
    values = np.load(folder / "picture.npy")
    assert values.shape == (32, 32, 1)
    with Image.open(folder / "picture.png") as picture:
        np.testing.assert_array_equal(np.asarray(picture), np.rint(255 * values[..., 0].astype(np.float64)))
    assert VisualiseDocument.model_validate_json((folder / "picture.json").read_text()) == document
    record = document.picture
    assert (record.statement, record.seed, record.steps) == (STATEMENT, 5, 3)
    assert record.maximised == "logit of meningioma"
    assert record.score_end > record.score_start
    assert (record.scores[0], record.scores[-1], len(record.scores)) == (
        record.score_start,
        record.score_end,
        4,
    )
    assert sum(record.probabilities.values()) == pytest.approx(1, abs=1e-5)
    assert document.image is None


def test_that_the_document_repeats_the_picture(made, tmp_path):
    arguments = ("activation_maximisation", "--layer", "last", "--channel", 1)
    folders = [made(*arguments).document["folder"] for _ in range(2)]
    first, again = (np.load(tmp_path / "out" / folder / "picture.npy") for folder in folders)
    np.testing.assert_array_equal(first, again)
    assert folders[0] != folders[1]


def test_that_a_dream_begins_with_the_image_and_names_it(made, picture):
    document = VisualiseDocument.model_validate(
        made("deep_dream", "--layer", "last", "--image", picture).document
    )
    assert document.image is not None
    assert document.image.image.file == picture.name
    assert document.folder == f"{picture.stem}_deep_dream_last"
    assert document.picture.maximised == "layer last (half the sum of squares)"


def test_that_people_are_told_what_the_picture_is_not(saliscope, bundle, tmp_path):
    out = saliscope(
        "visualise",
        "activation_maximisation",
        "--layer",
        "last",
        "--channel",
        "0",
        "--row",
        "1",
        "--column",
        "2",
        "--model",
        bundle,
        "--set",
        "steps=1",
        "--out",
        tmp_path,
    ).out
    assert STATEMENT in out
    assert "unit of channel 0 of layer last (row 1, column 2)" in out


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("activation_maximisation",), "One thing is maximised"),
        (("activation_maximisation", "--class", "glioma", "--channel", 1), "A class has no channel"),
        (("activation_maximisation", "--class", "gliom"), "no class 'gliom'. Did you mean 'glioma'?"),
        (("activation_maximisation", "--layer", "last", "--row", 1), "A unit has a channel"),
        (("activation_maximisation", "--layer", "none", "--channel", 1), "no convolutional layer 'none'"),
        (("activation_maximisation", "--layer", "last", "--channel", 10**6), "no channel 1000000"),
        (("activation_maximisation", "--layer", "last"), "cannot maximise a layer"),
        (("activation_maximisation", "--class", "glioma", "--sample", "brain_glioma"), "without an image"),
        (("deep_dream", "--layer", "last"), "begins with one image"),
        (("deep_drem", "--layer", "last"), "Did you mean 'deep_dream'?"),
        (("activation_maximisation", "--class", "glioma", "--set", "rate=0"), "rate cannot be '0'"),
        (("activation_maximisation", "--class", "glioma", "--set", "steps"), "steps is not PARAM=VALUE"),
    ],
)
def test_that_a_wrong_call_is_answered_with_its_reason(made, arguments, sentence):
    ran = made(*arguments)
    assert ran.code == 2
    assert sentence in ran.document["error"]["message"] + " " + ran.document["error"]["hint"]


def test_that_without_a_name_all_are_listed_with_their_parameters(saliscope):
    out = saliscope("visualise").out
    assert "DeepDream (deep_dream)" in out
    assert "--set total_variation=..." in out
