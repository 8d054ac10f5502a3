"""A network with layers that can be randomised, whose gradient is known whatever their weights."""

import numpy as np

from core.checks.contract import CheckFacts, CheckInput, is_constant_image
from core.methods import method_named
from core.network.run import Run
from core.network.target import LogitTarget
from tests.core.methods.analytic import Analytic
from tests.core.methods.maps import map_of


class Forgetting(Analytic):
    """Score: sum of the input times the product of the layers' weights, which is its gradient."""

    def __init__(self, layers, best_batch=4):
        self.held = dict(layers)
        product = np.prod(list(self.held.values()), axis=0)
        super().__init__(
            lambda x: (x * product).sum(axis=(1, 2, 3)),
            lambda x: np.broadcast_to(product, x.shape).copy(),
            product.shape,
            best_batch=best_batch,
        )

    def weighted_layers(self):
        return tuple(self.held)[::-1]

    def randomised(self, layers, seed):
        drawn = {
            name: np.random.default_rng([seed, place]).normal(size=self.input_shape)
            for place, name in enumerate(self.held)
        }
        return Forgetting({name: drawn[name] if name in layers else w for name, w in self.held.items()})


def forgetting(shape=(24, 20, 1), names=("stem", "middle", "logits"), seed=1):
    generator = np.random.default_rng(seed)
    return Forgetting({name: generator.normal(size=shape) for name in names})


def subject_of(network, x, name="gradient", seed=7, region=None, **params):
    """The map of a method with everything that checks need."""
    chosen = method_named(name)
    checked, target = chosen.Params(**params), LogitTarget(0)
    explained = map_of(chosen, network, x, target, checked, Run(np.random.default_rng(seed)))
    facts = CheckFacts(network.facts, explained, chosen, checked, target, region, is_constant_image(x))
    return CheckInput(facts, network, x, seed)
