"""The metrics of a single map. To add one: its file, its line in METRICS, its help page, its test."""

from core.errors import UsageError, nearest_hint
from core.evaluation.metric import Metric

METRICS: tuple[Metric, ...] = ()  # the order in the window


def metric(name: str) -> Metric:
    """The metric of this name. Raises UsageError, with the nearest name as a hint."""
    for found in METRICS:
        if found.name == name:
            return found
    raise UsageError(f"There is no metric {name!r}.", nearest_hint(name, [known.name for known in METRICS]))
