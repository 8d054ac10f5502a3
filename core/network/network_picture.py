"""A picture of the network: an input that was changed until the network answered it more strongly."""

from dataclasses import dataclass, field

import numpy as np

from core.arrays import FloatArray
from core.errors import BadMap
from core.network.objective import Objective


@dataclass(frozen=True, slots=True)
class NetworkPicture:
    """An input (rows, columns, channels) float32 in the network's units; it shows nothing of a patient.

    objective: what was maximised. scores: of it, at the start, before each further step, and at the end;
    those between may be of a shifted, smaller or still unfinished picture. probabilities: (classes,) that
    the network gives the picture; empty while it is still computed. steps: taken so far. choices: what the
    visualisation decided by itself.
    Raises BadMap if a value or a score is not finite.
    """

    values: FloatArray
    objective: Objective
    scores: tuple[float, ...]
    probabilities: tuple[float, ...] = ()
    steps: int = 0
    choices: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not (np.isfinite(self.values).all() and np.isfinite(self.scores).all()):
            raise BadMap(
                "The picture or its score holds values that are not finite numbers.",
                "Choose a smaller step, or maximise something else.",
            )

    @property
    def score_start(self) -> float:
        """The score of the picture that the search began with."""
        return self.scores[0]

    @property
    def score_end(self) -> float:
        """The score of this picture, or while it is still computed that of the last step."""
        return self.scores[-1]
