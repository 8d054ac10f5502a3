"""The most that a process holds while one kind of pass runs on inputs of 512 x 512.

python -m tests.core.models.backward.peak_memory ARCHITECTURE gradients|lrp|deep_lift
"""

import resource
import sys

import numpy as np

from core.methods import method_named
from core.methods.relevance.differences import RESCALE
from core.models.architectures import ARCHITECTURES
from core.models.graphs import CPU_BATCH
from core.models.handle import ModelHandle
from core.models.preprocessing import Preprocessing
from core.network.target import LogitTarget
from tests.cards import make_card

SIDE = 512


def main() -> None:
    """Print the peak, resident, in GB, after a call with as many inputs as a batch has at most."""
    name, call = sys.argv[1:]
    preprocessing = Preprocessing(height=SIDE, width=SIDE)
    card = make_card(architecture=name, preprocessing=preprocessing)
    handle = ModelHandle(card, ARCHITECTURES[name](preprocessing.shape, len(card.classes)))
    x = np.random.default_rng(5).random((CPU_BATCH, *handle.input_shape), dtype=np.float32)
    target, lrp = LogitTarget(1), method_named("lrp")
    if call == "gradients":
        handle.gradients(x, target)
    elif call == "lrp":
        handle.relevance(x[:3], target, lrp.composite(lrp.Params(), handle.facts))
    else:
        handle.relevance(x[:2], target, RESCALE, None, x[2:4])
    unit = 1 if sys.platform == "darwin" else 1024
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e9)


if __name__ == "__main__":
    main()
