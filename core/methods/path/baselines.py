"""Baselines: the inputs that stand for "no information" on a path to the image."""

from collections.abc import Callable
from typing import Literal

import numpy as np
from pydantic import Field

from core.arrays import Array
from core.images.gaussian import blurred
from core.network.parameters import Parameters

Baseline = Literal[
    "black",
    "white",
    "mean",
    "blurred",
    "uniform",
    "black_and_white",
    "black_and_mean",
    "black_and_blurred",
    "white_and_mean",
    "white_and_blurred",
    "mean_and_blurred",
    "black_white_and_mean",
    "black_white_and_blurred",
    "black_mean_and_blurred",
    "white_mean_and_blurred",
    "black_white_mean_and_blurred",
]
# Wide enough that no lesion is left, narrow enough that the head's outline is: a tenth of the longest side.
BLUR_SHARE = 0.1


class BaselineParams(Parameters):
    """Which baseline a path starts from."""

    baseline: Baseline = Field(
        "black",
        description="the input that stands for no information: the image's lowest, highest or mean value, "
        "the image strongly blurred, uniform noise, or the average over several of the first four",
    )
    draws: int = Field(4, ge=1, le=64, description="how many uniform noises are averaged over")


def baselines_of(x: Array, params: BaselineParams, generator: np.random.Generator) -> Array:
    """(n, *grid, channels) float32 baselines of the input x (*grid, channels).

    The maps of several are averaged. `black` and `white` are the image's lowest and highest value,
    `mean` its mean, everywhere; `blurred` the image under a wide Gaussian; `uniform` noise between
    lowest and highest, `draws` times (Sturmfels et al. 2020, doi 10.23915/distill.00022).
    A name of several, such as `black_and_white`, is each of them.
    """
    if params.baseline == "uniform":
        noise = generator.uniform(x.min(), x.max(), size=(params.draws, *x.shape))
        return noise.astype(np.float32)
    parts = _parts(params.baseline)
    # Floats, so that no difference from an integer image wraps round.
    return np.stack([_FIXED[kind](x) for kind in parts]).astype(np.float32)


def count_of(params: BaselineParams) -> int:
    """How many baselines there are."""
    return params.draws if params.baseline == "uniform" else len(_parts(params.baseline))


def _parts(name: Baseline) -> list[str]:
    """The baselines that a name stands for."""
    return [part for part in name.split("_") if part != "and"]


_FIXED: dict[str, Callable[[Array], Array]] = {
    "black": lambda x: np.full_like(x, x.min()),
    "white": lambda x: np.full_like(x, x.max()),
    "mean": lambda x: np.full_like(x, x.mean()),
    "blurred": lambda x: blurred(x, BLUR_SHARE * max(x.shape[:-1])),
}
