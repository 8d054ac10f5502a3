"""The attribution map: the result of a method on the network's grid."""

from dataclasses import dataclass, field

import numpy as np

from core.arrays import FloatArray
from core.errors import BadMap
from core.network.channels import ChannelValues


@dataclass(frozen=True, slots=True)
class AttributionMap:
    """The result of a method: float32 values on the network's grid, so that values.ndim == len(grid).

    signed: positive values support the target, negative ones speak against it. Without a sign, values
    support it or are magnitudes, by the method; those of a control map say nothing of it.
    cells: the grid, such as (rows, columns), on which the method really computed; as many axes as `values`.
    diagnostics: figures that tell the map's worth, such as the completeness error.
    choices: what the method decided by itself, such as the layer, so that it can be repeated.
    effect: the largest change of the score that the map is made from, where its values do not tell that,
    because negative ones were cut off or they are weighted; see `core.methods.meaning`.
    caution: why the values must be read with care, in a sentence with its figures, where the method knows
    that of its own result; empty else.
    by_channel: the attribution before its channels were put together, where the method makes one.
    Raises BadMap if a value is not finite, ValueError if `cells` has other axes than `values`.
    """

    values: FloatArray
    signed: bool
    cells: tuple[int, ...]
    diagnostics: dict[str, float] = field(default_factory=dict)
    choices: dict[str, str] = field(default_factory=dict)
    effect: float | None = None
    caution: str = ""
    by_channel: ChannelValues | None = None

    def __post_init__(self) -> None:
        if len(self.cells) != self.values.ndim:
            raise ValueError(f"a map of {self.values.ndim} axes has no cells of {len(self.cells)}")
        bad_count = int(self.values.size - np.isfinite(self.values).sum())
        if bad_count:
            raise BadMap(
                f"The map holds {bad_count} values that are not finite numbers.",
                "The model's gradients overflow or vanish on this image; try another method or target.",
            )

    @property
    def has_positive_evidence(self) -> bool:
        """Whether any value is above 0."""
        return bool((self.values > 0).any())
