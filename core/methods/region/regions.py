"""XRAI's ranking: regions of an image, taken in the order of the mean of a base attribution."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.arrays import Array
from core.errors import BadMap, BadParameter

# Densities nearer than this share of the largest are compared again, exactly: the running sums are rounded.
NEARLY_EQUAL = 1e-9


@dataclass(frozen=True, slots=True)
class RankedRegions:
    """The regions of an image in the order in which they were taken.

    values: (*grid,) float64, each region's mean of the base. parts: the flat indices of each
    region. has_rest: the last one holds what no segment covered.
    """

    values: Array
    parts: tuple[Array, ...]
    has_rest: bool


def full_regions(base: Array, masks: Sequence[Array], least: int) -> RankedRegions:
    """Take, again and again, the mask with the highest mean of `base` over what it adds.

    base: (*grid,). masks: flat indices in ascending order. least: pixels that a mask must
    add. What no mask covers is one last region, so the values sum to the base's sum.
    Raises BadMap for a base that is not finite, BadParameter if no mask has `least` pixels.
    """
    flat = _checked(base, masks, least)
    owners, starts = _owners(masks, flat.size)
    counts = np.array([mask.size for mask in masks], dtype=np.int64)
    sums = np.array([flat[mask].sum() for mask in masks])
    covered = np.zeros(flat.size, bool)
    usable = counts >= least
    parts = []
    while usable.any():
        best = _densest(flat, masks, covered, np.where(usable, sums / np.maximum(counts, 1), -np.inf))
        fresh = masks[best][~covered[masks[best]]]
        parts.append(fresh)
        covered[fresh] = True
        # Every mask that holds a pixel just covered loses it; each pixel is paid for once.
        losing, times = _owners_of(owners, starts, fresh)
        counts -= np.bincount(losing, minlength=len(masks))
        sums -= np.bincount(losing, weights=np.repeat(flat[fresh], times), minlength=len(masks))
        usable &= counts >= least
        usable[best] = False
    return _regions(flat, base.shape, parts, covered)


def fast_regions(base: Array, masks: Sequence[Array], least: int) -> RankedRegions:
    """Take the masks once, by the mean of `base` (*grid,) over the whole of each.

    The order ignores overlaps, so the values need not fall along it. Raises what `full_regions` raises.
    """
    flat = _checked(base, masks, least)
    means = np.array([flat[mask].mean() for mask in masks])
    covered = np.zeros(flat.size, bool)
    parts = []
    for number in np.argsort(-means, kind="stable").tolist():
        fresh = masks[number][~covered[masks[number]]]
        if fresh.size >= least:
            parts.append(fresh)
            covered[fresh] = True
    return _regions(flat, base.shape, parts, covered)


def top_share(values: Array, percent: float) -> Array:
    """(*grid,) bool, the highest `percent` of a map's pixels; ties at the limit are included."""
    return values >= np.percentile(values, 100 - percent)


def _checked(base: Array, masks: Sequence[Array], least: int) -> Array:
    if not np.isfinite(base).all():
        raise BadMap("The base attribution holds values that are not finite numbers.", "Choose another base.")
    if max((mask.size for mask in masks), default=0) < least:
        raise BadParameter(
            f"xrai.min_pixels: no segment of the image has {least} pixels.", "Choose a smaller number."
        )
    return base.ravel().astype(np.float64)


def _owners(masks: Sequence[Array], pixels: int) -> tuple[Array, Array]:
    """The numbers of the masks that hold each pixel, one pixel after the other, and where each begins."""
    members = np.concatenate(masks)
    numbers = np.repeat(np.arange(len(masks)), [mask.size for mask in masks])
    starts = np.concatenate([[0], np.cumsum(np.bincount(members, minlength=pixels))])
    return numbers[np.argsort(members, kind="stable")], starts


def _owners_of(owners: Array, starts: Array, pixels: Array) -> tuple[Array, Array]:
    """The owners of the pixels, one pixel after the other, and how many each pixel has."""
    times = starts[pixels + 1] - starts[pixels]
    offsets = np.repeat(starts[pixels] - (np.cumsum(times) - times), times)
    return owners[offsets + np.arange(offsets.size)], times


def _densest(flat: Array, masks: Sequence[Array], covered: Array, densities: Array) -> int:
    """The first of the masks with the highest mean over what they add."""
    finite = np.abs(densities[np.isfinite(densities)])
    near = np.flatnonzero(densities >= densities.max() - NEARLY_EQUAL * finite.max()).tolist()
    if len(near) == 1:
        return int(near[0])
    exact = [flat[masks[number][~covered[masks[number]]]].mean() for number in near]
    return int(near[int(np.argmax(exact))])


def _regions(flat: Array, shape: tuple[int, ...], parts: list[Array], covered: Array) -> RankedRegions:
    rest = np.flatnonzero(~covered)
    values = np.empty(flat.size)
    all_parts = (*parts, rest) if rest.size else tuple(parts)
    for part in all_parts:
        values[part] = flat[part].mean()
    return RankedRegions(values.reshape(shape), all_parts, bool(rest.size))
