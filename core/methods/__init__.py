"""The explanation methods. To add one: its file, its line in METHODS, its help page, its test."""

from core.errors import UnknownMethod
from core.methods.edge_baseline import EdgeBaseline
from core.methods.grad_cam import GradCam
from core.methods.gradient import Gradient
from core.methods.integrated_gradients import IntegratedGradients
from core.methods.protocol import Method
from core.methods.random_baseline import RandomBaseline

METHODS: tuple[Method, ...] = (  # the order in the window
    Gradient(),
    IntegratedGradients(),
    GradCam(),
    RandomBaseline(),
    EdgeBaseline(),
)


def method(name: str) -> Method:
    """The method of this name. Raises UnknownMethod, with the nearest name as a hint."""
    for found in METHODS:
        if found.name == name:
            return found
    raise UnknownMethod(name, [known.name for known in METHODS])
