import numpy as np
import pytest
from scipy.interpolate import griddata
from scipy.ndimage import gaussian_filter
from scipy.spatial import Delaunay

from core.curves import linear_fill as module
from core.curves.linear_fill import linear_fill, supports, with_corners

SHAPE = (23, 23)


def known_pixels(kind, share, seed=5):
    """(height, width) bool: scattered pixels, or connected patches, with a few scattered ones."""
    generator = np.random.default_rng(seed)
    values = generator.random(SHAPE)
    if kind == "smooth":
        values = gaussian_filter(values, 3)
    return (values >= np.quantile(values, 1 - share)) | (generator.random(SHAPE) < 0.01)


def interpolated_by_scipy(picture, known_mask, points):
    unknown = np.argwhere(~with_corners(known_mask))
    values = griddata(points, picture[tuple(points.T)].astype(float), unknown, method="linear")
    result = picture.copy()
    result[tuple(unknown.T)] = np.rint(values.astype(np.float32)).astype(np.uint8)
    return result


@pytest.fixture
def colour(generator):
    return generator.integers(0, 256, (*SHAPE, 3)).astype(np.uint8)


@pytest.mark.parametrize("kind", ["noise", "smooth"])
@pytest.mark.parametrize("share", [0.0, 0.05, 0.3, 0.75])
def test_that_scanning_triangles_gives_what_searching_them_gives(monkeypatch, colour, kind, share):
    # With Qhull's own choice among equal diagonals the values must be the very same.
    monkeypatch.setattr(module, "DENSE", np.inf)
    monkeypatch.setattr(module, "triangles_of", lambda points: Delaunay(points).simplices)
    known_mask = known_pixels(kind, share)
    expected = interpolated_by_scipy(colour, known_mask, supports(with_corners(known_mask)))
    np.testing.assert_array_equal(linear_fill(colour, known_mask), expected)


@pytest.mark.parametrize("kind", ["noise", "smooth"])
@pytest.mark.parametrize("share", [0.0, 0.05, 0.3, 0.75])
def test_that_no_pixel_lies_within_the_circle_of_a_triangle_of_others(kind, share):
    points = supports(with_corners(known_pixels(kind, share)))
    triangles = points[module.triangles_of(points)]
    sides = triangles[:, 1:] - triangles[:, :1]
    doubled = sides[:, 0, 0] * sides[:, 1, 1] - sides[:, 0, 1] * sides[:, 1, 0]
    assert np.abs(doubled).sum() == 2 * (SHAPE[0] - 1) * (SHAPE[1] - 1)
    for corners, turn in zip(triangles[doubled != 0], np.sign(doubled[doubled != 0]), strict=True):
        away = corners[None] - points[:, None]
        rows = np.concatenate([away, (away**2).sum(axis=2, keepdims=True)], axis=2).astype(float)
        assert (np.rint(np.linalg.det(rows)) * turn <= 0).all()


@pytest.mark.parametrize("kind", ["noise", "smooth"])
@pytest.mark.parametrize("share", [0.05, 0.3, 0.75])
def test_that_leaving_out_enclosed_pixels_changes_nothing(kind, share):
    # On a paraboloid four points of one circle lie in one plane, so that the free choice of a
    # diagonal among them, which differs between sets of points, has no effect.
    rows, columns = np.indices(SHAPE)
    paraboloid = ((rows - 11) ** 2 + (columns - 11) ** 2)[..., None].astype(np.uint8)
    for seed in range(4):
        known_mask = known_pixels(kind, share, seed)
        everything = interpolated_by_scipy(paraboloid, known_mask, np.argwhere(with_corners(known_mask)))
        np.testing.assert_array_equal(linear_fill(paraboloid, known_mask), everything)


def masks():
    """Dense pixels, whose triangles are small, with what makes triangles large: by name."""
    generator = np.random.default_rng(11)
    shape = (48, 71)
    dense, few = generator.random(shape) < 0.6, generator.random(shape) < 0.02
    rows, columns = np.indices(shape)
    away = np.hypot(rows - 20, columns - 30)
    yield "empty half", np.where(columns > 30, few, dense)
    yield "hole", dense & (away > 14)
    yield "arc, on whose circle nothing is", np.where(away < 14, few, dense) & ((away < 12) | (away > 16))
    yield "one long gap", dense & (np.abs(rows - columns // 2 - 8) > 4)
    yield "full lines", (rows % 3 == 0) | (columns % 7 == 0)
    yield "grid", (rows % 2 == 0) & (columns % 2 == 0)
    yield "chessboard", (rows + columns) % 2 == 0
    yield "bare border", dense & (rows > 5) & (columns < 65)
    yield "two dense parts far from each other", dense & (np.abs(columns - 35) > 20)


def exact_fill(picture, known_mask):
    """The values before rounding, and how many rounds they took."""
    known_mask = with_corners(known_mask)
    left, result = ~known_mask.ravel(), picture.reshape(-1, picture.shape[-1]).astype(float)
    rounds = 0
    for pixels, values in module._rounds(picture, known_mask, supports(known_mask), left):
        result[pixels], left[pixels] = values, False
        rounds += 1
    assert not left.any()
    return result.reshape(picture.shape), rounds


@pytest.mark.parametrize(("name", "known_mask"), list(masks()))
def test_that_small_triangles_first_give_what_all_triangles_give(monkeypatch, name, known_mask):
    # Over a paraboloid every Delaunay triangulation has the same height, any other is higher.
    rows, columns = np.indices(known_mask.shape)
    paraboloid = (rows**2 + columns**2)[..., None]
    monkeypatch.setattr(module, "DENSE", np.inf)
    all_triangles_values, rounds = exact_fill(paraboloid, known_mask)
    assert rounds == 1
    monkeypatch.setattr(module, "DENSE", 0.0)
    np.testing.assert_array_equal(exact_fill(paraboloid, known_mask)[0], all_triangles_values)


def test_that_a_circle_with_a_point_left_out_is_not_trusted(monkeypatch):
    # No margin: of the points about the hole hardly any are considered in the second round.
    monkeypatch.setattr(module, "DENSE", 0.0)
    monkeypatch.setattr(module, "MARGIN", 0)
    known_mask = dict(masks())["hole"]
    rows, columns = np.indices(known_mask.shape)
    paraboloid = (rows**2 + columns**2)[..., None]
    values, rounds = exact_fill(paraboloid, known_mask)
    assert rounds == 3
    monkeypatch.setattr(module, "DENSE", np.inf)
    np.testing.assert_array_equal(values, exact_fill(paraboloid, known_mask)[0])


def test_that_dense_pixels_hardly_need_a_triangulation(monkeypatch):
    point_counts = []
    triangles_of = module.triangles_of
    monkeypatch.setattr(
        module, "triangles_of", lambda points: point_counts.append(len(points)) or triangles_of(points)
    )
    known_mask = np.random.default_rng(3).random((100, 100)) < 0.6
    linear_fill(np.zeros((100, 100, 1), np.uint8), known_mask)
    assert sum(point_counts) < 0.1 * len(supports(with_corners(known_mask)))


@pytest.mark.parametrize("kind", ["noise", "smooth"])
def test_that_a_plane_is_rebuilt_exactly_from_any_of_its_pixels(kind):
    rows, columns = np.indices(SHAPE)
    plane = (rows + 3 * columns + 20)[..., None].astype(np.uint8)
    np.testing.assert_array_equal(linear_fill(plane, known_pixels(kind, 0.1)), plane)


def test_that_known_pixels_and_corners_stay():
    picture = np.random.default_rng(1).integers(0, 256, (*SHAPE, 1)).astype(np.uint8)
    known_mask = known_pixels("noise", 0.2)
    np.testing.assert_array_equal(
        linear_fill(picture, known_mask)[with_corners(known_mask)], picture[with_corners(known_mask)]
    )


def test_that_without_a_known_pixel_the_corners_alone_span_the_picture():
    corners = np.zeros((11, 11, 1), np.uint8)
    corners[0, -1] = corners[-1, 0] = 100
    corners[-1, -1] = 200
    filled = linear_fill(corners, np.zeros((11, 11), bool))[..., 0]
    np.testing.assert_array_equal(filled, 10 * np.add.outer(np.arange(11), np.arange(11)))


def test_that_a_fully_known_picture_comes_back():
    picture = np.random.default_rng(2).integers(0, 256, (9, 9, 1)).astype(np.uint8)
    known_mask = np.ones((9, 9), bool)
    np.testing.assert_array_equal(linear_fill(picture, known_mask), picture)
    known_mask[0, 0] = False  # a corner, known in any case
    np.testing.assert_array_equal(linear_fill(picture, known_mask), picture)


def test_that_enclosed_pixels_support_nothing():
    known_mask = np.zeros((9, 9), bool)
    known_mask[2:7, 2:7] = True
    support_places = {tuple(point) for point in supports(with_corners(known_mask))}
    border = {(r, c) for r in range(2, 7) for c in range(2, 7) if 2 in (r, c) or 6 in (r, c)}
    assert support_places == border | {(0, 0), (0, 8), (8, 0), (8, 8)}


def test_that_halves_are_rounded_to_even():
    picture = np.array([[10, 0, 11], [0, 0, 0], [13, 0, 14]], np.uint8)[..., None]
    known_mask = np.zeros((3, 3), bool)
    filled = linear_fill(picture, known_mask)[..., 0]
    np.testing.assert_array_equal(filled, [[10, 10, 11], [12, 12, 12], [13, 14, 14]])
