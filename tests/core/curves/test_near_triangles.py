import numpy as np
import pytest

from core.curves import near_triangles as near_triangles_module
from core.curves.linear_fill import linear_fill
from core.curves.near_triangles import RING, filled_near, near_triangles
from core.curves.near_triangles import _by_neighbours as by_neighbours

SHAPE = (19, 26)


def dense(share, seed=0):
    known_mask = np.random.default_rng(seed).random(SHAPE) < share
    known_mask[np.ix_((0, -1), (0, -1))] = True
    return known_mask


def turn(a, b, c):
    """Doubled area of integer places (2,), positive or negative by their turn."""
    first, second = b - a, c - a
    return int(first[0] * second[1] - first[1] * second[0])


def is_inside(corners, point):
    """Whether a point is strictly inside the circle about three, in whole numbers."""
    a, b, c = (corner - point for corner in corners)
    squares = [int((each**2).sum()) for each in (a, b, c)]
    zero = np.zeros(2, int)
    orientation = sum(
        square * turn(zero, *pair) for square, pair in zip(squares, ((b, c), (c, a), (a, b)), strict=True)
    )
    return orientation * turn(*corners) > 0


@pytest.mark.parametrize("reach", [1, 2, 3])
@pytest.mark.parametrize("share", [0.35, 0.7])
def test_that_a_found_triangle_holds_its_pixel_and_its_circle_is_empty(share, reach):
    known_mask = dense(share)
    pixels, points = np.argwhere(~known_mask), np.argwhere(known_mask)
    near = by_neighbours(known_mask, pixels) if reach == 1 else near_triangles(known_mask, pixels, reach)
    assert 0.1 < near.is_delaunay.mean() <= 1
    for pixel, offsets in zip(pixels[near.is_delaunay], near.corners[near.is_delaunay], strict=True):
        corners = pixel + offsets
        assert known_mask[tuple(corners.T)].all()
        turns = [turn(corners[i], corners[(i + 1) % 3], pixel) for i in range(3)]
        assert min(turns) >= 0
        assert sum(turns) > 0
        close = points[(np.abs(points - pixel) <= 2 * reach + 2).all(axis=1)]
        assert not any(is_inside(corners, point) for point in close)


def test_that_the_table_of_neighbours_finds_what_a_square_of_three_finds():
    known_mask = dense(0.5)
    pixels = np.argwhere(~known_mask)
    inner = pixels[((pixels > 1) & (pixels < np.array(SHAPE) - 2)).all(axis=1)]
    np.testing.assert_array_equal(
        by_neighbours(known_mask, inner).is_delaunay, near_triangles(known_mask, inner, 1).is_delaunay
    )


def test_that_no_pattern_is_found_whose_known_neighbours_are_all_on_one_side():
    around = np.array([0, 1, 2, 4, 7, 6, 5, 3])  # of RING, by the turn
    for pattern in range(256):
        bits = np.array([pattern >> bit & 1 for bit in range(8)], bool)
        known_mask = np.zeros((7, 7), bool)
        known_mask[tuple((np.array(RING)[bits] + 3).T)] = True
        is_delaunay = by_neighbours(known_mask, np.array([[3, 3]])).is_delaunay[0]
        # Less than half a turn holds at most four of the eight directions.
        one_sided = any(not bits[np.roll(around, start)[:4]].any() for start in range(8))
        assert not (is_delaunay and one_sided)
        if bits[[1, 3, 4, 6]].all():
            assert is_delaunay


def test_that_all_squares_choose_the_same_diagonals():
    # A chessboard of every second pixel: each square of four has two diagonals, which cross in a pixel.
    known_mask = np.zeros((21, 21), bool)
    known_mask[::2, ::2] = True
    values = np.random.default_rng(4).integers(0, 256, (*known_mask.shape, 2))
    pixels, first = filled_near(values, known_mask)
    again, second = filled_near(values, known_mask)
    np.testing.assert_array_equal(pixels, again)
    np.testing.assert_array_equal(first, second)
    between = dict(zip(pixels.tolist(), first.tolist(), strict=True))
    assert between[21 * 4 + 5] == ((values[4, 4] + values[4, 6]) / 2).tolist()
    pairs = (values[4, 4] + values[6, 6]) / 2, (values[4, 6] + values[6, 4]) / 2
    assert between[21 * 5 + 5] in [pair.tolist() for pair in pairs]


def test_that_next_to_the_border_nothing_beyond_it_is_accessed():
    known_mask = np.ones((9, 9), bool)
    known_mask[0, 3] = known_mask[8, 5] = known_mask[4, 0] = known_mask[2, 8] = False
    rows, columns = np.indices(known_mask.shape)
    plane = (rows * 3 + columns * 2)[..., None]
    pixels, values = filled_near(plane, known_mask)
    assert sorted(pixels) == np.flatnonzero(~known_mask.ravel()).tolist()
    np.testing.assert_array_equal(values, plane.reshape(-1, 1)[pixels])


@pytest.fixture
def few_rounds(monkeypatch):
    """Lets a search take so many rounds only; the table of patterns is built again before and after."""

    def limit(rounds):
        monkeypatch.setattr(near_triangles_module, "ROUNDS", rounds)
        near_triangles_module._table.cache_clear()

    yield limit
    monkeypatch.undo()
    near_triangles_module._table.cache_clear()


@pytest.mark.parametrize("rounds", [1, 4, 5])
def test_that_a_search_that_takes_too_long_leaves_its_pixel_and_changes_no_other(few_rounds, rounds):
    known_mask = dense(0.6)
    pixels = np.argwhere(~known_mask)
    without_limit = near_triangles(known_mask, pixels, 3)
    few_rounds(rounds)
    near = near_triangles(known_mask, pixels, 3)
    # Three corners come in one after another, and a round more sees that none is below.
    assert (
        near.is_delaunay.sum() == 0
        if rounds < 4
        else 0 < near.is_delaunay.sum() < without_limit.is_delaunay.sum()
    )
    assert without_limit.is_delaunay[near.is_delaunay].all()
    np.testing.assert_array_equal(near.corners[near.is_delaunay], without_limit.corners[near.is_delaunay])


@pytest.mark.parametrize("rounds", [1, 4, 5])
def test_that_what_the_searches_leave_is_still_filled(few_rounds, rounds):
    known_mask = dense(0.6)
    rows, columns = np.indices(SHAPE)
    # On a plane all triangulations agree: its own values stand between.
    plane = (3 * rows + 5 * columns).astype(np.uint8)[..., None]
    few_rounds(rounds)
    left = np.argwhere(~known_mask).shape[0] - filled_near(plane, known_mask)[0].size
    assert left > 0
    np.testing.assert_array_equal(linear_fill(np.where(known_mask[..., None], plane, 0), known_mask), plane)
