"""How far the maps of one image agree: Spearman's rank correlation, and the overlap of their highest pixels.

It needs numpy alone, so that the window can compute it. Each map is sorted once for all pairs.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

import numpy as np

from core.arrays import Array
from core.errors import BadMap, IncompatibleInput, NotApplicable
from core.values import FrozenRecord

Reading = Literal["value", "magnitude"]
Matrix = tuple[tuple[float | None, ...], ...]
SHARE = 0.1
# Limits for the rank correlation, and for the overlap beyond chance: two maps disagree below the first and
# agree from the second on.
DISAGREE_BELOW, AGREE_FROM = 0.3, 0.7


class Agreement(FrozenRecord):
    """The pairs of several maps of one image; rows and columns in the order of `names`.

    spearman: rank correlation, ties at the mean of their ranks. overlap: share of the `count` highest
    pixels of one map that are among those of the other; a random map reaches `count` /
    `pixels`. jaccard: their common pixels over those of either. None in the row and column of a map in
    `undefined`, which says why.
    tied: how many of a map's highest pixels were drawn from more of equal value, by the seed.
    """

    names: tuple[str, ...]
    reading: Reading
    share: float
    count: int
    pixels: int
    seed: int
    spearman: Matrix
    overlap: Matrix
    jaccard: Matrix
    undefined: dict[str, str]
    tied: dict[str, int]


@dataclass(frozen=True, slots=True)
class Ranking:
    """A map's pixels in order.

    ranks: (pixels,) centred and of length 1, so that a product of two is their correlation.
    order: (pixels,) from the lowest to the highest, ties drawn. ties: (pixels,) bool along `order`,
    whether the pixel has the value of the one before it.
    """

    ranks: Array
    order: Array
    ties: Array

    def top(self, count: int) -> Array:
        """(pixels,) bool, the `count` highest."""
        chosen = np.zeros(self.order.size, dtype=bool)
        chosen[self.order[-count:]] = True
        return chosen

    def drawn(self, count: int) -> int:
        """How many of the `count` highest are a choice among more pixels of equal value."""
        border = self.order.size - count
        if border == 0 or not self.ties[border]:
            return 0
        different = np.flatnonzero(~self.ties[border:])
        return int(different[0]) if different.size else count


def spearman(first: Array, second: Array, reading: Reading = "value") -> float:
    """Rank correlation of two maps (*grid,), -1 to 1, ties at the mean of their ranks.

    Raises NotApplicable if a map is constant, BadMap if it has values that are not finite, and
    IncompatibleInput if the shapes differ. Spearman 1904, doi 10.2307/1412159.
    """
    _require_same_shape(first, second)
    return _correlation(ranking(first, reading), ranking(second, reading))


def overlap(first: Array, second: Array, share: float = SHARE, reading: Reading = "value") -> float:
    """Share of the highest pixels of a map (*grid,) among the highest of another one, 0 to 1.

    share: how much of the area counts as highest, 0 to 1; exactly round(share * pixels) pixels do, at
    least one, those of equal value drawn for each map by itself. Raises what `spearman` raises.
    """
    _require_same_shape(first, second)
    tops = [
        ranking(values, reading, at).top(top_count(first.size, share))
        for at, values in enumerate((first, second))
    ]
    return float((tops[0] & tops[1]).sum() / tops[0].sum())


def agreement(
    maps: Mapping[str, Array],
    reading: Reading = "value",
    share: float = SHARE,
    seed: int = 0,
    no_order: Mapping[str, str] = MappingProxyType({}),
) -> Agreement:
    """All pairs of maps (*grid,) by name.

    Ties are drawn for each map by itself: two maps that are empty in the same places would otherwise
    agree on those. A map with itself is 1. Raises NotApplicable without a map, IncompatibleInput if shapes
    differ.

    no_order: by name, why the order of a map's values has no meaning (`MethodRecord.no_order`).
    """
    if not maps:
        raise NotApplicable("There is no map to compare.", "Compute two maps or more.")
    names, first = tuple(maps), next(iter(maps.values()))
    undefined, rankings = {}, {}
    for number, (name, values) in enumerate(maps.items()):
        _require_same_shape(first, values)
        if no_order.get(name):
            undefined[name] = no_order[name]
            continue
        try:
            rankings[name] = ranking(values, reading, seed, number)
        except (NotApplicable, BadMap) as reason:
            undefined[name] = reason.message
    count = top_count(first.size, share)
    by_rank, by_top = (np.full((len(names), len(names)), np.nan) for _ in range(2))
    defined = np.array([name in rankings for name in names])
    if rankings:
        ranks = np.stack([each.ranks for each in rankings.values()])
        tops = np.stack([each.top(count) for each in rankings.values()]).astype(np.float32)
        cells = np.ix_(defined, defined)
        by_rank[cells] = np.clip(ranks @ ranks.T, -1, 1)
        by_top[cells] = (tops @ tops.T) / count
        for matrix in (by_rank, by_top):
            matrix[defined, defined] = 1.0
    return Agreement(
        names=names,
        reading=reading,
        share=share,
        count=count,
        pixels=first.size,
        seed=seed,
        spearman=_rows(by_rank),
        overlap=_rows(by_top),
        jaccard=_rows(by_top / (2 - by_top)),
        undefined=undefined,
        tied={name: each.drawn(count) for name, each in rankings.items()},
    )


def ranking(values: Array, reading: Reading = "value", *seeds: int) -> Ranking:
    """The ranking of a map (*grid,); pixels of equal value are put in an order drawn from `seeds`.

    Raises NotApplicable if the map is constant: it prefers no pixel; BadMap if a value is not finite.
    """
    flat = np.ascontiguousarray(values, dtype=np.float32).ravel()
    if reading == "magnitude":
        flat = np.abs(flat)
    flat = flat + np.float32(0)  # -0 and 0 are one value
    if not np.isfinite(flat).all():
        raise BadMap("The map holds values that are not finite numbers.", "Choose another method or target.")
    if flat.min() == flat.max():
        raise NotApplicable(
            f"The map is the same everywhere ({float(flat[0]):g}), so that it prefers no place to another.",
            "Choose another method or target.",
        )
    drawn = np.random.default_rng(seeds or 0).permutation(flat.size)
    # Value and place in one whole number: sorting it is several times faster than sorting indices.
    keys = (_sortable(flat[drawn]).astype(np.uint64) << np.uint64(32)) | np.arange(flat.size, dtype=np.uint64)
    keys.sort()
    order = drawn[(keys & np.uint64(0xFFFFFFFF)).astype(np.intp)]
    along = keys >> np.uint64(32)
    ties = np.zeros(flat.size, dtype=bool)
    np.equal(along[1:], along[:-1], out=ties[1:])
    starts = np.flatnonzero(~ties)
    lengths = np.diff(starts, append=flat.size)
    ranks = np.empty(flat.size)
    ranks[order] = np.repeat(starts + (lengths - 1) / 2, lengths)
    ranks -= (flat.size - 1) / 2
    return Ranking(ranks / np.sqrt(np.square(ranks).sum()), order, ties)


def top_count(pixels: int, share: float) -> int:
    """How many pixels are the highest `share` of them: at least one, at most all."""
    return min(max(round(share * pixels), 1), pixels)


def _correlation(first: Ranking, second: Ranking) -> float:
    return float(np.clip(first.ranks @ second.ranks, -1, 1))


def _sortable(values: Array) -> Array:
    """Of float32 values, whole numbers (uint32) in the same order."""
    bits = values.view(np.uint32)
    # A negative number's bits grow as it falls, so all are turned; a positive one's need the sign set.
    return bits ^ np.where(bits >> np.uint32(31), np.uint32(0xFFFFFFFF), np.uint32(0x80000000))


def _require_same_shape(first: Array, second: Array) -> None:
    if first.shape != second.shape:
        raise IncompatibleInput(
            f"Maps of {first.shape} and {second.shape} cannot be compared.",
            "Compare maps of one image and one model.",
        )


def _rows(matrix: Array) -> Matrix:
    return tuple(tuple(None if np.isnan(value) else float(value) for value in row) for row in matrix)
