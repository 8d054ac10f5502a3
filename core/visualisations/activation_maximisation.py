"""Activation maximisation (Simonyan et al. 2013, arXiv 1312.6034) with the regularisers of later work."""

from typing import Literal, final

import numpy as np
from pydantic import Field

from core.arrays import Array, FloatArray
from core.images.gaussian import blurred
from core.network.cost import Cost
from core.network.facts import NetworkFacts
from core.network.network import Network
from core.network.network_picture import NetworkPicture
from core.network.objective import Objective
from core.network.parameters import Parameters
from core.network.run import Run
from core.visualisations.ascent import (
    InputRange,
    drawn_shift,
    is_partial,
    root_mean_square,
    score_and_slope,
    shifted,
    shifted_back,
)
from core.visualisations.contract import Visualisation

Start = Literal["grey", "black", "mean_image"]


class ActivationMaximisationParams(Parameters):
    """Parameters of activation maximisation."""

    steps: int = Field(128, ge=1, le=4096, description="steps of the search, one gradient each")
    rate: float = Field(
        0.05,
        gt=0,
        le=1,
        description="length of the first step, as a share of the range of inputs; it falls to 0 at the last",
    )
    start: Start = Field(
        "grey",
        description="grey: the middle of the range of inputs; black: its lowest value; mean_image: the mean"
        " of the model's background images",
    )
    noise: float = Field(
        0.02,
        ge=0,
        le=1,
        description="standard deviation of the noise on the start, as a share of the range of inputs",
    )
    decay: float = Field(
        1e-4, ge=0, le=100, description="L2 decay: weight of half the squared distance to the start"
    )
    total_variation: float = Field(
        1e-3, ge=0, le=100, description="weight of the squared differences between neighbouring pixels"
    )
    blur: float = Field(
        0.8,
        ge=0,
        le=16,
        description="standard deviation of the Gaussian blur of the picture; 0: none",
        json_schema_extra={"unit": "px"},
    )
    blur_every: int = Field(4, ge=1, le=4096, description="steps from one blur to the next")
    jitter: int = Field(
        8,
        ge=0,
        le=64,
        description="the picture is shifted at random by at most so much at each step",
        json_schema_extra={"unit": "px"},
    )
    grey: bool = Field(
        True, description="all channels have the same values, as those of a grey image; else in colour"
    )


@final
class ActivationMaximisation(Visualisation):
    """An input that the network answers as strongly as regularisers and the range of inputs allow.

    Maximises score(x) - decay/2 |x - start|^2 - total_variation V(x), where V is the sum of squared
    differences of neighbouring pixels (Mahendran and Vedaldi 2016, doi 10.1007/s11263-016-0911-8, with
    beta = 2). Steps follow the gradient over its root mean square and shorten linearly to 0; each begins
    at a random shift. Every few steps the picture is blurred (Yosinski et al. 2015, arXiv 1506.06579).
    Values stay in the range that the preprocessing can give.
    """

    name = "activation_maximisation"
    title = "Activation maximisation"
    summary = "An input that drives a class, a channel or a unit as high as it can; serial gradients."
    doi = "arXiv:1312.6034"
    Params = ActivationMaximisationParams
    needs_image = False
    objectives = ("class", "channel", "unit")

    def cost(self, params: ActivationMaximisationParams, facts: NetworkFacts) -> Cost:
        """One gradient a step and one for the score at the end; steps wait for one another."""
        return Cost(forwards=1, gradients=params.steps + 1, serial=params.steps + 1)

    def run(
        self,
        network: Network,
        objective: Objective,
        x: FloatArray | None,
        params: ActivationMaximisationParams,
        run: Run,
    ) -> NetworkPicture:
        """The picture. Raises NotApplicable without background images where it is to start from them."""
        run.progress(0, params.steps)
        limits, start = InputRange.of(network.facts), start_of(network, params)
        picture = limits.kept(start + params.noise * limits.width * _noise(start.shape, params, run))
        scores: list[float] = []
        for step in range(params.steps):
            # The first score is that of the start itself.
            shift = drawn_shift(run.generator, params.jitter) if step else (0, 0)
            score, slope = score_and_slope(network, objective, shifted(picture, shift), run)
            scores.append(score)
            slope = shifted_back(slope, shift) - params.decay * (picture - start)
            slope -= params.total_variation * variation_gradient(picture)
            if params.grey:
                slope = np.broadcast_to(slope.mean(axis=-1, keepdims=True), slope.shape)
            length = params.rate * limits.width * (1 - step / params.steps)
            size = root_mean_square(slope)
            picture = limits.kept(picture + length / size * slope) if size > 0 else picture
            is_last = step + 1 == params.steps
            if params.blur and not is_last and (step + 1) % params.blur_every == 0:
                picture = limits.kept(blurred(picture, params.blur))
            run.progress(step + 1, params.steps)
            if is_partial(step, params.steps):
                run.on_picture(_picture(picture, objective, scores))
        scores.append(score_and_slope(network, objective, picture, run)[0])
        probabilities = network.probabilities(picture.astype(np.float32)[None], run)[0]
        return _picture(picture, objective, scores, tuple(float(share) for share in probabilities))


def start_of(network: Network, params: ActivationMaximisationParams) -> Array:
    """(rows, columns, channels) the input that the search begins at, before the noise."""
    limits = InputRange.of(network.facts)
    if params.start == "mean_image":
        mean: Array = network.background().astype(np.float64).mean(axis=0)
        return np.broadcast_to(mean.mean(axis=-1, keepdims=True), mean.shape) if params.grey else mean
    value = limits.low if params.start == "black" and limits.is_limited else limits.middle
    return np.full(network.input_shape, value)


def variation(picture: Array) -> float:
    """V of (rows, columns, channels): the sum of the squared differences of neighbouring pixels."""
    return float(sum(np.square(np.diff(picture, axis=axis)).sum() for axis in (0, 1)))


def variation_gradient(picture: Array) -> Array:
    """The gradient of `variation`, of the same shape."""
    gradient = np.zeros_like(picture)
    down, right = 2 * np.diff(picture, axis=0), 2 * np.diff(picture, axis=1)
    gradient[1:] += down
    gradient[:-1] -= down
    gradient[:, 1:] += right
    gradient[:, :-1] -= right
    return gradient


def _noise(shape: tuple[int, ...], params: ActivationMaximisationParams, run: Run) -> Array:
    return run.generator.standard_normal((*shape[:-1], 1 if params.grey else shape[-1]))


def _picture(
    picture: Array, objective: Objective, scores: list[float], probabilities: tuple[float, ...] = ()
) -> NetworkPicture:
    steps = len(scores) - 1 if probabilities else len(scores)
    return NetworkPicture(picture.astype(np.float32), objective, tuple(scores), probabilities, steps)
