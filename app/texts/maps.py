"""Texts of the panel Maps."""

from typing import Any

from app.texts.explain import parameter_name
from app.texts.image import NO_BREAK
from core.number_text import elapsed, significant

MAPS_EMPTY = "No maps yet. Choose a preset on the right, or tick methods and press Explain."
MAPS_RUNNING = "The maps are being computed…"
SCALE = "Scale"
SCALE_TIP = "Which maps share one colour scale"
SCALES = {
    "method": "Same method, same scale",
    "own": "Each map, its own scale",
    "all": "All maps, one scale",
}
SCALE_OF_BOTH = "same scale for both maps"
SCALES_DIFFER = "own scale, as units differ"
TWO_MAPS_NEEDED = "2 maps: compute two maps of this image first"
SHOW_MAP = "Show over the image"
COMPARE_MAP = "Compare with the map over the image"
CONTROL_MAP = "control map"
MARKS = ("①", "②")
COMPARED = f"{MARKS[1]} compared"
SHOWN = f"{MARKS[0]} over the image"
SECOND_MAP = "Second map"
CURSOR_MARK = "Cursor of the other view"
CURTAIN = "Curtain between two maps"
CURTAIN_TIP = "Drag, or move with the arrow keys: the first map on the left, the second on the right"
CANCELLED = "Cancelled"
EXPLAINING = "Explaining…"
REMOVE_MAP = "Remove map"


def numbered(at: int, title: str) -> str:
    """The title of the first (0) or the second (1) of two maps."""
    return f"{MARKS[at]} {title}"


def card_mark(is_selected: bool, is_compared: bool, is_control_map: bool) -> str:
    """What a card is beside being a map: where it is shown, and whether it is a control."""
    place = SHOWN if is_selected else COMPARED if is_compared else ""
    return ", ".join(filter(None, (place, CONTROL_MAP if is_control_map else "")))


def layer(name: str) -> str:
    return f"layer {name}" if name else ""


def parameter(name: str, value: Any, unit: str = "", value_name: str = "") -> str:
    """A parameter with its value, such as "steps 24" or "not squared".

    value_name: what the value stands for, such as "automatic"; empty for one that is a value.
    """
    if value_name:
        return f"{parameter_name(name)} {value_name}"
    words = parameter_name(name)
    match value:
        case bool():
            return words if value else f"not {words}"
        case float():
            shown = significant(value)
        case str():
            shown = parameter_name(value) if name != "layer" else value
        case _:
            shown = str(value)
    return f"{words} {shown} {unit}".rstrip()


def seed(value: int) -> str:
    return f"seed {value}"


def normalisation(of_all_methods: bool, count: int) -> str:
    """count: of the maps that share the scale; of_all_methods: not only of one method."""
    if count < 2:
        return "scale of this map only"
    whose = "" if of_all_methods else " of this method"
    return f"same scale for {count} maps{whose}"


def steps(done: int, total: int) -> str:
    return f"{done} of {total}" if total > 1 else EXPLAINING


def card_line(grid: str, seconds: float) -> str:
    """The line of a finished map: its grid, and how long it took, which stays in one line."""
    return f"{grid}, {elapsed(seconds).replace(' ', NO_BREAK)}"
