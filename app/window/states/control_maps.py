"""Control maps, which others must beat: computed first with the first maps of an image, for nothing."""

from collections.abc import Sequence

from app.window.states.network_facts import obstacle_of
from core.methods import METHODS
from core.methods.contract import Family, Method
from core.network.facts import NetworkFacts

CONTROL_METHODS = tuple(method for method in METHODS if method.family is Family.CONTROL)
CONTROL_MAPS = tuple(method.name for method in CONTROL_METHODS)


def with_control_maps(
    names: Sequence[str], entries: Sequence[object], facts: NetworkFacts | None
) -> list[str]:
    """The names of methods, with those of control maps where the image has no maps yet.

    entries: the maps of the image.
    """
    if entries:
        return list(names)
    return [*(method.name for method in CONTROL_METHODS if not obstacle_of(method, facts)), *names]


def in_order(names: Sequence[str]) -> list[Method]:
    """The methods of these names in the order in which they are computed: control maps wait for no other."""
    return sorted(
        (method for method in METHODS if method.name in names), key=lambda m: m.family is not Family.CONTROL
    )
