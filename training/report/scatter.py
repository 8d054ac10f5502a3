"""Images as points in two dimensions, by PCA and t-SNE.

t-SNE: van der Maaten and Hinton 2008, by openTSNE (Policar, Strazar and Zupan 2024),
doi:10.18637/jss.v109.i03. `core.models.embedding` places a new image.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from core.arrays import Array
from core.models.embedding import EMBEDDING_NAME, usual_perplexity
from core.output import written
from training.report.network_outputs import NetworkOutputs

COMPONENTS = 50


@dataclass(frozen=True, slots=True)
class Projection:
    """Principal components: mean (k,), axes (c, k), and the rows' scores (n, c), largest variance first."""

    mean: Array
    axes: Array
    scores: Array


@dataclass(frozen=True, slots=True)
class Landscape:
    """The points' coordinates (n, 2) by view, and the projection of the embedding's t-SNE."""

    coordinates: dict[str, Array]
    embedding: Projection


def landscape(train: NetworkOutputs, test: NetworkOutputs, seed: int) -> Landscape:
    """Test images, then those of train, by their pixels and by the input of the network's last layer."""
    pixels = np.concatenate([test.pixels, train.pixels])
    features = np.concatenate([test.features, train.features])
    by_pixels = projection(pixels.reshape(len(pixels), -1))
    by_features = projection(features)
    coordinates = {
        "pixels_pca": by_pixels.scores[:, :2],
        "pixels_tsne": tsne(by_pixels.scores, seed),
        "embedding_pca": by_features.scores[:, :2],
        "embedding_tsne": tsne(by_features.scores, seed),
    }
    return Landscape(coordinates, by_features)


def projection(rows: Array, components: int = COMPONENTS) -> Projection:
    """Principal components of rows (n, k); the largest entry of each axis is positive."""
    rows = rows.astype(np.float64)
    mean = rows.mean(axis=0)
    _, _, axes = np.linalg.svd(rows - mean, full_matrices=False)
    axes = axes[: min(components, len(rows) - 1)]
    largest = axes[np.arange(len(axes)), np.abs(axes).argmax(axis=1)]
    axes = axes * np.sign(largest)[:, None]
    return Projection(mean, axes, (rows - mean) @ axes.T)


def tsne(scores: Array, seed: int) -> Array:
    """(n, 2) of principal components (n, c); the same for the same seed."""
    from openTSNE import TSNE

    embedded = TSNE(
        perplexity=usual_perplexity(len(scores)),
        neighbors="exact",
        negative_gradient_method="bh",
        random_state=seed,
        n_jobs=1,
    ).fit(scores)
    return np.asarray(embedded, np.float64)


def write_embedding(folder: Path, points: Landscape, rows: Sequence[str]) -> None:
    """Write what is needed to place a new image, in half precision where that is exact enough.

    rows: the ids of the points. Raises DiskFull.
    """
    with written(folder / EMBEDDING_NAME) as file:
        np.savez_compressed(
            file,
            ids=np.array(rows),
            mean=points.embedding.mean.astype(np.float32),
            axes=points.embedding.axes.astype(np.float16),
            scores=points.embedding.scores.astype(np.float16),
            coordinates=points.coordinates["embedding_tsne"].astype(np.float32),
        )
