"""Smoothing: a method's results on noisy copies of the image, put together; one wrapper for all methods."""

from dataclasses import dataclass, field, replace
from typing import Any, Protocol, final, runtime_checkable

import numpy as np
from pydantic import Field

from core.arrays import Array
from core.methods.batches import batches_of
from core.methods.contract import Family, Method
from core.methods.meaning import Meaning
from core.network.attribution_map import AttributionMap
from core.network.cost import Cost
from core.network.network import Network
from core.network.parameters import Parameters
from core.network.run import Run
from core.network.target import Target


class NoiseParams(Parameters):
    """How many noisy copies, and how noisy."""

    samples: int = Field(25, ge=2, le=1000, description="noisy copies of the image")
    noise: float = Field(
        0.15,
        gt=0,
        le=2,
        description="standard deviation of the noise, as a share of the image's range of values",
    )


class SmoothingParams(NoiseParams):
    """Noise, and what is done with the results."""

    squared: bool = Field(
        False, description="average the squares instead of the values (SmoothGrad²); the sign is lost"
    )


@runtime_checkable
class Attributing(Protocol):
    """A method that explains several inputs in one go, before colour channels are put together."""

    def attributions(
        self, network: Network, inputs: Array, x: Array, target: Target, params: Any, run: Run
    ) -> Array:
        """One attribution for each of `inputs` (n, height, width, channels), of the same shape.

        x: the image itself, from which baselines are taken. Progress ends at n times the method's
        gradients for one input.
        """

    def as_map(self, values: Array, params: Any) -> AttributionMap:
        """The map of an attribution (height, width, channels)."""


@final
@dataclass(frozen=True)
class Smoothed:
    """`inner` on copies of the image under normal noise: mean, mean square or variance of its results.

    unit: of a variance, in words.

    The noise has a standard deviation of `noise` times (max x - min x) and values beyond the image's
    range are kept, as in Smilkov et al. 2017 (arXiv 1706.03825). `standard_error` tells how far the
    mean is still from that of endless samples, relative to the map (root mean squares).
    """

    name: str
    title: str
    summary: str
    doi: str
    family: Family
    inner: Method
    Params: type[NoiseParams]
    variance: bool = False
    unit: str = ""

    def meaning(self, params: Any) -> Meaning:
        one = self.inner.meaning(params)
        if self.variance:
            return one.squared(self.unit)
        return one.squared() if params.squared else one

    def applies(self, network: Network) -> None:
        self.inner.applies(network)

    def cost(self, params: Any, network: Network) -> Cost:
        one = self.inner.cost(params, network)
        if not isinstance(self.inner, Attributing):
            return one.times(params.samples)
        # Serial steps of several copies are taken together, a batch at a time.
        rounds = -(-params.samples // network.best_batch)
        return Cost(gradients=one.gradients * params.samples, serial=one.serial * rounds)

    def run(self, network: Network, x: Array, target: Target, params: Any, run: Run) -> AttributionMap:
        explainer = self.inner if isinstance(self.inner, Attributing) else OneByOne(self.inner)
        noise_generator, inner_generator = run.generator.spawn(2)
        deviation = params.noise * float(np.ptp(x))
        moments = Moments(np.zeros(()), np.zeros(()))
        each = max(self.inner.cost(params, network).gradients, 1)
        total = params.samples * each
        run.progress(0, total)
        for copies in batches_of(network, params.samples):
            noise = noise_generator.normal(0.0, deviation, size=(copies.stop - copies.start, *x.shape))
            part = run.part(moments.count * each, total, same_image=False)
            part.generator = inner_generator
            results = explainer.attributions(network, (x + noise).astype(np.float32), x, target, params, part)
            for result in results:
                moments = moments.with_one(result)
            run.progress(moments.count * each, total)
            if 2 <= moments.count < params.samples:
                run.partial(self._map(explainer, moments, params))
        return self._map(explainer, moments, params)

    def _map(self, explainer: Attributing, moments: "Moments", params: Any) -> AttributionMap:
        if self.variance:
            return replace(explainer.as_map(moments.variance, params), signed=False)
        error = float(np.sqrt((moments.variance / moments.count).mean()))
        size = float(np.sqrt((moments.mean**2).mean()))
        told = {"standard_error": error / size} if size > 0 else {}
        if params.squared:
            return replace(explainer.as_map(moments.mean_square, params), signed=False, diagnostics=told)
        return replace(explainer.as_map(moments.mean, params), diagnostics=told)


@dataclass(frozen=True, slots=True)
class Moments:
    """Running mean and sum of squared distances from it (Welford, doi 10.1080/00401706.1962.10490022)."""

    mean: Array
    scatter: Array
    count: int = 0

    def with_one(self, values: Array) -> "Moments":
        count = self.count + 1
        distance = values - self.mean
        mean = self.mean + distance / count
        return Moments(mean, self.scatter + distance * (values - mean), count)

    @property
    def variance(self) -> Array:
        """Unbiased, for two values or more."""
        return self.scatter / (self.count - 1)

    @property
    def mean_square(self) -> Array:
        return self.mean**2 + self.scatter / self.count


@dataclass
class OneByOne:
    """Any method as one that explains several inputs: one after the other, maps instead of attributions."""

    method: Method
    last: AttributionMap | None = field(default=None)

    def attributions(
        self, network: Network, inputs: Array, x: Array, target: Target, params: Any, run: Run
    ) -> Array:
        maps = []
        for one in inputs:
            alone = Run(generator=run.generator, cancelled=run.cancelled)
            self.last = self.method.run(network, one, target, params, alone)
            maps.append(self.last.values[..., None])
        return np.stack(maps)

    def as_map(self, values: Array, params: Any) -> AttributionMap:
        assert self.last is not None
        return replace(self.last, values=values[..., 0].astype(np.float32), diagnostics={}, effect=None)
