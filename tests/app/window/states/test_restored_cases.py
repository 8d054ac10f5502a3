"""What becomes of a workspace's case that is opened and saved again; links are recorded."""

from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from app.window.states.source_search import SourceState
from core.errors import Unreadable
from core.exports.messages import FilesHashed, SourcesLocated, WorkspaceRead
from core.file_hash import file_state
from core.images.slice import Identity, Slice
from core.link import CancelledJob
from core.methods.control.random_map import RandomMap
from core.models.device import ComputingDevice
from core.results.image import ModelRecord
from core.results.look_first import Impression, LookFirstRecord
from core.results.records import TargetRecord
from core.workspace.consistency import contradiction
from core.workspace.document import SavedCase, SavedCurves
from core.workspace.making import SavedPrivacy
from core.workspace.workspace import Workspace
from tests.app.window.states.steps import CARD, MAP, PICTURE
from tests.app.window.states.test_curves import curve_set
from tests.app.window.states.test_workspace import INPUT, SHA256, Desk, new_session, notices
from tests.gui.recorded import explained, indexed, predicted


@pytest.fixture
def desk(qapp, preferences) -> Desk:
    return Desk(*new_session(preferences))


@pytest.fixture
def other_desk(qapp, preferences) -> Desk:
    """Another run of the program."""
    return Desk(*new_session(preferences))


def case_in(workspace: Workspace) -> SavedCase:
    (case,) = workspace.document.cases
    return case


def changed(workspace: Workspace, **changes: object) -> Workspace:
    """The same with other fields of its only case."""
    case = case_in(workspace).model_copy(update=changes)
    return Workspace(workspace.document.model_copy(update={"cases": (case,)}), workspace.arrays)


def test_that_an_identity_does_not_stay_in_the_names_of_a_workspace_saved_without_it(
    desk, other_desk
) -> None:
    desk.work("scan_of_real.png")
    desk.session.cases.identities[""] = Identity(patient_name="Real^Jane", patient_id="12")
    other_desk.state.open(Path("/place/w.saliscope"))
    other_desk.files.answer(*WorkspaceRead.of(desk.saved(SavedPrivacy(has_identity=True))))
    case = case_in(other_desk.saved())
    assert (case.source.path, case.source.name, case.image.image.file) == ("", "image.png", "image.png")
    assert "real" not in case.model_dump_json().lower()
    assert case_in(other_desk.saved(SavedPrivacy(has_identity=True))).identity == {
        "patient_name": "Real^Jane",
        "patient_id": "12",
    }


def test_that_work_after_a_restoring_that_failed_is_still_seen_as_changed(desk, other_desk, qtbot) -> None:
    desk.work()
    workspace = desk.saved()
    window = case_in(workspace).window.model_copy(update={"width": 0.0})
    other_desk.reopen(changed(workspace, window=window))
    with qtbot.captureExceptions() as errors:
        other_desk.read()
    assert [error[0] for error in errors] == [ValueError]
    assert not other_desk.state.held.is_restoring


OLD = ModelRecord(id="small", version="0", weights_sha256="ee" * 32)


def with_model(workspace: Workspace, model: ModelRecord) -> Workspace:
    """The same by other weights."""
    return changed(workspace, image=case_in(workspace).image.model_copy(update={"model": model}))


def reopened(desk: Desk, workspace: Workspace) -> None:
    """Open a workspace, show its slice, and predict it again."""
    desk.reopen(workspace)
    desk.read()
    desk.worker.answer(predicted(0.9, 0.05, 0.05), [np.zeros_like(INPUT)])


def explain_again(desk: Desk) -> None:
    """Compute another map of the reopened case."""
    desk.session.explain.start(["occlusion"])
    while desk.worker.running_job is not None and desk.worker.running_job.is_background:
        desk.worker.answer(CancelledJob())
    desk.worker.answer(explained(2 * MAP, "occlusion"), [2 * MAP])


def test_that_restored_results_keep_what_they_were_computed_with(desk, other_desk) -> None:
    desk.work()
    workspace = desk.saved()
    case = case_in(workspace)
    versions = case.versions.model_copy(update={"program": "0.1"})
    (saved,) = case.maps
    finding = saved.findings[0].model_copy(update={"seed": 77})
    first = case.regions[0].model_copy(update={"title": "First"})
    second = first.model_copy(update={"id": "other", "mask": "second", "title": "Second"})
    second_finding = finding.model_copy(update={"region": "other"})
    maps = (saved.model_copy(update={"findings": (finding, second_finding)}),)
    background = np.ones((2, 32, 32, 1), np.float32)
    workspace = changed(
        with_model(workspace, OLD),
        versions=versions,
        maps=maps,
        regions=(first, second),
        background="background",
        background_sha256="cd" * 32,
        identity={"patient_id": "12"},
    )
    mask = np.eye(8, dtype=np.bool_)
    workspace = Workspace(
        workspace.document, dict(workspace.arrays) | {"second": mask, "background": background}
    )
    reopened(other_desk, workspace)
    after = other_desk.saved(SavedPrivacy(has_identity=True))
    case = case_in(after)
    assert (case.image.model, case.versions, case.background_sha256) == (OLD, versions, "cd" * 32)
    assert case.image.prediction.class_name == "meningioma"
    assert case.maps[0].findings == (finding, second_finding)
    assert [(region.id, region.title) for region in case.regions] == [
        ("region-1", "First"),
        ("other", "Second"),
    ]
    np.testing.assert_array_equal(after.arrays[case.regions[1].mask], mask)
    np.testing.assert_array_equal(after.arrays[case.background], background)
    np.testing.assert_array_equal(after.arrays[case.network_input], INPUT)
    assert case.identity == {"patient_id": "12"}
    assert contradiction(after.document) == ""


@pytest.mark.parametrize("is_left", [False, True])
def test_that_no_case_mixes_results_of_two_weights(desk, other_desk, preferences, is_left) -> None:
    desk.work()
    reopened(other_desk, with_model(desk.saved(), OLD))
    explain_again(other_desk)
    if is_left:
        other_desk.session.cases.slices.go_to_index(0)
        other_desk.read()

    def check(workspace: Workspace) -> None:
        old, new = workspace.document.cases
        assert [saved.record.name for saved in old.maps] == ["grad_cam"]
        assert (old.image.model, old.image.prediction.class_name) == (OLD, "meningioma")
        assert [saved.record.name for saved in new.maps] == ["occlusion"]
        assert (new.image.model, new.image.prediction.class_name) == (ModelRecord.of(CARD), "glioma")
        assert contradiction(workspace.document) == ""

    workspace = other_desk.saved()
    check(workspace)
    third_desk = Desk(*new_session(preferences))
    third_desk.state.open(Path("/place/w.saliscope"))
    third_desk.files.answer(*WorkspaceRead.of(workspace))
    third_desk.files.answer(SourcesLocated(paths=(Path("folder/a.png").absolute(),) * 2))
    third_desk.reader.answer(indexed("a.png", frames=4))
    third_desk.files.answer(FilesHashed(hashes=(SHA256, SHA256)))
    third_desk.read()
    assert [entry.method for entry in third_desk.session.maps.finished] == ["grad_cam", "occlusion"]
    check(third_desk.saved())
    third_desk.worker.answer(predicted(0.9, 0.05, 0.05), [INPUT])
    check(third_desk.saved())


@pytest.mark.parametrize(
    ("device", "count"),
    [
        (ComputingDevice(kind="gpu", name="NVIDIA H100 (GPU)"), 2),
        (ComputingDevice(kind="cpu", name="CPU, 64 cores"), 1),
        (None, 1),
    ],
)
def test_that_no_case_mixes_results_of_a_gpu_with_those_of_the_cpu(desk, other_desk, device, count) -> None:
    desk.work()
    workspace = desk.saved()
    image = case_in(workspace).image.model_copy(update={"device": device})
    reopened(other_desk, changed(workspace, image=image))
    explain_again(other_desk)
    cases = other_desk.saved().document.cases
    assert len(cases) == count
    assert cases[0].image.device == device


def test_that_new_results_of_the_same_model_join_the_opened_case(desk, other_desk) -> None:
    desk.work()
    reopened(other_desk, desk.saved())
    explain_again(other_desk)
    case = case_in(other_desk.saved())
    assert [saved.record.name for saved in case.maps] == ["grad_cam", "occlusion"]


def test_that_an_opened_case_without_results_is_kept_when_it_is_left(desk, other_desk) -> None:
    desk.work()
    reopened(other_desk, changed(desk.saved(), maps=(), regions=(), measurements=()))
    other_desk.session.cases.slices.go_to_index(0)
    other_desk.read()
    assert case_in(other_desk.saved()).image.image.slice == 3


@pytest.mark.parametrize("maps", [{}, {"grad_cam": 0, "occlusion": 1}])
def test_that_curves_of_no_map_or_of_maps_of_two_classes_are_saved_again(desk, other_desk, maps) -> None:
    desk.work()
    workspace = desk.saved()
    (saved,) = case_in(workspace).maps
    target = TargetRecord(class_name="pituitary")
    record = saved.record.model_copy(update={"name": "occlusion", "target": target})
    second = saved.model_copy(update={"id": "map-other", "record": record})
    both = (saved, second)
    gaps = dict.fromkeys(maps, 0.6) or {RandomMap.name: 0.1}
    ids = {name: both[place].id for name, place in maps.items()}
    curves = SavedCurves(class_name="glioma", curves=curve_set(gaps=gaps), maps=ids)
    reopened(other_desk, changed(workspace, maps=both, curves=(curves,)))
    (again,) = case_in(other_desk.saved()).curves
    assert (again.class_name, again.curves, again.maps.keys()) == ("glioma", curves.curves, ids.keys())


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_that_an_overlay_without_finite_opacity_leaves_the_one_of_the_window(desk, other_desk, value) -> None:
    desk.work()
    workspace = desk.saved()
    before = other_desk.session.image.style.opacity
    view = workspace.document.view.model_copy(update={"overlay": {"opacity": value, "threshold": value}})
    document = workspace.document.model_copy(update={"view": view})
    other_desk.reopen(Workspace(document, workspace.arrays))
    other_desk.read()
    assert other_desk.session.image.style.opacity == before


def test_that_the_picture_of_the_shown_slice_is_made_once(desk, monkeypatch) -> None:
    desk.work()
    desk.saved()

    def fail(*_: object) -> None:
        raise AssertionError("made again")

    monkeypatch.setattr("app.window.states.saved_cases.displayed", fail)
    desk.saved()


def test_that_a_restored_case_keeps_the_hash_of_its_source(desk, other_desk) -> None:
    desk.work()
    reopened(other_desk, desk.saved())
    contents = other_desk.state.contents(SavedPrivacy())
    assert case_in(contents.workspace).source.file_sha256 == SHA256


def test_that_a_source_without_a_hash_is_told_and_gets_none_afterwards(desk, other_desk) -> None:
    desk.work()
    workspace = desk.saved()
    source = case_in(workspace).source.model_copy(update={"file_sha256": ""})
    reopened(other_desk, changed(workspace, source=source))
    ((sentence, _),) = notices(other_desk)
    assert sentence == (
        "The image a.png of the workspace may not be what the results were computed of: no hash was saved, so"
        " that it could not be compared."
    )
    contents = other_desk.state.contents(SavedPrivacy())
    (file,) = contents.files.values()
    assert (file.path, file.state) == (Path("folder/a.png"), None)


def test_that_a_source_that_cannot_be_read_is_missing(desk, other_desk) -> None:
    desk.work()
    other_desk.reopen(desk.saved(), sha256="")
    assert notices(other_desk) == [("The image a.png of the workspace was not found.", "Locate…")]


def test_that_a_file_is_known_as_it_was_when_its_slice_was_read(desk, tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "folder/a.png"
    file.parent.mkdir()
    file.write_bytes(b"read")
    state = file_state(file)
    desk.work()

    def noted() -> object:
        (source_file,) = desk.state.contents(SavedPrivacy()).files.values()
        return source_file.state

    file.write_bytes(b"changed later")
    assert noted() == state
    desk.session.cases.slices.go_to_index(0)
    desk.read(Slice(PICTURE.values[::-1]))
    assert noted() == state  # of the case that was left
    desk.worker.answer(predicted(), [INPUT])
    shown = desk.state.held.shown
    assert shown is not None
    assert shown.file.state is None  # of the file that has changed since


def test_that_maps_on_another_grid_keep_waiting(desk, other_desk) -> None:
    desk.work()
    before = desk.saved()
    grid = case_in(before).grid.model_copy(update={"box": (-0.5, -0.5, 6.5, 7.5)})
    reopened(other_desk, changed(before, grid=grid))
    assert other_desk.session.maps.entries == ()
    assert notices(other_desk) == [
        (
            "The image a.png of the workspace is shown without its results, which stay in it: the model"
            " scales or crops images in another way now.",
            "",
        )
    ]
    waiting, shown = other_desk.saved().document.cases
    assert ([saved.id for saved in waiting.maps], waiting.grid) == (["map-1"], grid)
    assert shown.maps == ()


def impression_of(answer: str) -> LookFirstRecord:
    """A record that says no more."""
    at = datetime(2026, 11, 28, tzinfo=UTC)
    impression = Impression(answer=answer, confidence="high", at=at)
    return LookFirstRecord(model="small", classes=("glioma",), opened_at=at, impression=impression)


def test_that_an_impression_stated_while_the_source_is_compared_stays(desk, other_desk) -> None:
    desk.work()
    workspace = changed(desk.saved(), look_first=impression_of("meningioma"))
    stated = impression_of("glioma")
    records = other_desk.session.impressions.records

    other_desk.state.open(Path("/place/w.saliscope"))
    other_desk.files.answer(*WorkspaceRead.of(workspace))
    other_desk.files.answer(SourcesLocated(paths=(Path("folder/a.png").absolute(),)))
    other_desk.reader.answer(indexed("a.png", frames=4))
    number = other_desk.session.cases.list.opened[0].number
    records[number] = stated
    other_desk.files.answer(FilesHashed(hashes=(SHA256,)))
    assert records[number] == stated


def test_that_a_record_without_impression_gives_way_to_that_of_the_workspace(desk, other_desk) -> None:
    desk.work()
    record = impression_of("meningioma")
    other_desk.state.open(Path("/place/w.saliscope"))
    other_desk.files.answer(*WorkspaceRead.of(changed(desk.saved(), look_first=record)))
    other_desk.files.answer(SourcesLocated(paths=(Path("folder/a.png").absolute(),)))
    other_desk.reader.answer(indexed("a.png", frames=4))
    number = other_desk.session.cases.list.opened[0].number
    records = other_desk.session.impressions.records
    records[number] = record.model_copy(update={"impression": None})
    other_desk.files.answer(FilesHashed(hashes=(SHA256,)))
    assert records[number] == record


@pytest.mark.parametrize("is_lost", [False, True])
def test_that_images_closed_while_they_are_compared_are_not_shown(desk, other_desk, is_lost) -> None:
    """Of two images one is closed."""
    desk.work()
    workspace = desk.saved()
    first = case_in(workspace)
    record = first.image.image.model_copy(update={"file": "b.png"})
    image = first.image.model_copy(update={"image": record})
    second = first.model_copy(update={"id": "case-2", "image": image})
    document = workspace.document.model_copy(update={"cases": (first, second)})
    other_desk.state.open(Path("/place/w.saliscope"))
    other_desk.files.answer(*WorkspaceRead.of(Workspace(document, workspace.arrays)))
    folder = Path("folder").absolute()
    other_desk.files.answer(SourcesLocated(paths=(folder / "a.png", folder / "b.png")))
    other_desk.reader.answer(indexed("a.png", frames=4))
    other_desk.reader.answer(indexed("b.png", frames=4))
    session = other_desk.session
    session.cases.close([session.cases.list.opened[0].number])
    while other_desk.files.running_job is not None:
        if is_lost:
            other_desk.files.fail(Unreadable("b.png cannot be read."))
        else:
            count = len(other_desk.files.last.paths)
            other_desk.files.answer(FilesHashed(hashes=(SHA256,) * count))
    (waiting,) = other_desk.state.reopened.waiting or (None,)
    if is_lost:
        assert (waiting.name, waiting.state) == ("b.png", SourceState.MISSING)
    else:
        other_desk.read()
        assert other_desk.state.reopened.waiting == []
        assert session.shown.current.case.title == "b.png"
