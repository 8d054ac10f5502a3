"""`saliscope evaluate` reports which images do not fit the model."""

import json
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from core.datasets.document import EvaluateDocument
from core.models.bundle import read_bundle
from core.models.content import CONTENT_NAME, ContentReference
from core.models.handle import ModelHandle
from tests.app.command_line.evaluations import FEW, rows_of

pytestmark = pytest.mark.usefixtures("quick_evaluation")


@pytest.fixture
def bundle_with_content_reference(bundle):
    """The bundle with a reference whose limit no noise reaches, while an image of one value is far beyond."""
    handle = ModelHandle.load(read_bundle(bundle))
    noise = np.random.default_rng(3).random((24, 32, 32, 1)).astype(np.float32)
    contents = np.stack([handle.content(each) for each in noise])
    size = contents.shape[1]
    spread = np.maximum(contents.std(axis=0), 1e-3)
    unlimited = ContentReference(
        contents.mean(axis=0), np.ones(size), np.eye(size), spread, limit=1.0, limit_share=0.99
    )
    limit = 3 * float(unlimited.distances(contents).max())
    replace(unlimited, limit=limit).write(bundle)
    return bundle


def test_that_every_table_states_which_images_do_not_fit_the_model(
    saliscope, bundle_with_content_reference, data, tmp_path
):
    out = tmp_path / "out"
    wide = np.random.default_rng(1).integers(0, 255, (32, 64), np.uint8)
    Image.fromarray(wide).save(data.parent / "wide.png")
    data.write_text("file\ngood0.png\nwide.png\nconstant.png\nmissing.png\n", "utf-8")
    ran = saliscope(
        *("evaluate", data, "--model", bundle_with_content_reference, "--method", "gradient", *FEW),
        *("--out", out, "--repeats", 2),
    )
    fits = {row["file"]: row["fit"] for row in rows_of(out)}
    assert fits == {
        "good0.png": "fits",
        "wide.png": "does_not_fit",
        "constant.png": "does_not_fit",
        "missing.png": "",
    }
    assert "2 of 4 images do not fit the model; the column fit of rows.csv says which." in ran.out
    document = EvaluateDocument.model_validate_json((out / "results.json").read_text("utf-8"))
    assert (document.data.misfits, document.data.fit_unknown) == (2, 0)
    reasons = {each.file: each.notes for each in document.misfits}
    assert set(reasons) == {"wide.png", "constant.png"}
    assert reasons["wide.png"][0].endswith("the model's input squeezes its anatomy by a factor of 2.0.")
    table = (out / "table.md").read_text("utf-8")
    assert table.startswith("## Images that do not fit the model\n")
    assert f"- 2 (wide.png): {' '.join(reasons['wide.png'])}" in table
    # Reported with the image, before any of its figures.
    assert ran.out.index(reasons["wide.png"][0]) < ran.out.index("SIC by")


def test_that_a_model_without_a_reference_leaves_the_fit_open(saliscope, bundle, data, tmp_path):
    data.write_text("file\ngood0.png\ngood1.png\n", "utf-8")
    out = tmp_path / "out"
    ran = saliscope("evaluate", data, "--model", bundle, "--method", "gradient", *FEW, "--out", out)
    assert {row["fit"] for row in rows_of(out)} == {"cannot_be_checked"}
    assert "Whether they fit the model cannot be checked for 2 of 2 images." in ran.out
    assert "## Images that do not fit" not in (out / "table.md").read_text("utf-8")


def test_that_results_of_before_the_fit_check_are_computed_again(saliscope, bundle, data, tmp_path):
    data.write_text("file\ngood0.png\ngood1.png\nmissing.png\n", "utf-8")
    calls = ("evaluate", data, "--model", bundle, "--method", "gradient", *FEW, "--out", tmp_path / "out")
    saliscope(*calls)
    ledger = tmp_path / "out" / "results.jsonl"
    first, *rest = ledger.read_text("utf-8").splitlines()
    older = {key: value for key, value in json.loads(first).items() if key not in ("fit", "input_notes")}
    ledger.write_text("\n".join([json.dumps(older), *rest]) + "\n", "utf-8")
    assert "2 of 3 tasks are already done" in saliscope(*calls).out


def test_that_a_damaged_reference_keeps_no_image_from_its_figures(saliscope, bundle, data, tmp_path):
    data.write_text("file\ngood0.png\n", "utf-8")
    (bundle / CONTENT_NAME).write_bytes(b"no archive")
    out = tmp_path / "out"
    ran = saliscope("evaluate", data, "--model", bundle, "--method", "gradient", *FEW, "--out", out)
    assert ran.code == 0
    assert {row["fit"] for row in rows_of(out)} == {"cannot_be_checked"}
