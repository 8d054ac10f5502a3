"""Makes PAIR saliency 0.2.1 run on numpy 2.4 and later, for the oracle tests only.

Two names are all that it misses: `np.trapz` is gone, and `np.quantile` no longer takes
`interpolation`. WORKAROUND: remove once PAIR-code/saliency releases a version without them.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch

import numpy as np


@contextmanager
def old_numpy_names() -> Iterator[None]:
    """numpy with both names, until the block ends."""
    quantile = np.quantile

    def quantile_with_old_names(*arguments, **options):
        if "interpolation" in options:
            options["method"] = options.pop("interpolation")
        return quantile(*arguments, **options)

    with (
        patch.object(np, "trapz", np.trapezoid, create=True),
        patch.object(np, "quantile", quantile_with_old_names),
    ):
        yield
