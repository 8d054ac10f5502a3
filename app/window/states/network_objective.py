"""What a picture of the network is to maximise, as a person chooses it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from core.network.layer import Layer
from core.network.objective import ObjectiveKind
from core.results.records import TargetRecord
from core.results.visualisation import ObjectiveRecord


@dataclass(frozen=True, slots=True)
class ObjectiveChoice:
    """The kind, and for each kind what was chosen last. classes, layers: those of the model of this id.

    Channel, row and column lie within the chosen layer.
    """

    kind: ObjectiveKind = "class"
    class_name: str = ""
    layer: str = ""
    channel: int = 0
    row: int = 0
    column: int = 0
    model: str = ""
    classes: tuple[str, ...] = ()
    layers: tuple[Layer, ...] = ()

    @property
    def chosen_layer(self) -> Layer | None:
        """None before the model's layers are known."""
        return next((each for each in self.layers if each.name == self.layer), None)

    @property
    def record(self) -> ObjectiveRecord:
        """For a request."""
        if self.kind == "class":
            return ObjectiveRecord(target=TargetRecord(class_name=self.class_name))
        return ObjectiveRecord(
            layer=self.layer,
            channel=None if self.kind == "layer" else self.channel,
            row=self.row if self.kind == "unit" else None,
            column=self.column if self.kind == "unit" else None,
        )

    def changed(self, **changes: Any) -> "ObjectiveChoice":
        """With other values, kept within the layer."""
        other = replace(self, **changes)
        layer = other.chosen_layer
        if layer is None:
            return other
        rows, columns = layer.grid[:2]
        return replace(
            other,
            channel=min(other.channel, layer.channels - 1),
            row=min(other.row, rows - 1),
            column=min(other.column, columns - 1),
        )

    def for_kinds(self, kinds: Sequence[ObjectiveKind]) -> "ObjectiveChoice":
        """Of one of these kinds: the same if it is one, else the first."""
        return self if self.kind in kinds else replace(self, kind=kinds[0])

    def for_network(
        self, model: str, classes: tuple[str, ...], layers: tuple[Layer, ...] | None
    ) -> "ObjectiveChoice":
        """For a network of this id; what it has too stays chosen.

        layers: None while they are not known; those that were are kept for the same network.
        """
        if layers is None:
            layers = self.layers if model == self.model else ()
        names = [layer.name for layer in layers]
        return replace(
            self,
            model=model,
            classes=classes,
            layers=layers,
            class_name=self.class_name if self.class_name in classes else next(iter(classes), ""),
            layer=self.layer if self.layer in names else _first_choice(layers),
        ).changed()


def _first_choice(layers: Sequence[Layer]) -> str:
    """A layer in the middle of the network, whose channels answer to textures and parts of shapes."""
    wide = [layer for layer in layers if layer.grid != (1, 1)]
    return wide[len(wide) // 2].name if wide else ""
