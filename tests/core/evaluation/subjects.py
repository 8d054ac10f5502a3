"""Subjects for metrics: a map of an analytic network's input, made by no method."""

import numpy as np

from core.evaluation.metric import Subject
from core.methods.protocol import Map, Run, Target
from core.methods.random_baseline import RandomBaseline, RandomParams


def subject(network, x, values, region=None):
    """The map of class 0; `values` (height, width)."""
    given = Map(np.asarray(values, np.float32), signed=True, cells=np.shape(values))
    return Subject(network, x, given, RandomBaseline(), RandomParams(), Target(0), region=region)


def found(metric, judged, seed=0, **params):
    """The metric's finding with these parameters."""
    return metric.run(judged, metric.Params(**params), Run(generator=np.random.default_rng(seed)))
