"""Missing pixels from their neighbours, all at once (Rong et al. 2022, arXiv 2202.00449)."""

import numpy as np

from core.arrays import Array, FloatArray

# Of the eight neighbours, in shares of a pixel's value; at an edge they are scaled to sum to 1.
SIDE, DIAGONAL = 1 / 6, 1 / 12
_NEIGHBOURS = (((0, 1), SIDE), ((1, 0), SIDE), ((1, 1), DIAGONAL), ((1, -1), DIAGONAL))


def imputed(x: Array, missing: Array) -> FloatArray:
    """Input x (height, width, channels), each pixel of `missing` (height, width) the mean of its neighbours.

    The mean is weighted, and the neighbours that are missing too hold their own such means: one sparse
    linear system, solved exactly. At least one pixel must be known.
    """
    # Imported late: the window lists checks and never computes them.
    from scipy.sparse import coo_array
    from scipy.sparse.linalg import splu

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
    # Symmetric and diagonally dominant: no pivoting, and an order made for that, which is far faster.
    factors = splu(system, permc_spec="MMD_AT_PLUS_A", diag_pivot_thresh=0.0, options={"SymmetricMode": True})
    result[unknown] = factors.solve(known)
    return result.reshape(x.shape).astype(np.float32)


def _links(shape: tuple[int, ...]) -> tuple[Array, Array]:
    """(n, 2) flat indices of every two neighbouring pixels, once, and their weights (n,)."""
    index = np.arange(shape[0] * shape[1]).reshape(shape)
    pairs, weights = [], []
    for (down, right), weight in _NEIGHBOURS:
        rows = (index[: shape[0] - down], index[down:])
        if right >= 0:
            pair = rows[0][:, : shape[1] - right], rows[1][:, right:]
        else:
            pair = rows[0][:, -right:], rows[1][:, :right]
        pairs.append(np.stack([each.ravel() for each in pair], axis=1))
        weights.append(np.full(pair[0].size, weight))
    return np.concatenate(pairs), np.concatenate(weights)
