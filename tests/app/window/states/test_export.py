"""The export of a window: what is offered and why not, options, files, and how it went."""

from dataclasses import replace
from pathlib import Path

import pytest

from app.window.states.export import ExportState
from app.window.states.notices import EXPORT_TOPIC, NoticesState, Weight
from app.window.states.workspace import WorkspaceContents
from core.errors import Cancelled, DiskFull
from core.exports.exporters import EXPORTERS
from core.exports.messages import Exported, SourceFile
from core.workspace.document import SavedView
from core.workspace.making import SavedPrivacy
from core.workspace.workspace import Workspace
from tests.core.workspace.example import example_workspace
from tests.gui.recorded import RecordedLink


def contents_of(case: str = "case-1", map_id: str = "map-2", **overlay: object) -> WorkspaceContents:
    """What the window shows; its source names the patient."""
    example = example_workspace()
    view = SavedView(case=case, map=map_id, overlay=overlay)
    workspace = Workspace(example.document.model_copy(update={"view": view}), example.arrays)
    return WorkspaceContents(workspace, {"case-1": SourceFile(path=Path("/data/slice.dcm"))})


def state_of(files: RecordedLink, contents: WorkspaceContents | None = None) -> ExportState:
    def present(options: SavedPrivacy) -> WorkspaceContents:
        return contents or contents_of()

    return ExportState(present, files, NoticesState())


@pytest.fixture
def files(qapp) -> RecordedLink:
    return RecordedLink()


def notices_of(state: ExportState) -> NoticesState:
    return state._notices


def test_that_all_forms_are_offered_and_those_that_are_not_possible_with_their_reason(files) -> None:
    state = state_of(files)
    assert state.prepare()
    assert [offer.exporter.name for offer in state.offers] == [exporter.name for exporter in EXPORTERS]
    obstacles = {offer.exporter.name: offer.obstacle for offer in state.offers}
    assert obstacles["map_nifti"] == ""
    assert obstacles["curves_csv"] == "This case has no curves. Measure its maps by curves first."
    assert state.chosen.exporter.name == "picture_png"
    state.choose("curves_csv")
    assert not state.can_start


def test_that_without_a_case_the_notice_says_what_to_do(files) -> None:
    state = state_of(files, contents_of(case=""))
    assert not state.prepare()
    (notice,) = notices_of(state).notices
    assert (notice.text, notice.weight) == ("There is nothing to export yet.", Weight.ERROR)


def test_that_a_picture_is_as_the_view_is_and_a_changed_option_stays(files, tmp_path) -> None:
    state = state_of(files, contents_of(opacity=0.25, outline=True, is_on=True))
    state.prepare()
    assert state.values == {"opacity": 0.25, "outline": True}
    state.set_value("threshold", 0.5)
    state.set_value("outline", None)
    state.prepare()
    assert state.values == {"opacity": 0.25, "outline": False, "threshold": 0.5}
    state.start(tmp_path / "brain.png")
    request = files.last
    assert request.values == {"opacity": 0.25, "outline": False, "threshold": 0.5}
    assert (request.exporter, request.folder, request.stem) == ("picture_png", tmp_path, "brain")
    assert (request.case, request.map) == ("case-1", "map-2")


def test_that_an_option_out_of_bounds_is_told_and_not_exported(files, tmp_path) -> None:
    state = state_of(files)
    state.prepare()
    state.set_value("opacity", 2.0)
    assert state.problem is not None
    assert state.problem.parameter == "opacity"
    state.start(tmp_path / "a.png")
    assert not files.sent
    state.set_value("opacity", 0.5)
    assert state.problem is None
    assert state.can_start


def test_that_a_form_that_is_not_possible_with_its_options_is_told_before(files, tmp_path) -> None:
    contents = contents_of("case-1", "map-1")
    (case,) = contents.workspace.document.cases
    source = case.source.model_copy(update={"format": "NIfTI"})
    cases = (case.model_copy(update={"source": source}),)
    document = contents.workspace.document.model_copy(update={"cases": cases})
    state = state_of(files, replace(contents, workspace=replace(contents.workspace, document=document)))
    state.prepare()
    state.choose("dicom_parametric_map")
    assert state.chosen.obstacle == ""
    assert str(state.refusal).startswith("The source is no DICOM image")
    state.start(tmp_path / "a.dcm")
    assert not files.sent
    state.set_value("new_study", True)
    assert (state.refusal, state.can_start) == (None, True)


def test_that_the_suggested_file_names_the_map_and_lies_where_the_last_export_lay(files, tmp_path) -> None:
    state = state_of(files)
    state.prepare()
    state.choose("map_nifti")
    assert state.suggestion.name == "map-2-integrated_gradients-map_nifti.nii.gz"
    state.choose("checks_csv")
    assert state.suggestion.name == "checks_csv.csv"
    state.choose("map_nifti")
    state.start(tmp_path / "evidence.nii.gz")
    assert files.last.stem == "evidence"
    assert state.suggestion.parent == tmp_path


def test_that_no_two_forms_suggest_a_file_in_common(files) -> None:
    """The NumPy array and the NIfTI file of a map have a JSON file each."""
    state = state_of(files)
    state.prepare()
    suggested = []
    for offer in state.offers:
        state.choose(offer.exporter.name)
        suggested.extend(path.name for path in state.files_of(state.suggestion))
    assert "map-2-integrated_gradients-map_npy.json" in suggested
    assert "map-2-integrated_gradients-map_nifti.json" in suggested
    assert len(set(suggested)) == len(suggested) > len(state.offers)


def test_that_a_finished_export_names_its_files_and_offers_their_folder(files, tmp_path) -> None:
    state = state_of(files)
    state.prepare()
    state.start(tmp_path / "a.png")
    assert state.running
    assert not state.can_start
    files.answer(Exported(paths=(tmp_path / "a.png",)))
    assert not state.running
    assert state.written == (tmp_path / "a.png",)
    (notice,) = notices_of(state).notices
    assert (notice.topic, notice.text, notice.action) == (EXPORT_TOPIC, "Exported: a.png.", "Show in folder")
    assert str(tmp_path) not in notice.text


def test_that_a_failure_is_a_notice_and_a_cancel_is_none(files, tmp_path) -> None:
    state = state_of(files)
    state.prepare()
    state.start(tmp_path / "a.png")
    files.fail(DiskFull("a.png cannot be written: No space left on device.", "Free some space."))
    assert [notice.text for notice in notices_of(state).notices] == [
        "a.png cannot be written: No space left on device."
    ]
    state.start(tmp_path / "a.png")
    files.fail(Cancelled())
    assert not state.running
    assert notices_of(state).notices == ()


def test_that_the_source_is_located_by_its_path_which_may_name_the_patient_and_is_not_in_the_workspace(
    files, tmp_path
) -> None:
    without = contents_of()
    (case,) = without.workspace.document.cases
    cleared = case.model_copy(update={"source": case.source.model_copy(update={"path": ""})})
    document = without.workspace.document.model_copy(update={"cases": (cleared,)})

    def present(options: SavedPrivacy) -> WorkspaceContents:
        if options.has_identity:
            return contents_of()
        return WorkspaceContents(Workspace(document, without.workspace.arrays), without.files)

    state = ExportState(present, files, NoticesState())
    state.prepare()
    state.start(tmp_path / "a.png")
    assert files.last.source == Path("/data/slice.dcm")
    assert files.last.document == document


def picture_contents() -> WorkspaceContents:
    """The example, whose source is a picture file."""
    contents = contents_of()
    (case,) = contents.workspace.document.cases
    case = case.model_copy(update={"source": case.source.model_copy(update={"format": "PNG"})})
    document = contents.workspace.document.model_copy(update={"cases": (case,)})
    return WorkspaceContents(Workspace(document, contents.workspace.arrays), contents.files)


def test_that_a_dicom_result_of_a_picture_says_up_front_what_it_needs(files) -> None:
    state = state_of(files, picture_contents())
    state.prepare()
    state.choose("dicom_secondary_capture")
    assert not state.can_start
    assert "no DICOM image" in str(state.refusal)
    state.set_value("new_study", True)
    assert (state.can_start, state.refusal) == (True, None)
    state.set_value("new_study", False)
    state.choose("picture_png")
    assert (state.can_start, state.refusal) == (True, None)


def test_that_a_report_names_its_map_and_another_one_can_be_chosen(files) -> None:
    state = state_of(files)
    state.prepare()
    state.choose("report_pdf")
    shown = next(words for words, map_id in state.map_choices if map_id == "map-2")
    other, other_id = next(each for each in state.map_choices if each[1] != "map-2")
    assert state.map_words == f"Map: {shown} (the one shown)."
    state.set_value("map", other_id)
    assert state.map_words == f"Map: {other}."
    state.start(Path("/out/report.pdf"))
    assert files.last.values["map"] == other_id
    state.choose("curves_csv")
    assert state.map_words == ""
