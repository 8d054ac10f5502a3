"""What a picture of the network is to maximise: the score of a class, or a number made from one layer."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np

from core.arrays import Array
from core.errors import BadParameter
from core.network.layer import Layer
from core.network.target import Target

LayerPart = Literal["layer", "channel", "unit"]
ObjectiveKind = Literal["class", "layer", "channel", "unit"]


@dataclass(frozen=True, slots=True)
class LayerObjective:
    """A number made from the output of one layer, whose grid is (rows, columns).

    Without a channel half the sum of the squares of all that the layer gives, with one the mean of the
    channel over its grid, and with a position (row, column) too the channel's value there: one unit.
    Raises ValueError for a position without a channel.
    """

    layer: str
    channel: int | None = None
    position: tuple[int, int] | None = None

    def __post_init__(self) -> None:
        if self.position is not None and self.channel is None:
            raise ValueError("a unit is a position of a channel")

    @property
    def part(self) -> LayerPart:
        """What of the layer is maximised."""
        if self.channel is None:
            return "layer"
        return "channel" if self.position is None else "unit"

    @property
    def place(self) -> tuple[int, int, int]:
        """Channel, row and column; 0 where the part has none."""
        return (self.channel or 0, *(self.position or (0, 0)))

    def score(self, output: Array) -> Array:
        """(n,) the number for each output (n, rows, columns, channels) of the layer."""
        channel, row, column = self.place
        match self.part:
            case "layer":
                score = 0.5 * np.square(output).sum(axis=(1, 2, 3))
            case "channel":
                score = output[..., channel].mean(axis=(1, 2))
            case "unit":
                score = output[:, row, column, channel]
        return score

    def require_in(self, layer: Layer) -> None:
        """Raises BadParameter unless the layer has this channel and position."""
        if self.channel is not None and not 0 <= self.channel < layer.channels:
            raise BadParameter(
                f"The layer {layer.name!r} has no channel {self.channel}.",
                f"It has {layer.channels}, counted from 0.",
            )
        sizes = zip(self.position or (), layer.grid, strict=False)
        if not all(0 <= at < size for at, size in sizes):
            rows, columns = layer.grid[:2]
            raise BadParameter(
                f"The layer {layer.name!r} has no position {self.position}.",
                f"Its grid has {rows} rows and {columns} columns, counted from 0.",
            )


Objective: TypeAlias = Target | LayerObjective


def kind_of(objective: Objective) -> ObjectiveKind:
    """Whether it is the score of a class or a part of a layer."""
    return objective.part if isinstance(objective, LayerObjective) else "class"
