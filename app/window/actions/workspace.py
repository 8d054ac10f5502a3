"""The actions of the menu File that save the workspace."""

from app.window.actions.binding import ActionGroup, Binding
from app.window.saving import WorkspaceActions


def workspace_actions(workspace: WorkspaceActions) -> ActionGroup:
    """Save and save as."""
    state = workspace.state
    return ActionGroup(
        {
            "save": Binding(workspace.save, lambda: state.can_save),
            "save_as": Binding(workspace.save_as, lambda: state.can_save),
        },
        (state.changed,),
    )
