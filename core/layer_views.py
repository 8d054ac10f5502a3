"""What the layers of a network give for an image: Grad-CAM from fine to coarse, and single units."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from core.arrays import Array
from core.engine import forget_other_images, predicted_target
from core.errors import BadParameter
from core.methods import method_named
from core.methods.activation.layer_pass import LayerPass, chosen_layer, layer_pass_of
from core.methods.activation.layer_strip import LayerMap, grad_cam_strip, last_layers_of_grids
from core.methods.activation.unit_activation import unit_contributions
from core.methods.activation.unit_ranking import FIRST_UNITS, UnitRanking
from core.models.preprocessing import Subject
from core.network.method_input import MethodInput
from core.network.run import Run
from core.network.target import Target

if TYPE_CHECKING:
    from core.models.handle import ModelHandle

STRIP_METHOD, UNIT_METHOD = "grad_cam", "unit_activation"


@dataclass(frozen=True, slots=True, eq=False)
class LayerUnits:
    """All units of a layer by contribution, and the activations of some of them.

    units: the numbers of those. maps: (units, rows, columns) float32 of them, on the layer's own grid.
    """

    ranking: UnitRanking
    units: tuple[int, ...]
    maps: Array


def layers(
    model: "ModelHandle",
    subject: Subject,
    target: Target | None = None,
    names: Sequence[str] = (),
    run: Run | None = None,
) -> list[LayerMap]:
    """Grad-CAM of the last layer of each size of grid, from fine to coarse, each on its own grid.

    How information flows to the decision (Zeineldin et al. 2022, doi 10.1007/s11548-022-02619-x).
    target: the predicted class's logit by default. names: of the layers to take in place of those. What
    methods of the same `run` have in common is computed once. Raises BadParameter for an unknown layer,
    NotApplicable for a network without layers of two axes, BadMap, ResourceError, Cancelled.
    """
    run = run or Run()
    method_input = _method_input(STRIP_METHOD, model, subject, target, run)
    known = model.facts.layers
    chosen = [chosen_layer(STRIP_METHOD, known, name) for name in names] or last_layers_of_grids(known)
    return grad_cam_strip(STRIP_METHOD, model, method_input, chosen, run)


def units(
    model: "ModelHandle",
    subject: Subject,
    layer: str = "",
    target: Target | None = None,
    count: int = FIRST_UNITS,
    numbers: Sequence[int] = (),
    run: Run | None = None,
) -> LayerUnits:
    """The contribution of every unit of a layer, and the activations of some, on the layer's own grid.

    layer: by name; empty: the last one. target: as in `layers`. numbers: of the units whose activations are
    given; none: the `count` that contribute most.
    Raises BadParameter for an unknown layer or unit, and what `layers` raises.
    """
    run = run or Run()
    method_input = _method_input(UNIT_METHOD, model, subject, target, run)
    run.progress(0, 1)
    layer_pass = layer_pass_of(UNIT_METHOD, model, method_input, layer, run)
    run.progress(1, 1)
    ranking = UnitRanking(layer_pass.layer, unit_contributions(layer_pass))
    chosen = tuple(numbers) or ranking.order[:count]
    _require_units(layer_pass, chosen)
    maps = np.moveaxis(layer_pass.activations[..., list(chosen)], -1, 0).astype(np.float32)
    return LayerUnits(ranking, chosen, maps)


def _method_input(
    method: str, model: "ModelHandle", subject: Subject, target: Target | None, run: Run
) -> MethodInput:
    method_named(method).applies(model.facts)
    forget_other_images(run, model, subject)
    chosen = target or predicted_target(model, subject, run)
    return MethodInput(subject.x, chosen)


def _require_units(layer_pass: LayerPass, numbers: Sequence[int]) -> None:
    channels = layer_pass.layer.channels
    unknown = [number for number in numbers if not 0 <= number < channels]
    if unknown:
        raise BadParameter(
            f"units: the layer {layer_pass.layer.name!r} has the units 0 to {channels - 1}, "
            f"not {unknown[0]}.",
            "Choose one of them.",
        )
