"""The layer of a network as methods see it."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Layer:
    """A convolutional layer: its name, its output grid, such as (rows, columns), and number of channels.

    work_behind: the share of a forward pass's multiplications that are made behind the layer. is_padding: it
    only adds or removes a margin, so that its grid is no step of the network's own.
    """

    name: str
    grid: tuple[int, ...]
    channels: int
    work_behind: float = field(default=1.0, compare=False)
    is_padding: bool = field(default=False, compare=False)
