"""The actions of the mouse tools, and of what a person draws with them."""

from functools import partial

from app.window.actions.binding import ActionGroup, Binding
from app.window.states.session import Session
from app.window.states.tool import Tool

# The action that chooses each tool.
CHOOSES = {
    "window_tool": Tool.WINDOW,
    "pan_tool": Tool.PAN,
    "zoom_tool": Tool.ZOOM,
    "scroll_tool": Tool.SCROLL,
    "measure_distance": Tool.DISTANCE,
    "measure_angle": Tool.ANGLE,
    "draw_region": Tool.REGION,
    "occlude_tool": Tool.OCCLUDE,
}


def tool_actions(session: Session) -> ActionGroup:
    """Which tool the left button is; choosing the active one goes back to the grey-level window."""
    image, tool = session.image, session.tool

    def has_image() -> bool:
        return image.image is not None

    def is_active(chosen: Tool) -> bool:
        return tool.active is chosen

    bindings = {
        name: Binding(partial(tool.toggle, chosen), has_image, partial(is_active, chosen))
        for name, chosen in CHOOSES.items()
    }
    return ActionGroup(bindings, (image.image_changed, tool.changed))


def drawn_actions(session: Session) -> ActionGroup:
    """Regions and measurements of the shown slice."""
    image, region, measurements = session.image, session.region, session.measurements
    return ActionGroup(
        {
            "clear_region": Binding(region.clear, lambda: region.mask is not None),
            "clear_measurements": Binding(measurements.clear, lambda: bool(measurements.all)),
        },
        (image.image_changed, region.changed, measurements.changed),
    )
