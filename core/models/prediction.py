"""The prediction of a model for one image."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True)
class Prediction:
    """Logits and probabilities in the order of `classes`; `calibrated` if the card has a temperature."""

    classes: tuple[str, ...]
    logits: tuple[float, ...]
    probabilities: tuple[float, ...]
    calibrated: bool

    @property
    def index(self) -> int:
        """The predicted class, as an index of `classes`."""
        return int(np.argmax(self.probabilities))

    @property
    def name(self) -> str:
        """The name of the predicted class."""
        return self.classes[self.index]

    @property
    def probability(self) -> float:
        """That of the predicted class."""
        return self.probabilities[self.index]
