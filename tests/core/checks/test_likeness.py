"""Similarity of two maps: equal, opposite, unrelated, and undefined for constant maps."""

import numpy as np
import pytest
from skimage.feature import hog
from skimage.metrics import structural_similarity

from core.checks.likeness import likeness, mean_of, require_varied
from core.errors import NotApplicable
from core.network.attribution_map import AttributionMap


@pytest.fixture
def values(generator):
    return generator.normal(size=(48, 60)).astype(np.float32)


def as_map(values):
    values = np.asarray(values, np.float32)
    return AttributionMap(values, signed=True, cells=values.shape)


def test_that_a_map_is_wholly_like_itself_and_its_multiple(values):
    for second in (values, 7 * values):
        figures = likeness(values, second, signed=True)
        assert figures == {name: pytest.approx(1) for name in ("spearman", "spearman_abs", "ssim", "hog")}


def test_that_the_opposite_map_has_the_same_magnitudes_and_edges(values):
    figures = likeness(values, -values, signed=True)
    assert figures["spearman"] == pytest.approx(-1)
    assert figures["spearman_abs"] == pytest.approx(1)
    # HOG takes orientations without their direction.
    assert figures["hog"] == pytest.approx(1)


def test_that_figures_are_those_of_the_papers_on_maps_of_unit_size(values, generator):
    second = np.abs(generator.normal(size=values.shape)).astype(np.float32)
    first = np.abs(values)
    figures = likeness(first, second, signed=False)
    scaled = [unit_map.astype(np.float64) / unit_map.max() for unit_map in (first, second)]
    assert figures["ssim"] == pytest.approx(
        structural_similarity(
            *scaled, data_range=1, gaussian_weights=True, sigma=1.5, use_sample_covariance=False
        )
    )
    features = [hog(unit_map, pixels_per_cell=(16, 16), cells_per_block=(3, 3)) for unit_map in scaled]
    assert figures["hog"] == pytest.approx(np.corrcoef(*features)[0, 1])
    assert figures["ssim"] != pytest.approx(likeness(first, second, signed=True)["ssim"], abs=1e-3)


def test_that_a_constant_map_is_like_nothing(values):
    assert likeness(values, np.zeros_like(values), signed=True) == {}
    assert likeness(np.ones_like(values), values, signed=True) == {}
    signs = np.sign(values)
    assert "spearman_abs" not in likeness(signs, values, signed=True)


def test_that_a_small_map_has_ranks_alone():
    assert likeness(np.eye(4), np.eye(4), signed=False).keys() == {"spearman", "spearman_abs"}


def test_that_the_mean_leaves_out_rows_without_the_figure():
    assert mean_of([{"a": 1.0}, {}, {"a": 2.0, "b": 9.0}], "a") == 1.5
    assert mean_of([{}], "a") is None


def test_that_maps_without_an_order_are_refused_with_the_reason():
    with pytest.raises(NotApplicable, match="The map is 0 everywhere"):
        require_varied(as_map(np.zeros((3, 3))))
    with pytest.raises(NotApplicable, match=r"The map is 2\.5 everywhere"):
        require_varied(as_map(np.full((3, 3), 2.5)), magnitudes=True)
    signs = as_map([[1, -1], [-1, 1]])
    require_varied(signs)
    with pytest.raises(NotApplicable, match="differ in their sign alone"):
        require_varied(signs, magnitudes=True)
