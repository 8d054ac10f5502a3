"""Workspaces made of results: what they hold, and what they say of the patient."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from core.curves.curve_set import CurveSet, Glimpse, ImageFacts
from core.curves.settings import CurveSettings
from core.engine import map_of
from core.images.slice import Identity, Slice, Window
from core.images.windowing import displayed
from core.models.preprocessing import Preprocessing, Subject
from core.results.explanation import PredictedImage
from core.results.result import Explanation, Result
from core.workspace.background import Background
from core.workspace.document import SavedFinding
from core.workspace.file import read_workspace, write_workspace
from core.workspace.making import (
    CaseExtras,
    RegionMask,
    SavedPrivacy,
    case_of,
    source_record,
    with_relative_paths,
    workspace_of,
)
from tests.core.workspace.example import GRID, SLICE_SHAPE, TARGET, example_map, example_workspace

DOE = Identity(patient_name="Doe^John", patient_id="00042317", birth_date="19500203")
OPEN = SavedPrivacy(has_identity=True)
NO_PATHS = SavedPrivacy(has_paths=False)


@pytest.fixture
def image(generator: np.random.Generator) -> Slice:
    affine = np.diag([4.0, 2.0, 1.0, 1.0])[[2, 1, 0, 3]]
    return Slice(
        generator.integers(0, 900, SLICE_SHAPE).astype(np.int16),
        modality="MR",
        windows=(Window(300, 500),),
        inverted=True,
        spacing_mm=(2.0, 1.0),
        affine_lps_mm=affine,
    )


@pytest.fixture
def subject(image: Slice) -> Subject:
    return Preprocessing(height=GRID[0], width=GRID[1]).apply(image)


@pytest.fixture
def result(generator: np.random.Generator) -> Result:
    explanations = []
    for name, signed in (("grad_cam", False), ("integrated_gradients", True)):
        values = generator.random(GRID).astype(np.float32)
        record = example_map(name, values, signed).model_copy(update={"map_file": f"{name}.npy"})
        explanations.append(Explanation(map_of(values, record), record))
    return Result(predicted("slice.dcm"), TARGET, tuple(explanations))


def predicted(file: str, sample: str | None = None) -> PredictedImage:
    example = example_workspace().document.cases[0].image
    record = example.image.model_copy(update={"file": file})
    return example.model_copy(update={"file": file, "image": record, "sample": sample})


def curves_of(*methods: str) -> CurveSet:
    seen = Glimpse(share=0, x=0, predicted_class=0, probability=0.5, target_probability=0.5)
    facts = ImageFacts(
        blurred=seen,
        original=seen,
        information_blurred=0,
        information_original=1,
        unit="pixels",
        input_low=0,
        input_high=1,
    )
    return CurveSet(
        settings=CurveSettings(),
        target_class=0,
        webp_version="",
        image=facts,
        methods=methods,
        curves=(),
        scores=(),
        undefined=(),
        maps=(),
        evaluations=0,
    )


def test_that_a_case_holds_everything_and_comes_back_from_its_file(image, subject, result, tmp_path):
    finding = example_workspace().document.cases[0].maps[0].findings[0].finding
    mask = np.zeros(SLICE_SHAPE, np.bool_)
    mask[3:9, 4:30] = True
    background = Background("ab" * 32, np.ones((4, *GRID, 1), np.float32))
    extras = CaseExtras(
        findings={1: [SavedFinding(finding=finding, seed=5, region="region-1")]},
        regions=[RegionMask(mask, "drawn", "tumour")],
        background=background,
    )
    curves = curves_of("grad_cam", "integrated_gradients", "random", "edge")
    whole = replace(result, curves=curves)
    source = source_record(tmp_path / "slice.dcm", result.image, DOE, series="k", axis=2)
    made = workspace_of([case_of("case-1", source, image, subject, whole, extras, DOE)])
    made = with_relative_paths(made, tmp_path)
    write_workspace(tmp_path / "a.saliscope", made)
    read = read_workspace(tmp_path / "a.saliscope")
    assert read.document == made.document
    (data,) = read.cases
    case = data.case
    assert (case.source.series, case.source.axis, case.source.relative_path) == ("k", 2, "slice.dcm")
    assert np.array_equal(data.picture, displayed(image))
    assert (case.window.centre, case.window.width, case.window.inverted) == (300, 500, True)
    assert case.grid.grid_map == subject.grid_map
    assert np.array_equal(np.array(case.geometry.affine_lps_mm), image.affine_lps_mm)
    assert np.array_equal(data.network_input, subject.x)
    assert np.array_equal(data.arrays[case.background], background.images)
    assert case.versions.libraries["numpy"] == np.__version__
    for saved, explanation in zip(case.maps, result.explanations, strict=True):
        assert np.array_equal(data.values_of(saved), explanation.map.values)
        assert saved.record == explanation.record.model_copy(update={"map_file": None})
    assert [saved.id for saved in case.maps] == ["map-1", "map-2"]
    assert case.maps[0].findings == ()
    assert case.maps[1].findings[0].finding == finding
    assert np.array_equal(data.mask_of(data.region("region-1")), mask)
    assert case.curves[0].maps == {"grad_cam": "map-1", "integrated_gradients": "map-2"}
    assert case.curves[0].curves == curves


def test_that_cases_share_a_background_and_keep_the_date_of_the_first_save(image, subject, result, tmp_path):
    extras = CaseExtras(findings={}, background=Background("ab" * 32, np.ones((4, *GRID, 1), np.float32)))
    source = source_record(tmp_path / "slice.dcm", result.image, DOE)
    cases = [case_of(f"case-{n}", source, image, subject, result, extras) for n in (1, 2)]
    first = workspace_of(cases)
    again = workspace_of(cases, created=first.document.created)
    assert again.document.created == first.document.created <= again.document.saved
    assert sum(name.startswith("background") for name in again.arrays) == 1
    write_workspace(tmp_path / "a.saliscope", again)


@pytest.mark.parametrize(
    ("path", "privacy", "name", "stored"),
    [
        ("study/slice.dcm", SavedPrivacy(), "slice.dcm", True),
        ("study/slice.dcm", NO_PATHS, "slice.dcm", False),
        ("doe_john/slice.dcm", SavedPrivacy(), "slice.dcm", False),
        ("study/42317.nii.gz", SavedPrivacy(), "image.nii.gz", False),
        ("study/JOHN DOE.dcm", SavedPrivacy(), "image.dcm", False),
        ("study/john", SavedPrivacy(), "image", False),
        ("doe/slice.dcm", OPEN, "slice.dcm", True),
        ("doe/slice.dcm", SavedPrivacy(False, True), "slice.dcm", False),
    ],
)
def test_that_paths_are_stored_unless_they_name_the_patient(tmp_path, path, privacy, name, stored):
    record = source_record(tmp_path / path, predicted("slice.dcm"), DOE, privacy)
    assert record.name == name
    assert record.path == (str(tmp_path / path) if stored else "")


def test_that_relative_paths_are_seen_from_the_folder_in_which_a_workspace_is_saved(
    image, subject, result, tmp_path
):
    def relative(privacy: SavedPrivacy, folder: str) -> str:
        source = source_record(tmp_path / "study" / "slice.dcm", result.image, DOE, privacy)
        made = workspace_of([case_of("case-1", source, image, subject, result)])
        return with_relative_paths(made, tmp_path / folder).document.cases[0].source.relative_path

    assert relative(SavedPrivacy(), "out") == "../study/slice.dcm"
    assert relative(SavedPrivacy(), "study") == "slice.dcm"
    assert relative(NO_PATHS, "study") == ""


def test_that_the_name_of_a_folder_is_left_out_with_the_paths(tmp_path):
    (tmp_path / "study").mkdir()
    names = [
        source_record(tmp_path / "study", predicted("slice.dcm"), DOE, privacy).name
        for privacy in (SavedPrivacy(), NO_PATHS)
    ]
    assert names == ["study", ""]


def test_that_a_sample_is_known_by_its_id_alone():
    record = source_record(Path("/x/brain.png"), predicted("brain.png", "brain_glioma"), Identity())
    assert (record.sample, record.path, record.relative_path) == ("brain_glioma", "", "")


@pytest.mark.parametrize("privacy", [SavedPrivacy(), NO_PATHS])
def test_that_nothing_of_the_patient_is_in_a_workspace_by_default(image, subject, result, tmp_path, privacy):
    path = tmp_path / "Doe" / "doe^john 00042317.dcm"
    named = replace(result, image=predicted(path.name))
    source = source_record(path, named.image, DOE, privacy)
    case = case_of("case-1", source, image, subject, named, identity=DOE, privacy=privacy)
    text = workspace_of([case]).document.model_dump_json().casefold()
    for part in ("doe", "john", "42317", "19500203"):
        assert part not in text
    assert case.case.image.file == case.case.image.image.file == "image.dcm"


def test_that_the_identity_is_stored_by_choice(image, subject, result, tmp_path):
    source = source_record(tmp_path / "doe.dcm", predicted("doe.dcm"), DOE, OPEN)
    named = replace(result, image=predicted("doe.dcm"))
    case = case_of("case-1", source, image, subject, named, identity=DOE, privacy=OPEN).case
    assert case.identity == {"patient_name": "Doe^John", "patient_id": "00042317", "birth_date": "19500203"}
    assert (case.image.file, case.source.path) == ("doe.dcm", str(tmp_path / "doe.dcm"))
