"""`saliscope curves`: the curves' files agree with each other and with the printed text."""

import csv
import json

import pytest

from core.results.curves import CurvesDocument, CurveSetDocument


def test_that_json_csv_and_document_hold_the_same_curves(saliscope, bundle, picture, tmp_path):
    ran = saliscope("curves", picture, "--model", bundle, "--method", "grad_cam", "--out", tmp_path, "--json")
    assert (ran.code, ran.err) == (0, "")
    (image,) = CurvesDocument.model_validate(ran.document).images
    folder = tmp_path / "picture-2" if (tmp_path / "picture-2").exists() else tmp_path / "picture"
    assert {"curves.json", "curves.csv", "curves.png", "explanation.json", "grad_cam.npy"} <= set(image.files)
    curve_set = CurveSetDocument.model_validate_json((folder / "curves.json").read_text(encoding="utf-8"))
    assert curve_set.curves.methods == ("grad_cam", "random", "edge")
    assert curve_set.class_name == image.prediction.class_name
    assert (image.scores, image.undefined) == (curve_set.curves.scores, curve_set.curves.undefined)
    assert curve_set.curves.settings.protocol == "cells"
    with (folder / "curves.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    points = [
        (curve.method, curve.kind, curve.direction, x, y)
        for curve in curve_set.curves.curves
        for x, y in zip(curve.x, curve.y, strict=True)
    ]
    read = [(row["method"], row["kind"], row["direction"], float(row["x"]), float(row["y"])) for row in rows]
    assert read == points
    assert points


def test_that_pair_follows_the_class_of_the_target(saliscope, bundle, picture, tmp_path):
    ran = saliscope(
        *("curves", picture, "--model", bundle, "--method", "grad_cam", "--target", "pituitary"),
        *("--protocol", "pair", "--entropy", "shannon", "--seed", 3, "--out", tmp_path / "o"),
    )
    assert ran.code == 0
    result = json.loads((tmp_path / "o" / "picture" / "curves.json").read_text(encoding="utf-8"))
    assert result["class"] == "pituitary"
    settings = result["curves"]["settings"]
    assert (settings["protocol"], settings["entropy"], settings["seed"]) == ("pair", "shannon", 3)
    # A random network never reaches the probability that `pair` requires, so the reason is the result.
    assert [each["kind"] for each in result["curves"]["undefined"]] == ["aic", "sic"]
    assert "none on this image." in ran.out


@pytest.mark.parametrize("options", [("--protocol", "pair", "--entropy", "area"), ("--protocol", "mine")])
def test_that_a_protocol_that_does_not_exist_is_refused(saliscope, bundle, picture, options):
    ran = saliscope("curves", picture, "--model", bundle, *options, "--json")
    assert ran.code == 2
    assert ran.document["error"]["message"] in ran.one_error
