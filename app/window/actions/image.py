"""The actions on the shown image: zoom, window, slices, planes and cine."""

from functools import partial

from app.shortcuts import PRESETS, tooltip
from app.texts.maps import TWO_MAPS_NEEDED
from app.window.actions.binding import ActionGroup, Binding
from app.window.states.planes import next_axis
from app.window.states.second_view import ViewLayout
from app.window.states.session import Session
from app.window.states.viewport import ZOOM_STEP


def image_actions(session: Session) -> ActionGroup:
    """How the image is shown."""
    image, slices = session.image, session.cases.slices
    viewport, display, cine = image.viewport, image.display, session.cine

    def reset() -> None:
        """Window, zoom and position of all planes as when the case was opened."""
        image.reset()
        session.planes.fit()

    return ActionGroup(
        {
            "zoom_in": Binding(lambda: viewport.zoom_by(ZOOM_STEP)),
            "zoom_out": Binding(lambda: viewport.zoom_by(1 / ZOOM_STEP)),
            "fit": Binding(viewport.fit),
            "reset": Binding(reset),
            "invert": Binding(display.invert),
            "own_window": Binding(display.use_own_window),
            **{name: Binding(partial(display.use_preset, number)) for number, name in enumerate(PRESETS, 1)},
            "previous_slice": Binding(lambda: slices.go_by(-1)),
            "next_slice": Binding(lambda: slices.go_by(1)),
            "first_slice": Binding(lambda: slices.go_to_index(0)),
            "last_slice": Binding(lambda: slices.go_to_index(image.slices - 1)),
            "highest_slice": Binding(
                session.highest_slice.find,
                lambda: image.slices > 1 and bool(session.prediction.class_name),
            ),
            "largest_region_slice": Binding(session.largest_region.find, lambda: image.slices > 1),
            "cine": Binding(cine.toggle, lambda: image.slices > 1, lambda: cine.is_running),
        },
        (image.image_changed, session.prediction.changed, cine.changed),
    )


def graphics_actions(session: Session) -> ActionGroup:
    """Whether what the file draws is shown; alone, since its signal is also that of each step of a drag."""
    image, display = session.image, session.image.display
    return ActionGroup(
        {
            "graphics": Binding(
                display.toggle_graphics,
                lambda: image.image is not None and image.image.overlay is not None,
                lambda: display.graphics_on,
            ),
        },
        (image.image_changed, display.window_changed),
    )


def layout_actions(session: Session) -> ActionGroup:
    """How many planes and maps are shown, and which plane is active."""
    planes, second = session.planes, session.second_view

    def has_planes() -> bool:
        return planes.volume.views is not None

    def show_one() -> None:
        planes.show_three(False)
        second.show(ViewLayout.ONE)

    return ActionGroup(
        {
            "one_plane": Binding(
                show_one, is_checked=lambda: not planes.is_three and second.layout is ViewLayout.ONE
            ),
            "two_maps": Binding(
                lambda: second.toggle(ViewLayout.TWO_MAPS),
                lambda: second.can_compare,
                lambda: second.layout is ViewLayout.TWO_MAPS,
                lambda: tooltip("two_maps") if second.can_compare else TWO_MAPS_NEEDED,
            ),
            "curtain": Binding(
                lambda: second.toggle(ViewLayout.CURTAIN),
                lambda: second.can_compare,
                lambda: second.layout is ViewLayout.CURTAIN,
            ),
            "network_input": Binding(
                lambda: second.toggle(ViewLayout.NETWORK_INPUT),
                lambda: second.input.is_known,
                lambda: second.layout is ViewLayout.NETWORK_INPUT,
            ),
            "three_planes": Binding(
                lambda: planes.show_three(True),
                has_planes,
                lambda: planes.is_three,
                lambda: planes.volume.no_planes or tooltip("three_planes"),
            ),
            "next_plane": Binding(lambda: planes.make_active(next_axis(planes.active_axis)), has_planes),
        },
        (planes.changed, second.changed),
    )
