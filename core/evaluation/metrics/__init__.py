"""The metrics of a single map. To add one: its file, its line in METRICS, its help page, its test."""

from core.errors import UsageError, nearest_hint
from core.evaluation.metric import Metric
from core.evaluation.metrics.aopc import Aopc
from core.evaluation.metrics.auprc import Auprc
from core.evaluation.metrics.deletion import Deletion
from core.evaluation.metrics.energy_inside import EnergyInside
from core.evaluation.metrics.infidelity import Infidelity
from core.evaluation.metrics.insertion import Insertion
from core.evaluation.metrics.iou import Iou
from core.evaluation.metrics.max_sensitivity import MaxSensitivity
from core.evaluation.metrics.noise_robustness import NoiseRobustness
from core.evaluation.metrics.pointing_game import PointingGame
from core.evaluation.metrics.randomisation_cascading import CascadingRandomisation
from core.evaluation.metrics.randomisation_independent import IndependentRandomisation
from core.evaluation.metrics.repeatability import Repeatability
from core.evaluation.metrics.road import Road
from core.evaluation.metrics.shift_robustness import ShiftRobustness

METRICS: tuple[Metric, ...] = (  # the order in the window
    Insertion(),
    Deletion(),
    Aopc(),
    Road(),
    Infidelity(),
    CascadingRandomisation(),
    IndependentRandomisation(),
    Repeatability(),
    MaxSensitivity(),
    NoiseRobustness(),
    ShiftRobustness(),
    PointingGame(),
    EnergyInside(),
    Iou(),
    Auprc(),
)


def metric(name: str) -> Metric:
    """The metric of this name. Raises UsageError, with the nearest name as a hint."""
    for found in METRICS:
        if found.name == name:
            return found
    raise UsageError(f"There is no metric {name!r}.", nearest_hint(name, [known.name for known in METRICS]))
