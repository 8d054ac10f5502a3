"""The layer of a network as methods see it."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Layer:
    """A convolutional layer: its name, its output grid, such as (rows, columns), and number of channels.

    work_behind: the share of a forward pass's multiplications that are made behind the layer. has_features:
    False for a layer that gives its input as it is, scaled, or with another margin: it shows nothing that the
    network computed.
    """

    name: str
    grid: tuple[int, ...]
    channels: int
    work_behind: float = field(default=1.0, compare=False)
    has_features: bool = field(default=True, compare=False)
