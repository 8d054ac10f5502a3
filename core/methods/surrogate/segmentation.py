"""An image cut into segments, and the image with some of them absent."""

from typing import Literal

import numpy as np
from pydantic import Field

from core.arrays import Array, FloatArray
from core.errors import NotApplicable, NotFinite
from core.network.parameters import Parameters

Algorithm = Literal["slic", "quickshift", "felzenszwalb", "grid"]
Fill = Literal["black", "mean", "blurred", "value"]
# scikit-image's constants of quickshift as the authors of LIME use them.
QUICKSHIFT_KERNEL, QUICKSHIFT_DISTANCE, QUICKSHIFT_RATIO = 4, 200, 0.2
# On intensities from 0 to 1: compact enough that noise does not tear segments apart, which are then joined.
SLIC_COMPACTNESS, SLIC_SIGMA = 0.3, 1.0
FELZENSZWALB_SIGMA = 0.8


class SegmentParams(Parameters):
    """Parameters of all methods over segments."""

    segmentation: Algorithm = Field(
        "slic",
        description="how the image is cut: SLIC, quickshift or Felzenszwalb along its edges, or equal "
        "rectangles",
    )
    segments: int = Field(
        50,
        ge=2,
        le=1024,
        description="number of segments that SLIC and the grid aim at; for Felzenszwalb the least size "
        "follows from it, and quickshift has its own",
    )
    fill: Fill = Field(
        "blurred",
        description="what an absent segment shows: the image's lowest value, the segment's mean, the image "
        "blurred, or `fill_value`",
    )
    fill_value: float = Field(
        0.0, ge=-1e6, le=1e6, description="value of the network's input for `fill` value"
    )
    blur: float = Field(
        10.0,
        gt=0,
        le=512,
        description="standard deviation of the Gaussian for `fill` blurred",
        json_schema_extra={"unit": "px"},
    )


def segment_labels(x: FloatArray, params: SegmentParams) -> Array:
    """(rows, columns) labels 0 to n - 1 of the segments of an input (rows, columns, channels).

    Sources: SLIC, Achanta et al. 2012, doi 10.1109/TPAMI.2012.120; quickshift, Vedaldi and Soatto 2008, doi
    10.1007/978-3-540-88693-8_52; Felzenszwalb and Huttenlocher 2004, doi 10.1023/B:VISI.0000022288.19776.77.
    Raises NotFinite for NaN or infinite pixels, NotApplicable for an image that is a single segment.
    """
    low, high = float(x.min()), float(x.max())
    if not (np.isfinite(low) and np.isfinite(high)):
        raise NotFinite("The image holds values that are not finite numbers.", "Repair it in the source.")
    scaled = (x - low) / ((high - low) or 1.0)
    labels = _grid_labels(x, params) if params.segmentation == "grid" else _edge_labels(scaled, params)
    _, numbers = np.unique(labels, return_inverse=True)
    if numbers.max() == 0:
        raise NotApplicable(
            "The image is a single segment, and a segment alone cannot be compared with others.",
            "Choose the segmentation 'grid'.",
        )
    return numbers.reshape(labels.shape)


def _grid_labels(x: Array, params: SegmentParams) -> Array:
    """Equal rectangles, about as many as asked for, as square as the sides allow."""
    rows, columns = x.shape[:2]
    down = min(max(round(np.sqrt(params.segments * rows / columns)), 1), params.segments, rows)
    across = min(max(params.segments // down, 1), columns)
    row_numbers = np.arange(rows) * down // rows
    return row_numbers[:, None] * across + np.arange(columns) * across // columns


def _edge_labels(scaled: Array, params: SegmentParams) -> Array:
    # Imported late: the window lists the methods and never runs one.
    from skimage import segmentation

    if params.segmentation == "slic":
        return segmentation.slic(
            scaled,
            n_segments=params.segments,
            compactness=SLIC_COMPACTNESS,
            sigma=SLIC_SIGMA,
            convert2lab=False,
            start_label=0,
            channel_axis=-1,
        )
    if params.segmentation == "quickshift":
        return segmentation.quickshift(  # type: ignore[no-untyped-call]
            scaled.astype(np.float64),
            ratio=QUICKSHIFT_RATIO,
            kernel_size=QUICKSHIFT_KERNEL,
            max_dist=QUICKSHIFT_DISTANCE,
            convert2lab=False,
            channel_axis=-1,
        )
    smallest = max(scaled.shape[0] * scaled.shape[1] // (4 * params.segments), 1)
    return segmentation.felzenszwalb(
        scaled, scale=smallest, sigma=FELZENSZWALB_SIGMA, min_size=smallest, channel_axis=-1
    )


def absent_image(x: FloatArray, labels: Array, params: SegmentParams) -> FloatArray:
    """(rows, columns, channels) float32: what is shown where segments are absent."""
    match params.fill:
        case "black":
            return np.full_like(x, x.min())
        case "value":
            return np.full_like(x, params.fill_value)
        case "blurred":
            from scipy.ndimage import gaussian_filter

            blurred: Array = gaussian_filter(x, (params.blur, params.blur, 0), mode="nearest")
            return blurred.astype(np.float32)
        case "mean":
            return _segment_means(x, labels)


def _segment_means(x: Array, labels: Array) -> FloatArray:
    sizes = np.bincount(labels.ravel())
    channels = [
        (np.bincount(labels.ravel(), channel.ravel().astype(np.float64)) / sizes)[labels]
        for channel in np.moveaxis(x, -1, 0)
    ]
    return np.stack(channels, axis=-1).astype(np.float32)
