"""The actions of regions and measurements."""

from app.window.actions.binding import ActionGroup, Binding
from app.window.states.session import Session


def tool_actions(session: Session) -> ActionGroup:
    """What a person draws on the image."""
    image, region, measurements = session.image, session.region, session.measurements

    def has_image() -> bool:
        return image.image is not None

    def undo() -> None:
        """Take back the last measurement while one is being made, else the last change of the region."""
        if measurements.can_undo and (measurements.tool or not region.can_undo):
            measurements.undo()
        else:
            region.undo()

    return ActionGroup(
        {
            "draw_region": Binding(
                lambda: region.set_drawing(not region.drawing), has_image, lambda: region.drawing
            ),
            "clear_region": Binding(region.clear, lambda: region.mask is not None),
            "undo": Binding(undo, lambda: region.can_undo or measurements.can_undo),
            "measure_distance": Binding(
                lambda: measurements.use_tool("distance"), has_image, lambda: measurements.tool == "distance"
            ),
            "measure_angle": Binding(
                lambda: measurements.use_tool("angle"), has_image, lambda: measurements.tool == "angle"
            ),
            "clear_measurements": Binding(measurements.clear, lambda: bool(measurements.all)),
        },
        (image.image_changed, region.changed, region.drawing_changed, measurements.changed),
    )
