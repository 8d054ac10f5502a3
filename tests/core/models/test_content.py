"""How far an image's content lies from the training images: closed forms, storage and refusals."""

import numpy as np
import pytest

from core.errors import DamagedBundle
from core.models.bundle import write_bundle
from core.models.content import CONTENT_NAME, NO_REFERENCE, ContentReference, content_of
from core.models.handle import ModelHandle, named_weights
from tests.cards import make_card, small_model
from training.report.content import content_check, content_reference


def test_that_the_distance_is_mahalanobis_along_the_axes():
    reference = ContentReference(
        centre=np.array([1.0, 2.0]),
        scale=np.array([2.0, 0.5]),
        axes=np.eye(2),
        deviations=np.array([1.0, 4.0]),
        limit=1.0,
        limit_share=0.99,
    )
    # (5 - 1) / 2 / 1 = 2 and (8 - 2) / 0.5 / 4 = 3.
    distances = reference.distances(np.array([[1.0, 2.0], [5.0, 2.0], [1.0, 8.0], [5.0, 8.0]]))
    np.testing.assert_allclose(distances, [0, 2, 3, np.sqrt(13)])


@pytest.fixture
def contents():
    """Three independent numbers with very different spreads, training and validation from one source."""
    generator = np.random.default_rng(0)
    rows = generator.normal(size=(4000, 3)) * [1.0, 100.0, 0.01] + [5.0, 0.0, 1.0]
    return rows[:2000], rows[2000:]


def test_that_the_limit_lets_the_share_of_validation_images_pass(contents):
    train, val = contents
    reference = content_reference(train, val)
    assert (reference.distances(val) <= reference.limit).mean() == pytest.approx(0.99, abs=0.001)
    # Three independent normal numbers: the 99 % point of the chi distribution with 3 degrees.
    assert reference.limit == pytest.approx(np.sqrt(11.345), rel=0.05)


def test_that_an_image_off_in_the_smallest_number_is_as_far_as_one_off_in_the_largest(contents):
    reference = content_reference(*contents)
    off = np.array([[5.0, 0.0, 1.0 + 6 * 0.01], [5.0, 6 * 100.0, 1.0]])
    np.testing.assert_allclose(reference.distances(off), 6, rtol=0.1)


def test_that_layers_of_many_channels_do_not_outweigh_those_of_few():
    generator = np.random.default_rng(1)
    train = generator.normal(size=(500, 101))
    reference = content_reference(train, train, sizes=(1, 100))
    shares = reference.scale / train.std(axis=0)
    np.testing.assert_allclose(shares[0], 1)
    np.testing.assert_allclose(shares[1:], 10)


def test_that_the_check_counts_what_lies_beyond_the_limit(contents):
    train, val = contents
    reference = content_reference(train, val)
    far = np.array([[50.0, 0.0, 1.0], [5.0, 0.0, 1.0], [5.0, 2000.0, 1.0]])
    check = content_check(reference, val, val[:100], {"far": far})
    assert (check.others[0].name, check.others[0].images, check.others[0].unlike) == ("far", 3, 2)
    assert check.validation_images == 2000
    assert check.test_unlike == (reference.distances(val[:100]) > reference.limit).sum()


@pytest.fixture
def bundle(tmp_path):
    return write_bundle(tmp_path / "small", make_card(), named_weights(small_model()))


@pytest.fixture
def handle(bundle):
    return ModelHandle(bundle.card, small_model(), bundle)


def test_that_a_model_without_a_reference_reports_it(handle):
    assert content_of(handle, np.zeros((32, 32, 1), np.float32)) == NO_REFERENCE


def test_that_a_damaged_or_foreign_reference_is_a_reason_and_no_failure(bundle, handle):
    rows = np.random.default_rng(6).normal(size=(20, 5))
    content_reference(rows, rows).write(bundle.folder)
    assert content_of(handle, np.zeros((32, 32, 1), np.float32)) == (
        "the content reference of small is of another network."
    )


def test_that_a_reference_that_cannot_be_read_is_a_reason_and_no_failure(bundle, handle):
    (bundle.folder / CONTENT_NAME).write_bytes(b"cut")
    assert content_of(handle, np.zeros((32, 32, 1), np.float32)) == (
        "the content reference of small cannot be read."
    )


def test_that_content_is_the_mean_of_the_last_layer_of_each_grid(handle):
    x = np.random.default_rng(2).random((32, 32, 1)).astype(np.float32)
    last = {layer.grid: layer.name for layer in handle.layers()}
    means = [handle.activations(x[None], name)[0].mean(axis=(0, 1)) for name in last.values()]
    joined = np.concatenate(means)
    np.testing.assert_allclose(handle.content(x), np.sign(joined) * np.log1p(np.abs(joined)), rtol=1e-4)


def test_that_prediction_and_content_of_one_image_cost_one_forward(handle):
    x = np.random.default_rng(3).random((32, 32, 1)).astype(np.float32)
    handle.predict(x)
    handle.content(x)
    assert handle.used.forwards == 1
    assert not np.allclose(handle.content(1 - x), handle.content(x))


def test_that_what_is_stored_gives_the_same_answer(bundle, handle):
    generator = np.random.default_rng(4)
    images = generator.random((40, 32, 32, 1)).astype(np.float32)
    rows = np.stack([handle.content(image) for image in images])
    reference = content_reference(rows[:30], rows[30:])
    reference.write(bundle.folder)
    content = content_of(handle, images[35])
    assert content.relative == pytest.approx(
        float(reference.distances(rows[35:36])[0] / reference.limit), rel=1e-3
    )
    assert content.limit_share == 0.99
    assert content_of(handle, np.ones((32, 32, 1), np.float32)).relative > 1


@pytest.mark.parametrize("content", [b"", b"no archive", b"PK\x03\x04cut"])
def test_that_a_damaged_reference_is_refused(bundle, content):
    (bundle.folder / CONTENT_NAME).write_bytes(content)
    with pytest.raises(DamagedBundle, match="content reference of small cannot be read"):
        ContentReference.read(bundle.folder)


@pytest.mark.parametrize(
    "change",
    [
        {"limit": 0.0},
        {"centre": np.zeros(4)},
        {"deviations": np.array([1.0, 0.0])},
        {"axes": np.full((2, 3), np.nan)},
    ],
)
def test_that_an_incomplete_reference_is_refused(bundle, change):
    fields = {"centre": np.zeros(3), "scale": np.ones(3), "axes": np.eye(3)[:2], "deviations": np.ones(2)}
    ContentReference(**({**fields, "limit": 1.0, "limit_share": 0.9} | change)).write(bundle.folder)
    with pytest.raises(DamagedBundle, match="not whole"):
        ContentReference.read(bundle.folder)
