"""Missing pixels from their neighbours, all at once (Rong et al. 2022, arXiv 2202.00449)."""

import math
from itertools import product
from typing import Any

import numpy as np

from core.arrays import Array, FloatArray

# The relative error at which the solution of a volume's system ends.
TOLERANCE = 1e-8


def imputed(x: Array, missing: Array) -> FloatArray:
    """Input x (*grid, channels), each pixel of `missing` (*grid,) the mean of its neighbours.

    The mean is weighted, and the neighbours that are missing too hold their own such means: one sparse
    linear system, solved exactly for a picture and to TOLERANCE for a volume. At least one pixel must be
    known.
    """
    # Imported late: the window lists checks and never computes them.
    from scipy.sparse import coo_array

    if not missing.any():
        return x.astype(np.float32)
    unknown = np.flatnonzero(missing)
    place = np.full(missing.size, -1)
    place[unknown] = np.arange(unknown.size)
    pairs, weights = _links(missing.shape)
    total = np.bincount(pairs.ravel(), np.repeat(weights, 2).ravel(), missing.size)
    # From both ends of each link: the missing pixel `pixel` takes part of its value from `neighbour`.
    pixel, neighbour = np.concatenate((pairs, pairs[:, ::-1])).T
    both = np.concatenate((weights, weights))
    is_missing = missing.ravel()[pixel]
    pixel, neighbour, both = place[pixel[is_missing]], neighbour[is_missing], both[is_missing]
    inner = missing.ravel()[neighbour]
    entries = (np.concatenate((-both[inner], total[unknown])),)
    rows = np.concatenate((pixel[inner], np.arange(unknown.size)))
    columns = np.concatenate((place[neighbour[inner]], np.arange(unknown.size)))
    system = coo_array((entries[0], (rows, columns)), shape=(unknown.size, unknown.size)).tocsc()
    result = x.reshape(missing.size, -1).astype(np.float64)
    known = np.stack(
        [
            np.bincount(pixel[~inner], both[~inner] * plane[neighbour[~inner]], unknown.size)
            for plane in result.T
        ],
        axis=1,
    )
    result[unknown] = _solved(system, known) if missing.ndim == 2 else _nearly_solved(system, known)
    return result.reshape(x.shape).astype(np.float32)


def _solved(system: Any, known: Array) -> Array:
    """(n, channels) by factors."""
    from scipy.sparse.linalg import splu

    # Symmetric and diagonally dominant: no pivoting, and an order made for that, which is far faster.
    factors = splu(system, permc_spec="MMD_AT_PLUS_A", diag_pivot_thresh=0.0, options={"SymmetricMode": True})
    solution: Array = factors.solve(known)
    return solution


def _nearly_solved(system: Any, known: Array) -> Array:
    """(n, channels) by conjugate gradients: the factors of a volume's system do not fit into memory."""
    from scipy.sparse import diags_array
    from scipy.sparse.linalg import cg

    by_diagonal = diags_array(1.0 / system.diagonal())
    solutions = [cg(system, plane, rtol=TOLERANCE, M=by_diagonal)[0] for plane in known.T]
    return np.stack(solutions, axis=1)


def _links(shape: tuple[int, ...]) -> tuple[Array, Array]:
    """(n, 2) flat indices of every two neighbouring pixels, once, and their weights (n,)."""
    index = np.arange(math.prod(shape)).reshape(shape)
    pairs, weights = [], []
    for offset, weight in _neighbours(len(shape)):
        sides = list(zip(offset, shape, strict=True))
        here = tuple(slice(max(-step, 0), side - max(step, 0)) for step, side in sides)
        there = tuple(slice(max(step, 0), side - max(-step, 0)) for step, side in sides)
        pairs.append(np.stack([index[here].ravel(), index[there].ravel()], axis=1))
        weights.append(np.full(len(pairs[-1]), weight))
    return np.concatenate(pairs), np.concatenate(weights)


def _neighbours(axes: int) -> list[tuple[tuple[int, ...], float]]:
    """One of each two opposite neighbours with its share of a pixel's value, those at the sides first.

    A share halves with every further axis along which the neighbour lies: 1/6 and 1/12 in a picture, as
    published, 1/14, 1/28 and 1/56 in a volume. At an edge they are scaled to sum to 1.
    """
    offsets = [each for each in product((-1, 0, 1), repeat=axes) if each > (0,) * axes]
    steps = {each: sum(map(abs, each)) for each in offsets}
    offsets.sort(key=lambda each: (steps[each], [step < 0 for step in each], each))
    return [(each, 0.5 ** steps[each] / (2**axes - 1)) for each in offsets]
