"""Images cut into segments, and what is shown where some are absent."""

import numpy as np
import pytest

from core.errors import NotApplicable, NotFinite
from core.methods.surrogate.coalitions import SegmentedImage, all_coalitions
from core.methods.surrogate.segmentation import SegmentParams, absent_image, segment_labels

ALGORITHMS = ("slic", "quickshift", "felzenszwalb", "grid")


@pytest.fixture
def x():
    """A dark left half and a bright right half."""
    values = np.full((30, 40, 1), 0.1, np.float32)
    values[:, 20:] = 0.9
    return values


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_that_labels_count_from_zero_without_a_gap_and_only_the_grid_crosses_edges(x, algorithm):
    labels = segment_labels(x, SegmentParams(segmentation=algorithm, segments=6))
    assert labels.shape == (30, 40)
    np.testing.assert_array_equal(np.unique(labels), np.arange(labels.max() + 1))
    by_side = [
        np.bincount(half.ravel(), minlength=labels.max() + 1) for half in (labels[:, :20], labels[:, 20:])
    ]
    # SLIC smooths the image first, and may miss the edge by a pixel.
    beyond_the_edge = np.minimum(*by_side).sum() / labels.size
    assert (beyond_the_edge > 0.1) == (algorithm == "grid")
    assert beyond_the_edge < 0.04 or algorithm == "grid"


def test_that_a_grid_has_equal_rectangles(x):
    labels = segment_labels(x, SegmentParams(segmentation="grid", segments=12))
    assert labels.max() == 11
    np.testing.assert_array_equal(np.bincount(labels.ravel()), 100)


@pytest.mark.parametrize("segments", [2, 3, 7, 50])
@pytest.mark.parametrize("shape", [(5, 40, 1), (40, 5, 1), (2, 2, 1)])
def test_that_a_grid_never_has_more_segments_than_were_asked_for(shape, segments):
    labels = segment_labels(
        np.zeros(shape, np.float32), SegmentParams(segmentation="grid", segments=segments)
    )
    assert 2 <= labels.max() + 1 <= segments


@pytest.mark.parametrize("segments", [4, 50])
def test_that_noise_does_not_join_the_segments_of_slic(generator, segments):
    labels = segment_labels(generator.random((32, 32, 1), dtype=np.float32), SegmentParams(segments=segments))
    assert 0.6 * segments < labels.max() + 1 < 1.4 * segments


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_that_an_image_that_is_not_finite_is_refused(x, algorithm):
    x[3, 3] = np.nan
    with pytest.raises(NotFinite):
        segment_labels(x, SegmentParams(segmentation=algorithm))


def test_that_an_image_of_one_segment_is_refused():
    with pytest.raises(NotApplicable, match="a single segment"):
        segment_labels(np.ones((8, 8, 1), np.float32), SegmentParams(segmentation="felzenszwalb"))


def test_that_an_absent_segment_shows_what_was_chosen(generator):
    x = generator.random((4, 6, 2), dtype=np.float32)
    labels = np.repeat([[0, 0, 0, 1, 1, 1]], 4, axis=0)
    means = absent_image(x, labels, SegmentParams(fill="mean"))
    np.testing.assert_allclose(
        means[:, :3], np.broadcast_to(x[:, :3].mean(axis=(0, 1)), (4, 3, 2)), rtol=1e-5
    )
    assert (absent_image(x, labels, SegmentParams(fill="black")) == x.min()).all()
    assert (absent_image(x, labels, SegmentParams(fill="value", fill_value=0.25)) == 0.25).all()
    blurred = absent_image(x, labels, SegmentParams(fill="blurred", blur=50))
    assert np.ptp(blurred, axis=(0, 1)).max() < 0.1


def test_that_the_shown_image_has_present_segments_and_fill_elsewhere(generator):
    x = generator.random((4, 6, 1), dtype=np.float32)
    labels = np.repeat([[0, 0, 0, 1, 1, 2]], 4, axis=0)
    image = SegmentedImage(x, labels, np.full_like(x, -1.0))
    (shown,) = image.shown(np.array([[True, False, True]]))
    np.testing.assert_array_equal(shown[:, [0, 1, 2, 5]], x[:, [0, 1, 2, 5]])
    assert (shown[:, 3:5] == -1).all()


def test_that_every_coalition_is_listed_once_by_its_bits():
    coalitions = all_coalitions(3)
    assert coalitions[5].tolist() == [True, False, True]
    assert len({tuple(row) for row in coalitions.tolist()}) == 8
