"""Ridge classifiers for probes: what can be told linearly from a few numbers an image."""

from dataclasses import dataclass

import numpy as np

from core.arrays import Array


@dataclass(frozen=True, slots=True)
class Ridge:
    """One linear score a class on standardised features; the largest names the class."""

    mean: Array
    scale: Array
    weights: Array
    offset: Array

    def name(self, features: Array) -> Array:
        """Class indices (n,) of features (n, k)."""
        scores = (features - self.mean) / self.scale @ self.weights + self.offset
        return scores.argmax(axis=1)


def ridge(features: Array, labels: Array, classes: int, strength: float) -> Ridge:
    """Least squares onto one-hot labels with a penalty, every class weighing as much as another.

    features: (n, k); strength: the penalty in units of the standardised features' variance.
    """
    features = features.astype(np.float64)
    mean, scale = features.mean(axis=0), features.std(axis=0)
    scale = np.where(scale > 1e-9, scale, 1.0)
    standard = (features - mean) / scale
    counts = np.bincount(labels, minlength=classes)
    share = (1 / np.maximum(counts, 1))[labels] / max((counts > 0).sum(), 1)
    wanted = np.eye(classes)[labels]
    # Centred with the weights, so that the offset is not penalised.
    middle, level = share @ standard, share @ wanted
    centred = standard - middle
    gram = (centred * share[:, None]).T @ centred
    weights = np.linalg.solve(
        gram + strength * np.eye(len(gram)), (centred * share[:, None]).T @ (wanted - level)
    )
    return Ridge(mean, scale, weights, level - middle @ weights)
