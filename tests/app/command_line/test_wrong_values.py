"""A value of an option that is wrong in itself is a wrong call (exit code 2), whatever command gets it."""

import pytest

from core.workspace.file import write_workspace
from tests.core.workspace.example import example_workspace

pytestmark = pytest.mark.usefixtures("quick_reader", "quick_evaluation")

MAPS = [
    ("--method", "gradcam"),
    ("--set", "grad_cam.steps=3"),
    ("--set", "integrated_gradients.steps=1"),
    ("--set", "integrated_gradients.rule=simpson"),
    ("--set", "lime.samples=3"),
    ("--set", "steps=3"),
    ("--set", "grad_cam.layer=lost"),
    ("--method", "edge", "--method", "grad_cam", "--set", "grad_cam.layer=lost"),
    ("--method", "occlusion", "--set", "occlusion.window=5000"),
    ("--target", "glyoma"),
    ("--target", "odds:glioma"),
    ("--target", "difference:glioma:glioma"),
    ("--seed", "-1"),
    ("--seed", "x"),
    ("--checks", "some"),
    ("--sample", "brain"),
    ("--slice", "0"),
    ("--slice", "9"),
    ("--plane", "oblique"),
]
CURVES = [("--protocol", "rows"), ("--entropy", "size"), ("--protocol", "pair", "--entropy", "area")]
EVALUATE = [
    ("--method", "gradcam"),
    ("--metric", "beauty"),
    ("--set", "gradient.channels=all"),
    ("--set", "grad_cam.layer=lost"),
    ("--set", "curves.grids=0"),
    ("--set", "curves.grid=3"),
    ("--set", "curves.thresholds=0.5,0.2"),
    ("--set", "curves.thresholds=half"),
    ("--set", "rise.masks=10"),
    ("--metric", "sparsity", "--set", "sparsity.size=3"),
    ("--keep", "hospital=a"),
    ("--keep", "label=none"),
    ("--column", "mask=masks"),
    ("--limit", "0"),
    ("--repeats", "0"),
    ("--target", "all"),
]
EXPORT = [
    ("--as", "map_nify"),
    ("--all", "--case", "case-7"),
    ("--all", "--map", "map-7"),
    ("--all", "--map", "rise"),
    ("--as", "map_nifti", "--set", "map_nifti.outside=one"),
    ("--as", "map_nifti", "--set", "map_nifti.outsid=nan"),
    ("--as", "dicom_segmentation", "--set", "dicom_segmentation.share_percent=0"),
    ("--as", "map_npy", "--set", "map_nifti.outside=nan"),
]


@pytest.mark.parametrize("options", MAPS, ids=" ".join)
@pytest.mark.parametrize("command", ["explain", "curves"])
def test_that_maps_and_curves_refuse_it(saliscope, bundle, picture, tmp_path, command, options):
    out = tmp_path / "out"
    ran = saliscope(command, picture, *options, "--model", bundle, "--out", out)
    assert (ran.code, out.exists()) == (2, False)
    assert ran.one_error


@pytest.mark.parametrize("options", CURVES, ids=" ".join)
def test_that_curves_refuse_it(saliscope, bundle, picture, tmp_path, options):
    out = tmp_path / "out"
    ran = saliscope("curves", picture, *options, "--method", "edge", "--model", bundle, "--out", out)
    assert (ran.code, out.exists()) == (2, False)


@pytest.mark.parametrize("options", EVALUATE, ids=" ".join)
def test_that_a_data_set_is_not_measured_with_it(saliscope, bundle, data, tmp_path, options):
    ran = saliscope("evaluate", data, *options, "--model", bundle, "--out", tmp_path / "out")
    assert ran.code == 2
    assert ran.one_error


@pytest.mark.parametrize("options", EXPORT, ids=" ".join)
def test_that_exports_refuse_it(saliscope, tmp_path, options):
    path, out = tmp_path / "brain.saliscope", tmp_path / "out"
    write_workspace(path, example_workspace())
    ran = saliscope("export", path, *options, "--to", out)
    assert (ran.code, out.exists()) == (2, False)


@pytest.mark.parametrize(
    "call",
    [
        ("methods", "gradcam"),
        ("samples", "brain"),
        ("info", "--slice", "0"),
        ("replay", "x.saliscope", "--source", "gone"),
        ("train", "x", "--facts", "facts.json", "--recipe", "none"),
        ("train", "x", "--facts", "facts.json", "--set", "epoch=3"),
        ("train", "x", "--facts", "facts.json", "--set", "batch=none"),
        ("train", "x", "--facts", "facts.json", "--from", "none"),
        ("train", "x", "--facts", "facts.json", "--seed", "x"),
    ],
    ids=" ".join,
)
def test_that_the_other_commands_refuse_it(saliscope, tmp_path, monkeypatch, call):
    monkeypatch.chdir(tmp_path)
    assert saliscope(*call).code == 2
