"""The layer of a network as methods see it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Layer:
    """A convolutional layer: its name, its output grid, such as (rows, columns), and number of channels."""

    name: str
    grid: tuple[int, ...]
    channels: int
