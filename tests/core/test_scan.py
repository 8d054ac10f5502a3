"""A scan says of each slice what its prediction by itself says, and can be cancelled between slices."""

import numpy as np
import pytest

from core import engine
from core.errors import Cancelled
from core.images.slice import Slice
from core.models.handle import ModelHandle
from core.network.run import Run
from core.worker.messages import ScanRequest
from tests.cards import CLASSES, make_card, small_model


@pytest.fixture(scope="module")
def handle():
    return ModelHandle(make_card(), small_model())


@pytest.fixture
def images(generator):
    slices = [Slice(generator.random((40, 40)), modality="MR") for _ in range(5)]
    slices[1] = Slice(np.zeros((40, 40)), modality="MR")
    slices[3] = Slice(np.full((40, 40), np.nan), modality="MR")
    return slices


def test_that_each_slice_has_the_probabilities_of_its_own_prediction(handle, images):
    reports = []
    scanned = engine.scan(handle, images, Run(on_progress=lambda done, total: reports.append((done, total))))
    for number in (0, 2, 4):
        alone = engine.predict(handle, engine.prepare(handle, images[number]))
        assert scanned[number].probabilities == dict(zip(CLASSES, alone.probabilities, strict=True))
    assert reports == [(number, 5) for number in range(6)]


def test_that_a_slice_that_is_empty_or_not_finite_has_no_probability(handle, images):
    scanned = engine.scan(handle, images)
    assert [slice_.fits for slice_ in scanned] == [True, False, True, False, True]
    assert [bool(slice_.probabilities) for slice_ in scanned] == [True, False, True, False, True]


def test_that_a_scan_ends_within_one_slice(handle, images):
    done = []
    run = Run(on_progress=lambda *step: done.append(step), cancelled=lambda: bool(done))
    with pytest.raises(Cancelled):
        engine.scan(handle, images, run)
    assert done == [(0, 5)]


def test_that_the_request_carries_every_slice_with_its_own_arrays(generator):
    affine = np.diag([3.0, 0.5, 0.5, 1])
    plain = Slice(generator.random((4, 6)), modality="MR", unit="HU")
    placed = Slice(generator.random((5, 5)), affine_lps_mm=affine, spacing_mm=(0.5, 0.5))
    padded = Slice(generator.random((3, 3)), padding=np.eye(3, dtype=bool))
    request, arrays = ScanRequest.of("small", [plain, placed, padded, plain])
    again = request.slices(arrays)
    assert len(arrays) == 1 + 2 + 2 + 1
    for first, second in zip((plain, placed, padded, plain), again, strict=True):
        assert np.array_equal(first.values, second.values)
        assert (first.modality, first.unit, first.spacing_mm) == (
            second.modality,
            second.unit,
            second.spacing_mm,
        )
    assert np.array_equal(again[1].affine_lps_mm, affine)
    assert np.array_equal(again[2].padding, padded.padding)
    with pytest.raises(ValueError, match="array"):
        request.slices(arrays[:-1])
