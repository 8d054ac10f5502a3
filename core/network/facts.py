"""What is known of a network without calling it."""

from dataclasses import dataclass

from core.arrays import Grid
from core.network.layer import Layer


@dataclass(frozen=True, slots=True)
class NetworkFacts:
    """What `applies` and `cost` of methods and checks need: no network and no file is opened for it.

    name: the model's, for messages. grid: sizes of the input's axes. layers: the convolutional layers in the
    order of the graph; the last is the one before pooling. background_count: the background inputs at hand.
    background_problem: the sentence that says why there are none. has_gradients: False for a black-box
    network, which gives scores only. best_batch: inputs a call. relevance_problem: the sentence that says why
    no modified backward pass is possible. nonlinearities: the names of its activation functions, such as
    `relu`. input_range: the lowest and highest value that an input can have; None where that is not limited.
    """

    name: str
    grid: Grid
    channels: int
    class_count: int
    layers: tuple[Layer, ...] = ()
    background_count: int = 0
    background_problem: str = ""
    has_gradients: bool = True
    best_batch: int = 8
    relevance_problem: str = ""
    nonlinearities: frozenset[str] = frozenset()
    input_range: tuple[float, float] | None = None

    def __post_init__(self) -> None:
        if len(self.grid) not in (2, 3):
            raise ValueError(f"a grid has 2 or 3 axes, not {len(self.grid)}")

    @property
    def input_shape(self) -> tuple[int, ...]:
        """(*grid, channels)."""
        return (*self.grid, self.channels)

    @property
    def is_volume(self) -> bool:
        """Whether the inputs are volumes."""
        return len(self.grid) == 3

    @property
    def has_background(self) -> bool:
        """Whether background inputs are at hand."""
        return self.background_count > 0
