"""Networks that depend on one region only, so that the quality of a map of them is known."""

import numpy as np

from tests.core.methods.analytic import Analytic

SIDE = 28  # cells are 2 x 2 pixels then
CLASS = 0


def picture(seed=0, side=SIDE):
    """(side, side, 1) float32 of whole 8-bit levels."""
    levels = np.random.default_rng(seed).integers(0, 256, (side, side, 1))
    return (levels / 255).astype(np.float32)


def region(side=SIDE, size=6, at=8):
    """(side, side) bool, a square."""
    mask = np.zeros((side, side), dtype=bool)
    mask[at : at + size, at : at + size] = True
    return mask


class Counted(Analytic):
    """An analytic network that records the size of every batch."""

    def probabilities(self, inputs, run=None):
        self.gradient_calls.append(len(inputs))
        return super().probabilities(inputs, run)


def recognising(original, mask, needed=0.5, gain=20.0, best_batch=8):
    """Class 0 comes when more than `needed` of the mask's pixels are those of the original."""

    def score(inputs):
        same = np.abs(inputs - original).max(axis=-1) < 1e-4
        return gain * (same[:, mask].mean(axis=1) - needed)

    return Counted(score, np.zeros_like, original.shape, best_batch=best_batch)


def brightness(mask, threshold, gain, shape):
    """Class 0 where the mean intensity inside the mask is above the threshold."""

    def score(inputs):
        return gain * (inputs[:, mask].mean(axis=(1, 2)) - threshold)

    return Counted(score, np.zeros_like, shape, best_batch=8)


def constantly(probability_of_class_0, shape):
    """Predicts the same for every picture."""
    odds = np.log(probability_of_class_0 / (1 - probability_of_class_0)) / 2
    return Counted(lambda inputs: np.full(len(inputs), odds), np.zeros_like, shape, best_batch=8)
