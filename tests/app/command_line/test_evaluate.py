"""`saliscope evaluate`: errors of an image are listed in the table, and a run can be resumed."""

import json

import numpy as np
import pytest
from PIL import Image

from core.datasets.document import EvaluateDocument
from core.datasets.ledger import Ledger
from core.errors import TimedOut
from core.methods import METHODS
from core.methods.control.random_map import RandomMap
from core.network.attribution_map import AttributionMap
from tests.app.command_line.evaluations import FEW, rows_of
from tests.direct_reader import DirectReader

pytestmark = pytest.mark.usefixtures("quick_evaluation")


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
    # A random network never reaches the probability that `pair` requires.
    assert ("good0.png", "pair/shannon", "low_prediction") in reasons
    assert all((row["value"] == "") == (row["reason"] != "") for row in rows)
    gaps = [row for row in rows if row["figure"] == "gap" and row["metric"] == "sic" and row["value"]]
    assert {(row["file"], row["method"]) for row in gaps} == {
        (f"good{number}.png", name) for number in range(4) for name in ("gradient", "random", "edge")
    }
    mean = np.mean([float(row["value"]) for row in gaps if row["method"] == "gradient"])
    (score,) = [each for each in document.scores if (each.metric, each.method) == ("sic", "gradient")]
    assert score.mean.value == pytest.approx(mean, abs=1e-12)
    assert (score.images, score.patients) == (4, 2)


def test_that_an_interrupted_run_resumes_and_ends_in_the_same_table(
    saliscope, bundle, data, tmp_path, monkeypatch
):
    uninterrupted, interrupted = tmp_path / "whole", tmp_path / "cut"
    calls = ("evaluate", data, "--model", bundle, "--method", "gradient", *FEW)
    assert saliscope(*calls, "--out", uninterrupted).code == 7
    lines = (uninterrupted / "results.jsonl").read_bytes().splitlines(keepends=True)
    assert len(lines) == 7
    interrupted.mkdir()
    (interrupted / "results.jsonl").write_bytes(b"".join(lines[:3]) + lines[3][:100])
    appended = []
    keep = Ledger.append
    monkeypatch.setattr(Ledger, "append", lambda self, result: (appended.append(result), keep(self, result)))
    ran = saliscope(*calls, "--out", interrupted)
    assert "3 of 7 tasks are already done" in ran.out
    assert len(appended) == 4
    for name in ("rows.csv", "table.csv", "table.md", "curves.csv"):
        assert (interrupted / name).read_bytes() == (uninterrupted / name).read_bytes()
    assert len((interrupted / "results.jsonl").read_bytes().splitlines()) == 7


def test_that_another_seed_or_a_changed_image_is_evaluated_again(saliscope, bundle, data, tmp_path):
    calls = ("evaluate", data, "--model", bundle, "--method", "gradient", *FEW, "--out", tmp_path / "out")
    assert "already done" not in saliscope(*calls).out
    assert "7 of 7 tasks are already done" in saliscope(*calls).out
    assert "already done" not in saliscope(*calls, "--seed", 1).out
    Image.fromarray(np.arange(1024, dtype=np.uint8).reshape(32, 32)).save(data.parent / "good0.png")
    assert "6 of 7 tasks are already done" in saliscope(*calls).out


def test_that_what_the_machine_was_too_busy_for_is_done_again(saliscope, bundle, data, tmp_path, monkeypatch):
    calls = ("evaluate", data, "--model", bundle, "--method", "gradient", *FEW, "--out", tmp_path / "out")

    def late(self, entry, frame):
        raise TimedOut("Reading took too long.")

    with monkeypatch.context() as busy:
        busy.setattr(DirectReader, "read", late)
        assert saliscope(*calls).code == 3
    # The reasons of missing and broken files are final; the other five are tried again.
    ran = saliscope(*calls)
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


class _ConstantMap(RandomMap):
    """A method whose map is of one value, or none."""

    def __init__(self, name: str, value: float) -> None:
        self.name, self.value = name, value

    def explain_input(self, network, method_input, params, run):
        grid = method_input.x.shape[:2]
        return AttributionMap(np.full(grid, self.value, np.float32), signed=True, cells=grid)


def test_that_maps_of_zeros_and_of_nan_are_reasons(saliscope, bundle, data, tmp_path, monkeypatch):
    spoilt = (_ConstantMap("zeros", 0.0), _ConstantMap("nothing", float("nan")))
    monkeypatch.setattr("core.methods.METHODS", (*METHODS, *spoilt))
    out = tmp_path / "out"
    saliscope(
        *("evaluate", data, "--model", bundle, "--method", "zeros", "--method", "nothing", *FEW),
        *("--method", "gradient", "--out", out),
    )
    good = [row for row in rows_of(out) if row["file"] == "good1.png"]
    result = {
        name: {(row["reason"], row["value"]) for row in good if row["method"] == name}
        for name in ("zeros", "nothing")
    }
    assert result == {"zeros": {("constant_map", "")}, "nothing": {("bad_map", "")}}
    assert all(row["value"] for row in good if row["method"] == "gradient")


class _ConstantFirstMap(RandomMap):
    """A method whose first map is of one value."""

    name = "now_and_then"

    def __init__(self) -> None:
        self.calls = 0

    def explain_input(self, network, method_input, params, run):
        self.calls += 1
        created = super().explain_input(network, method_input, params, run)
        return (
            created
            if self.calls > 1
            else AttributionMap(np.ones_like(created.values), signed=True, cells=created.cells)
        )


def test_that_the_tables_state_which_method_lacks_images(saliscope, bundle, data, tmp_path, monkeypatch):
    monkeypatch.setattr("core.methods.METHODS", (*METHODS, _ConstantFirstMap(), _ConstantMap("zeros", 0.0)))
    out = tmp_path / "out"
    lines = data.read_text(encoding="utf-8").splitlines()
    data.write_text("\n".join(lines[:5]) + "\n", encoding="utf-8")  # the readable images
    ran = saliscope(
        *("evaluate", data, "--model", bundle, "--method", "zeros", "--method", "now_and_then", *FEW),
        *("--out", out),
    )
    message = [line.split() for line in ran.out.splitlines() if line.endswith(" images")]
    counts = {words[0].lower(): " ".join(words[words.index("images") - 3 :]) for words in message}
    assert counts["zeros"].endswith("0 of 4 images")
    assert counts["now_and_then"].endswith("3 of 4 images")
    assert counts["random"].endswith("4 images")
    assert "of" not in counts["random"]
    table = (out / "table.md").read_text(encoding="utf-8").splitlines()
    displayed = {
        line.split(" | ")[0].strip("| ").lower(): line.split(" | ")[1] for line in table if "|" in line
    }
    assert (displayed["zeros"], displayed["now_and_then"]) == ("0 of 4", "3 of 4")


def test_that_repeats_measure_how_stable_the_ranking_is_over_seeds(saliscope, bundle, data, tmp_path):
    ran = saliscope(
        *("evaluate", data, "--model", bundle, "--method", "gradient", *FEW, "--repeats", 2, "--limit", 4),
        *("--out", tmp_path / "out", "--json"),
    )
    sic = next(each for each in ran.document["stability"] if each["metric"] == "sic")
    assert -1 <= sic["tau_seeds"] <= 1
    assert {row["repeat"] for row in rows_of(tmp_path / "out")} == {"0", "1"}


def test_that_axes_of_one_protocol_share_their_calls(saliscope, bundle, data, tmp_path):
    forwards = []
    for number, axes in enumerate((["cells/area"], ["cells/area", "cells/shannon", "cells/webp"])):
        named = [word for axis in axes for word in ("--protocol", axis)]
        calls = ("evaluate", data, "--model", bundle, "--method", "gradient", *named, *FEW)
        forwards.append(saliscope(*calls, "--out", tmp_path / str(number), "--json").document["forwards"])
    assert forwards[0] == forwards[1] > 0


@pytest.mark.parametrize(
    ("options", "code", "words"),
    [
        (("--set", "rise.masks=10"), 2, "rise is not used here"),
        (("--set", "curves.grids=0"), 2, "grids"),
        (("--set", "curves.seed=3"), 2, "--seed"),
        (("--metric", "beauty"), 2, "beauty"),
        (("--column", "colour=red"), 2, "NAME=COLUMN"),
        (("--keep", "label"), 2, "COLUMN=VALUE"),
        (("--keep", "hospital=a"), 2, "hospital"),
        (("--column", "mask=labl"), 2, "index.csv lacks the column labl. Did you mean 'label'?"),
        (("--column", "slice=slice"), 2, "index.csv lacks the column slice."),
    ],
)
def test_that_a_wrong_request_is_refused_at_once(saliscope, bundle, data, options, code, words):
    ran = saliscope("evaluate", data, "--model", bundle, "--method", "gradient", *options)
    assert ran.code == code
    assert words in ran.one_error


def test_that_the_cost_is_stated_first(saliscope, bundle, data, tmp_path):
    ran = saliscope(
        *("evaluate", data, "--model", bundle, "--method", "gradient", *FEW, "--out", tmp_path / "out")
    )
    # The prediction, two ends, and for gradient, edge and two random draws two directions of two shares.
    assert "19 forward passes" in ran.out
    assert "1 gradients" in ran.out
    assert ran.out.index("Expected:") < ran.out.index("1 of 7")
    spent = json.loads((tmp_path / "out" / "results.json").read_text(encoding="utf-8"))
    assert spent["forwards"] >= 4 * 19


def test_that_a_row_names_one_image_and_not_a_folder_of_them(saliscope, bundle, data, tmp_path):
    data.write_text("file\n.\ngood0.png\n" + "a" * 300 + "\n", "utf-8")
    calls = ("evaluate", data, "--model", bundle, "--method", "gradient", *FEW, "--out", tmp_path / "out")
    assert saliscope(*calls).code == 7
    message = {row["image"]: row["sentence"] for row in rows_of(tmp_path / "out") if row["metric"] == "aic"}
    assert message["1"] == "The index names a folder instead of a file in this row."
    assert message["3"] == "a" * 300 + " cannot be opened: File name too long."


def test_that_a_folder_in_a_row_and_the_place_of_the_results_are_not_named(saliscope, bundle, data, tmp_path):
    (data.parent / "SURNAME_GIVEN_1950").mkdir()
    data.write_text("file\nSURNAME_GIVEN_1950\ngood0.png\n", "utf-8")
    calls = ("evaluate", data, "--model", bundle, "--method", "gradient", *FEW, "--out", tmp_path / "out")
    ran = saliscope(*calls)
    assert "row 1: The index names a folder" in ran.err
    written = [path.read_text("utf-8") for path in (tmp_path / "out").glob("*.[cjm]*")]
    everything = "\n".join([ran.out, ran.err, *written])
    assert "SURNAME" not in everything
    assert str(tmp_path) not in everything
    assert "Written to out: " in ran.out
