"""What a person opens or chooses while a workspace is put back is shown, not the workspace's view."""

from pathlib import Path

import numpy as np
import pytest

from app.window.states.session import Session
from core.errors import Cancelled, DiskFull
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
from core.images.slice import Slice
from core.readers.messages import IndexPath
from core.workspace.workspace import Workspace
from tests.app.window.states.steps import MAP, PICTURE, SAMPLE, answer_control_maps
from tests.app.window.states.test_workspace import INPUT, SHA256, WITH_PATHS, Desk
from tests.cards import make_card
from tests.gui.recorded import RecordedLink, explained, frame_read, indexed, predicted

VOLUME = Slice(np.arange(64, dtype=np.uint8).reshape(8, 8)[::-1].copy())
FIRST, SECOND = Path("/place/first.saliscope"), Path("/place/second.saliscope")
SCAN = Path("folder/a.png").absolute()
# The answers of the files process that put a workspace back: its contents, its sources, their hashes.
ANSWERS = 3


class SampleDesk(Desk):
    """A sample is shown that was explained; a workspace of it can be opened in the same window."""

    def __init__(self, preferences) -> None:
        worker, reader, self.lister = RecordedLink(), RecordedLink(), RecordedLink()
        samples = [SAMPLE, SAMPLE.model_copy(update={"id": "two", "file": "two.png"})]
        super().__init__(
            worker, reader, Session(worker, reader, self.lister, [make_card()], samples, preferences)
        )
        self.session.open_sample()
        self.list_all()
        self.read()
        worker.answer(predicted(), [INPUT])
        answer_control_maps(worker)
        worker.answer(explained(MAP), [MAP])
        self.workspaces = {FIRST: self.saved(), SECOND: self.saved()}

    def list_all(self) -> None:
        """Answer all that is asked of the second reader; a volume has 20 slices."""
        while self.lister.running_job is not None:
            request = self.lister.running_job.delivery.request
            if isinstance(request, IndexPath):
                path = request.path
                frames = 20 if path.suffix == ".nii" else 1
                self.lister.answer(indexed(path.name, frames=frames, folder=path.parent))
            else:
                self.lister.answer(*frame_read(PICTURE))

    def answer_files(self, most: int) -> None:
        """Let the files process answer so many requests, if there are that many."""
        for _ in range(most):
            if self.files.running_job is None:
                return
            request = self.files.running_job.delivery.request
            if isinstance(request, ReadWorkspace):
                self.files.answer(*WorkspaceRead.of(self.workspaces[request.path]))
            elif isinstance(request, LocateSources):
                paths = tuple(None if each.sample else SCAN for each in request.sources)
                self.files.answer(SourcesLocated(paths=paths))
            else:
                assert isinstance(request, HashFiles)
                self.files.answer(FilesHashed(hashes=(SHA256,) * len(request.paths)))

    def drop_volume(self, name: str = "volume.nii") -> None:
        self.session.cases.open_paths([f"folder/{name}"])

    def finish(self) -> None:
        """Let all processes answer all that is asked of them."""
        while self.files.running_job or self.lister.running_job or self.reader.running_job:
            self.answer_files(1)
            self.list_all()
            self.read(VOLUME if self.session.cases.slices.chosen != 1 else PICTURE)

    @property
    def shown_name(self) -> str:
        """The file that is shown."""
        case = self.session.shown.current.case
        return case.path.name if case is not None else ""

    @property
    def opened_names(self) -> list[str]:
        """The opened files."""
        return [case.path.name for case in self.session.cases.list.opened]


@pytest.fixture
def desk(qapp, preferences) -> SampleDesk:
    return SampleDesk(preferences)


def workspace_of_scan(preferences) -> Workspace:
    """Of a file that is no sample."""
    worker, reader = RecordedLink(), RecordedLink()
    desk = Desk(worker, reader, Session(worker, reader, reader, [make_card()], [], preferences))
    desk.work()
    return desk.saved()


@pytest.mark.parametrize(
    ("dropped_after", "listed_after"),
    [(dropped, listed) for dropped in range(ANSWERS + 1) for listed in range(dropped, ANSWERS + 1)],
)
def test_that_a_file_dropped_while_a_workspace_is_put_back_is_shown(
    desk, dropped_after, listed_after
) -> None:
    """The sample of the workspace is shown already. The numbers are answers of the files process."""
    desk.state.open(FIRST)
    desk.answer_files(dropped_after)
    desk.drop_volume()
    desk.answer_files(listed_after - dropped_after)
    desk.list_all()
    desk.finish()
    assert (desk.shown_name, desk.opened_names) == ("volume.nii", ["volume.nii"])
    assert desk.session.image.slices == 20
    desk.session.cases.close_all()
    assert desk.session.image.image is None


def test_that_the_results_of_a_workspace_are_put_back_when_its_sample_is_chosen_later(desk) -> None:
    methods = [entry.method for entry in desk.session.maps.finished]
    desk.session.maps.remove(desk.session.maps.finished[0].number)
    desk.state.open(FIRST)
    desk.drop_volume()
    desk.finish()
    assert [each.name for each in desk.state.reopened.waiting] == ["one.png"]
    desk.session.cases.choose(1)
    desk.finish()
    assert desk.state.reopened.waiting == []
    assert [entry.method for entry in desk.session.maps.finished] == methods


@pytest.mark.parametrize("chosen_after", range(ANSWERS + 1))
def test_that_another_sample_chosen_meanwhile_is_shown(desk, chosen_after) -> None:
    desk.state.open(FIRST)
    desk.answer_files(chosen_after)
    desk.session.cases.choose(2)
    desk.finish()
    assert desk.shown_name == "two.png"


@pytest.mark.parametrize("chosen_after", range(ANSWERS + 1))
def test_that_the_sample_of_the_workspace_chosen_meanwhile_gets_its_results(desk, chosen_after) -> None:
    desk.session.cases.choose(2)
    desk.finish()
    desk.state.open(FIRST)
    desk.answer_files(chosen_after)
    desk.session.cases.choose(1)
    desk.list_all()
    desk.read()
    desk.finish()
    assert (desk.shown_name, desk.state.reopened.waiting) == ("one.png", [])


def test_that_an_opened_series_chosen_meanwhile_is_shown(desk) -> None:
    desk.state.open(FIRST)
    desk.answer_files(1)
    desk.drop_volume()
    desk.list_all()
    desk.session.cases.choose(1)
    desk.session.cases.choose(desk.session.cases.list.opened[0].number)
    desk.finish()
    assert desk.shown_name == "volume.nii"


def test_that_a_file_dropped_again_while_the_workspace_is_read_stays(desk) -> None:
    desk.drop_volume()
    desk.finish()
    desk.state.open(FIRST)
    desk.drop_volume()
    desk.list_all()
    desk.finish()
    assert (desk.shown_name, desk.opened_names) == ("volume.nii", ["volume.nii"])


def test_that_a_workspace_is_shown_in_place_of_what_was_opened_before_it(desk) -> None:
    """Listed or not, and also if it was chosen again before the workspace was read."""
    desk.drop_volume()
    desk.finish()
    desk.session.cases.choose(1)
    desk.finish()
    desk.drop_volume("slow.nii")
    desk.state.open(FIRST)
    desk.session.cases.choose(desk.session.cases.list.opened[0].number)
    desk.answer_files(1)
    desk.lister.fail(Cancelled())
    desk.finish()
    assert (desk.shown_name, desk.opened_names) == ("one.png", [])
    assert desk.state.reopened.waiting == []


def test_that_a_person_s_series_stays_when_a_slice_of_it_with_results_would_be_shown(
    desk, preferences
) -> None:
    """The image of the workspace opens with another slice; a file is dropped before its own is read."""
    desk.workspaces[FIRST] = workspace_of_scan(preferences)
    desk.state.open(FIRST)
    desk.answer_files(2)
    desk.drop_volume()
    desk.finish()
    assert (desk.shown_name, desk.opened_names) == ("volume.nii", ["a.png", "volume.nii"])


@pytest.mark.parametrize("answers", range(ANSWERS + 1))
@pytest.mark.parametrize("is_of_a_sample", [True, False])
def test_that_the_last_of_two_workspaces_is_opened(desk, answers, is_of_a_sample, preferences) -> None:
    """Nothing of the first one is opened or listed any more, wherever it stood."""
    if not is_of_a_sample:
        desk.workspaces[FIRST] = workspace_of_scan(preferences)
    desk.state.open(FIRST)
    desk.answer_files(answers)
    desk.state.open(SECOND)
    desk.finish()
    assert (desk.state.path, desk.state.is_busy) == (SECOND, False)
    assert (desk.shown_name, desk.state.reopened.waiting, desk.opened_names) == ("one.png", [], [])
    assert desk.session.notices.notices == ()


def test_that_a_workspace_opened_while_one_is_saved_is_opened_after_it(desk) -> None:
    desk.state.save(FIRST, WITH_PATHS)
    desk.state.open(SECOND)
    desk.drop_volume()
    assert isinstance(desk.files.last, SaveWorkspace)
    desk.files.answer(WorkspaceSaved())
    desk.finish()
    assert desk.state.path == SECOND
    assert desk.shown_name == "volume.nii"


def test_that_nothing_is_closed_for_another_workspace_if_saving_fails(desk) -> None:
    desk.state.save(FIRST, WITH_PATHS)
    desk.state.open(SECOND)
    desk.files.fail(DiskFull("first.saliscope cannot be written."))
    assert isinstance(desk.files.last, SaveWorkspace)
    assert not desk.state.is_busy
