"""How alike two maps of one image are: Spearman with and without the sign, SSIM, HOG."""

from collections.abc import Callable, Iterable, Mapping

import numpy as np

from core.arrays import Array
from core.checks.agreement import ranking
from core.errors import NotApplicable
from core.network.attribution_map import AttributionMap

# Wang et al. 2004: a Gaussian window with this deviation, cut off at 3.5 deviations.
SSIM_SIGMA = 1.5
SSIM_WINDOW = 11
HOG_CELL = 16
HOG_BLOCK = 3


def require_varied(checked: AttributionMap, magnitudes: bool = False) -> None:
    """Raises NotApplicable for a map that is the same everywhere: nothing can be compared with it.

    magnitudes: they must vary too.
    """
    constant = is_constant(checked.values)
    if magnitudes and is_constant(np.abs(checked.values)) and not constant:
        raise NotApplicable(
            "The map's values differ in their sign alone, so that their magnitudes have no order.",
            "Choose another method or target.",
        )
    if constant:
        value = float(checked.values.flat[0])
        raise NotApplicable(
            f"The map is {value:g} everywhere, so that there is nothing to compare.",
            "Choose another method or target.",
        )


def is_constant(values: Array) -> bool:
    """Whether every value of a map (*grid,) is the same.

    Computed without a difference, which may overflow.
    """
    return bool(values.min() == values.max())


def likeness(first: Array, second: Array, signed: bool) -> dict[str, float]:
    """`spearman`, `spearman_abs`, `ssim` and `hog` of two maps (*grid,); 1 for equal ones.

    A figure that does not exist is left out: none exists where one of the maps is constant, and HOG is
    defined for pictures alone. SSIM (Wang
    et al. 2004, doi 10.1109/TIP.2003.819861) and HOG (Dalal and Triggs 2005, doi 10.1109/CVPR.2005.177;
    Pearson's correlation of the features) compare the maps divided by their largest magnitude, as
    Adebayo et al. 2018 do (arXiv 1810.03292).
    """
    if is_constant(first) or is_constant(second):
        return {}
    figures = {"spearman": _correlation(ranking(first).ranks, ranking(second).ranks)}
    magnitudes = [np.abs(values) for values in (first, second)]
    if not any(is_constant(values) for values in magnitudes):
        figures["spearman_abs"] = _correlation(*(ranking(values).ranks for values in magnitudes))
    first_scaled, second_scaled = (
        values.astype(np.float64) / float(magnitude.max())
        for values, magnitude in zip((first, second), magnitudes, strict=True)
    )
    if min(first.shape) >= SSIM_WINDOW:
        figures["ssim"] = _ssim(first_scaled, second_scaled, 2.0 if signed else 1.0)
    if first.ndim == 2 and min(first.shape) >= 2 * HOG_BLOCK:
        features = [_hog(values) for values in (first_scaled, second_scaled)]
        if all(values.std() > 0 for values in features):
            figures["hog"] = float(np.corrcoef(features[0], features[1])[0, 1])
    return figures


def mean_of(rows: Iterable[Mapping[str, float]], name: str) -> float | None:
    """Mean of a figure over the rows that have it; None if none has."""
    values = [row[name] for row in rows if name in row]
    return float(np.mean(values)) if values else None


def as_steps(rows: Iterable[dict[str, float]]) -> tuple[dict[str, float | str], ...]:
    """Rows as a finding holds them."""
    return tuple({**row} for row in rows)


def _correlation(first: Array, second: Array) -> float:
    return float(np.clip(first @ second, -1, 1))


def _ssim(first: Array, second: Array, data_range: float) -> float:
    # Imported late: the window lists checks and never computes them.
    from skimage import metrics

    compare: Callable[..., float] = metrics.structural_similarity
    return float(
        compare(
            first,
            second,
            data_range=data_range,
            gaussian_weights=True,
            sigma=SSIM_SIGMA,
            use_sample_covariance=False,
        )
    )


def _hog(values: Array) -> Array:
    from skimage.feature import hog

    cell = min(HOG_CELL, min(values.shape) // HOG_BLOCK)
    features: Array = hog(values, pixels_per_cell=(cell, cell), cells_per_block=(HOG_BLOCK, HOG_BLOCK))
    return features
