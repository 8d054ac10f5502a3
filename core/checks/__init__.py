"""Checks of a single map. To add one: its file, its line in CHECKS, its help page, its test."""

from core.checks.aopc import Aopc
from core.checks.auprc import Auprc
from core.checks.contract import Check
from core.checks.deletion import Deletion
from core.checks.energy_inside import EnergyInside
from core.checks.figures import CheckFigure
from core.checks.infidelity import Infidelity
from core.checks.insertion import Insertion
from core.checks.iou import Iou
from core.checks.max_sensitivity import MaxSensitivity
from core.checks.noise_robustness import NoiseRobustness
from core.checks.pointing_game import PointingGame
from core.checks.randomisation_cascading import CascadingRandomisation
from core.checks.randomisation_independent import IndependentRandomisation
from core.checks.repeatability import Repeatability
from core.checks.road import Road
from core.checks.shift_robustness import ShiftRobustness
from core.errors import UsageError, nearest_hint

CHECKS: tuple[Check, ...] = (  # the order in the window
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


def check_named(name: str) -> Check:
    """The check of this name. Raises UsageError, with the nearest name as a hint."""
    for check in CHECKS:
        if check.name == name:
            return check
    raise UsageError(f"There is no check {name!r}.", nearest_hint(name, [check.name for check in CHECKS]))


def figure_of(check: str, name: str) -> CheckFigure:
    """A figure of a finding of this check; also where this version has no such check or figure."""
    for each in CHECKS:
        if each.name == check:
            return each.figure(name)
    return CheckFigure(name, name.replace("_", " "))
