"""`saliscope layers`: the layers with their grids, the strip, and the units of a layer."""

import csv

import numpy as np
import pytest
from PIL import Image

from app.command_line.layers import LayersDocument


@pytest.fixture(autouse=True)
def _quick(quick_reader):
    """No reader process, and one handle for all tests."""


def test_that_layers_are_named_with_grid_and_channels_and_the_default_is_marked(saliscope, bundle, picture):
    ran = saliscope("layers", picture, "--model", bundle, "--json")
    assert (ran.code, ran.err) == (0, "")
    (image,) = LayersDocument.model_validate(ran.document).images
    listed = [(layer.name, layer.rows, layer.columns, layer.channels) for layer in image.layers]
    assert listed == [("first", 32, 32, 6), ("halved", 16, 16, 6), ("last", 16, 16, 8)]
    assert [layer.is_default for layer in image.layers] == [False, False, True]
    # Of each grid the last layer has a Grad-CAM.
    assert [layer.highest is not None for layer in image.layers] == [True, False, True]
    assert (image.units, image.folder, image.files) == (None, "", ())
    assert image.target.class_name == image.prediction.class_name


def test_that_contributions_of_the_last_layer_sum_to_the_logit_without_its_bias(saliscope, bundle, picture):
    from core.models.handle import ModelHandle

    options = ("--units", "last", "--target", "pituitary", "--json")
    ran = saliscope("layers", picture, "--model", bundle, *options)
    (image,) = LayersDocument.model_validate(ran.document).images
    units = image.units
    bias = ModelHandle.load(str(bundle))._model.get_layer("logits").bias.numpy()[2]
    assert units.total == pytest.approx(image.prediction.logits["pituitary"] - bias, abs=1e-4)
    assert units.supporting + units.opposing == pytest.approx(units.total)
    contributions = [each.contribution for each in units.units]
    assert contributions == sorted(contributions, reverse=True)
    assert sorted(each.unit for each in units.units) == list(range(8))
    assert [each.rank for each in units.units] == list(range(1, 9))
    assert sum(contributions) == pytest.approx(units.total)


def test_that_people_read_the_strip_and_the_first_units(saliscope, bundle, picture):
    out = saliscope("layers", picture, "--model", bundle, "--units", "last", "--count", 2).out
    assert "of the last layer of each grid, of 3 layers:" in out
    assert "32 x 32" in out
    assert "Units of last: contributions to the logit of" in out
    rows = out[out.index("rank") :].splitlines()
    assert [row.split()[0] for row in rows[:3]] == ["rank", "1", "2"]
    assert rows[3] == ""


def test_that_pictures_and_tables_are_written(saliscope, bundle, picture, tmp_path):
    arguments = ("--units", "first", "--count", 3, "--out", tmp_path / "out")
    ran = saliscope("layers", picture, "--model", bundle, *arguments, "--json")
    (image,) = LayersDocument.model_validate(ran.document).images
    folder = tmp_path / "out" / image.folder
    assert set(image.files) == {"layers.png", "layers.csv", "units.png", "units.csv"}
    assert {path.name for path in folder.iterdir()} == set(image.files)
    for name in ("layers.png", "units.png"):
        assert np.asarray(Image.open(folder / name).convert("L")).std() > 1
    with (folder / "units.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(int(row["unit"]), int(row["rank"])) for row in rows] == [
        (each.unit, each.rank) for each in image.units.units
    ]
    with (folder / "layers.csv").open(encoding="utf-8", newline="") as file:
        assert [row["name"] for row in csv.DictReader(file)] == ["first", "halved", "last"]


def test_that_an_unknown_layer_is_a_wrong_value(saliscope, bundle, picture):
    ran = saliscope("layers", picture, "--model", bundle, "--units", "frist")
    assert ran.code == 2
    assert "no convolutional layer 'frist'" in ran.err
    assert "first" in ran.err
