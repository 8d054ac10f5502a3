"""`saliscope predict`: probabilities in the order given, failures in their place."""

import shutil

import nibabel
import numpy as np
import pytest
from PIL import Image

from core.results.explanation import PredictDocument

BAD = {
    "text.dcm": (b"hello\n" * 50, "unreadable"),
    "empty.png": (b"", "unreadable"),
}


def test_that_probabilities_sum_to_one_and_the_largest_is_named(saliscope, bundle, picture):
    ran = saliscope("predict", picture, "--model", bundle, "--json")
    assert (ran.code, ran.err) == (0, "")
    (image,) = PredictDocument.model_validate(ran.document).images
    result = image.prediction
    assert sum(result.probabilities.values()) == pytest.approx(1, abs=1e-6)
    assert result.class_name == max(result.logits, key=result.logits.get)
    assert result.probability == result.probabilities[result.class_name]
    assert (image.image.rows, image.image.columns, image.model.id) == (40, 48, "small")


def test_that_people_get_the_standing_sentence_and_whether_it_is_calibrated(saliscope, bundle, picture):
    out = saliscope("predict", picture, "--model", bundle).out
    assert "The model knows only glioma, meningioma and pituitary." in out
    assert "uncalibrated" in out


def test_that_an_image_unlike_the_expected_is_warned_about_and_still_predicted(saliscope, bundle, tmp_path):
    path = tmp_path / "wide.png"
    Image.fromarray(np.full((20, 90, 3), (90, 10, 10), np.uint8)).save(path)
    (image,) = saliscope("predict", path, "--model", bundle, "--json").document["images"]
    colour, ratio, constant = image["warnings"]
    assert "colour" in colour
    assert "by a factor of 4.5" in ratio
    assert "same value everywhere" in constant
    assert image["fit"]["answer"] == "does_not_fit"
    assert image["prediction"]["class"] in ("glioma", "meningioma", "pituitary")


def test_that_a_volume_is_predicted_on_its_middle_slice_or_on_the_requested_one(saliscope, bundle, volume):
    middle, third, first = (
        saliscope("predict", volume, "--model", bundle, "--json", *arguments).document["images"][0]
        for arguments in ((), ("--slice", 3), ("--slice", 1))
    )
    assert (middle["image"]["slice"], middle["image"]["slices"]) == (3, 5)
    assert middle["prediction"] == third["prediction"]
    assert middle["prediction"]["logits"] != first["prediction"]["logits"]
    assert "slice 3 of 5" in saliscope("predict", volume, "--model", bundle).out


def test_that_a_damaged_bundle_is_passed_over_while_another_is_left(saliscope, bundle, picture, monkeypatch):
    damaged = bundle.parent / "damaged"
    damaged.mkdir()
    (damaged / "model.json").write_text("{", encoding="utf-8")
    monkeypatch.setattr("core.models.bundle.model_folders", lambda: [bundle.parent])
    ran = saliscope("predict", picture, "--json")
    assert (ran.code, ran.document["images"][0]["model"]["id"]) == (0, "small")
    shutil.rmtree(bundle)
    ran = saliscope("predict", picture, "--json")
    assert (ran.code, ran.document["error"]["code"]) == (4, "damaged_bundle")


def test_that_a_slice_that_is_not_there_is_a_wrong_call(saliscope, bundle, volume):
    ran = saliscope("predict", volume, "--slice", 6, "--model", bundle)
    assert ran.code == 2
    assert ran.one_error == "volume.nii.gz has no slice 6; it has 5. Choose another slice."


def test_that_all_slices_of_a_series_are_predicted_on_request(saliscope, bundle, volume):
    ran = saliscope("predict", volume, "--all-slices", "--model", bundle, "--json")
    images = PredictDocument.model_validate(ran.document).images
    assert [(each.image.slice, each.image.slices) for each in images] == [(n, 5) for n in range(1, 6)]
    assert len({each.prediction.probabilities["glioma"] for each in images}) == 5


def test_that_a_plane_of_a_volume_is_cut_across_its_slices(saliscope, bundle, volume):
    ran = saliscope("predict", volume, "--plane", "sagittal", "--slice", 7, "--model", bundle, "--json")
    (predicted,) = PredictDocument.model_validate(ran.document).images
    image = predicted.image
    assert (image.plane, image.slice, image.slices, image.rows, image.columns) == ("sagittal", 7, 48, 5, 40)
    ran = saliscope("predict", volume, "--plane", "oblique", "--model", bundle)
    assert ran.code == 2


def test_that_a_position_takes_the_nearest_slice_and_outside_is_a_wrong_call(saliscope, bundle, volume):
    ran = saliscope("predict", volume, "--position", 8, "--model", bundle, "--json")
    (predicted,) = PredictDocument.model_validate(ran.document).images
    assert (predicted.image.slice, predicted.image.position_mm) == (4, 9)
    ran = saliscope("predict", volume, "--position", 99, "--model", bundle)
    assert (ran.code, ran.one_error) == (
        2,
        "volume.nii.gz has no slice at 99.00 mm; its slices lie at 0.00 to 12.00 mm. "
        "Choose a position between them.",
    )


def test_that_two_choices_of_a_slice_at_once_are_a_wrong_call(saliscope, bundle, volume):
    ran = saliscope("predict", volume, "--all-slices", "--slice", 2, "--model", bundle)
    assert (ran.code, ran.one_error) == (
        2,
        "Choose slices by one of --slice, --position and --all-slices.",
    )


def test_that_a_failed_image_stands_in_its_place_and_the_rest_goes_on(saliscope, bundle, picture, tmp_path):
    paths = []
    for name, (content, _) in BAD.items():
        (tmp_path / name).write_bytes(content)
        paths.append(tmp_path / name)
    ran = saliscope("predict", paths[0], picture, paths[1], "--model", bundle, "--json")
    assert ran.code == 7
    first, second, third = PredictDocument.model_validate(ran.document).images
    assert (first.file, first.error.code) == ("text.dcm", BAD["text.dcm"][1])
    assert second.prediction.class_name
    assert (third.file, third.error.code) == ("empty.png", BAD["empty.png"][1])
    assert len(ran.err.splitlines()) == 2


def test_that_a_picture_cut_short_and_nothing_else_is_an_input_error(saliscope, bundle, picture, tmp_path):
    cut = tmp_path / "cut.png"
    cut.write_bytes(picture.read_bytes()[:900])
    ran = saliscope("predict", cut, "--model", bundle, "--json")
    assert ran.code == 3
    assert ran.document["images"][0]["error"]["code"] == "truncated"
    assert ran.one_error.startswith("cut.png ")


def test_that_nan_in_a_volume_is_refused_by_name(saliscope, bundle, tmp_path):
    values = np.ones((20, 20, 3), np.float32)
    values[4, 4, 1] = np.nan
    nibabel.save(nibabel.Nifti1Image(values, np.eye(4)), tmp_path / "nan.nii")
    ran = saliscope("predict", tmp_path / "nan.nii", "--model", bundle, "--json")
    assert ran.code == 3
    assert ran.document["images"][0]["error"]["code"] == "not_finite"
    assert "holds 1 values that are not finite" in ran.one_error


def test_that_a_folder_stands_for_its_images_whatever_it_is_called(saliscope, bundle, picture, tmp_path):
    folder = tmp_path / "Schädel 頭部 MRI" / "tief drin"
    folder.mkdir(parents=True)
    for name in ("b ü.png", "図 a.png"):
        shutil.copy(picture, folder / name)
    ran = saliscope("predict", folder.parent, "--model", bundle, "--json")
    assert ran.code == 0
    assert [image["file"] for image in ran.document["images"]] == ["b ü.png", "図 a.png"]


def test_that_a_folder_without_images_is_one_clear_line(saliscope, bundle, tmp_path):
    (tmp_path / "leer").mkdir()
    ran = saliscope("predict", tmp_path / "leer", "--model", bundle)
    assert ran.code == 3
    assert ran.one_error.startswith("The folder holds no image")
