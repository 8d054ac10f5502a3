"""Projections against closed forms, and what is kept to place a new case."""

import numpy as np

from core.models.embedding import in_units, read_embedding
from training.report.scatter import Landscape, projection, tsne, write_embedding


def test_that_the_first_axis_is_that_of_the_largest_variance(generator):
    along = np.array([3.0, 4.0, 0.0]) / 5
    rows = generator.normal(size=(200, 1)) * 10 * along + generator.normal(size=(200, 3)) * 0.01
    result = projection(rows + 7, components=2)
    np.testing.assert_allclose(result.axes[0], along, atol=1e-2)
    np.testing.assert_allclose((rows + 7 - result.mean) @ result.axes.T, result.scores, atol=1e-9)
    np.testing.assert_allclose(np.var(result.scores[:, 0]), np.var((rows - rows.mean(0)) @ along), rtol=1e-4)


def test_that_a_written_embedding_places_a_new_case_among_its_like_and_t_sne_repeats_itself(
    generator, tmp_path
):
    kinds = np.repeat([0, 1], 30)
    features = generator.normal(size=(60, 8)) + 12 * kinds[:, None]
    result = projection(features)
    points = tsne(result.scores, seed=3)
    np.testing.assert_array_equal(points, tsne(result.scores, seed=3))
    write_embedding(tmp_path, Landscape({"embedding_tsne": points}, result), [str(n) for n in range(60)])
    expected = read_embedding(tmp_path)
    new = expected.by_tsne(np.array([np.zeros(8), np.full(8, 12.0)]))
    centres = in_units(np.array([points[kinds == kind].mean(axis=0) for kind in (0, 1)]), points)
    distances = np.linalg.norm(new[:, None] - centres[None], axis=2)
    assert distances.argmin(axis=1).tolist() == [0, 1]
    assert distances.min() < 0.3 * np.linalg.norm(centres[0] - centres[1])
    # Half precision on the disk moves no point of the plane by a tenth of a mark.
    ours = in_units(result.scores[:, :2], result.scores[:, :2])
    np.testing.assert_allclose(expected.by_pca(features), ours, atol=2e-3)
