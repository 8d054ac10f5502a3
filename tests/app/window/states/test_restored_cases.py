"""What becomes of a workspace's case that is opened and saved again; links are recorded."""

from pathlib import Path

import pytest

from core.exports.messages import WorkspaceRead
from core.images.slice import Identity
from core.workspace.document import SavedCase
from core.workspace.making import SavedPrivacy
from core.workspace.workspace import Workspace
from tests.app.window.states.test_workspace import Desk, new_session


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
