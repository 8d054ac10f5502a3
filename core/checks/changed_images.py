"""What the maps of slightly changed images say of a map: the finding that several metrics share."""

from collections.abc import Mapping, Sequence

import numpy as np

from core.checks.contract import Finding
from core.checks.likeness import mean_of
from core.errors import NotApplicable
from core.network.parameters import Parameters


def finding_of(
    metric: str,
    what: str,
    rows: Sequence[Mapping[str, float]],
    labels: Sequence[Mapping[str, str]],
    params: Parameters,
) -> Finding:
    """The mean likeness over the changed images, one row of figures each; `what` begins the sentence.

    A row without figures is of a map that came out the same everywhere: it is counted, not averaged.
    Raises NotApplicable if all are.
    """
    reached = [row["spearman"] for row in rows if "spearman" in row]
    if not reached:
        raise NotApplicable(
            f"{what} every map is the same everywhere, so that there is nothing to compare.",
            "Choose a smaller change, or another method.",
        )
    mean, empty = float(np.mean(reached)), len(rows) - len(reached)
    others = {name: found for name in ("spearman_abs", "ssim") if (found := mean_of(rows, name)) is not None}
    aside = f"; {empty} of {len(rows)} maps came out empty" if empty else ""
    return Finding(
        metric=metric,
        values={"spearman": mean, "lowest": min(reached), **others, "empty_maps": float(empty)},
        sentence=f"{what}, the map's ranks agree by {mean:.2f} (mean of {len(reached)}, lowest "
        f"{min(reached):.2f}{aside}).",
        parameters=params.model_dump(mode="json"),
        steps=tuple({**label, **row} for label, row in zip(labels, rows, strict=True)),
    )
