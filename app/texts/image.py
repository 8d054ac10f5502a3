"""Texts of the image: its controls, the annotations over it, and the readout at the cursor."""

from collections.abc import Sequence
from typing import Any

from core.images.measuring import place_of_spacing
from core.number_text import exact_percent, percent, significant

IMAGE_EMPTY_TITLE = "No image yet"
IMAGE_EMPTY = "Drop a DICOM, NIfTI, PNG or JPEG file here, or start with a sample."
OPEN_SAMPLE = "Open a sample"
IMAGE = "Image"
COPY_VALUE = "Copy position and value"
COLOUR_BAR = "Colour bar"
ORIENTATION_UNKNOWN = "orientation unknown"
OVERLAY = "Overlay"
OPACITY = "Opacity"
COLOURS = "Colours"
THRESHOLD = "Threshold"
THRESHOLD_TIP = "Nothing is drawn below this share of full colour"
SIGNED_COLOURS = "Blue against, red for"
PATTERN_COLOURS = "Blue below 0, red above"
SIGNED_COLOURS_TIP = "A map with a sign always has these colours"
OUTLINE = "Top 10 %"
OUTLINE_TIP = "Outline of the 10 % of the map with the highest values"
NATIVE_CELLS = "Native cells"
NATIVE_CELLS_TIP = "Show the grid on which the method computed, without smoothing"
NO_POSITIVE_EVIDENCE = "No positive evidence: this method finds nothing that supports the target."
COLOUR_MAPS = {
    "inferno": "Inferno",
    "viridis": "Viridis",
    "grey": "Grey",
    "literature": "Jet (as in papers)",
}
AGAINST_FOR = ("against", "for")
SLICE = "Slice"
# Short words for the buttons above the image, by the name of their action.
BUTTONS = {
    "window_tool": "Window",
    "scroll_tool": "Scroll",
    "measure_distance": "Distance",
    "measure_angle": "Angle",
    "draw_region": "Region",
    "invert": "Invert",
    "reset": "Reset",
}
VOLUME = "Volume (time point)"
NO_BREAK = "\N{NO-BREAK SPACE}"


def reader_notes(notes: Sequence[str]) -> str:
    """What the reader had to decide about the file, in one line."""
    return f"Note on this file: {'; '.join(notes)}."


def frame_of(frame: int, frames: int) -> str:
    return f"{frame + 1} / {frames}"


def volume_of(volume: int, volumes: int) -> str:
    return f"volume {volume + 1} / {volumes}"


def slice_words(frame: int, frames: int) -> str:
    return f"slice {frame + 1} of {frames}" if frames > 1 else ""


def size_and_spacing(rows: int, columns: int, spacing: tuple[float, float] | None, source: str) -> str:
    size = f"{columns} × {rows}"
    if spacing is None:
        return f"{size}, spacing unknown"
    origin = f" ({', '.join(filter(None, (source, place_of_spacing(source))))})" if source else ""
    return f"{size}, {spacing[1]:.3g} × {spacing[0]:.3g} mm{origin}"


def window_words(centre: float, width: float, name: str, inverted: bool, curve: str = "") -> str:
    """curve: how values are mapped to grey levels, where that is not linear."""
    words = f"C {significant(centre)}  W {significant(width)}"
    details = ", ".join(filter(None, (name, curve)))
    window = f"{words} ({details})" if details else words
    return f"{window}, inverted" if inverted else window


SCAN_TITLE = "Probability by slice"
SCAN_TIP = "Click to go to a slice. Grey points: slices that do not fit the model."
NO_SLICE = "No slice of this volume holds anything that the model can use."
NO_SLICE_HINT = "Open another volume."


def zoom_words(zoom: float, fits: bool) -> str:
    return f"zoom {exact_percent(round(zoom, 2))}" + (", fit" if fits else "")


def scale_bar_words(length_mm: float, spacing_source: str) -> str:
    """spacing_source: the element that calibrates it; lengths at the detector are told apart."""
    length = f"{length_mm / 10:g} cm" if length_mm >= 10 else f"{length_mm:g} mm"
    return f"{length} {place_of_spacing(spacing_source)}".rstrip()


def at_least(value: float) -> str:
    """The upper end of a scale; higher values have the same colour."""
    return f"≥ {significant(value)}"


def at_most(value: float) -> str:
    return f"≤ {significant(value)}"


def threshold_words(share: float, full: float) -> str:
    """Below which value nothing is drawn. full: the value of full colour."""
    if share == 0:
        return ""
    value, shown = significant(share * full), percent(share, 0).replace(" ", NO_BREAK)
    return f"nothing drawn below {value}{NO_BREAK}({shown})"


def position(row: int, column: int) -> str:
    return f"row {row}, column {column}"


def patient_position(point: Sequence[float]) -> str:
    names = (("R", "L"), ("A", "P"), ("F", "H"))
    parts = (f"{name[value > 0]} {abs(value):.1f}" for name, value in zip(names, point, strict=False))
    return f"{', '.join(parts)} mm"


def intensity(value: Any, unit: str, is_padding: bool = False) -> str:
    """is_padding: whether the file marks the pixel as padding."""
    if getattr(value, "ndim", 0):
        return "RGB " + " ".join(str(int(part)) for part in value)
    shown = significant(float(value)) if value.dtype.kind == "f" else str(int(value))
    return f"padding ({shown})" if is_padding else f"{shown} {unit}".rstrip()


def preset_words(name: str, centre: float, width: float, key: str) -> str:
    """A window in the menu, with its key on the right if it has one; an ampersand is no mnemonic."""
    words = (name or f"C {significant(centre)}  W {significant(width)}").replace("&", "&&")
    return f"{words}\t{key}" if key else words


def map_reading(title: str, value: float, rank: float) -> str:
    return f"{title} {significant(value)}, above {percent(rank, 0)} of the map"


def scan_words(
    class_words: str, values: Sequence[float | None], best: int | None, fitting: int | None
) -> str:
    """Caption of the curve. best: the slice of the highest value, from 0; fitting: of those that fit."""
    title = f"Probability of {class_words} by slice"
    if best is None:
        return title
    highest = f"{title}; highest: {_at_slice(values, best)}"
    if best == fitting:
        return highest
    others = "no slice does" if fitting is None else f"of those that do: {_at_slice(values, fitting)}"
    return f"{highest}, which does not fit the model; {others}"


def _at_slice(values: Sequence[float | None], index: int) -> str:
    return f"{percent(values[index] or 0.0)} in slice {index + 1}"


def scanning(class_words: str) -> str:
    return f"Predicting every slice ({class_words})…"
