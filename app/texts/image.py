"""The sentences of the image: its controls, the annotations over it, and what lies under the cursor."""

import math
from collections.abc import Sequence
from typing import Any

IMAGE_EMPTY_TITLE = "No image yet"
IMAGE_EMPTY = "Drop a DICOM, NIfTI, PNG or JPEG file here, or start with a sample."
OPEN_SAMPLE = "Open a sample"
IMAGE = "Image"
COLOUR_BAR = "Colour bar"
ORIENTATION_UNKNOWN = "orientation unknown"
OVERLAY = "Overlay"
OPACITY = "Opacity"
COLOURS = "Colours"
NATIVE_CELLS = "Native cells"
NATIVE_CELLS_TIP = "Show the grid on which the method really computed, without smoothing"
NO_POSITIVE_EVIDENCE = "No positive evidence: the method found nothing that supports this target."
COLOUR_MAPS = {
    "inferno": "Inferno",
    "viridis": "Viridis",
    "grey": "Grey",
    "literature": "Literature look (jet)",
}
AGAINST_FOR = ("against", "for")
SLICE = "Slice"


def notes(of_reader: Sequence[str]) -> str:
    """What the reader had to decide about the file, in one line."""
    return f"Note on this file: {'; '.join(of_reader)}."


def frame_of(frame: int, frames: int) -> str:
    return f"{frame + 1} / {frames}"


def slice_words(frame: int, frames: int) -> str:
    return f"slice {frame + 1} of {frames}" if frames > 1 else ""


def size_and_spacing(rows: int, columns: int, spacing: tuple[float, float] | None, source: str) -> str:
    size = f"{columns} × {rows}"
    if spacing is None:
        return f"{size}, spacing unknown"
    from_where = f" ({source})" if source else ""
    return f"{size}, {spacing[1]:.3g} × {spacing[0]:.3g} mm{from_where}"


def window_words(centre: float, width: float, name: str, inverted: bool, curve: str = "") -> str:
    """`curve`: how values become shades, where that is not the usual line."""
    words = f"C {number(centre)}  W {number(width)}"
    about = ", ".join(filter(None, (name, curve)))
    named = f"{words} ({about})" if about else words
    return f"{named}, inverted" if inverted else named


def zoom_words(zoom: float, fits: bool) -> str:
    return f"zoom {100 * zoom:.0f} %" + (", fit" if fits else "")


def scale_bar_words(length_mm: float) -> str:
    return f"{length_mm / 10:g} cm" if length_mm >= 10 else f"{length_mm:g} mm"


def number(value: float) -> str:
    """A figure with three digits, without a power of ten where it can be read without."""
    if math.isnan(value):
        return "NaN"
    if value == 0:
        return "0"
    if 1e-3 <= abs(value) < 1e5:
        text = f"{value:.3g}"
        return f"{value:.0f}" if "e" in text else text.replace("-", "−")
    return f"{value:.1e}".replace("-", "−")


def at_least(value: float) -> str:
    """The upper end of a scale, where the few values beyond it look the same."""
    return f"≥ {number(value)}"


def at_most(value: float) -> str:
    return f"≤ {number(value)}"


def position(row: int, column: int) -> str:
    return f"row {row}, column {column}"


def patient_position(point: Sequence[float]) -> str:
    names = (("R", "L"), ("A", "P"), ("F", "H"))
    parts = (f"{name[value > 0]} {abs(value):.1f}" for name, value in zip(names, point, strict=False))
    return f"{', '.join(parts)} mm"


def intensity(value: Any, unit: str, is_padding: bool = False) -> str:
    """`is_padding`: the pixel holds no image."""
    if getattr(value, "ndim", 0):
        return "RGB " + " ".join(str(int(part)) for part in value)
    shown = number(float(value)) if value.dtype.kind == "f" else str(int(value))
    return f"padding ({shown})" if is_padding else f"{shown} {unit}".rstrip()


def preset_words(name: str, centre: float, width: float, key: str) -> str:
    """A window in the menu, with its key at the right if it has one; no part of the name is a mnemonic."""
    words = (name or f"C {number(centre)}  W {number(width)}").replace("&", "&&")
    return f"{words}\t{key}" if key else words


def map_reading(title: str, value: float, rank: float) -> str:
    return f"{title} {number(value)}, above {100 * rank:.0f} % of the map"
