"""DeepLIFT's attribution of one input against many baselines."""

import numpy as np

from core.arrays import Array
from core.methods.batches import batches_of
from core.methods.path.completeness import path_map
from core.network.composite import modified_gradient
from core.network.method_input import MethodInput
from core.network.network import Network
from core.network.run import Run

RESCALE = modified_gradient("rescale")


def mean_differences(
    network: Network, method_input: MethodInput, baselines: Array, run: Run
) -> tuple[Array, float]:
    """(*grid, channels) float64 the mean attribution over baselines (n, *grid, channels), and the mean rise.

    While it fills, the mean of the first baselines is reported to `run` as an estimate.
    """
    x, count = method_input.x, len(baselines)
    total, rise = np.zeros(x.shape), 0.0
    run.progress(0, count)
    for part in batches_of(network, count):
        starts = baselines[part]
        inputs = np.repeat(x[None], len(starts), axis=0)
        values, attributions = network.relevance(inputs, method_input.target, RESCALE, run, starts)
        total += attributions.sum(axis=0, dtype=np.float64)
        rise += float(values.sum(dtype=np.float64))
        run.progress(part.stop, count)
        if part.stop < count:
            run.estimate(path_map(total / part.stop, rise / part.stop), part.stop, count)
    return total / count, rise / count
