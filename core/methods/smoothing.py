"""Smoothing: a method's results on noisy copies of the image, put together; one wrapper for all methods."""

from dataclasses import dataclass, replace
from typing import Any, final

import numpy as np
from pydantic import Field

from core.arrays import Array
from core.methods.batches import batches_of
from core.methods.contract import Method, OneByOneMethod
from core.methods.meaning import Meaning, Origin
from core.network.attribution_map import AttributionMap
from core.network.channels import ChannelValues
from core.network.cost import Cost
from core.network.facts import NetworkFacts
from core.network.method_input import MethodInput
from core.network.network import Network
from core.network.parameters import Parameters
from core.network.run import Run


class NoiseParams(Parameters):
    """How many noisy copies, and how noisy."""

    samples: int = Field(25, ge=2, le=1000, description="noisy copies of the image")
    noise: float = Field(
        0.15,
        gt=0,
        le=2,
        description="standard deviation of the noise, as a share of the image's range of values",
        json_schema_extra={"unit": "of range"},
    )


class SmoothingParams(NoiseParams):
    """Noise, and what is done with the results."""

    squared: bool = Field(
        False, description="average the squares instead of the values (SmoothGrad²); the sign is lost"
    )


class SmoothedMethod(OneByOneMethod):
    """A method on copies of the image under normal noise: mean, mean square or variance of its results.

    The noise has a standard deviation of `noise` times (max x - min x) and values beyond the image's
    range are kept, as in Smilkov et al. 2017 (arXiv 1706.03825). `standard_error` tells how far the
    mean is still from that of endless samples, relative to the map (root mean squares).

    inner: the method; the parameters are its own and those of the noise. is_variance: the map is the
    variance. variance_unit: of a variance, in words.
    """

    inner: Method
    is_variance: bool = False
    variance_unit: str = ""
    draws = "noisy copies"

    @final
    def meaning(self, params: Any) -> Meaning:
        """That of the inner method, or of its square or variance."""
        meaning = self.inner.meaning(params)
        if self.is_variance:
            return meaning.squared(self.variance_unit)
        return meaning.squared() if params.squared else meaning

    @final
    def cost(self, params: Any, facts: NetworkFacts) -> Cost:
        """That of the inner method for each copy; a serial step is taken by a batch of copies at a time."""
        cost = self.inner.cost(params, facts).times(params.samples)
        if self.inner.shares_calls:
            batches = -(-params.samples // facts.best_batch)
            cost = replace(cost, serial=cost.serial // params.samples * batches)
        # A map made from gradients needs scores only for its diagnostics, which no noisy copy has.
        is_from_gradients = self.inner.meaning(params).origin is not Origin.SCORES
        return replace(cost, forwards=0) if is_from_gradients else cost

    @final
    def explain_input(
        self, network: Network, method_input: MethodInput, params: Any, run: Run
    ) -> AttributionMap:
        """The map of one input. Raises what the inner method raises."""
        x = method_input.x
        noise_generator, inner_generator = method_input.generator.spawn(2)
        deviation = params.noise * float(np.ptp(x))
        moments = Moments(np.zeros(()), np.zeros(()))
        steps = max(self.inner.cost(params, network.facts).gradients, 1)
        total = params.samples * steps
        run.progress(0, total)
        for batch in batches_of(network, params.samples):
            count = batch.stop - batch.start
            noise = noise_generator.normal(0.0, deviation, size=(count, *x.shape))
            copies = [
                MethodInput(copy, method_input.target, inner_generator, image=method_input.baseline_source)
                for copy in (x + noise).astype(np.float32)
            ]
            part = run.part(moments.count * steps, total, count * steps, same_image=False)
            maps = self.inner.run(network, copies, params, part)
            for values in map(_averaged_values, maps):
                moments = moments.with_sample(values)
            run.progress(moments.count * steps, total)
            if 2 <= moments.count < params.samples:
                run.estimate(self._map(maps[-1], moments, params), moments.count, params.samples)
        return self._map(maps[-1], moments, params)

    def _map(self, sample: AttributionMap, moments: "Moments", params: Any) -> AttributionMap:
        """The map of the moments; `sample` is that of one copy, which tells all but the values."""
        if self.is_variance:
            return _with_values(sample, moments.variance, is_signed=False)
        error = float(np.sqrt((moments.variance / moments.count).mean()))
        size = float(np.sqrt((moments.mean**2).mean()))
        diagnostics = {"standard_error": error / size} if size > 0 else {}
        values = moments.mean_square if params.squared else moments.mean
        smoothed = _with_values(sample, values, is_signed=sample.signed and not params.squared)
        return replace(smoothed, diagnostics=diagnostics)


def _averaged_values(sample: AttributionMap) -> Array:
    """(*grid, channels) before channels are put together, or (*grid) where a method has no such values."""
    return sample.values if sample.by_channel is None else sample.by_channel.values


def _with_values(sample: AttributionMap, values: Array, is_signed: bool) -> AttributionMap:
    """The map of `values`, made as `sample` was; what that says of its own values is left out."""
    by_channel = None
    if sample.by_channel is not None:
        by_channel = ChannelValues(values, sample.by_channel.rule)
        values = by_channel.reduced()
    return replace(
        sample,
        values=values.astype(np.float32),
        signed=is_signed,
        diagnostics={},
        effect=None,
        by_channel=by_channel,
    )


@dataclass(frozen=True, slots=True)
class Moments:
    """Running mean and sum of squared distances from it, of any shape.

    Source: Welford, doi 10.1080/00401706.1962.10490022.
    """

    mean: Array
    scatter: Array
    count: int = 0

    def with_sample(self, values: Array) -> "Moments":
        """The moments with one more sample, of any shape that stays the same."""
        count = self.count + 1
        distance = values - self.mean
        mean = self.mean + distance / count
        return Moments(mean, self.scatter + distance * (values - mean), count)

    @property
    def variance(self) -> Array:
        """Of the same shape as a sample; unbiased, for two samples or more."""
        return self.scatter / (self.count - 1)

    @property
    def mean_square(self) -> Array:
        """The mean of the squares, of the same shape as a sample."""
        return self.mean**2 + self.scatter / self.count
