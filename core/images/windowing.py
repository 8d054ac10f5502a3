"""Display values from modality values: first the window, then the inversion."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.arrays import Array
from core.images.slice import DisplayTable, Slice, Window

# For 8-bit pictures, which are shown as stored.
EIGHT_BIT = Window(127.5, 255, "8 bit", function="linear_exact")
# Percentiles of more values than this take longer than a person should wait for a first picture.
MOST_COUNTED = 2_000_000
# Display values are computed so many at a time.
BAND_VALUES = 2**16
# Usual settings in radiology; in HU, so only for CT. Other modalities have no absolute scale.
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
    """The windows to offer: those of the file, those of the modality, then two from the values."""
    by_modality = CT_PRESETS if image.modality == "CT" and image.unit == "HU" else ()
    return (*image.windows, *by_modality, *value_windows(image))


def value_windows(image: Slice) -> tuple[Window, Window]:
    """The windows from the values: 1 to 99 % of them, and all; computed where the slice lacks them."""
    if image.value_windows is not None:
        return image.value_windows
    return percentile_window(image, 1, 99, "1 to 99 %"), percentile_window(image, 0, 100, "All values")


def default_window(image: Slice) -> Window:
    """The file's first window; else 0 to 255 for colour; else 1 to 99 % of the values."""
    if image.windows:
        return image.windows[0]
    if image.is_colour:
        return EIGHT_BIT
    return value_windows(image)[0]


def percentile_window(image: Slice, low: float, high: float, name: str = "") -> Window:
    """From the `low` to the `high` percentile of the finite values that are not padding.

    Of an image with more than MOST_COUNTED values, evenly spaced rows and columns stand for all. The width is
    never 0, even if all values are equal.
    """
    values = image.image_values
    if (low, high) != (0, 100) and image.padding is None and values.size > MOST_COUNTED:
        step = int(np.ceil(np.sqrt(values.size / MOST_COUNTED)))
        values = values[::step, ::step]
    if values.dtype.kind == "f":
        values = values[np.isfinite(values)]
    if values.size == 0:
        return Window(0.5, 1, name, function="linear_exact")
    ends = (values.min(), values.max()) if (low, high) == (0, 100) else np.percentile(values, (low, high))
    bottom, top = (float(edge) for edge in ends)
    if top <= bottom:  # a nearly constant image: all of its values
        bottom, top = float(values.min()), float(values.max())
    width = top - bottom if top > bottom else 1.0
    return Window(bottom + width / 2, width, name, function="linear_exact")


def displayed(image: Slice, window: Window | None = None, inverted: bool = False) -> Array:
    """Display values uint8 (rows, columns), or (rows, columns, 3) for colour.

    The window's table, or its function (DICOM's LINEAR, LINEAR_EXACT or SIGMOID, PS3.3 C.11.2.1.2 and
    .3), rounded to 0 to 255. Then the order is reversed if either the slice is inverted (MONOCHROME1) or
    `inverted` is set. Colour is only inverted by `inverted`. NaN shows as the lowest value,
    padding as 0 whatever the order.
    """
    window = window or default_window(image)
    values = image.values
    all_values = _every_value(values.dtype)
    # 8 and 16 bits: computed once for every possible value, then looked up.
    table = None if all_values is None else _shaded(all_values, window)
    shades = np.empty(values.shape, np.uint8)
    for band in _bands(values):
        if table is None:
            shades[band] = _shaded(values[band], window)
        else:
            # No index is beyond the table; clipping spares numpy a check of all before.
            indices = values[band].view(f"u{values.dtype.itemsize}")
            np.take(table, indices, out=shades[band], mode="clip")
    if inverted != image.inverted:
        shades = 255 - shades
    if image.padding is not None:
        shades[image.padding] = 0
    return shades


def _bands(values: Array) -> Iterator[slice]:
    """All rows (rows, columns, ...), some at a time: intermediate values stay in the processor's cache."""
    step = max(BAND_VALUES * values.shape[0] // max(values.size, 1), 1)
    return (slice(start, start + step) for start in range(0, values.shape[0], step))


def _shaded(values: Array, window: Window) -> Array:
    if window.table is not None:
        return _looked_up(values, window.table)
    if window.function == "sigmoid":
        return _sigmoid(values, window)
    return _windowed(values, *_ends(window))


def _looked_up(values: Array, table: DisplayTable) -> Array:
    shades = np.array(table.shades, np.uint8)
    integers = values if values.dtype.kind in "iu" else np.rint(np.where(np.isnan(values), -np.inf, values))
    # Clipped to the table before the cast: larger numbers overflow.
    indices = np.clip(integers.astype(np.float64) - table.first, 0, len(shades) - 1).astype(np.intp)
    mapped: Array = shades[indices]
    return mapped


def _sigmoid(values: Array, window: Window) -> Array:
    """PS3.3 C.11.2.1.3.1, with an output from 0 to 255."""
    steepness = -4 / window.width
    # Beyond +-40 the result no longer changes, and the exponential would overflow.
    power = np.clip((values.astype(np.float64) - window.centre) * steepness, -40, 40)
    return np.rint(np.nan_to_num(255 / (1 + np.exp(power)))).astype(np.uint8)


def _ends(window: Window) -> tuple[float, float]:
    """The value up to which the shade is 0, and the one from which it is 255."""
    if window.function == "linear_exact":
        return window.low, window.high
    half = max(window.width - 1, 0.0) / 2
    return window.centre - 0.5 - half, window.centre - 0.5 + half


def _windowed(values: Array, start: float, end: float) -> Array:
    if end <= start:  # width 1: values above the centre are white
        return np.where(values > start, np.uint8(255), np.uint8(0))
    dtype = np.float64 if values.dtype.itemsize > 4 or values.dtype.kind != "f" else np.float32
    scaled: NDArray[np.floating[Any]] = values.astype(dtype)
    scaled -= dtype(start)
    scaled *= dtype(255 / (end - start))
    scaled += dtype(0.5)
    np.fmax(scaled, 0, out=scaled)  # fmax and fmin: NaN becomes 0 here, the cast would be undefined
    np.fmin(scaled, 255, out=scaled)
    return scaled.astype(np.uint8)


def _every_value(dtype: np.dtype[np.generic]) -> Array | None:
    """All values of a small integer type, in the order of their unsigned bit patterns."""
    if dtype.kind not in "iu" or dtype.itemsize > 2 or not dtype.isnative:
        return None
    unsigned = np.arange(2 ** (8 * dtype.itemsize), dtype=f"u{dtype.itemsize}")
    return unsigned.view(dtype)
