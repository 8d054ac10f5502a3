"""The actions of the window itself: identity, full screen, layout, settings."""

from collections.abc import Callable

from app.window.actions.binding import ActionGroup, Binding
from app.window.states.session import Session


def view_actions(
    session: Session,
    toggle_full_screen: Callable[[], object],
    reset_layout: Callable[[], object],
    show_settings: Callable[[], object],
) -> ActionGroup:
    """What is shown beside the image."""
    studies, impressions = session.studies, session.impressions
    return ActionGroup(
        {
            "identity": Binding(
                lambda: studies.set_identity_shown(not studies.is_identity_shown),
                is_enabled=lambda: studies.can_change_identity,
                is_checked=lambda: studies.is_identity_shown,
            ),
            "look_first": Binding(
                lambda: session.preferences.change(look_first=not impressions.is_on),
                is_checked=lambda: impressions.is_on,
            ),
            "full_screen": Binding(toggle_full_screen),
            "reset_layout": Binding(reset_layout),
            "settings": Binding(show_settings),
        },
        (studies.changed, impressions.mode_changed),
    )
