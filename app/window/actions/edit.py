"""The actions that take back the last step and do it again."""

from app.texts import undo as texts
from app.window.actions.binding import ActionGroup, Binding
from app.window.states.session import Session


def edit_actions(session: Session) -> ActionGroup:
    """Undo and redo, named after what they would change."""
    stack, measurements = session.undo, session.measurements

    def undo() -> None:
        """Take back the last point of a measurement being drawn, else the last step."""
        if measurements.points:
            measurements.take_back_point()
        else:
            stack.undo()

    return ActionGroup(
        {
            "undo": Binding(
                undo,
                lambda: bool(measurements.points) or stack.can_undo,
                text=lambda: texts.undo(texts.POINT if measurements.points else stack.labels[0]),
            ),
            "redo": Binding(stack.redo, lambda: stack.can_redo, text=lambda: texts.redo(stack.labels[1])),
        },
        (stack.changed, measurements.changed),
    )
