"""Embedding in two dimensions: the images of a bundle's report, and where another one lies among them.

t-SNE: van der Maaten and Hinton 2008; placing: Policar, Strazar and Zupan 2024 (openTSNE),
doi:10.18637/jss.v109.i03.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np

from core.arrays import Array
from core.errors import DamagedBundle, NotApplicable
from core.models.bundle import HINT
from core.network.network import Network

EMBEDDING_NAME = "embedding.npz"
PERPLEXITY = 30
# That of placing: a new point has its place by its nearest few, as openTSNE advises.
PLACING_PERPLEXITY = 5.0


@dataclass(frozen=True, slots=True)
class Embedding:
    """The inputs of the network's last layer for n images, reduced to c principal components.

    mean: (k,), axes: (c, k), scores: (n, c), largest variance first. coordinates: (n, 2), their t-SNE.
    """

    mean: Array
    axes: Array
    scores: Array
    coordinates: Array

    def by_pca(self, features: Array) -> Array:
        """Where rows (m, k) lie by the first two components: (m, 2), in units of `in_units`."""
        return in_units((features - self.mean) @ self.axes[:2].T, self.scores[:, :2])

    def by_tsne(self, features: Array, seed: int = 0) -> Array:
        """Where rows (m, k) lie in the t-SNE, whose points stay: (m, 2), in units of `in_units`."""
        from openTSNE import TSNEEmbedding
        from openTSNE.affinity import PerplexityBasedNN

        settings: dict[str, Any] = {"random_state": seed, "n_jobs": 1}
        perplexity = usual_perplexity(len(self.scores))
        affinities = PerplexityBasedNN(self.scores, perplexity=perplexity, method="exact", **settings)
        # A copy, because openTSNE moves its points to around 0 when it places others.
        points = TSNEEmbedding(self.coordinates.copy(), affinities, negative_gradient_method="bh", **settings)
        new = (features - self.mean) @ self.axes.T
        placed = points.transform(new, perplexity=min(PLACING_PERPLEXITY, perplexity))
        return in_units(np.asarray(placed, np.float64), np.asarray(points, np.float64))


def read_embedding(folder: Path) -> Embedding:
    """That of the bundle in `folder`. Raises NotApplicable where it has none, and DamagedBundle."""
    path = folder / EMBEDDING_NAME
    if not path.is_file():
        raise NotApplicable(
            f"{folder.name} has no images to place this one among.",
            "Make its report with `saliscope report`.",
        )
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as stored:
            names = ("mean", "axes", "scores", "coordinates")
            mean, axes, scores, coordinates = (stored[name].astype(np.float64) for name in names)
    except (OSError, EOFError, ValueError, KeyError, TypeError, BadZipFile, MemoryError) as error:
        raise DamagedBundle(
            f"The embedding of {folder.name} cannot be read: {type(error).__name__}.", HINT
        ) from None
    shapes = (mean.shape, scores.shape, coordinates.shape)
    if axes.ndim != 2 or shapes != (axes.shape[1:], (len(scores), len(axes)), (len(scores), 2)):
        raise DamagedBundle(f"The embedding of {folder.name} is not whole.", HINT)
    return Embedding(mean, axes, scores, coordinates)


def place(network: Network, folder: Path, x: Array) -> dict[str, tuple[float, float]]:
    """Where an input (height, width, channels) lies among the images of the report, by the scatter's name.

    From 0 to 1 as in `core.models.metrics.Scatter`, and beyond for an input that is unlike all of them.
    Raises NotApplicable or DamagedBundle.
    """
    embedding, row = read_embedding(folder), features(network, x)
    if row.shape != embedding.mean.shape:
        raise DamagedBundle(f"The embedding of {folder.name} is of another network.", HINT)
    rows = row[None]
    points = {"embedding_pca": embedding.by_pca(rows)[0], "embedding_tsne": embedding.by_tsne(rows)[0]}
    return {name: (float(point[0]), float(point[1])) for name, point in points.items()}


def features(network: Network, x: Array) -> Array:
    """The input of the network's last layer for an input x (*grid, channels): (k,), means before pooling.

    Raises NotApplicable if the network has no convolutional layer.
    """
    layers = network.facts.layers
    if not layers:
        raise NotApplicable("A network without convolutions has no embedding here.", "Choose another model.")
    grid = network.activations(x[None], layers[-1].name)[0]
    return np.asarray(grid.mean(axis=tuple(range(grid.ndim - 1)), dtype=np.float64))


def in_units(points: Array, among: Array) -> Array:
    """Points (m, 2) in units in which those `among` (n, 2) reach from 0 to 1 on the wider of the two axes."""
    low = among.min(axis=0)
    return (points - low) / max(float((among.max(axis=0) - low).max()), 1e-9)


def usual_perplexity(points: int) -> float:
    """The usual perplexity, less for few points."""
    return min(float(PERPLEXITY), (points - 1) / 3)
