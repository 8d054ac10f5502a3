"""Ridge classifiers for probes: what a linear classifier can tell from a few features of an image."""

from dataclasses import dataclass

import numpy as np

from core.arrays import Array


@dataclass(frozen=True, slots=True)
class Ridge:
    """One linear score for each class on standardised features; the largest is the prediction.

    mean, scale: (k,); weights: (k, classes); offset: (classes,).
    """

    mean: Array
    scale: Array
    weights: Array
    offset: Array

    def predict(self, features: Array) -> Array:
        """Class indices (n,) of features (n, k)."""
        scores = (features - self.mean) / self.scale @ self.weights + self.offset
        return scores.argmax(axis=1)


def ridge(features: Array, labels: Array, classes: int, strength: float) -> Ridge:
    """Least squares onto one-hot labels with a penalty, with equal weights of the classes.

    features: (n, k); labels: (n,); strength: the penalty in units of the standardised features' variance.
    """
    features = features.astype(np.float64)
    mean, scale = features.mean(axis=0), features.std(axis=0)
    scale = np.where(scale > 1e-9, scale, 1.0)
    standard = (features - mean) / scale
    counts = np.bincount(labels, minlength=classes)
    share = (1 / np.maximum(counts, 1))[labels] / max((counts > 0).sum(), 1)
    targets = np.eye(classes)[labels]
    # Centred with the weights, so that the offset is not penalised.
    middle, level = share @ standard, share @ targets
    centred = standard - middle
    gram = (centred * share[:, None]).T @ centred
    weights = np.linalg.solve(
        gram + strength * np.eye(len(gram)), (centred * share[:, None]).T @ (targets - level)
    )
    return Ridge(mean, scale, weights, level - middle @ weights)
