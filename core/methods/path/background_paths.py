"""Attributions from random points between an image and background images."""

from dataclasses import dataclass

import numpy as np

from core.arrays import Array
from core.methods.batches import batches_of
from core.methods.path.completeness import path_map
from core.network.attribution_map import AttributionMap
from core.network.method_input import MethodInput
from core.network.network import Network
from core.network.run import Run


@dataclass(frozen=True, slots=True)
class PathDraws:
    """Random points. backgrounds: (n,) numbers of background images. places: (n,) on their paths, 0 to 1."""

    backgrounds: Array
    places: Array


def map_of_draws(
    network: Network, method_input: MethodInput, draws: PathDraws, run: Run, noise: float = 0.0
) -> AttributionMap:
    """The mean over points of (x - b) times the gradient at b + a (x - b), with background b and place a.

    noise: standard deviation of noise that is added to the image at each point, in percent of its range.
    Raises NotApplicable without background images.
    """
    x, target = method_input.x, method_input.target
    background, count = network.background(), len(draws.places)
    scores = network.values(np.concatenate([x[None], background]), target, run)
    rise = float(scores[0]) - float(scores[1:].mean())
    deviation = noise / 100 * float(np.ptp(x))
    places = draws.places.reshape(-1, *[1] * x.ndim).astype(x.dtype)
    total = np.zeros(x.shape)
    run.progress(0, count)
    for part in batches_of(network, count):
        starts = background[draws.backgrounds[part]]
        distance = x - starts
        if deviation > 0:
            distance += method_input.generator.normal(0, deviation, distance.shape).astype(x.dtype)
        gradients = network.gradients(starts + places[part] * distance, target, run)[1]
        total += (distance * gradients.astype(np.float64)).sum(axis=0)
        run.progress(part.stop, count)
        if part.stop < count:
            run.estimate(path_map(total / part.stop, rise), part.stop, count)
    return path_map(total / count, rise, {"background_images": str(len(background))})
