"""Texts of the region of interest: the reference mask, and the share of evidence inside it."""

import math
from collections.abc import Iterable

from core.images.measuring import place_of_spacing
from core.images.region_statistics import RegionStatistics
from core.number_text import percent, significant

OPEN_MASK = "Open reference mask…"
LABELS = "Labels of the reference"
NO_REGION = "No slice across this axis has a region."
NO_REGION_HINT = "Open a reference mask, choose other labels of it, or draw a region."
MEASURING_REGIONS = "Measuring the region in every slice…"
NOTHING_MARKED = "The reference marks nothing in this slice."


def label(value: float, name: str) -> str:
    """A label of a mask: its value, with its name if it has one."""
    return f"{value:g}: {name}" if name else f"{value:g}"


def inside(title: str, share: float | None, covered: float, no_share: str = "") -> str:
    """The share of a map's positive evidence in the region; no_share: why there is none."""
    size = f"the region covers {rounded_percent(covered)} of the image"
    if not title:
        return f"{size[0].upper()}{size[1:]}."
    if no_share:
        return f"{title}: {no_share} {size[0].upper()}{size[1:]}."
    if share is None:
        return f"{title} contains no positive evidence; {size}."
    return f"{rounded_percent(share)} of the positive evidence of {title} lies inside; {size}."


def statistics(region: RegionStatistics, unit: str, spacing_source: str) -> str:
    """Mean, standard deviation and range in the unit of the values, and the area."""
    size = f"{region.pixels} px"
    if region.area_mm2 is not None:
        size = f"{significant(region.area_mm2)} mm² {place_of_spacing(spacing_source)}".rstrip()
    if math.isnan(region.mean):
        return f"Area {size}"
    values = (("Mean", region.mean), ("SD", region.deviation))
    parts = [f"{name} {significant(value)} {unit}".rstrip() for name, value in values]
    parts.append(f"{significant(region.minimum)} to {significant(region.maximum)} {unit}".rstrip())
    return ", ".join([*parts, f"area {size}"])


def rounded_percent(share: float) -> str:
    """Whole percent, with a decimal for a small share."""
    return percent(share, 1 if share < 0.01 else 0)


def mask_filter(suffixes: Iterable[str]) -> str:
    """The files that the dialog for masks offers. suffixes: the endings of image files."""
    return f"Masks ({' '.join(f'*{suffix}' for suffix in suffixes)});;All files (*)"
