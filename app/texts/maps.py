"""The sentences of the strip of maps."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.window.states.maps import Scale

MAPS_EMPTY = "No maps yet. Check methods on the right and press Explain."
SCALE = "Scale"
SCALE_TIP = "Which maps share one scale of colours"
SCALES = {
    "method": "Same method, same scale",
    "own": "Each map, its own scale",
    "all": "All maps, one scale",
}
CANCELLED = "Cancelled"
EXPLAINING = "Explaining…"
REMOVE_MAP = "Remove map"


def layer(name: str) -> str:
    return f"layer {name}" if name else ""


def normalisation(scale: "Scale", count: int) -> str:
    if count < 2:
        return "own scale"
    return f"one scale for {count} maps" if scale.value == "all" else f"one scale for {count} maps of it"


def steps(done: int, total: int) -> str:
    return f"{done} of {total}" if total > 1 else EXPLAINING


def seconds(value: float) -> str:
    return f"{value:.1f} s" if value < 100 else f"{value:.0f} s"
