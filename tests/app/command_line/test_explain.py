"""`saliscope explain`: the files, their contents, and that a second run gives the same."""

import hashlib
import json

import numpy as np
import pytest
from PIL import Image

from core.errors import DiskFull
from core.models.preprocessing import Preprocessing
from core.results.explanation import ExplainDocument, ExplanationDocument

FILES = [
    "explanation.json",
    "grad_cam.npy",
    "grad_cam.png",
    "input.png",
    "integrated_gradients.npy",
    "integrated_gradients.png",
    "picture.saliscope",
]


@pytest.fixture
def explained(saliscope, bundle, tmp_path):
    def run(*arguments, out="out"):
        return saliscope("explain", *arguments, "--model", bundle, "--out", tmp_path / out, "--json")

    return run


def test_that_the_two_usual_methods_leave_their_files_and_no_other(explained, picture, tmp_path):
    ran = explained(picture)
    assert (ran.code, ran.err) == (0, "")
    (image,) = ExplainDocument.model_validate(ran.document).images
    folder = tmp_path / "out" / "picture"
    assert image.folder == "picture"
    assert sorted(path.name for path in folder.iterdir()) == FILES == list(image.files)


def test_that_the_record_states_all_that_a_repetition_needs(explained, bundle, picture, tmp_path):
    explained(
        picture, "--seed", 5, "--set", "integrated_gradients.steps=16", "--target", "probability:pituitary"
    )
    text = (tmp_path / "out" / "picture" / "explanation.json").read_text(encoding="utf-8")
    document = ExplanationDocument.model_validate_json(text)
    assert document.image.file == "picture.png"
    assert document.image.sha256 == hashlib.sha256(picture.read_bytes()).hexdigest()
    card = json.loads((bundle / "model.json").read_text(encoding="utf-8"))
    assert document.model.weights_sha256 == card["weights_sha256"]
    assert (document.target.kind, document.target.class_name) == ("probability", "pituitary")
    grad_cam, integrated = document.methods
    assert (grad_cam.name, grad_cam.choices, grad_cam.gradients) == ("grad_cam", {"layer": "last"}, 1)
    assert integrated.parameters["steps"] == 16
    assert (integrated.seed, integrated.gradients, integrated.forwards) == (5, 16, 0)
    assert "completeness_error" in integrated.diagnostics
    assert str(tmp_path) not in text
    for record in document.methods:
        values = np.load(tmp_path / "out" / "picture" / record.map_file)
        assert (values.dtype, values.shape) == (np.float32, (32, 32))
        assert (record.minimum, record.maximum) == (values.min(), values.max())


def test_that_input_png_is_what_the_preprocessing_gives(explained, picture, tmp_path):
    from core.images.slice import Slice

    explained(picture, "--method", "edge")
    observed = np.asarray(Image.open(tmp_path / "out" / "picture" / "input.png"))
    x = Preprocessing(height=32, width=32).apply(Slice(np.asarray(Image.open(picture)))).x
    np.testing.assert_array_equal(observed, np.rint(255 * x[..., 0].astype(np.float64)))


def test_that_the_same_seed_gives_the_same_bits_and_another_one_other_noise(explained, picture, tmp_path):
    methods = ("--method", "integrated_gradients", "--method", "random")
    for out, seed in (("a", 3), ("b", 3), ("c", 4)):
        explained(picture, *methods, "--seed", seed, out=out)

    def bits(out, name):
        return (tmp_path / out / "picture" / f"{name}.npy").read_bytes()

    for name in ("integrated_gradients", "random"):
        assert bits("a", name) == bits("b", name)
    assert bits("a", "random") != bits("c", "random")
    assert bits("a", "integrated_gradients") == bits("c", "integrated_gradients")


def test_that_nothing_is_overwritten(explained, picture):
    folders = [explained(picture, "--method", "edge").document["images"][0]["folder"] for _ in range(2)]
    assert folders == ["picture", "picture-2"]


def test_that_the_text_output_states_what_the_numbers_mean(saliscope, bundle, picture, tmp_path):
    out = saliscope("explain", picture, "--model", bundle, "--out", tmp_path / "o").out
    assert "Integrated Gradients: half of its positive values lies in" in out
    assert "Its sum is" in out
    assert "Written to picture: " in out
    assert str(tmp_path) not in out


def test_that_a_map_without_positive_evidence_is_reported_as_a_result(saliscope, bundle, tmp_path):
    path = tmp_path / "flat.png"
    Image.fromarray(np.zeros((32, 32), np.uint8)).save(path)
    ran = saliscope(
        "explain", path, "--model", bundle, "--out", tmp_path / "o", "--method", "integrated_gradients"
    )
    assert ran.code == 0
    assert "No positive evidence for the logit of" in ran.out


@pytest.mark.parametrize(
    ("options", "code", "words"),
    [
        (("--set", "grad_cam.steps=3"), 2, "grad_cam has no parameter 'steps'. Its parameters: layer."),
        (("--set", "integrated_gradients.steps=1"), 2, "integrated_gradients.steps cannot be '1'"),
        (("--set", "integrated_gradients.steps=x"), 2, "integrated_gradients.steps cannot be 'x'"),
        (("--set", "integrated_gradients.rule=simpson"), 2, "integrated_gradients.rule cannot be 'simpson'"),
        (("--set", "gradient.channels=sum"), 2, "gradient is not computed here. Add --method gradient."),
        (("--set", "limes.samples=3"), 2, "There is no method 'limes'."),
        (("--set", "steps=3"), 2, "--set steps=3 is not METHOD.PARAM=VALUE."),
        (("--method", "gradcam"), 2, "There is no method 'gradcam'. Did you mean 'grad_cam'?"),
        (("--seed", "-1"), 2, "Invalid value for '--seed'"),
        (("--sample", "brain"), 2, "There is no sample 'brain'."),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else None,
)
def test_that_a_wrong_request_is_refused_before_anything_is_computed(
    explained, picture, tmp_path, options, code, words
):
    ran = explained(picture, *options)
    assert ran.code == code
    assert words in ran.one_error
    assert ran.document["schema"] == "saliscope/error/1"
    assert words.split(".")[0] in ran.document["error"]["message"]
    assert not (tmp_path / "out").exists()


def test_that_an_unknown_class_names_the_known_ones(explained, picture):
    ran = explained(picture, "--target", "difference:glioma:glyoma")
    assert ran.code == 2
    assert "no class 'glyoma'. Did you mean 'glioma'?" in ran.one_error


def test_that_an_unknown_layer_is_named(explained, picture):
    ran = explained(picture, "--method", "grad_cam", "--set", "grad_cam.layer=lost")
    assert ran.code == 2
    assert "no convolutional layer 'lost'. Did you mean 'last'?" in ran.one_error


def test_that_an_unknown_model_is_named(saliscope, picture):
    ran = saliscope("explain", picture, "--model", "nonsense", "--json")
    assert ran.code == 4
    assert ran.document["error"]["code"] == "unknown_model"
    assert ran.one_error.startswith("There is no model 'nonsense'.")


def test_that_damaged_weights_are_one_error_however_many_images(explained, bundle, picture):
    weights = bundle / "weights.safetensors"
    weights.write_bytes(weights.read_bytes()[:-4] + b"\xff\xff\xff\xff")
    ran = explained(picture, picture)
    assert ran.code == 4
    assert ran.document["error"]["code"] == "damaged_bundle"
    assert ran.one_error.startswith("The weights of small are not those its card names.")


def test_that_the_sample_brings_its_own_model_and_modality(saliscope, bundle, picture, tmp_path, monkeypatch):
    from core.samples import Sample

    class Bundled(Sample):
        @property
        def path(self):
            return picture

    expected = Bundled(
        id="one",
        class_name="glioma",
        title="",
        model="small",
        modality="MR",
        file="picture.png",
        licence="",
        attribution="",
        source="",
    )
    monkeypatch.setattr("app.command_line.images.sample", lambda name: expected)
    monkeypatch.setattr("core.models.bundle.model_folders", lambda: [bundle.parent])
    ran = saliscope("explain", "--sample", "one", "--method", "edge", "--out", tmp_path / "o", "--json")
    (image,) = ran.document["images"]
    assert (image["sample"], image["model"]["id"], image["image"]["modality"]) == ("one", "small", "MR")
    assert image["folder"] == "one"
    assert (tmp_path / "o" / "one" / "explanation.json").is_file()


def test_that_a_full_disk_is_a_resource_error_and_leaves_no_half_file(
    explained, picture, tmp_path, monkeypatch
):
    def full(path, values):
        raise DiskFull(f"{path.name} cannot be written: No space left on device.", "Free some space.")

    monkeypatch.setattr("app.command_line.maps.write_array", full)
    ran = explained(picture, "--method", "edge")
    assert ran.code == 6
    assert ran.document["images"][0]["error"]["code"] == "disk_full"
    assert list((tmp_path / "out" / "picture").iterdir()) == []


def test_that_ctrl_c_ends_with_130_and_one_line(explained, picture, monkeypatch):
    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("app.command_line.maps.predict_prepared", interrupted)
    ran = explained(picture)
    assert ran.code == 130
    assert ran.err.strip() == "saliscope: error: Interrupted."
    assert ran.document["error"]["code"] == "cancelled"
