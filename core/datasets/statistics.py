"""How sure a mean over images of several patients is, and how stable a ranking."""

from dataclasses import dataclass

import numpy as np

from core.arrays import Array

RESAMPLES = 2000
LOW, HIGH = 2.5, 97.5


@dataclass(frozen=True, slots=True)
class Resampling:
    """Draws of whole patients with replacement.

    counts: (resamples, images) how often each image is in each draw; images of one patient come together.
    """

    counts: Array

    @classmethod
    def of(cls, groups: Array, generator: np.random.Generator, resamples: int = RESAMPLES) -> "Resampling":
        """groups: (images,) the patient of each image."""
        _, member = np.unique(groups, return_inverse=True)
        number = int(member.max()) + 1
        drawn = generator.multinomial(number, np.full(number, 1 / number), size=resamples)
        return cls(drawn[:, member])

    def means(self, values: Array) -> Array:
        """(resamples, ...) mean of values (images, ...) in each draw."""
        sums = np.tensordot(self.counts, values, axes=(1, 0))
        return sums / self.counts.sum(axis=1).reshape(-1, *[1] * (values.ndim - 1))

    def medians(self, values: Array) -> Array:
        """(resamples, ...) median of values (images, ...) in each draw."""
        return np.stack([np.median(np.repeat(values, count, axis=0), axis=0) for count in self.counts])


def interval(resampled: Array) -> tuple[Array, Array]:
    """The central 95 % of (resamples, ...)."""
    low, high = np.percentile(resampled, (LOW, HIGH), axis=0)
    return low, high


def kendall_tau(first: Array, second: Array) -> float | None:
    """Kendall's tau-b of two scores (methods,) (Kendall 1945, doi 10.1093/biomet/33.3.239).

    1 where both rank alike, -1 where they rank the other way round; None where one ranks nothing.
    """
    one, two = (np.sign(scores[:, None] - scores[None, :]) for scores in (first, second))
    size = float(np.sqrt((one**2).sum() * (two**2).sum()))
    return float((one * two).sum()) / size if size else None


def half_taus(scores: Array, groups: Array, halves: int, generator: np.random.Generator) -> Array:
    """Kendall's tau of the methods' means between the two parts of each of `halves` random halvings.

    scores: (images, methods); groups: (images,), never split. Empty with fewer than two patients.
    """
    names = np.unique(groups)
    if names.size < 2:
        return np.empty(0)
    found = []
    for _ in range(halves):
        chosen = generator.permutation(names)[: names.size // 2]
        inside = np.isin(groups, chosen)
        found.append(kendall_tau(scores[inside].mean(axis=0), scores[~inside].mean(axis=0)))
    return np.array([tau for tau in found if tau is not None])


def pairwise_taus(scores: Array) -> Array:
    """Kendall's tau between each two rows of scores (repeats, methods)."""
    pairs = [(a, b) for a in range(len(scores)) for b in range(a)]
    found = [kendall_tau(scores[a], scores[b]) for a, b in pairs]
    return np.array([tau for tau in found if tau is not None])
