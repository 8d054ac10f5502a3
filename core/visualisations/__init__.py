"""Pictures of what a network looks for. To add one: its file, its line in the list, its page, its test."""

from core.errors import UsageError, nearest_hint
from core.visualisations.activation_maximisation import ActivationMaximisation
from core.visualisations.contract import Visualisation
from core.visualisations.deep_dream import DeepDream

VISUALISATIONS: tuple[Visualisation, ...] = (ActivationMaximisation(), DeepDream())  # the order in the window


def visualisation_named(name: str) -> Visualisation:
    """The visualisation of this name. Raises UsageError, with the nearest name as a hint."""
    for visualisation in VISUALISATIONS:
        if visualisation.name == name:
            return visualisation
    names = [visualisation.name for visualisation in VISUALISATIONS]
    raise UsageError(f"There is no visualisation {name!r}.", nearest_hint(name, names))
