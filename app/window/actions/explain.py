"""The actions that start and end work."""

from app.window.actions.binding import ActionGroup, Binding
from app.window.states.session import Session


def explain_actions(session: Session) -> ActionGroup:
    """Explain, and cancel whatever runs."""
    return ActionGroup(
        {
            "explain": Binding(session.start_explaining, lambda: session.explain.can_explain),
            "cancel": Binding(session.cancel, lambda: session.busy),
        },
        (
            session.explain.changed,
            session.explain.progressed,
            session.prediction.changed,
            session.curves.changed,
            session.checks.progressed,
            session.cases.reading_changed,
            session.deidentification.progressed,
        ),
    )
