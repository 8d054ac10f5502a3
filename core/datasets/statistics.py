"""Bootstrap intervals over groups (patients), and how stable a ranking is."""

from dataclasses import dataclass

import numpy as np

from core.arrays import Array

RESAMPLES = 2000
LOW, HIGH = 2.5, 97.5


@dataclass(frozen=True, slots=True)
class Resampling:
    """Bootstrap draws of whole groups, such as patients, with replacement.

    membership: (images,) the group of each image, from 0. group_counts: (resamples, groups) how often each
    group is in each draw.
    """

    membership: Array
    group_counts: Array

    @classmethod
    def of(cls, groups: Array, generator: np.random.Generator, resamples: int = RESAMPLES) -> "Resampling":
        """`resamples` draws of as many groups as there are. groups: (images,) the group of each image."""
        names, membership = np.unique(groups, return_inverse=True)
        drawn = generator.integers(names.size, size=(resamples, names.size))
        # One bincount for all draws: the groups of each draw have numbers of their own.
        numbered = drawn + names.size * np.arange(resamples)[:, None]
        counts = np.bincount(numbered.ravel(), minlength=resamples * names.size)
        return cls(membership, counts.reshape(resamples, names.size))

    @property
    def counts(self) -> Array:
        """(resamples, images) how often each image is in each draw; images of one group come together."""
        return self.group_counts[:, self.membership]

    def after_original(self) -> "Resampling":
        """The same draws after a first one, in which every group is once: the data themselves."""
        original = np.ones((1, self.group_counts.shape[1]))
        return Resampling(self.membership, np.concatenate([original, self.group_counts]))

    def means(self, values: Array) -> Array:
        """(resamples, ...) mean of values (images, ...) in each draw."""
        counts = self.counts
        sums = np.tensordot(counts, values, axes=(1, 0))
        return sums / counts.sum(axis=1).reshape(-1, *[1] * (values.ndim - 1))

    def medians(self, values: Array) -> Array:
        """(resamples, ...) median of values (images, ...) in each draw."""
        return np.stack([np.median(np.repeat(values, count, axis=0), axis=0) for count in self.counts])


def central_interval(resampled: Array) -> tuple[Array, Array]:
    """Lower and upper bound (...) of the central 95 % of (resamples, ...)."""
    low, high = np.percentile(resampled, (LOW, HIGH), axis=0)
    return low, high


def kendall_tau(first: Array, second: Array) -> float | None:
    """Kendall's tau-b of two sets of scores (methods,) (Kendall 1945, doi 10.1093/biomet/33.3.239).

    1 for equal rankings, -1 for opposite ones; None if one of them has only ties.
    """
    first_signs, second_signs = (np.sign(scores[:, None] - scores[None, :]) for scores in (first, second))
    norm = float(np.sqrt((first_signs**2).sum() * (second_signs**2).sum()))
    return float((first_signs * second_signs).sum()) / norm if norm else None


def half_taus(scores: Array, groups: Array, halves: int, generator: np.random.Generator) -> Array:
    """Kendall's tau (taus,) of the methods' means between the two parts of each of `halves` random halvings.

    scores: (images, methods); groups: (images,), never split. Empty with fewer than two groups.
    """
    names = np.unique(groups)
    if names.size < 2:
        return np.empty(0)
    taus = []
    for _ in range(halves):
        chosen = generator.permutation(names)[: names.size // 2]
        inside = np.isin(groups, chosen)
        taus.append(kendall_tau(scores[inside].mean(axis=0), scores[~inside].mean(axis=0)))
    return np.array([tau for tau in taus if tau is not None])


def pairwise_taus(scores: Array) -> Array:
    """Kendall's tau (pairs,) between each two rows of scores (repeats, methods)."""
    pairs = [(a, b) for a in range(len(scores)) for b in range(a)]
    taus = [kendall_tau(scores[a], scores[b]) for a, b in pairs]
    return np.array([tau for tau in taus if tau is not None])
