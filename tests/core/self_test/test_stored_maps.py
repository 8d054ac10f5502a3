"""The stored maps: one for each method, reduced, and what a comparison with them finds."""

import numpy as np
import pytest

from core.errors import Unreadable
from core.methods import METHODS, method_named
from core.methods.contract import Method
from core.models.bundle import find_bundle
from core.network.facts import NetworkFacts
from core.samples import sample
from core.self_test.maps import method_trials
from core.self_test.models import LoadedModels
from core.self_test.stored_maps import (
    COMMAND,
    SIDE,
    TOLERANCE,
    StoredMap,
    few_calls,
    reduced,
    stored_map,
)
from core.self_test.trial import record_of


@pytest.mark.parametrize("method", METHODS, ids=lambda method: method.name)
def test_that_every_method_has_a_stored_map(method: Method) -> None:
    stored = stored_map(method.name)
    assert stored is not None, f"make it with: {COMMAND} {method.name}"
    assert stored.values.shape == (SIDE, SIDE)
    assert np.isfinite(stored.values).all()
    assert np.ptp(stored.values) > 0
    assert find_bundle(stored.model).card.modality == ("MR",)
    assert sample(stored.sample).modality == "MR"
    method.Params.model_validate(stored.parameters)


def test_that_a_reduced_map_holds_the_means_of_blocks() -> None:
    values = np.add.outer(np.arange(64.0), 1000 * np.arange(96.0))
    means = reduced(values)
    assert means.shape == (SIDE, SIDE)
    assert means[0, 0] == values[:2, :3].mean()
    assert means[31, 5] == values[62:, 15:18].mean()
    uneven = reduced(np.ones((45, 33)))
    np.testing.assert_allclose(uneven, 1)
    assert reduced(np.eye(16))[0, :3].tolist() == [1, 1, 0]


def test_that_a_map_comes_back_from_its_file(tmp_path) -> None:
    values = np.linspace(-2, 1, SIDE * SIDE, dtype=np.float32).reshape(SIDE, SIDE)
    StoredMap("method", "model", "sample", {"steps": 4}, values).write(tmp_path)
    stored = stored_map("method", tmp_path)
    assert (stored.model, stored.sample, stored.parameters) == ("model", "sample", {"steps": 4})
    np.testing.assert_array_equal(stored.values, values)
    assert stored_map("another", tmp_path) is None
    (tmp_path / "method.npz").write_bytes(b"PK damaged")
    with pytest.raises(Unreadable, match="The stored map of method is damaged"):
        stored_map("method", tmp_path)


def test_that_a_difference_is_a_share_of_the_largest_value() -> None:
    values = np.zeros((SIDE, SIDE), np.float32)
    values[0, 0] = -4
    stored = StoredMap("method", "model", "sample", {}, values)
    changed = values.copy()
    changed[5, 5] = 0.002
    assert stored.difference(values) == 0
    assert stored.difference(changed) == pytest.approx(0.0005)
    assert stored.difference(changed) < TOLERANCE < stored.difference(changed * 4)


def test_that_few_calls_are_taken_wherever_a_parameter_saves_some() -> None:
    facts = NetworkFacts(name="model", grid=(224, 224), channels=3, class_count=3)
    chosen = few_calls(method_named("occlusion"), facts)
    assert (chosen.window, chosen.stride) == (60, 32)
    assert few_calls(method_named("smooth_grad"), facts).samples == 4
    assert few_calls(method_named("gradient"), facts) == method_named("gradient").Params()


def test_that_a_method_without_a_stored_map_fails_with_the_command_that_makes_one(monkeypatch) -> None:
    monkeypatch.setattr("core.self_test.maps.stored_map", lambda _: None)
    trial = next(method_trials(LoadedModels(), None))
    record = record_of(trial)
    assert not record.has_passed
    assert "python -m training.self_test_maps" in record.sentence
