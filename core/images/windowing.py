"""From modality values to display values: first the window, then the inversion."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.arrays import Array
from core.images.slice import DisplayTable, Slice, Window

# What an 8-bit picture was drawn for: shown as it is.
EIGHT_BIT = Window(127.5, 255, "8 bit", function="linear_exact")
# Radiologists' usual settings; in HU, so for CT alone. Other modalities have no absolute scale.
CT_PRESETS = (
    Window(40, 80, "Brain"),
    Window(80, 200, "Subdural"),
    Window(40, 40, "Stroke"),
    Window(600, 2800, "Temporal bone"),
    Window(-600, 1500, "Lung"),
    Window(50, 350, "Mediastinum"),
    Window(50, 400, "Abdomen"),
    Window(30, 150, "Liver"),
    Window(400, 1800, "Bone"),
)


def presets(image: Slice) -> tuple[Window, ...]:
    """The windows to offer: the file's own, the modality's, then two made from the values."""
    by_modality = CT_PRESETS if image.modality == "CT" and image.unit == "HU" else ()
    values = (percentile_window(image, 1, 99, "1 to 99 %"), percentile_window(image, 0, 100, "All values"))
    return (*image.windows, *by_modality, *values)


def default_window(image: Slice) -> Window:
    """The file's first window; else 0 to 255 for colour; else 1 to 99 % of the values."""
    if image.windows:
        return image.windows[0]
    if image.is_colour:
        return EIGHT_BIT
    return percentile_window(image, 1, 99, "1 to 99 %")


def percentile_window(image: Slice, low: float, high: float, name: str = "") -> Window:
    """From the `low` to the `high` percentile of the finite values that are no padding.

    Never empty, even if all are equal.
    """
    values = image.image_values
    if values.dtype.kind == "f":
        values = values[np.isfinite(values)]
    if values.size == 0:
        return Window(0.5, 1, name, function="linear_exact")
    bottom, top = (float(edge) for edge in np.percentile(values, (low, high)))
    if top <= bottom:  # a nearly constant image: show what there is
        bottom, top = float(values.min()), float(values.max())
    width = top - bottom if top > bottom else 1.0
    return Window(bottom + width / 2, width, name, function="linear_exact")


def displayed(image: Slice, window: Window | None = None, inverted: bool = False) -> Array:
    """Display values uint8 (rows, columns), or (rows, columns, 3) for colour.

    The window's table, or its function (DICOM's LINEAR, LINEAR_EXACT or SIGMOID, PS3.3 C.11.2.1.2 and
    .3), rounded to 0 to 255. Then the order is reversed if the slice is inverted (MONOCHROME1) or the
    person asked for it, not if both. Colour is never inverted by itself. NaN shows as the lowest value,
    padding as 0 whatever the order.
    """
    window = window or default_window(image)
    values = image.values
    every = _every_value(values.dtype)
    if every is None:
        shown = _shaded(values, window)
    else:
        # 8 and 16 bits: computed once for every value there can be, then looked up.
        shown = _shaded(every, window)[values.view(f"u{values.dtype.itemsize}")]
    if inverted != image.inverted:
        shown = 255 - shown
    if image.padding is not None:
        shown[image.padding] = 0
    return shown


def _shaded(values: Array, window: Window) -> Array:
    if window.table is not None:
        return _looked_up(values, window.table)
    if window.function == "sigmoid":
        return _sigmoid(values, window)
    return _windowed(values, *_ends(window))


def _looked_up(values: Array, table: DisplayTable) -> Array:
    shades = np.array(table.shades, np.uint8)
    whole = values if values.dtype.kind in "iu" else np.rint(np.where(np.isnan(values), -np.inf, values))
    # Cut to the table before the cast: larger numbers have no integer.
    places = np.clip(whole.astype(np.float64) - table.first, 0, len(shades) - 1).astype(np.intp)
    found: Array = shades[places]
    return found


def _sigmoid(values: Array, window: Window) -> Array:
    """PS3.3 C.11.2.1.3.1, with an output from 0 to 255."""
    steepness = -4 / window.width
    # Beyond +-40 the exponential says nothing more, and would overflow.
    power = np.clip((values.astype(np.float64) - window.centre) * steepness, -40, 40)
    return np.rint(np.nan_to_num(255 / (1 + np.exp(power)))).astype(np.uint8)


def _ends(window: Window) -> tuple[float, float]:
    """The value up to which all is dark, and the one from which all is bright."""
    if window.function == "linear_exact":
        return window.low, window.high
    half = max(window.width - 1, 0.0) / 2
    return window.centre - 0.5 - half, window.centre - 0.5 + half


def _windowed(values: Array, start: float, end: float) -> Array:
    if end <= start:  # width 1: values beyond the centre are bright
        return np.where(values > start, np.uint8(255), np.uint8(0))
    kind = np.float64 if values.dtype.itemsize > 4 or values.dtype.kind != "f" else np.float32
    scaled: NDArray[np.floating[Any]] = values.astype(kind)
    scaled -= kind(start)
    scaled *= kind(255 / (end - start))
    scaled += kind(0.5)
    np.fmax(scaled, 0, out=scaled)  # fmax and fmin: NaN becomes 0 here, the cast would be undefined
    np.fmin(scaled, 255, out=scaled)
    return scaled.astype(np.uint8)


def _every_value(dtype: np.dtype[np.generic]) -> Array | None:
    """All values of a small integer type, in the order of their unsigned bit patterns."""
    if dtype.kind not in "iu" or dtype.itemsize > 2 or not dtype.isnative:
        return None
    unsigned = np.arange(2 ** (8 * dtype.itemsize), dtype=f"u{dtype.itemsize}")
    return unsigned.view(dtype)
