"""`saliscope evaluate` uses the slice and the region that the index names."""

import json

import nibabel
import numpy as np
import pytest
from PIL import Image

from core.datasets.document import EvaluateDocument
from tests.app.command_line.evaluations import FEW, rows_of

pytestmark = pytest.mark.usefixtures("quick_evaluation")


def test_that_a_changed_mask_is_evaluated_again_and_so_is_one_that_an_older_version_did_not_record(
    saliscope, bundle, data, tmp_path
):
    folder, out = data.parent, tmp_path / "out"
    half = np.zeros((32, 32), np.uint8)
    half[:16] = 255
    for name in ("first.png", "second.png"):
        Image.fromarray(half).save(folder / name)
    data.write_text(
        'file,mask,box\ngood0.png,first.png,\ngood1.png,second.png,\ngood2.png,,"0,0,32,16"\n',
        encoding="utf-8",
    )
    calls = ("evaluate", data, "--model", bundle, "--method", "gradient", "--metric", "energy_inside")

    def inside(image: int) -> float:
        (result,) = {
            float(row["value"])
            for row in rows_of(out)
            if (row["file"], row["method"], row["figure"]) == (f"good{image}.png", "random", "share")
        }
        return result

    saliscope(*calls, "--out", out)
    before = [inside(image) for image in range(3)]
    assert before == pytest.approx([0.5] * 3, abs=0.05)
    assert "3 of 3 tasks are already done" in saliscope(*calls, "--out", out).out
    Image.fromarray(255 - half).save(folder / "first.png")
    assert "2 of 3 tasks are already done" in saliscope(*calls, "--out", out).out
    # What does not lie in the upper half lies in the lower one.
    assert inside(0) == pytest.approx(1 - before[0], abs=1e-6)
    assert [inside(1), inside(2)] == before[1:]
    (folder / "second.png").unlink()
    assert "2 of 3 tasks are already done" in saliscope(*calls, "--out", out).out
    ledger = out / "results.jsonl"
    stored = [json.loads(line) for line in ledger.read_text(encoding="utf-8").splitlines()]
    assert stored[-1]["mask_sha256"] == ""  # named, but missing
    older = [{key: value for key, value in each.items() if key != "mask_sha256"} for each in stored]
    ledger.write_text("".join(json.dumps(each) + "\n" for each in older), encoding="utf-8")
    assert "1 of 3 tasks are already done" in saliscope(*calls, "--out", out).out


def test_that_a_row_states_which_slice_of_a_volume_is_evaluated(saliscope, bundle, data, tmp_path, generator):
    folder, out = data.parent, tmp_path / "out"
    values = generator.integers(1, 255, (32, 32, 5), np.uint8)
    # Of the five slices of the mask one holds nothing, the others 8, 16, 20 and 24 columns of 32.
    mask = np.zeros((32, 32, 5), np.uint8)
    for number, columns in enumerate((0, 8, 16, 20, 24)):
        mask[:columns, :, number] = 1
    for name, voxels in (("head.nii", values), ("mask.nii", mask)):
        nibabel.Nifti1Image(voxels, np.eye(4)).to_filename(folder / name)
    slices = ("1", "2", "", "5.0", "6", "second")
    data.write_text("file,mask,slice\n" + "".join(f"head.nii,mask.nii,{each}\n" for each in slices), "utf-8")
    calls = ("evaluate", data, "--model", bundle, "--method", "gradient", "--metric", "energy_inside")
    assert saliscope(*calls, "--out", out).code == 7
    rows = [row for row in rows_of(out) if row["method"] == "random" and row["figure"] in ("share", "area")]
    message = [(row["slice"], row["reason"], row["group"]) for row in rows if row["figure"] == "share"]
    assert message == [
        ("1", "not_applicable", "1"),
        ("2", "", "1"),
        ("3", "", "1"),
        ("5", "", "1"),
        ("", "no_slice", "1"),
        ("", "input", "1"),
    ]
    assert [float(row["value"]) for row in rows if row["figure"] == "area"] == [0.25, 0.5, 0.75]
    assert "head.nii has no slice 6; it has 5." in {row["sentence"] for row in rows}


def test_that_regions_are_evaluated_where_the_index_names_them(saliscope, bundle, data, tmp_path):
    folder = data.parent
    mask = np.zeros((32, 32), np.uint8)
    mask[:16] = 255
    Image.fromarray(mask).save(folder / "half.png")
    Image.fromarray(mask[:8]).save(folder / "small.png")
    Image.open(folder / "good0.png").save(folder / "good4.png")
    data.write_text(
        "file,label,mask,polygon,bbox\n"
        "good0.png,glioma,half.png,,\n"
        'good1.png,glioma,,,"0,0,32,8;0,8,32,16"\n'
        "good2.png,glioma,small.png,,\n"
        'good3.png,glioma,,,"0,0,99,16"\n'
        'good4.png,glioma,,"0,0;32,0;0,32",\n',
        encoding="utf-8",
    )
    out = tmp_path / "out"
    ran = saliscope("evaluate", data, "--model", bundle, "--method", "gradient", *FEW, "--out", out)
    assert ran.code == 0
    result = {
        (row["file"], row["method"]): row
        for row in rows_of(out)
        if (row["metric"], row["figure"]) == ("energy_inside", "share")
    }
    # Uniform noise lays half of itself into half of the image, as mask, as boxes or as polygon.
    for name in ("good0.png", "good1.png", "good4.png"):
        assert float(result[name, "random"]["value"]) == pytest.approx(0.5, abs=0.05)
    assert result["good2.png", "gradient"]["reason"] == "incompatible_input"
    assert result["good3.png", "gradient"]["reason"] == "input"
    curves = [row for row in rows_of(out) if row["metric"] == "sic" and row["file"] == "good2.png"]
    assert all(row["value"] for row in curves)
    metrics = {
        choice["name"] for choice in json.loads((out / "results.json").read_text("utf-8"))["plan"]["metrics"]
    }
    assert metrics == {"pointing_game", "energy_inside", "iou", "auprc"}


def test_that_the_notes_of_a_mask_are_in_every_table(saliscope, bundle, data, tmp_path):
    folder, out = data.parent, tmp_path / "out"
    half = np.zeros((32, 32), np.uint8)
    half[:16] = 200
    rim = np.zeros((32, 32), np.uint8)
    rim[0] = 255
    labels = np.where(np.arange(32)[:, None] < 8, 1, half // 100).astype(np.uint8)
    for name, values in (("half", half), ("inverted", 255 - rim), ("empty", half * 0), ("labels", labels)):
        Image.fromarray(values).save(folder / f"{name}.png")
    names = ("half.png", "inverted.png", "empty.png", "labels.png")
    data.write_text("id;file;mask\n" + "".join(f"{each};good0.png;{each}\n" for each in names), "utf-8")
    ran = saliscope(
        *("evaluate", data, "--model", bundle, "--method", "gradient", *FEW, "--out", out, "--json"),
        *("--metric", "curves", "--metric", "energy_inside"),
    )
    assert ran.code == 0
    notes = {
        "inverted.png": "The mask covers 97 % of the image; background and finding may be exchanged.",
        "empty.png": "The mask is empty: it marks no pixel of this image.",
        "labels.png": "The mask has the labels 1 and 2; together they are the region.",
    }
    rows = rows_of(out)
    for name in names:
        individual = {row["note"] for row in rows if (row["image"], row["metric"]) == (name, "energy_inside")}
        assert individual == {notes.get(name, "")}
    assert {row["note"] for row in rows if row["metric"] == "sic"} == {""}
    result = EvaluateDocument.model_validate(ran.document).notes
    assert {each.image: each.notes for each in result} == {name: (note,) for name, note in notes.items()}
    table = (out / "table.md").read_text("utf-8")
    assert all(f"- {name} (good0.png): {note}" in table for name, note in notes.items())
    areas = {
        row["image"]: row["value"] for row in rows if row["figure"] == "area" and row["method"] == "edge"
    }
    assert (float(areas["half.png"]), float(areas["labels.png"])) == (0.5, 0.5)
    empty = [row for row in rows if (row["image"], row["metric"]) == ("empty.png", "energy_inside")]
    (reason,) = {(row["reason"], row["sentence"]) for row in empty}
    assert reason == ("not_applicable", notes["empty.png"])


def test_that_masks_read_by_an_older_rule_are_evaluated_again(saliscope, bundle, data, tmp_path, monkeypatch):
    Image.fromarray(np.eye(32, dtype=np.uint8)).save(data.parent / "mask.png")
    data.write_text("file,mask\ngood0.png,mask.png\ngood1.png,\n", "utf-8")
    calls = ("evaluate", data, "--model", bundle, "--method", "gradient", *FEW, "--out", tmp_path / "out")
    with monkeypatch.context() as older:
        older.setattr("core.datasets.task.RULE", 1)
        saliscope(*calls)
    assert "1 of 2 tasks are already done" in saliscope(*calls).out
