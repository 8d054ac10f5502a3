"""The actions that start and end work."""

from collections.abc import Callable
from functools import partial

from app.window.actions.binding import ActionGroup, Binding
from app.window.states.presets import PRESETS
from app.window.states.session import Session


def explain_actions(
    session: Session, focus_image: Callable[[], object], show_search: Callable[[], object]
) -> ActionGroup:
    """Explain by the selected methods or a preset, find a method, and cancel whatever runs.

    focus_image: gives the image the keyboard focus, so that keys that follow reach no parameter.
    show_search: lets words be typed that filter the methods.
    """

    def explain() -> None:
        session.start_explaining()
        focus_image()

    def start_preset(name: str) -> None:
        session.start_preset(name)
        focus_image()

    return ActionGroup(
        {
            "explain": Binding(explain, lambda: session.explain.can_explain),
            **{
                preset.name: Binding(partial(start_preset, preset.name), lambda: session.presets.can_start)
                for preset in PRESETS
            },
            "find_method": Binding(show_search),
            "cancel": Binding(session.cancel, lambda: session.busy),
        },
        (
            session.explain.changed,
            session.explain.progressed,
            session.prediction.changed,
            session.curves.changed,
            session.checks.progressed,
            session.network_pictures.progressed,
            session.cases.reading_changed,
            session.deidentification.progressed,
            session.largest_region.progressed,
        ),
    )
