"""The actions of the menu File that save the workspace, export from it and compute it again."""

from app.window.actions.binding import ActionGroup, Binding
from app.window.exporting import ExportActions
from app.window.replaying import ReplayActions
from app.window.saving import WorkspaceActions
from app.window.states.session import Session


def workspace_actions(
    session: Session, workspace: WorkspaceActions, exporting: ExportActions, replaying: ReplayActions
) -> ActionGroup:
    """Save, save as, export and replay."""
    state, image = workspace.state, session.image
    return ActionGroup(
        {
            "save": Binding(workspace.save, lambda: state.can_save),
            "save_as": Binding(workspace.save_as, lambda: state.can_save),
            "export": Binding(
                exporting.open_dialog, lambda: image.image is not None and not exporting.running
            ),
            "replay": Binding(replaying.start, lambda: replaying.can_start),
        },
        (state.changed, image.image_changed, exporting.progressed, replaying.changed),
    )
