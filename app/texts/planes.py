"""Texts of the three planes of a volume."""

NO_PLANES = "This image is a single slice, so it has no other planes."
ACTIVE = "active plane"
PLANE_BESIDE = "Plane beside the active one"
MAKE_ACTIVE = "Make active"
MAKE_ACTIVE_TIP = "Predict and explain the slice of this plane"
READING = "Reading the volume…"
_ACROSS = ("across slices", "across rows", "across columns")


def plane_name(axis: int, name: str, is_oblique: bool, angle_degrees: float) -> str:
    """name: the nearest anatomical plane, empty where no position is known."""
    if not name:
        return _ACROSS[axis]
    return f"oblique, {angle_degrees:.0f} degrees from {name}" if is_oblique else name


def index_of(index: int, count: int) -> str:
    return f"{index + 1} / {count}"
