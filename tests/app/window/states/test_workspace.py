"""A workspace made of the states of a window and put back into them; links are recorded."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from app.window.states.check_results import CheckPhase, CheckResult
from app.window.states.drawn_curves import DrawnCurves
from app.window.states.saved_cases import SavingOptions
from app.window.states.session import Session
from app.window.states.tool import Tool
from app.window.states.workspace import WorkspaceState
from core.checks.contract import Finding
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
from core.images.slice import Identity, Window
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
from tests.cards import make_card
from tests.gui.recorded import RecordedLink, explained, frame_read, indexed, predicted

INPUT = np.linspace(0, 1, 32 * 32, dtype=np.float32).reshape(32, 32, 1)
SHA256 = "ab" * 32


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

    def read(self) -> None:
        """Let the reader answer all requests: for the small picture, then for the slice."""
        while self.reader.running_job is not None:
            self.reader.answer(*frame_read(PICTURE))

    def save(self, path: Path, options: SavingOptions = SavingOptions()) -> SaveWorkspace:
        """Save; the files process says that it is done."""
        self.state.save(path, options)
        request = self.files.last
        assert isinstance(request, SaveWorkspace)
        self.files.answer(WorkspaceSaved())
        return request

    def saved(self, options: SavingOptions = SavingOptions()) -> Workspace:
        """What would be saved, as the files process completes it."""
        contents = self.state.contents(options, Path("/place"))
        cases = tuple(
            case.model_copy(
                update={"source": case.source.model_copy(update={"file_sha256": SHA256})}
            )
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
