"""The highest values of a map, around which a line is drawn."""

from core.arrays import Array
from core.checks.agreement import top_count

TOP_SHARE = 0.1


def highest_mask(values: Array, ranked: Array, share: float = TOP_SHARE) -> Array:
    """(rows, columns) bool: the highest `share` of a map's values (rows, columns) that are above 0.

    Values equal to the lowest of these are all inside. ranked: (n,) the values in rising order.
    """
    lowest = ranked[ranked.size - top_count(ranked.size, share)]
    mask: Array = (values >= lowest) & (values > 0)
    return mask
