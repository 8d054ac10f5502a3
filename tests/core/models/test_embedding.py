"""Places of images among those of the report: closed forms, similar images, unusable folders."""

import numpy as np
import pytest

from core.errors import DamagedBundle, NotApplicable
from core.models.embedding import EMBEDDING_NAME, Embedding, features, in_units, place, read_embedding
from core.models.handle import ModelHandle
from tests.cards import make_card, small_model


@pytest.fixture
def handle():
    return ModelHandle(make_card(), small_model())


def write(folder, **changes):
    """Images at the corners of a 4 x 2 field, of features with eight numbers of which two count."""
    axes = np.zeros((2, 8))
    axes[0, 3] = axes[1, 5] = 1
    scores = np.array([[-2.0, -1], [2, -1], [2, 1], [-2, 1], [0, 0]])
    arrays = {"mean": np.arange(8.0), "axes": axes, "scores": scores, "coordinates": 10 * scores}
    np.savez(folder / EMBEDDING_NAME, **(arrays | changes))
    return folder


def test_that_the_wider_axis_reaches_from_0_to_1_and_the_other_keeps_its_scale():
    among = np.array([[10.0, 5], [14, 6], [12, 7]])
    np.testing.assert_allclose(in_units(among, among), [[0, 0], [1, 0.25], [0.5, 0.5]])
    np.testing.assert_allclose(in_units(np.array([[18.0, 3]]), among), [[2, -0.5]])


def test_that_principal_components_are_products_with_the_axes(tmp_path):
    embedding = read_embedding(write(tmp_path))
    rows = np.tile(np.arange(8.0), (3, 1))
    rows[1, [3, 5]] += (2, 1)
    rows[2, 3] += 6
    rows[:, 0] += 100  # a feature that no axis uses
    np.testing.assert_allclose(embedding.by_pca(rows), [[0.5, 0.25], [1, 0.5], [2, 0.25]])


def test_that_a_new_case_is_placed_among_its_like(generator):
    kinds = np.repeat([0, 1], 30)
    scores = generator.normal(size=(60, 8)) + 12 * kinds[:, None]
    points = generator.normal(size=(60, 2)) + 30 * kinds[:, None]
    embedding = Embedding(np.full(8, 3.0), np.eye(8), scores, points)
    new = embedding.by_tsne(3.0 + np.array([np.zeros(8), np.full(8, 12.0)]))
    near = in_units(np.array([points[kinds == kind].mean(axis=0) for kind in (0, 1)]), points)
    np.testing.assert_allclose(new, near, atol=0.08)
    np.testing.assert_array_equal(embedding.coordinates, points)
    np.testing.assert_array_equal(new, embedding.by_tsne(3.0 + np.array([np.zeros(8), np.full(8, 12.0)])))


def test_that_features_are_what_the_last_layer_is_given(handle, generator):
    x = generator.normal(size=(32, 32, 1)).astype(np.float32)
    weights, offset = handle._model.layers[-1].get_weights()
    np.testing.assert_allclose(features(handle, x) @ weights + offset, handle.logits(x[None])[0], atol=1e-5)


def test_that_an_input_has_a_place_in_each_view_of_the_embedding(handle, generator, tmp_path):
    x = generator.normal(size=(32, 32, 1)).astype(np.float32)
    features_of_x = features(handle, x)
    scores = generator.normal(size=(20, 8))
    # The first image is the input itself.
    scores[0] = features_of_x - np.arange(8.0)
    write(tmp_path, axes=np.eye(8), scores=scores, coordinates=10 * scores[:, :2])
    places = place(handle, tmp_path, x)
    assert set(places) == {"embedding_pca", "embedding_tsne"}
    assert places["embedding_pca"] == pytest.approx(in_units(scores[:1, :2], scores[:, :2])[0], abs=1e-5)


def test_that_a_folder_without_an_embedding_states_what_to_do(handle, tmp_path):
    with pytest.raises(NotApplicable, match="no images to place") as caught:
        place(handle, tmp_path, np.zeros((32, 32, 1), np.float32))
    assert "saliscope report" in caught.value.hint


@pytest.mark.parametrize(
    "changes",
    [{"scores": np.zeros((5, 3))}, {"coordinates": np.zeros((4, 2))}, {"axes": np.zeros(8)}],
    ids=["scores", "coordinates", "axes"],
)
def test_that_an_incomplete_embedding_is_damaged(tmp_path, changes):
    with pytest.raises(DamagedBundle, match="is not whole"):
        read_embedding(write(tmp_path, **changes))


def test_that_a_file_that_cannot_be_read_is_damaged(tmp_path):
    (tmp_path / EMBEDDING_NAME).write_bytes(b"PK\x03\x04 no archive")
    with pytest.raises(DamagedBundle, match="cannot be read"):
        read_embedding(tmp_path)


def test_that_the_embedding_of_another_network_is_reported(handle, tmp_path):
    write(tmp_path, mean=np.zeros(5), axes=np.eye(2, 5))
    with pytest.raises(DamagedBundle, match="of another network"):
        place(handle, tmp_path, np.zeros((32, 32, 1), np.float32))
