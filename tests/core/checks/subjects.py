"""Subjects for checks: a map of an analytic network's input, made by no method."""

import numpy as np

from core.checks.contract import CheckFacts, CheckInput, is_constant_image
from core.methods.control.random_map import RandomMap, RandomParams
from core.network.attribution_map import AttributionMap
from core.network.run import Run
from core.network.target import LogitTarget


def subject(network, x, values, region=None):
    """The map of class 0; `values` (height, width)."""
    attribution_map = AttributionMap(np.asarray(values, np.float32), signed=True, cells=np.shape(values))
    facts = CheckFacts(
        network.facts,
        attribution_map,
        RandomMap(),
        RandomParams(),
        LogitTarget(0),
        region,
        is_constant_image(x),
    )
    return CheckInput(facts, network, x)


def finding_of(check, check_input, seed=0, **params):
    """The check's finding with these parameters."""
    return check.run(check_input, check.Params(**params), Run(generator=np.random.default_rng(seed)))
