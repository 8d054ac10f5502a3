"""A workspace made of the states of a window and put back into them; links are recorded."""

from pathlib import Path

import numpy as np
import pytest

from app.window.states.check_results import CheckPhase, CheckResult
from app.window.states.drawn_curves import DrawnCurves
from app.window.states.session import Session
from app.window.states.tool import Tool
from app.window.states.workspace import WorkspaceState
from core.checks.contract import Finding
from core.errors import Cancelled, DiskFull, NotApplicable, Unreadable, WorkerLost
from core.exports.messages import (
    FilesHashed,
    HashFiles,
    LocateSources,
    ReadWorkspace,
    SaveWorkspace,
    SourcesLocated,
    WorkspaceRead,
    WorkspaceSaved,
)
from core.figures.colour_maps import ColourMap
from core.images.slice import Identity, Slice, Window
from core.link import CancelledJob, Received
from core.readers.messages import Indexed
from core.readers.protocol import FrameSource, SeriesEntry
from core.workspace.document import SavedView
from core.workspace.making import SavedPrivacy
from core.workspace.workspace import Workspace
from tests.app.window.states.steps import (
    MAP,
    PICTURE,
    SAMPLE,
    answer_control_maps,
    kinds,
    open_and_predict,
    open_file,
)
from tests.app.window.states.test_curves import curve_set
from tests.cards import make_card
from tests.core.workspace.example import example_workspace
from tests.gui.recorded import RecordedLink, explained, frame_read, indexed, predicted

INPUT = np.linspace(0, 1, 32 * 32, dtype=np.float32).reshape(32, 32, 1)
SHA256 = "ab" * 32
WITH_PATHS = SavedPrivacy()


class Desk:
    """A session with recorded links and its workspace."""

    def __init__(self, worker: RecordedLink, reader: RecordedLink, session: Session) -> None:
        self.worker, self.reader, self.session = worker, reader, session
        self.files = session.files = RecordedLink()
        self.state = WorkspaceState(session)

    def work(self, name: str = "a.png") -> None:
        """Open an image, explain it, and draw and measure on it."""
        session, worker = self.session, self.worker
        session.cases.open_paths([f"folder/{name}"])
        self.reader.answer(indexed(name, frames=4))
        self.reader.answer(*frame_read(PICTURE))
        worker.answer(predicted(), [INPUT])
        session.explain.start(["grad_cam"])
        worker.answer(explained(MAP, "grad_cam"), [MAP])
        session.region.draw_rectangle((1, 1), (3, 4))
        session.tool.choose(Tool.DISTANCE)
        for point in ((1.0, 1.0), (1.0, 5.0)):
            session.measurements.begin_point(point)
            session.measurements.end_point(point)
        number = session.maps.finished[0].number
        session.checks.results[number, "repeatability"] = CheckResult(CheckPhase.DONE, finding=FINDING)
        session.checks.changed.emit(number, "repeatability")
        session.image.display.set_window(Window(20.0, 30.0, function="linear_exact"))

    def read(self, image: Slice = PICTURE) -> None:
        """Let the reader answer all requests: for the small picture, then for the slice."""
        while self.reader.running_job is not None:
            self.reader.answer(*frame_read(image))

    def save(self, path: Path, options: SavedPrivacy = WITH_PATHS) -> SaveWorkspace:
        """Save; the files process says that it is done."""
        self.state.save(path, options)
        request = self.files.last
        assert isinstance(request, SaveWorkspace)
        self.files.answer(WorkspaceSaved())
        return request

    def saved(self, options: SavedPrivacy = WITH_PATHS) -> Workspace:
        """What would be saved, as the files process completes it."""
        contents = self.state.contents(options, Path("/place"))
        cases = tuple(
            case.model_copy(update={"source": case.source.model_copy(update={"file_sha256": SHA256})})
            for case in contents.workspace.document.cases
        )
        document = contents.workspace.document.model_copy(update={"cases": cases})
        return Workspace(document, contents.workspace.arrays)

    def reopen(self, workspace: Workspace, sha256: str = SHA256, name: str = "a.png") -> None:
        """Open a workspace of one image: located, listed, hashed, read."""
        self.state.open(Path("/place/w.saliscope"))
        message, arrays = WorkspaceRead.of(workspace)
        self.files.answer(message, arrays)
        located = self.files.last
        assert isinstance(located, LocateSources)
        assert located.folder == Path("/place")
        self.files.answer(SourcesLocated(paths=(Path("folder").absolute() / name,)))
        self.reader.answer(indexed(name, frames=4))
        assert self.files.last == HashFiles(paths=(Path("folder") / name,))
        self.files.answer(FilesHashed(hashes=(sha256,)))


FINDING = Finding(
    metric="repeatability", values={"rank_correlation": 0.9}, answer="yes", sentence="Stable.", parameters={}
)


def new_session(preferences) -> tuple[RecordedLink, RecordedLink, Session]:
    worker, reader = RecordedLink(), RecordedLink()
    cards = [make_card(), make_card(id="other", title="Other", temperature=2.0)]
    return worker, reader, Session(worker, reader, reader, cards, [], preferences)


@pytest.fixture
def desk(qapp, preferences) -> Desk:
    return Desk(*new_session(preferences))


@pytest.fixture
def other_desk(qapp, preferences) -> Desk:
    """Another run of the program."""
    return Desk(*new_session(preferences))


def test_that_a_workspace_holds_all_that_was_done_with_the_shown_slice(desk) -> None:
    desk.work()
    workspace = desk.saved()
    (case,) = workspace.document.cases
    assert (case.source.name, case.source.path) == ("a.png", str(Path("folder/a.png").absolute()))
    assert (case.image.image.slice, case.image.image.slices, case.image.image.rows) == (3, 4, 8)
    assert case.image.model.id == "small"
    assert case.image.prediction.class_name == "meningioma"
    np.testing.assert_array_equal(workspace.arrays[case.network_input], INPUT)
    (saved,) = case.maps
    assert (saved.record.name, [each.finding for each in saved.findings]) == ("grad_cam", [FINDING])
    np.testing.assert_array_equal(workspace.arrays[saved.values], MAP)
    mask = workspace.arrays[case.regions[0].mask]
    assert (mask.sum(), mask[1:4, 1:5].all(), case.regions[0].origin) == (12, True, "drawn")
    (measured,) = case.measurements
    assert (measured.kind, measured.points) == ("distance", ((1.0, 1.0), (1.0, 5.0)))
    assert "4" in measured.words
    # The window of 20 +- 15 as the image is shown, not as the file proposes it.
    assert (case.window.centre, case.window.width) == (20.0, 30.0)
    picture = workspace.arrays[case.picture]
    assert (picture[0, 5], picture[2, 4], picture[7, 7]) == (0, 128, 255)
    assert (workspace.document.view.case, workspace.document.view.map) == (case.id, saved.id)


def test_that_what_was_done_is_put_back_without_computing_it_again(desk, other_desk) -> None:
    desk.work()
    desk.session.image.set_overlay_on(True)
    desk.session.image.style.set_colour_map(ColourMap.VIRIDIS)
    other_desk.reopen(desk.saved())
    session = other_desk.session
    assert session.cases.slices.position.index == 2
    assert session.maps.entries == ()
    other_desk.read()
    (entry,) = session.maps.entries
    assert (entry.method, entry.is_restored, session.maps.selected) == ("grad_cam", True, entry)
    np.testing.assert_array_equal(entry.values, MAP)
    assert session.checks.check(entry.number, "repeatability").finding == FINDING
    assert session.region.mask is not None
    assert session.region.mask.sum() == 12
    assert [each.points for each in session.measurements.all] == [((1.0, 1.0), (1.0, 5.0))]
    assert (session.image.display.window.centre, session.image.display.window.width) == (20.0, 30.0)
    assert session.image.overlay_on
    assert session.image.style.colour_map is ColourMap.VIRIDIS
    assert session.image.overlay is not None
    assert kinds(other_desk.worker) == ["predict"]
    assert [chip.state for chip in session.evidence.shown if chip.tip == FINDING.sentence] == ["yes"]
    assert not other_desk.state.is_changed
    assert not session.undo.can_undo
    other_desk.worker.answer(predicted(), [INPUT])
    assert not other_desk.state.is_changed


def test_that_a_workspace_that_is_saved_again_is_the_same(desk, other_desk) -> None:
    desk.work()
    before = desk.saved()
    other_desk.reopen(before)

    def same() -> None:
        after = other_desk.saved()
        (one,), (two,) = before.document.cases, after.document.cases
        fields = {"maps": (), "regions": (), "picture": "", "network_input": ""}
        assert two.model_copy(update=fields) == one.model_copy(update=fields)
        assert [saved.record for saved in two.maps] == [saved.record for saved in one.maps]
        assert [saved.findings for saved in two.maps] == [saved.findings for saved in one.maps]
        arrays = {before.arrays[name].tobytes() for name in before.arrays}
        assert {after.arrays[name].tobytes() for name in after.arrays} == arrays
        assert after.document.created == before.document.created

    same()  # while the image waits to be shown
    other_desk.read()
    same()  # before the prediction
    other_desk.worker.answer(predicted(), [INPUT])
    same()


def test_that_another_slice_keeps_what_was_done_with_the_one_before(desk) -> None:
    desk.work()
    finding_before = desk.saved().document.cases[0].maps[0].findings
    desk.session.cases.slices.go_to_index(0)
    desk.read(Slice(PICTURE.values[::-1]))
    desk.worker.answer(predicted(0.9, 0.05, 0.05), [INPUT])
    document = desk.saved().document
    assert [case.image.image.slice for case in document.cases] == [1, 3]
    shown, first = document.cases
    assert (first.maps[0].findings, first.window.centre) == (finding_before, 20.0)
    assert (shown.maps, shown.image.prediction.class_name) == ((), "glioma")
    assert document.view.case == shown.id


def test_that_a_slice_without_results_is_not_kept(desk) -> None:
    open_file(desk.session, desk.reader, frames=4)
    desk.worker.answer(predicted(), [INPUT])
    assert len(desk.saved().document.cases) == 1
    desk.session.cases.slices.go_to_index(0)
    desk.read()
    assert desk.saved().document.cases == ()
    assert not desk.state.is_changed


def test_that_saving_clears_the_mark_and_a_new_result_sets_it(desk, tmp_path) -> None:
    open_and_predict(desk.session, desk.reader, desk.worker)
    assert (desk.state.is_changed, desk.state.name) == (False, "")
    desk.session.region.draw_rectangle((1, 1), (3, 4))
    assert (desk.state.is_changed, desk.state.name) == (True, "Untitled workspace")
    request = desk.save(tmp_path / "case.saliscope")
    assert request.path == tmp_path / "case.saliscope"
    assert (desk.state.is_changed, desk.state.name) == (False, "case")
    desk.session.region.clear()
    assert desk.state.is_changed


def test_that_what_changes_while_it_is_saved_stays_unsaved(desk, tmp_path) -> None:
    open_and_predict(desk.session, desk.reader, desk.worker)
    desk.session.region.draw_rectangle((1, 1), (3, 4))
    desk.state.save(tmp_path / "case.saliscope", SavedPrivacy())
    desk.session.region.draw_rectangle((1, 1), (4, 4))
    desk.files.answer(WorkspaceSaved())
    assert desk.state.is_changed


def test_that_view_and_prediction_are_no_results_that_are_asked_about(desk) -> None:
    open_and_predict(desk.session, desk.reader, desk.worker)
    desk.session.image.display.invert()
    desk.session.image.style.set_opacity(0.2)
    assert not desk.state.is_changed
    assert desk.state.can_save


def test_that_what_the_program_computes_of_a_sample_by_itself_is_not_asked_about(
    worker, reader, preferences
) -> None:
    session = Session(worker, reader, reader, [make_card()], [SAMPLE], preferences)
    desk = Desk(worker, reader, session)
    session.open_sample()
    reader.answer(indexed("one.png", folder=SAMPLE.path.parent))
    desk.read()
    worker.answer(predicted())
    answer_control_maps(worker)
    worker.answer(explained(MAP), [MAP])
    assert len(session.maps.finished) == 3
    assert not desk.state.is_changed
    session.region.draw_rectangle((1, 1), (3, 4))
    assert desk.state.is_changed
    (case,) = desk.saved().document.cases
    assert (case.source.sample, case.source.path) == (SAMPLE.id, "")


@pytest.mark.parametrize("name", ["Real^Nobody", "REAL, Nobody", "nobody^réal"])
def test_that_a_path_that_names_the_patient_is_left_out_unless_chosen(desk, name) -> None:
    desk.work("scan_of_real.png")
    identity = Identity(patient_name=name, patient_id="12")
    desk.session.cases.identities[""] = identity
    (case,) = desk.saved().document.cases
    assert (case.source.path, case.source.relative_path, case.source.name) == ("", "", "image.png")
    assert (case.image.file, case.image.image.file, case.identity) == ("image.png", "image.png", {})
    desk.save(Path("/place/w.saliscope"))
    ((sentence, _),) = notices(desk)
    assert sentence.startswith(
        "The folder or file of one image names the patient and is not in the workspace"
    )
    desk.save(Path("/place/w.saliscope"), SavedPrivacy(has_identity=True))
    assert notices(desk) == []
    (case,) = desk.saved(SavedPrivacy(has_identity=True)).document.cases
    assert case.source.path.endswith("scan_of_real.png")
    assert case.identity == {"patient_name": name, "patient_id": "12"}


def test_that_folder_names_are_left_out_by_choice(desk) -> None:
    desk.work()
    (case,) = desk.saved(SavedPrivacy(has_paths=False)).document.cases
    assert (case.source.path, case.source.relative_path, case.source.name) == ("", "", "a.png")
    (case,) = desk.saved().document.cases
    assert case.source.relative_path


def notices(desk: Desk) -> list[tuple[str, str]]:
    return [(notice.text, notice.action) for notice in desk.session.notices.notices]


def test_that_a_missing_source_is_told_and_located(desk, other_desk) -> None:
    desk.work()
    workspace = desk.saved()
    other_desk.state.open(Path("/place/w.saliscope"))
    message, arrays = WorkspaceRead.of(workspace)
    other_desk.files.answer(message, arrays)
    other_desk.files.answer(SourcesLocated(paths=(None,)))
    assert notices(other_desk) == [("The image a.png of the workspace was not found.", "Locate…")]
    assert len(other_desk.saved().document.cases) == 1
    other_desk.state.reopened.locate(Path("elsewhere/a.png"))
    other_desk.reader.answer(indexed("a.png", frames=4, folder=Path("elsewhere")))
    other_desk.files.answer(FilesHashed(hashes=(SHA256,)))
    other_desk.read()
    assert notices(other_desk) == []
    assert [entry.method for entry in other_desk.session.maps.entries] == ["grad_cam"]


def test_that_a_source_can_be_located_after_its_hash_could_not_be_computed(desk, other_desk) -> None:
    desk.work()
    other_desk.state.open(Path("/place/w.saliscope"))
    other_desk.files.answer(*WorkspaceRead.of(desk.saved()))
    other_desk.files.answer(SourcesLocated(paths=(Path("folder/a.png").absolute(),)))
    other_desk.reader.answer(indexed("a.png", frames=4))
    other_desk.files.fail(Unreadable("a.png cannot be read."))
    other_desk.read()
    assert notices(other_desk) == [("a.png cannot be read.", "Locate…")]
    other_desk.state.reopened.locate(Path("elsewhere/a.png"))
    other_desk.reader.answer(indexed("a.png", frames=4, folder=Path("elsewhere")))
    other_desk.files.answer(FilesHashed(hashes=(SHA256,)))
    other_desk.read()
    assert notices(other_desk) == []
    assert [entry.method for entry in other_desk.session.maps.entries] == ["grad_cam"]


def test_that_a_changed_source_is_told_and_gets_no_results_of_another_image(desk, other_desk) -> None:
    desk.work()
    other_desk.reopen(desk.saved(), sha256="cd" * 32)
    assert notices(other_desk) == [
        ("The image a.png of the workspace has changed since the results were computed.", "Locate…")
    ]
    other_desk.session.cases.choose(other_desk.session.cases.list.opened[0].number)
    other_desk.read()
    assert other_desk.session.maps.entries == ()
    assert other_desk.session.region.mask is None


def test_that_the_model_of_the_workspace_is_chosen_once(desk, other_desk) -> None:
    desk.work()
    workspace = desk.saved()
    other_desk.session.prediction.choose("other")
    other_desk.reopen(workspace)
    other_desk.read()
    session = other_desk.session
    assert session.prediction.card.id == "small"
    assert len(session.maps.entries) == 1
    session.prediction.choose("other")
    assert (session.prediction.card.id, session.maps.entries) == ("other", ())


def test_that_a_model_that_is_not_installed_or_has_changed_is_told(desk, other_desk, preferences) -> None:
    desk.work()
    workspace = desk.saved()
    (case,) = workspace.document.cases

    def with_model(**changes: str) -> Workspace:
        model = case.image.model.model_copy(update=changes)
        image = case.image.model_copy(update={"model": model})
        cases = (case.model_copy(update={"image": image}),)
        return Workspace(workspace.document.model_copy(update={"cases": cases}), workspace.arrays)

    other_desk.reopen(with_model(id="absent"))
    other_desk.read()
    assert notices(other_desk) == [("Models of the workspace that are not installed: absent.", "")]
    assert other_desk.session.maps.entries == ()
    other_desk.worker.answer(predicted(), [INPUT])
    models = [each.image.model.id for each in other_desk.saved().document.cases]
    assert sorted(models) == ["absent", "small"]
    third_desk = Desk(*new_session(preferences))
    third_desk.reopen(with_model(weights_sha256="ee" * 32))
    ((sentence, _),) = notices(third_desk)
    assert sentence.startswith("The maps of the workspace stay as saved; the weights of small have changed")


def test_that_look_first_shows_no_map_of_a_workspace_before_the_impression(desk, other_desk) -> None:
    desk.work()
    other_desk.session.impressions.set_on(True)
    other_desk.reopen(desk.saved())
    other_desk.read()
    assert other_desk.session.maps.entries == ()
    other_desk.session.impressions.state_impression("glioma", "high")
    assert len(other_desk.session.maps.entries) == 1
    record = other_desk.session.impressions.record
    other_desk.worker.answer(predicted(), [INPUT])
    (case,) = other_desk.saved().document.cases
    assert case.look_first is not None
    assert (case.look_first.impression, case.look_first.prediction.class_name) == (
        record.impression,
        "meningioma",
    )


def test_that_impressions_and_decisions_are_put_back(desk, other_desk) -> None:
    for each in (desk, other_desk):
        each.session.impressions.set_on(True)
    open_file(desk.session, desk.reader, frames=4)
    desk.session.impressions.state_impression("glioma", "high")
    desk.worker.answer(predicted(), [INPUT])
    desk.session.impressions.decide("accept", note="agreed")
    record = desk.session.impressions.record
    assert desk.state.is_changed
    other_desk.reopen(desk.saved())
    other_desk.read()
    assert kinds(other_desk.worker) == ["predict"]
    assert other_desk.session.impressions.record == record
    assert not other_desk.state.is_changed


def test_that_curves_are_put_back_with_their_maps(desk, other_desk) -> None:
    desk.work()
    entry = desk.session.maps.finished[0]
    drawn = DrawnCurves(curve_set(gaps={"grad_cam": 0.6}), {"grad_cam": entry})
    desk.session.curves.store.store((desk.session.maps.key, "cells"), drawn)
    desk.session.curves.changed.emit()
    other_desk.reopen(desk.saved())
    other_desk.read()
    (restored,) = other_desk.session.maps.finished
    again = other_desk.session.curves.store.drawn(other_desk.session.maps.key, "cells")
    assert again is not None
    assert (again.curves, again.maps) == (drawn.curves, {"grad_cam": restored})
    assert again.name_of(restored) == "grad_cam"


def test_that_a_file_that_cannot_be_written_is_told_and_stays_unsaved(desk, tmp_path) -> None:
    desk.work()
    desk.state.save(tmp_path / "case.saliscope", SavedPrivacy())
    desk.files.fail(
        DiskFull("case.saliscope cannot be written: No space left on device.", "Free some space.")
    )
    assert notices(desk) == [("case.saliscope cannot be written: No space left on device.", "")]
    assert (desk.state.path, desk.state.is_changed, desk.state.is_busy) == (None, True, False)


def test_that_a_workspace_that_cannot_be_read_leaves_everything_open(desk) -> None:
    desk.work()
    desk.state.open(Path("/place/w.saliscope"))
    assert desk.files.last == ReadWorkspace(path=Path("/place/w.saliscope"))
    desk.files.fail(Unreadable("w.saliscope is damaged."))
    assert len(desk.session.cases.list.opened) == 1
    assert desk.state.is_changed


def test_that_closing_an_image_takes_its_case_out_of_the_workspace(desk) -> None:
    desk.work()
    desk.save(Path("/place/w.saliscope"))
    desk.session.cases.close_all()
    assert desk.saved().document.cases == ()
    assert desk.state.is_changed


def test_that_a_killed_files_process_costs_the_saving_and_nothing_else(desk, tmp_path) -> None:
    desk.work()
    desk.state.save(tmp_path / "case.saliscope", WITH_PATHS)
    desk.files.die()
    assert (desk.state.is_changed, desk.state.is_busy, len(notices(desk))) == (True, False, 1)
    desk.files.start()
    desk.save(tmp_path / "case.saliscope")
    assert (desk.state.is_changed, notices(desk)) == (False, [])


def test_that_a_region_from_a_mask_stays_one(desk, other_desk) -> None:
    desk.work()
    workspace = desk.saved()
    (case,) = workspace.document.cases
    region = case.regions[0].model_copy(update={"origin": "reference", "notes": ("Read.",)})
    cases = (case.model_copy(update={"regions": (region,), "maps": (), "measurements": ()}),)
    document = workspace.document.model_copy(update={"cases": cases, "view": SavedView(case=case.id)})
    other_desk.reopen(Workspace(document, workspace.arrays))
    other_desk.read()
    other_desk.worker.answer(predicted(), [INPUT])
    assert other_desk.session.region.notes == ("Read.",)
    other_desk.session.cases.slices.go_to_index(0)
    other_desk.read()
    (case,) = other_desk.saved().document.cases
    assert (case.regions[0].origin, case.regions[0].notes) == ("reference", ("Read.",))


def series(*names: str, key: str = "series") -> Indexed:
    """A series of a folder with one slice in each file."""
    folder = Path("folder").absolute()
    sources = tuple(FrameSource(path=folder / name, frame=0) for name in names)
    entry = SeriesEntry(
        path=sources[0].path,
        reader="DICOM",
        title="DICOM",
        frames=len(names),
        rows=8,
        columns=8,
        key=key,
        sources=sources,
    )
    return Indexed(entries=(entry,))


def worked_on_series(desk: Desk) -> Workspace:
    """The middle one of three slices, 2.dcm, was explained."""
    desk.session.cases.open_paths(["folder"])
    desk.reader.answer(series("1.dcm", "2.dcm", "3.dcm"))
    desk.reader.answer(*frame_read(PICTURE))
    desk.worker.answer(predicted(), [INPUT])
    desk.session.explain.start(["grad_cam"])
    desk.worker.answer(explained(MAP, "grad_cam"), [MAP])
    return desk.saved()


@pytest.mark.parametrize(
    ("names", "index"),
    [
        (("1.dcm", "2.dcm", "3.dcm"), 1),
        (("0.dcm", "1.dcm", "2.dcm", "3.dcm"), 2),
        (("2.dcm", "3.dcm"), 0),
        (("a.dcm", "b.dcm", "c.dcm"), 1),  # renamed: by its number, and its hash is compared
    ],
)
def test_that_the_slice_is_found_in_its_series_after_files_were_added_or_renamed(
    desk, other_desk, names, index
) -> None:
    workspace = worked_on_series(desk)
    (case,) = workspace.document.cases
    assert (case.source.name, case.source.series, case.image.image.file) == ("folder", "series", "2.dcm")
    assert case.source.format == "DICOM"
    other_desk.state.open(Path("/place/w.saliscope"))
    other_desk.files.answer(*WorkspaceRead.of(workspace))
    folder = Path("folder").absolute()
    other_desk.files.answer(SourcesLocated(paths=(folder,)))
    other_desk.reader.answer(series(*names))
    assert other_desk.files.last == HashFiles(paths=(folder / names[index],))
    other_desk.files.answer(FilesHashed(hashes=(SHA256,)))
    other_desk.read()
    assert other_desk.session.shown.current.position.index == index
    assert [entry.method for entry in other_desk.session.maps.finished] == ["grad_cam"]


def test_that_another_series_of_the_folder_gets_no_results(desk, other_desk) -> None:
    workspace = worked_on_series(desk)
    other_desk.state.open(Path("/place/w.saliscope"))
    other_desk.files.answer(*WorkspaceRead.of(workspace))
    other_desk.files.answer(SourcesLocated(paths=(Path("folder").absolute(),)))
    other_desk.reader.answer(series("1.dcm", "2.dcm", "3.dcm", key="another"))
    assert notices(other_desk) == [("The image 2.dcm of the workspace was not found.", "Locate…")]
    assert other_desk.state.reopened.has_missing_folder


def test_that_a_folder_has_no_name_where_folder_names_are_left_out(desk) -> None:
    worked_on_series(desk)
    (case,) = desk.saved(SavedPrivacy(has_paths=False)).document.cases
    assert (case.source.name, case.image.image.file) == ("", "2.dcm")


def test_that_a_workspace_without_a_view_lays_its_map_over_the_image(desk, other_desk) -> None:
    desk.work()
    workspace = desk.saved()
    document = workspace.document.model_copy(update={"view": SavedView()})
    other_desk.reopen(Workspace(document, workspace.arrays))
    other_desk.read()
    assert other_desk.session.image.overlay_visible


def test_that_a_method_that_gave_no_map_is_put_back_with_its_reason(desk, other_desk) -> None:
    desk.work()
    desk.session.explain.start(["rise"])
    desk.worker.fail(NotApplicable("RISE needs more.", "Choose another method."))
    workspace = desk.saved()
    (case,) = workspace.document.cases
    assert [(failed.name, failed.error.message) for failed in case.failed] == [("rise", "RISE needs more.")]
    other_desk.reopen(workspace)
    other_desk.read()
    (entry,) = [entry for entry in other_desk.session.maps.entries if entry.method == "rise"]
    assert (type(entry.error), str(entry.error)) == (NotApplicable, "RISE needs more. Choose another method.")
    assert other_desk.saved().document.cases[0].failed == case.failed


def open_workspace(desk: Desk, workspace: Workspace) -> None:
    """Open a workspace up to the search for its sources."""
    desk.state.open(Path("/place/w.saliscope"))
    desk.files.answer(*WorkspaceRead.of(workspace))


@pytest.mark.parametrize(
    "privacy",
    [SavedPrivacy(), SavedPrivacy(has_identity=True), SavedPrivacy(has_paths=False)],
)
@pytest.mark.parametrize(
    "earlier", [SavedPrivacy(), SavedPrivacy(has_paths=False), SavedPrivacy(has_identity=True)]
)
def test_that_an_opened_workspace_is_saved_with_the_privacy_it_has(
    desk, other_desk, privacy, earlier
) -> None:
    desk.work()
    desk.session.cases.identities[""] = Identity(patient_name="Doe^Jane")
    workspace = desk.saved(privacy)
    other_desk.work()
    other_desk.save(Path("/place/earlier.saliscope"), earlier)
    open_workspace(other_desk, workspace)
    assert other_desk.state.privacy == privacy


def test_that_an_opened_workspace_without_images_is_saved_as_a_new_one(desk, other_desk) -> None:
    other_desk.state.privacy = SavedPrivacy(has_paths=False, has_identity=True)
    open_workspace(other_desk, desk.saved())
    assert other_desk.state.privacy == SavedPrivacy()


def test_that_results_of_the_time_in_which_a_workspace_is_read_are_not_replaced_unasked(
    desk, other_desk
) -> None:
    open_and_predict(desk.session, desk.reader, desk.worker)
    openings = []
    desk.state.when_kept = openings.append
    desk.state.open(Path("/place/w.saliscope"))
    desk.session.region.draw_rectangle((1, 1), (3, 4))
    desk.files.answer(*WorkspaceRead.of(other_desk.saved()))
    assert (desk.state.is_changed, desk.state.is_busy) == (True, False)
    assert desk.session.region.mask is not None
    (opening,) = openings
    opening()
    assert desk.session.region.mask is None
    assert (desk.state.path, desk.state.is_changed) == (Path("/place/w.saliscope"), False)


@pytest.mark.parametrize("is_read_queued", [False, True])
def test_that_saving_comes_before_a_workspace_that_is_being_opened(desk, tmp_path, is_read_queued) -> None:
    open_and_predict(desk.session, desk.reader, desk.worker)
    desk.session.region.draw_rectangle((1, 1), (3, 4))
    if is_read_queued:
        desk.state.save(tmp_path / "earlier.saliscope", SavedPrivacy())
    desk.state.open(Path("/place/w.saliscope"))
    desk.state.save(tmp_path / "a.saliscope", SavedPrivacy())
    while desk.files.running_job is not None:
        is_read = isinstance(desk.files.last, ReadWorkspace)
        desk.files.answer(*(WorkspaceRead.of(example_workspace()) if is_read else (WorkspaceSaved(), [])))
    assert desk.session.region.mask is not None
    assert not desk.state.is_changed
    assert desk.state.path == tmp_path / ("earlier.saliscope" if is_read_queued else "a.saliscope")


@pytest.mark.parametrize("error", [Cancelled(), DiskFull("Full."), WorkerLost("Gone.")])
def test_that_each_end_without_a_saved_file_is_told(desk, tmp_path, error) -> None:
    open_and_predict(desk.session, desk.reader, desk.worker)
    ends = []
    desk.state.failed.connect(lambda path, error: ends.append((path, type(error))))
    desk.state.save(tmp_path / "a.saliscope", SavedPrivacy())
    desk.files._lose_all(error)
    assert ends == [(tmp_path / "a.saliscope", type(error))]
    assert not desk.state.is_busy
    assert bool(notices(desk)) is not isinstance(error, Cancelled)


@pytest.mark.parametrize("is_running", [True, False])
def test_that_what_is_listed_for_an_earlier_workspace_is_not_added_to_the_next(
    desk, other_desk, is_running
) -> None:
    desk.work()
    workspace = desk.saved()
    open_workspace(other_desk, workspace)
    other_desk.files.answer(SourcesLocated(paths=(Path("folder").absolute() / "a.png",)))
    job = other_desk.reader.running_job
    other_desk.state.open(Path("/place/b.saliscope"))
    empty = workspace.document.model_copy(update={"cases": (), "view": SavedView()})
    other_desk.files.answer(*WorkspaceRead.of(Workspace(empty, {})))
    if is_running:  # its end was on the way when it was cancelled
        job.refined.emit(indexed("a.png", frames=4), [])
        other_desk.reader._receive(Received(job.number, indexed("a.png", frames=4), []))
    else:
        other_desk.reader._lose_all(Cancelled())
    assert not other_desk.session.cases.list.opened
    assert not other_desk.session.cases.listing.is_running


def test_that_the_end_of_an_earlier_listing_makes_no_image_of_the_next_workspace_missing(
    desk, other_desk
) -> None:
    desk.work()
    workspace, located = desk.saved(), SourcesLocated(paths=(Path("folder").absolute() / "a.png",))
    open_workspace(other_desk, workspace)
    other_desk.files.answer(located)
    job = other_desk.reader.running_job
    open_workspace(other_desk, workspace)
    other_desk.files.answer(located)
    other_desk.reader._receive(Received(job.number, CancelledJob(), []))
    assert notices(other_desk) == []
    other_desk.reader.answer(indexed("a.png", frames=4))
    other_desk.files.answer(FilesHashed(hashes=(SHA256,)))
    other_desk.read()
    assert [entry.method for entry in other_desk.session.maps.entries] == ["grad_cam"]
