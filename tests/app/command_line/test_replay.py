"""`saliscope replay`: what explain and curves left is computed anew; sentences, document and exit codes."""

import os
import shutil

import numpy as np
import pytest
from PIL import Image

from core.errors import BadParameter
from core.models.device import ComputingDevice
from core.workspace.file import read_workspace, write_workspace
from core.workspace.replay_document import ReplayDocument
from core.workspace.workspace import Workspace
from tests.core.readers.dicom_files import dicom_file

pytestmark = pytest.mark.usefixtures("quick_reader")
FEW = (
    *("--set", "integrated_gradients.steps=4", "--seed", 3),
    *("--method", "integrated_gradients", "--method", "random"),
)


@pytest.fixture
def workspace(saliscope, bundle, picture, tmp_path):
    ran = saliscope("explain", picture, "--model", bundle, "--out", tmp_path / "out", *FEW)
    assert (ran.code, ran.err) == (0, "")
    assert "picture.saliscope" in ran.out
    return tmp_path / "out" / "picture" / "picture.saliscope"


@pytest.fixture
def replayed(saliscope, bundle):
    return lambda path, *options: saliscope("replay", path, "--model", bundle, *options)


def test_that_everything_is_identical_at_once_and_on_another_folder(replayed, workspace, picture, tmp_path):
    ran = replayed(workspace)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.splitlines() == [
        "case-1 (picture.png)",
        "  Network input: identical",
        "  Prediction: identical",
        *(
            f"  {title} of the logit of {read_workspace(workspace).document.cases[0].target.class_name}"
            ": identical"
            for title in ("Integrated Gradients", "Random (control)")
        ),
        "4 identical.",
    ]
    moved = tmp_path / "elsewhere"
    moved.mkdir()
    shutil.move(picture, moved)
    shutil.move(workspace, moved / "w.saliscope")
    assert replayed(moved / "w.saliscope", "--quiet").code == 0


def test_that_the_document_states_the_same(replayed, workspace):
    ran = replayed(workspace, "--json")
    document = ReplayDocument.model_validate(ran.document)
    assert (ran.code, document.identical, document.file) == (0, True, "picture.saliscope")
    (case,) = document.cases
    assert (case.id, case.name, case.error, case.changed) == ("case-1", "picture.png", None, ())
    assert {result.outcome for result in case.results} == {"identical"}
    assert [result.id for result in case.results if result.kind == "map"] == ["map-1", "map-2"]


def test_that_curves_are_computed_anew_as_well(saliscope, replayed, bundle, picture, tmp_path):
    ran = saliscope("curves", picture, "--model", bundle, "--out", tmp_path / "out", "--method", "gradient")
    assert ran.code == 0
    ran = replayed(tmp_path / "out" / "picture" / "picture.saliscope")
    assert ran.code == 0
    assert "  Curves of" in ran.out
    assert ran.out.endswith("4 identical.\n")


def test_that_what_differs_is_told_by_how_much_and_what_has_changed(replayed, workspace):
    saved = read_workspace(workspace)
    values = saved.arrays["case-1-map-1"].copy()
    values[0, 0] += 0.5
    case = saved.document.cases[0]
    versions = case.versions.model_copy(update={"program": "0.0.9"})
    case = case.model_copy(update={"versions": versions})
    document = saved.document.model_copy(update={"cases": (case,)})
    write_workspace(workspace, Workspace(document, {**saved.arrays, "case-1-map-1": values}))
    ran = replayed(workspace)
    assert ran.code == 8
    assert ": differs by 0.5" in ran.out
    assert "  Changed since: Saliscope 0.0.9 -> " in ran.out
    assert ran.out.endswith("3 identical, 1 different.\n")


def test_that_a_missing_image_is_told_and_can_be_named(replayed, workspace, picture, tmp_path):
    (tmp_path / "archive").mkdir()
    shutil.move(picture, tmp_path / "archive" / "x.png")
    ran = replayed(workspace)
    assert ran.code == 3
    assert ran.one_error == (
        "The image of case-1 (picture.png) is not where it was when the workspace was saved. Locate it: its "
        "file or a folder that holds it (on the command line by --source)."
    )
    assert ran.out.endswith("0 identical, 1 of 1 cases not replayed.\n")
    assert str(tmp_path) not in ran.out + ran.err
    assert replayed(workspace, "--source", tmp_path / "archive").code == 0


def test_that_a_changed_image_is_told_and_a_workspace_without_it_goes_on(replayed, workspace, picture):
    saved = read_workspace(workspace)
    case = saved.document.cases[0]
    lost = case.model_copy(
        update={
            "id": "case-2",
            "source": case.source.model_copy(update={"file_sha256": "ab" * 32}),
        }
    )
    document = saved.document.model_copy(update={"cases": (lost, case)})
    write_workspace(workspace, Workspace(document, saved.arrays))
    ran = replayed(workspace, "--json")
    assert ran.code == 3
    lost_case, whole = ReplayDocument.model_validate(ran.document).cases
    assert lost_case.error.code == "source_changed"
    assert {result.outcome for result in whole.results} == {"identical"}
    Image.fromarray(np.zeros((9, 9), np.uint8)).save(picture)
    assert "is no longer the file that it was" in replayed(workspace).err


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "none.saliscope cannot be read: there is no such file."),
        (b"no workspace", "none.saliscope is damaged: its content is not that of a workspace."),
        (b"PK\x03\x04 and no end", "none.saliscope is incomplete: its end is missing."),
    ],
)
def test_that_what_is_no_workspace_is_told(saliscope, tmp_path, content, words):
    path = tmp_path / "none.saliscope"
    if content is not None:
        path.write_bytes(content)
    ran = saliscope("replay", path, "--json")
    assert ran.code == 3
    assert ran.one_error.startswith(words)
    assert ran.document["schema"] == "saliscope/error/1"


def test_that_a_model_that_is_not_installed_is_told(saliscope, workspace):
    ran = saliscope("replay", workspace)
    assert ran.code == 4
    assert ran.one_error.startswith("There is no model 'small'.")


def test_that_a_path_that_names_the_patient_is_left_out_and_told(saliscope, replayed, bundle, tmp_path):
    folder = tmp_path / "mueller"
    folder.mkdir()
    dicom_file(folder / "aenne.dcm", np.arange(1200, dtype=np.uint16).reshape(30, 40))
    out = tmp_path / "out"
    ran = saliscope("explain", folder, "--model", bundle, "--out", out, "--method", "edge", "--json")
    assert ran.code == 0
    assert ran.err == (
        "saliscope: note: The name of the file names the patient; the results call it image.dcm.\n"
        "saliscope: note: The path of the image names the patient and is left out of the workspace; "
        "`replay` needs --source.\n"
    )
    assert [path.name for path in out.iterdir()] == ["image"]
    document = (out / "image" / "explanation.json").read_text(encoding="utf-8").casefold()
    assert "aenne" not in document
    assert '"image.dcm"' in document
    (path,) = out.rglob("*.saliscope")
    assert path.name == "image.saliscope"
    text = read_workspace(path).document.model_dump_json().casefold()
    assert "mueller" not in text
    assert "müller" not in text
    assert "nne" not in text
    assert replayed(path).code == 3
    assert replayed(path, "--source", folder).code == 0


def test_that_paths_are_left_out_on_request(saliscope, replayed, bundle, picture, tmp_path):
    few = ("--method", "edge", "--out", tmp_path / "out", "--no-paths")
    assert saliscope("explain", picture, "--model", bundle, *few).code == 0
    path = tmp_path / "out" / "picture" / "picture.saliscope"
    source = read_workspace(path).document.cases[0].source
    assert (source.path, source.relative_path, source.name) == ("", "", "picture.png")
    assert replayed(path).code == 3
    assert replayed(path, "--source", picture).code == 0


def test_that_differences_of_a_gpu_without_deterministic_mode_are_told_as_such(replayed, workspace):
    saved = read_workspace(workspace)
    (data,) = saved.cases
    gpu = ComputingDevice(kind="gpu", name="NVIDIA H100 (GPU)")
    prediction = data.case.image.prediction
    logits = {name: value + 1e-4 for name, value in prediction.logits.items()}
    image = data.case.image.model_copy(
        update={"device": gpu, "prediction": prediction.model_copy(update={"logits": logits})}
    )
    case = data.case.model_copy(update={"image": image})
    document = saved.document.model_copy(update={"cases": (case,)})
    write_workspace(workspace, Workspace(document, saved.arrays))
    ran = replayed(workspace)
    assert ran.code == 8
    assert ran.out.splitlines()[-3:-1] == [
        f"  Changed since: device NVIDIA H100 (GPU) -> CPU, {os.cpu_count()} cores",
        "  Computed on a GPU without deterministic mode, so small differences are to be expected.",
    ]
    (replayed_case,) = ReplayDocument.model_validate(replayed(workspace, "--json").document).cases
    assert replayed_case.note.startswith("Computed on a GPU without deterministic mode")


def test_that_a_value_that_the_program_no_longer_takes_is_a_result_that_was_not_replayed(
    replayed, workspace, monkeypatch
):
    """It was saved and not typed, so the call is not wrong."""

    def refuse(*_):
        raise BadParameter("target: the model has no class 'ghost'.")

    monkeypatch.setattr("core.workspace.replay.replayed_results", refuse)
    ran = replayed(workspace)
    assert (ran.code, ran.one_error) == (8, "target: the model has no class 'ghost'.")
