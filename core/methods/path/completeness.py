"""Maps of path methods, and how far their sum is from the rise of the score along the path."""

from core.arrays import Array
from core.network.attribution_map import AttributionMap
from core.network.channels import ChannelValues

# Below half a logit a relative error says nothing about the map; the error is then relative to this.
SMALLEST_DELTA = 0.5
# A rise of a float32 score that may be rounding alone; no error relative to it is defined.
SMALLEST_RISE = 1e-6


def completeness(attribution: Array, rise: float) -> dict[str, float]:
    """The diagnostics of a path method's attribution, of any shape: sum, rise of the score, and the error.

    completeness_error: |sum - rise| / max(|rise|, SMALLEST_DELTA).
    """
    total = float(attribution.sum())
    error = abs(total - rise) / max(abs(rise), SMALLEST_DELTA)
    return {"completeness_error": error, "sum": total, "rise": rise}


def path_map(attribution: Array, rise: float | None, choices: dict[str, str] | None = None) -> AttributionMap:
    """The map of an attribution (*grid, channels), whose channels are added up.

    rise: of the target along the path, None where it was not computed.
    """
    by_channel = ChannelValues(attribution)
    values = by_channel.reduced()
    return AttributionMap(
        values,
        signed=True,
        cells=values.shape,
        diagnostics={} if rise is None else completeness(attribution, rise),
        choices=choices or {},
        by_channel=by_channel,
    )
