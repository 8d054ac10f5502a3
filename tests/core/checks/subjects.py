"""Subjects for metrics: a map of an analytic network's input, made by no method."""

import numpy as np

from core.checks.contract import CheckInput
from core.methods.control.random_map import RandomMap, RandomParams
from core.network.attribution_map import AttributionMap
from core.network.run import Run
from core.network.target import LogitTarget


def subject(network, x, values, region=None):
    """The map of class 0; `values` (height, width)."""
    given = AttributionMap(np.asarray(values, np.float32), signed=True, cells=np.shape(values))
    return CheckInput(network, x, given, RandomMap(), RandomParams(), LogitTarget(0), region=region)


def found(metric, judged, seed=0, **params):
    """The metric's finding with these parameters."""
    return metric.run(judged, metric.Params(**params), Run(generator=np.random.default_rng(seed)))
