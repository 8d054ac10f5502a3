"""What a model says about an image."""

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
        return int(np.argmax(self.probabilities))

    @property
    def name(self) -> str:
        return self.classes[self.index]

    @property
    def probability(self) -> float:
        return self.probabilities[self.index]
