"""An image cut into segments, and the image with some of them absent."""

import math
from typing import Literal

import numpy as np
from pydantic import Field

from core.arrays import Array, FloatArray
from core.errors import BadParameter, NotApplicable, NotFinite
from core.images.boxes import box_numbers
from core.methods.superpixels import slic_labels
from core.network.parameters import Parameters

Algorithm = Literal["slic", "quickshift", "felzenszwalb", "grid"]
Fill = Literal["black", "mean", "blurred", "value"]
# scikit-image's constants of quickshift as the authors of LIME use them.
QUICKSHIFT_KERNEL, QUICKSHIFT_DISTANCE, QUICKSHIFT_RATIO = 4, 200, 0.2
FELZENSZWALB_SIGMA = 0.8


class SegmentParams(Parameters):
    """Parameters of all methods over segments."""

    segmentation: Algorithm = Field(
        "slic",
        description="how the image is cut: SLIC, quickshift or Felzenszwalb along its edges, or equal "
        "rectangles; a volume by SLIC or into equal boxes",
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
    """(*grid,) labels 0 to n - 1 of the segments of an input (*grid, channels).

    Sources: SLIC, Achanta et al. 2012, doi 10.1109/TPAMI.2012.120; quickshift, Vedaldi and Soatto 2008, doi
    10.1007/978-3-540-88693-8_52; Felzenszwalb and Huttenlocher 2004, doi 10.1023/B:VISI.0000022288.19776.77.
    Raises NotFinite for NaN or infinite pixels, NotApplicable for an image that is a single segment,
    BadParameter for a volume and a segmentation of pictures.
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
    """Equal boxes, about as many as asked for, as square as the sides allow."""
    by_axis, left = [], params.segments
    for axis, side in enumerate(grid := x.shape[:-1]):
        axes = len(grid) - axis
        fair = (left * side ** (axes - 1) / math.prod(grid[axis + 1 :])) ** (1 / axes)
        count = min(max(round(fair), 1), left, side)
        left = max(left // count, 1)
        by_axis.append(np.arange(side) * count // side)
    return box_numbers(by_axis)


def _edge_labels(scaled: Array, params: SegmentParams) -> Array:
    if params.segmentation == "slic":
        return slic_labels(scaled, params.segments)
    if scaled.ndim != 3:
        raise BadParameter(
            f"segmentation cannot be {params.segmentation!r}: it is defined for pictures, and the input is a"
            " volume.",
            "Choose 'slic' or 'grid'.",
            "segmentation",
        )
    # Imported late: the window lists the methods and never runs one.
    from skimage import segmentation

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
    """(*grid, channels) float32: what is shown where segments are absent."""
    match params.fill:
        case "black":
            return np.full_like(x, x.min())
        case "value":
            return np.full_like(x, params.fill_value)
        case "blurred":
            from scipy.ndimage import gaussian_filter

            deviations = (*[params.blur] * (x.ndim - 1), 0)
            blurred: Array = gaussian_filter(x, deviations, mode="nearest")
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
