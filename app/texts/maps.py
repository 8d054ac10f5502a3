"""The sentences of the strip of maps."""

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


def normalisation(of_all_methods: bool, count: int) -> str:
    """count: of the maps that share the scale; of_all_methods: not only of one method."""
    if count < 2:
        return "own scale"
    return f"one scale for {count} maps" if of_all_methods else f"one scale for {count} maps of it"


def steps(done: int, total: int) -> str:
    return f"{done} of {total}" if total > 1 else EXPLAINING


def seconds(value: float) -> str:
    return f"{value:.1f} s" if value < 100 else f"{value:.0f} s"
