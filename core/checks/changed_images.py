"""The finding of checks that compare a map with the maps of changed images or seeds."""

from collections.abc import Mapping, Sequence

import numpy as np

from core.checks.contract import Check, Finding
from core.checks.likeness import mean_of
from core.checks.verdict import Thresholds
from core.errors import NotApplicable
from core.network.parameters import Parameters
from core.number_text import fixed

# From the first bound on two maps can be read as the same, details included; below the second most of the
# order of their pixels differs.
SAME_MAP = Thresholds("mean rank correlation", yes=0.9, no=0.6)


def finding_of(
    check: Check,
    circumstance: str,
    rows: Sequence[Mapping[str, float]],
    labels: Sequence[Mapping[str, str]],
    params: Parameters,
) -> Finding:
    """The mean likeness over the changed images, one row of figures for each.

    circumstance: the beginning of the sentence, such as 'With noise'. A row without figures is of a map
    that is constant: it is counted, not averaged. The answer follows from the mean rank correlation by the
    check's thresholds. Raises NotApplicable if all maps are constant.
    """
    correlations = [row["spearman"] for row in rows if "spearman" in row]
    if not correlations:
        raise NotApplicable(
            f"{circumstance} every map is the same everywhere, so that there is nothing to compare.",
            "Choose a smaller change, or another method.",
        )
    mean, empty = float(np.mean(correlations)), len(rows) - len(correlations)
    means = {name: value for name in ("spearman_abs", "ssim") if (value := mean_of(rows, name)) is not None}
    empty_maps = f"; {empty} of {len(rows)} maps are constant" if empty else ""
    return check.finding(
        values={"spearman": mean, "lowest": min(correlations), **means, "empty_maps": float(empty)},
        answer=check.thresholds.answer(mean),
        sentence=f"{circumstance}, the map's ranks agree by {fixed(mean)} (mean of {len(correlations)}, "
        f"lowest {fixed(min(correlations))}{empty_maps}).",
        params=params,
        steps=tuple({**label, **row} for label, row in zip(labels, rows, strict=True)),
    )
