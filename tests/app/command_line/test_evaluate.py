"""`saliscope evaluate`: whatever is wrong with an image stands in the table, and a run can go on."""

import csv
import json
from dataclasses import replace
from pathlib import Path

import nibabel
import numpy as np
import pytest
from PIL import Image

from core.datasets.ledger import Ledger
from core.documents import EvaluateDocument
from core.errors import TimedOut
from core.methods import METHODS
from core.methods.protocol import Map
from core.methods.random_baseline import RandomBaseline
from core.models.bundle import read_bundle
from core.models.content import CONTENT_NAME, ContentReference
from core.models.handle import ModelHandle
from core.readers.index import index_path, read
from core.readers.mask import read_mask

FEW = ("--set", "curves.grids=1", "--set", "curves.random_draws=2", "--set", "curves.thresholds=0.2,0.5")


class _Reader:
    """Decodes here and not in a process of its own, which most of these tests are not about."""

    def __enter__(self):
        return self

    def __exit__(self, *end):
        pass

    def index(self, path):
        return index_path(path)

    def read(self, entry, frame):
        return read(entry, frame)

    def read_mask(self, entry, frame):
        return read_mask(entry, frame)


@pytest.fixture(scope="session")
def _handles():
    return {}


@pytest.fixture
def real_reader():
    """Files are decoded by the reader process, as the program does."""


@pytest.fixture(autouse=True)
def _quick(request, monkeypatch, _handles):
    """One handle for all tests, so that the network is traced once; no reader process but on request."""
    load = ModelHandle.load

    def loaded(bundle):
        handle = _handles.get(bundle.card.weights_sha256)
        handle = handle or _handles.setdefault(bundle.card.weights_sha256, load(bundle))
        handle.bundle = bundle
        return handle

    monkeypatch.setattr(ModelHandle, "load", loaded)
    if "real_reader" not in request.fixturenames:
        monkeypatch.setattr("core.datasets.evaluation.ReaderProcess", _Reader)


@pytest.fixture
def data(tmp_path: Path, generator: np.random.Generator) -> Path:
    """An index of four good images of two patients, a constant, a missing, and a broken one."""
    folder = tmp_path / "data"
    folder.mkdir()
    names = []
    for number in range(4):
        names.append(f"good{number}.png")
        Image.fromarray(generator.integers(0, 255, (32, 32), np.uint8)).save(folder / names[-1])
    Image.fromarray(np.full((32, 32), 7, np.uint8)).save(folder / "constant.png")
    (folder / "broken.png").write_bytes(b"no picture")
    names += ["constant.png", "missing.png", "broken.png"]
    labels = ["glioma", "meningioma", "pituitary", "glioma", "glioma", "glioma", "glioma"]
    lines = [f"{name},{label},p{n % 2}" for n, (name, label) in enumerate(zip(names, labels, strict=True))]
    path = folder / "index.csv"
    path.write_text("file,label,patient\n" + "\n".join(lines) + "\n", encoding="utf-8")
    return path


def rows_of(folder: Path) -> list[dict[str, str]]:
    with (folder / "rows.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_that_bad_images_give_reasons_and_the_rest_gives_figures(
    saliscope, bundle, data, tmp_path, real_reader
):
    out = tmp_path / "out"
    ran = saliscope(
        *("evaluate", data, "--model", bundle, "--method", "gradient", "--metric", "curves", *FEW),
        *("--protocol", "cells", "--protocol", "pair/shannon", "--out", out, "--json"),
    )
    assert ran.code == 7
    document = EvaluateDocument.model_validate(ran.document)
    assert document == EvaluateDocument.model_validate_json((out / "results.json").read_text("utf-8"))
    assert {path.name for path in out.iterdir()} == set(document.files)
    assert (document.data.images, document.data.patients, document.data.failed) == (7, 2, 3)
    rows = rows_of(out)
    reasons = {(row["file"], row["setting"], row["reason"]) for row in rows if row["reason"]}
    for setting in ("cells/area", "pair/shannon"):
        assert ("missing.png", setting, "unreadable") in reasons
        assert {code for file, name, code in reasons if (file, name) == ("broken.png", setting)} <= {
            *("unreadable", "unsupported", "truncated", "no_images")
        }
    assert ("constant.png", "cells/area", "constant_image") in reasons
    # A random network is never as sure as `pair` asks for.
    assert ("good0.png", "pair/shannon", "low_prediction") in reasons
    assert all((row["value"] == "") == (row["reason"] != "") for row in rows)
    gaps = [row for row in rows if row["figure"] == "gap" and row["metric"] == "sic" and row["value"]]
    assert {(row["file"], row["method"]) for row in gaps} == {
        (f"good{number}.png", name) for number in range(4) for name in ("gradient", "random", "edge")
    }
    mean = np.mean([float(row["value"]) for row in gaps if row["method"] == "gradient"])
    (score,) = [one for one in document.scores if (one.metric, one.method) == ("sic", "gradient")]
    assert score.mean.value == pytest.approx(mean, abs=1e-12)
    assert (score.images, score.patients) == (4, 2)


def test_that_an_interrupted_run_goes_on_and_ends_in_the_same_table(
    saliscope, bundle, data, tmp_path, monkeypatch
):
    whole, cut = tmp_path / "whole", tmp_path / "cut"
    asked = ("evaluate", data, "--model", bundle, "--method", "gradient", *FEW)
    assert saliscope(*asked, "--out", whole).code == 7
    lines = (whole / "results.jsonl").read_bytes().splitlines(keepends=True)
    assert len(lines) == 7
    cut.mkdir()
    (cut / "results.jsonl").write_bytes(b"".join(lines[:3]) + lines[3][:100])
    appended = []
    keep = Ledger.append
    monkeypatch.setattr(Ledger, "append", lambda self, result: (appended.append(result), keep(self, result)))
    ran = saliscope(*asked, "--out", cut)
    assert "3 of 7 tasks are already done" in ran.out
    assert len(appended) == 4
    for name in ("rows.csv", "table.csv", "table.md", "curves.csv"):
        assert (cut / name).read_bytes() == (whole / name).read_bytes()
    assert len((cut / "results.jsonl").read_bytes().splitlines()) == 7


def test_that_another_seed_or_a_changed_image_is_done_anew(saliscope, bundle, data, tmp_path):
    asked = ("evaluate", data, "--model", bundle, "--method", "gradient", *FEW, "--out", tmp_path / "out")
    assert "already done" not in saliscope(*asked).out
    assert "7 of 7 tasks are already done" in saliscope(*asked).out
    assert "already done" not in saliscope(*asked, "--seed", 1).out
    Image.fromarray(np.arange(1024, dtype=np.uint8).reshape(32, 32)).save(data.parent / "good0.png")
    assert "6 of 7 tasks are already done" in saliscope(*asked).out


def test_that_what_the_machine_was_too_busy_for_is_done_anew(saliscope, bundle, data, tmp_path, monkeypatch):
    asked = ("evaluate", data, "--model", bundle, "--method", "gradient", *FEW, "--out", tmp_path / "out")

    def late(self, entry, frame):
        raise TimedOut("Reading took too long.")

    with monkeypatch.context() as busy:
        busy.setattr(_Reader, "read", late)
        assert saliscope(*asked).code == 3
    # Missing and broken files have their reason for good; the other five are tried again.
    ran = saliscope(*asked)
    assert ran.code == 7
    assert "2 of 7 tasks are already done" in ran.out


def test_that_a_run_without_a_single_figure_ends_with_three(saliscope, bundle, tmp_path):
    index = tmp_path / "index.csv"
    index.write_text("file\nnone.png\n", encoding="utf-8")
    ran = saliscope("evaluate", index, "--model", bundle, "--out", tmp_path / "out", "--json")
    assert ran.code == 3
    assert "none.png" in ran.err
    (first, *_) = ran.document["left_out"]
    assert (first["reason"], first["images"], first["method"]) == ("unreadable", 1, "")


def test_that_the_label_can_be_explained_even_where_it_is_not_predicted(saliscope, bundle, data, tmp_path):
    out = tmp_path / "out"
    saliscope("evaluate", data, "--model", bundle, *FEW, "--target", "label", "--out", out)
    aic = [row for row in rows_of(out) if row["metric"] == "aic" and row["file"].startswith("good")]
    assert all(row["target"] == row["label"] for row in aic)
    wrong = [row for row in aic if row["predicted"] != row["label"]]
    assert wrong
    assert {row["reason"] for row in wrong} == {"low_prediction"}


def test_that_wrong_predictions_are_left_out_on_request_and_are_no_failure(saliscope, bundle, data, tmp_path):
    out = tmp_path / "out"
    ran = saliscope("evaluate", data, "--model", bundle, *FEW, "--only-correct", "--out", out, "--json")
    rows = rows_of(out)
    wrong = {row["file"] for row in rows if row["predicted"] and row["predicted"] != row["label"]}
    assert wrong
    assert {row["reason"] for row in rows if row["file"] in wrong} == {"wrong_prediction"}
    assert ran.document["data"]["left_out"] == len(wrong)
    assert all(reason["reason"] != "wrong_prediction" for reason in ran.document["left_out"])


class _Spoilt(RandomBaseline):
    """A method whose map is of one value, or none."""

    def __init__(self, name: str, value: float) -> None:
        self.name, self.value = name, value  # type: ignore[misc]

    def run(self, network, x, target, params, run):
        return Map(np.full(x.shape[:2], self.value, np.float32), signed=True, cells=x.shape[:2])


def test_that_maps_of_zeros_and_of_no_numbers_are_reasons(saliscope, bundle, data, tmp_path, monkeypatch):
    spoilt = (_Spoilt("zeros", 0.0), _Spoilt("nothing", float("nan")))
    monkeypatch.setattr("core.methods.METHODS", (*METHODS, *spoilt))
    out = tmp_path / "out"
    saliscope(
        *("evaluate", data, "--model", bundle, "--method", "zeros", "--method", "nothing", *FEW),
        *("--method", "gradient", "--out", out),
    )
    good = [row for row in rows_of(out) if row["file"] == "good1.png"]
    found = {
        name: {(row["reason"], row["value"]) for row in good if row["method"] == name}
        for name in ("zeros", "nothing")
    }
    assert found == {"zeros": {("constant_map", "")}, "nothing": {("bad_map", "")}}
    assert all(row["value"] for row in good if row["method"] == "gradient")


class _NowAndThen(RandomBaseline):
    """A method whose first map is of one value."""

    name = "now_and_then"

    def __init__(self) -> None:
        self.calls = 0

    def run(self, network, x, target, params, run):
        self.calls += 1
        made = super().run(network, x, target, params, run)
        return made if self.calls > 1 else Map(np.ones_like(made.values), signed=True, cells=made.cells)


def test_that_the_tables_say_which_method_lacks_images(saliscope, bundle, data, tmp_path, monkeypatch):
    monkeypatch.setattr("core.methods.METHODS", (*METHODS, _NowAndThen(), _Spoilt("zeros", 0.0)))
    out = tmp_path / "out"
    lines = data.read_text(encoding="utf-8").splitlines()
    data.write_text("\n".join(lines[:5]) + "\n", encoding="utf-8")  # the good ones
    ran = saliscope(
        *("evaluate", data, "--model", bundle, "--method", "zeros", "--method", "now_and_then", *FEW),
        *("--out", out),
    )
    said = [line.split() for line in ran.out.splitlines() if line.endswith(" images")]
    counts = {words[0].lower(): " ".join(words[words.index("images") - 3 :]) for words in said}
    assert counts["zeros"].endswith("0 of 4 images")
    assert counts["now_and_then"].endswith("3 of 4 images")
    assert counts["random"].endswith("4 images")
    assert "of" not in counts["random"]
    table = (out / "table.md").read_text(encoding="utf-8").splitlines()
    shown = {line.split(" | ")[0].strip("| ").lower(): line.split(" | ")[1] for line in table if "|" in line}
    assert (shown["zeros"], shown["now_and_then"]) == ("0 of 4", "3 of 4")


def test_that_repeats_tell_how_stable_the_ranking_is_over_seeds(saliscope, bundle, data, tmp_path):
    ran = saliscope(
        *("evaluate", data, "--model", bundle, "--method", "gradient", *FEW, "--repeats", 2, "--limit", 4),
        *("--out", tmp_path / "out", "--json"),
    )
    sic = next(one for one in ran.document["stability"] if one["metric"] == "sic")
    assert -1 <= sic["tau_seeds"] <= 1
    assert {row["repeat"] for row in rows_of(tmp_path / "out")} == {"0", "1"}


def test_that_axes_of_one_protocol_share_their_calls(saliscope, bundle, data, tmp_path):
    forwards = []
    for number, axes in enumerate((["cells/area"], ["cells/area", "cells/shannon", "cells/webp"])):
        named = [word for axis in axes for word in ("--protocol", axis)]
        asked = ("evaluate", data, "--model", bundle, "--method", "gradient", *named, *FEW)
        forwards.append(saliscope(*asked, "--out", tmp_path / str(number), "--json").document["forwards"])
    assert forwards[0] == forwards[1] > 0


@pytest.mark.parametrize(
    ("given", "code", "words"),
    [
        (("--set", "rise.masks=10"), 5, "rise is not used here"),
        (("--set", "curves.grids=0"), 5, "grids"),
        (("--set", "curves.seed=3"), 2, "--seed"),
        (("--metric", "beauty"), 2, "beauty"),
        (("--column", "colour=red"), 2, "NAME=COLUMN"),
        (("--keep", "label"), 2, "COLUMN=VALUE"),
        (("--keep", "hospital=a"), 3, "hospital"),
        (("--column", "mask=labl"), 3, "index.csv lacks the column labl. Did you mean 'label'?"),
        (("--column", "slice=slice"), 3, "index.csv lacks the column slice."),
    ],
)
def test_that_a_wrong_request_is_refused_at_once(saliscope, bundle, data, given, code, words):
    ran = saliscope("evaluate", data, "--model", bundle, "--method", "gradient", *given)
    assert ran.code == code
    assert words in ran.one_error


def test_that_the_cost_is_said_first(saliscope, bundle, data, tmp_path):
    ran = saliscope(
        *("evaluate", data, "--model", bundle, "--method", "gradient", *FEW, "--out", tmp_path / "out")
    )
    # The prediction, two ends, and for gradient, edge and two random draws two directions of two shares.
    assert "19 forward passes" in ran.out
    assert "1 gradients" in ran.out
    assert ran.out.index("Expected:") < ran.out.index("1 of 7")
    spent = json.loads((tmp_path / "out" / "results.json").read_text(encoding="utf-8"))
    assert spent["forwards"] >= 4 * 19


def test_that_a_changed_mask_is_judged_anew_and_so_is_one_that_an_older_version_has_not_noted(
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
    asked = ("evaluate", data, "--model", bundle, "--method", "gradient", "--metric", "energy_inside")

    def inside(image: int) -> float:
        (found,) = {
            float(row["value"])
            for row in rows_of(out)
            if (row["file"], row["method"], row["figure"]) == (f"good{image}.png", "random", "share")
        }
        return found

    saliscope(*asked, "--out", out)
    before = [inside(image) for image in range(3)]
    assert before == pytest.approx([0.5] * 3, abs=0.05)
    assert "3 of 3 tasks are already done" in saliscope(*asked, "--out", out).out
    Image.fromarray(255 - half).save(folder / "first.png")
    assert "2 of 3 tasks are already done" in saliscope(*asked, "--out", out).out
    # What does not lie in the upper half lies in the lower one.
    assert inside(0) == pytest.approx(1 - before[0], abs=1e-6)
    assert [inside(1), inside(2)] == before[1:]
    (folder / "second.png").unlink()
    assert "2 of 3 tasks are already done" in saliscope(*asked, "--out", out).out
    ledger = out / "results.jsonl"
    kept = [json.loads(line) for line in ledger.read_text(encoding="utf-8").splitlines()]
    assert kept[-1]["mask_sha256"] == ""  # named, and not there
    older = [{key: value for key, value in one.items() if key != "mask_sha256"} for one in kept]
    ledger.write_text("".join(json.dumps(one) + "\n" for one in older), encoding="utf-8")
    assert "1 of 3 tasks are already done" in saliscope(*asked, "--out", out).out


def test_that_a_row_says_which_slice_of_a_volume_is_judged(saliscope, bundle, data, tmp_path, generator):
    folder, out = data.parent, tmp_path / "out"
    values = generator.integers(1, 255, (32, 32, 5), np.uint8)
    # Of the five slices of the mask one holds nothing, the others 8, 16, 20 and 24 columns of 32.
    mask = np.zeros((32, 32, 5), np.uint8)
    for number, columns in enumerate((0, 8, 16, 20, 24)):
        mask[:columns, :, number] = 1
    for name, voxels in (("head.nii", values), ("mask.nii", mask)):
        nibabel.Nifti1Image(voxels, np.eye(4)).to_filename(folder / name)
    slices = ("1", "2", "", "5.0", "6", "second")
    data.write_text("file,mask,slice\n" + "".join(f"head.nii,mask.nii,{one}\n" for one in slices), "utf-8")
    asked = ("evaluate", data, "--model", bundle, "--method", "gradient", "--metric", "energy_inside")
    assert saliscope(*asked, "--out", out).code == 7
    rows = [row for row in rows_of(out) if row["method"] == "random" and row["figure"] in ("share", "area")]
    said = [(row["slice"], row["reason"], row["group"]) for row in rows if row["figure"] == "share"]
    assert said == [
        ("1", "not_applicable", "1"),
        ("2", "", "1"),
        ("3", "", "1"),
        ("5", "", "1"),
        ("", "no_slice", "1"),
        ("", "input", "1"),
    ]
    assert [float(row["value"]) for row in rows if row["figure"] == "area"] == [0.25, 0.5, 0.75]
    assert "head.nii has no slice 6; it has 5." in {row["sentence"] for row in rows}


def test_that_regions_are_judged_where_the_index_names_them(saliscope, bundle, data, tmp_path):
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
    found = {
        (row["file"], row["method"]): row
        for row in rows_of(out)
        if (row["metric"], row["figure"]) == ("energy_inside", "share")
    }
    # Uniform noise lays half of itself into half of the image, as mask, as boxes or as polygon.
    for name in ("good0.png", "good1.png", "good4.png"):
        assert float(found[name, "random"]["value"]) == pytest.approx(0.5, abs=0.05)
    assert found["good2.png", "gradient"]["reason"] == "incompatible_input"
    assert found["good3.png", "gradient"]["reason"] == "input"
    curves = [row for row in rows_of(out) if row["metric"] == "sic" and row["file"] == "good2.png"]
    assert all(row["value"] for row in curves)
    metrics = {
        choice["name"] for choice in json.loads((out / "results.json").read_text("utf-8"))["plan"]["metrics"]
    }
    assert metrics == {"pointing_game", "energy_inside", "iou", "auprc"}


def test_that_what_is_to_be_known_of_a_mask_stands_in_every_table(saliscope, bundle, data, tmp_path):
    folder, out = data.parent, tmp_path / "out"
    half = np.zeros((32, 32), np.uint8)
    half[:16] = 200
    rim = np.zeros((32, 32), np.uint8)
    rim[0] = 255
    labels = np.where(np.arange(32)[:, None] < 8, 1, half // 100).astype(np.uint8)
    for name, values in (("half", half), ("inverted", 255 - rim), ("empty", half * 0), ("labels", labels)):
        Image.fromarray(values).save(folder / f"{name}.png")
    names = ("half.png", "inverted.png", "empty.png", "labels.png")
    data.write_text("id;file;mask\n" + "".join(f"{one};good0.png;{one}\n" for one in names), "utf-8")
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
        own = {row["note"] for row in rows if (row["image"], row["metric"]) == (name, "energy_inside")}
        assert own == {notes.get(name, "")}
    assert {row["note"] for row in rows if row["metric"] == "sic"} == {""}
    found = EvaluateDocument.model_validate(ran.document).notes
    assert {one.image: one.notes for one in found} == {name: (note,) for name, note in notes.items()}
    table = (out / "table.md").read_text("utf-8")
    assert all(f"- {name} (good0.png): {note}" in table for name, note in notes.items())
    areas = {
        row["image"]: row["value"] for row in rows if row["figure"] == "area" and row["method"] == "edge"
    }
    assert (float(areas["half.png"]), float(areas["labels.png"])) == (0.5, 0.5)
    empty = [row for row in rows if (row["image"], row["metric"]) == ("empty.png", "energy_inside")]
    (reason,) = {(row["reason"], row["sentence"]) for row in empty}
    assert reason == ("not_applicable", notes["empty.png"])


def test_that_masks_read_by_an_older_rule_are_judged_anew(saliscope, bundle, data, tmp_path, monkeypatch):
    Image.fromarray(np.eye(32, dtype=np.uint8)).save(data.parent / "mask.png")
    data.write_text("file,mask\ngood0.png,mask.png\ngood1.png,\n", "utf-8")
    asked = ("evaluate", data, "--model", bundle, "--method", "gradient", *FEW, "--out", tmp_path / "out")
    with monkeypatch.context() as older:
        older.setattr("core.datasets.task.RULE", 1)
        saliscope(*asked)
    assert "1 of 2 tasks are already done" in saliscope(*asked).out


def test_that_a_row_names_one_image_and_not_a_folder_of_them(saliscope, bundle, data, tmp_path):
    data.write_text("file\n.\ngood0.png\n" + "a" * 300 + "\n", "utf-8")
    asked = ("evaluate", data, "--model", bundle, "--method", "gradient", *FEW, "--out", tmp_path / "out")
    assert saliscope(*asked).code == 7
    said = {row["image"]: row["sentence"] for row in rows_of(tmp_path / "out") if row["metric"] == "aic"}
    assert said["1"] == "The index names a folder in this row and no file."
    assert said["3"] == "a" * 300 + " cannot be opened: File name too long."


@pytest.fixture
def bundle_that_knows_its_images(bundle):
    """The bundle with a reference whose limit no noise reaches, while an image of one value is far beyond."""
    handle = ModelHandle.load(read_bundle(bundle))
    noise = np.random.default_rng(3).random((24, 32, 32, 1)).astype(np.float32)
    contents = np.stack([handle.content(one) for one in noise])
    size = contents.shape[1]
    spread = np.maximum(contents.std(axis=0), 1e-3)
    unlimited = ContentReference(
        contents.mean(axis=0), np.ones(size), np.eye(size), spread, limit=1.0, limit_share=0.99
    )
    limit = 3 * float(unlimited.distances(contents).max())
    replace(unlimited, limit=limit).write(bundle)
    return bundle


def test_that_every_table_says_which_images_do_not_fit_the_model(
    saliscope, bundle_that_knows_its_images, data, tmp_path
):
    out = tmp_path / "out"
    wide = np.random.default_rng(1).integers(0, 255, (32, 64), np.uint8)
    Image.fromarray(wide).save(data.parent / "wide.png")
    data.write_text("file\ngood0.png\nwide.png\nconstant.png\nmissing.png\n", "utf-8")
    ran = saliscope(
        *("evaluate", data, "--model", bundle_that_knows_its_images, "--method", "gradient", *FEW),
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
    reasons = {one.file: one.notes for one in document.misfits}
    assert set(reasons) == {"wide.png", "constant.png"}
    assert reasons["wide.png"][0].endswith("the model's input squeezes its anatomy by a factor of 2.0.")
    table = (out / "table.md").read_text("utf-8")
    assert table.startswith("## Images that do not fit the model\n")
    assert f"- 2 (wide.png): {' '.join(reasons['wide.png'])}" in table
    # Said with the image, before any figure of it.
    assert ran.out.index(reasons["wide.png"][0]) < ran.out.index("SIC by")


def test_that_a_model_without_a_reference_leaves_the_fit_open(saliscope, bundle, data, tmp_path):
    data.write_text("file\ngood0.png\ngood1.png\n", "utf-8")
    out = tmp_path / "out"
    ran = saliscope("evaluate", data, "--model", bundle, "--method", "gradient", *FEW, "--out", out)
    assert {row["fit"] for row in rows_of(out)} == {"cannot_be_checked"}
    assert "Whether they fit the model cannot be checked for 2 of 2 images." in ran.out
    assert "## Images that do not fit" not in (out / "table.md").read_text("utf-8")


def test_that_results_of_before_the_fit_check_are_made_anew(saliscope, bundle, data, tmp_path):
    data.write_text("file\ngood0.png\ngood1.png\nmissing.png\n", "utf-8")
    asked = ("evaluate", data, "--model", bundle, "--method", "gradient", *FEW, "--out", tmp_path / "out")
    saliscope(*asked)
    ledger = tmp_path / "out" / "results.jsonl"
    first, *rest = ledger.read_text("utf-8").splitlines()
    older = {key: value for key, value in json.loads(first).items() if key not in ("fit", "input_notes")}
    ledger.write_text("\n".join([json.dumps(older), *rest]) + "\n", "utf-8")
    assert "2 of 3 tasks are already done" in saliscope(*asked).out


def test_that_a_damaged_model_is_asked_again_once_it_is_whole(saliscope, bundle, data, tmp_path):
    data.write_text("file\ngood0.png\n", "utf-8")
    asked = ("evaluate", data, "--model", bundle, "--method", "gradient", *FEW, "--out", tmp_path / "out")
    (bundle / CONTENT_NAME).write_bytes(b"no archive")
    assert saliscope(*asked).code == 3
    (bundle / CONTENT_NAME).unlink()
    ran = saliscope(*asked)
    assert (ran.code, "already done" in ran.out) == (0, False)
