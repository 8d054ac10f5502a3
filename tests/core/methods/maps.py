"""The map of a single input, as most tests want it."""

import numpy as np

from core.methods.contract import Method
from core.network.attribution_map import AttributionMap
from core.network.method_input import MethodInput
from core.network.network import Network
from core.network.parameters import Parameters
from core.network.run import Run
from core.network.target import Target


def map_of(
    method: Method,
    network: Network,
    x: np.ndarray,
    target: Target,
    params: Parameters,
    run: Run | None = None,
) -> AttributionMap:
    """The map of one input (*grid, channels); the method draws from the run's generator."""
    run = run or Run()
    (attribution_map,) = method.run(network, [MethodInput(x, target, run.generator)], params, run)
    return attribution_map
