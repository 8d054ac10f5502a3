"""Bundles: what is written is read again, and what is damaged is refused with its reason."""

import json
from dataclasses import replace

import numpy as np
import pytest
from pydantic import ValidationError

from core.errors import DamagedBundle, UnknownModel, UsageError
from core.models.bundle import (
    BACKGROUND_NAME,
    CARD_NAME,
    WEIGHTS_NAME,
    find_bundle,
    read_bundle,
    write_background,
    write_bundle,
)
from tests.cards import make_card
from tests.policies import machine_policy

WEIGHTS = {"a/kernel": np.arange(6, dtype=np.float16).reshape(2, 3), "a/bias": np.ones(3, np.float16)}


@pytest.fixture
def bundle(tmp_path):
    return write_bundle(tmp_path / "bündle 模型", make_card(), WEIGHTS)


def test_that_a_written_bundle_is_read_again(bundle):
    again = read_bundle(bundle.folder)
    assert again.card == bundle.card
    for name, array in WEIGHTS.items():
        np.testing.assert_array_equal(again.weights()[name], array)


def test_that_a_single_number_among_the_weights_keeps_its_shape(tmp_path):
    write_bundle(tmp_path / "toy", make_card(), {"normalization/count": np.array(3.0, np.float32)})
    stored = read_bundle(tmp_path / "toy").weights()["normalization/count"]
    assert stored.shape == ()
    assert stored == 3


def test_that_one_changed_byte_of_the_weights_is_noticed(bundle):
    path = bundle.folder / WEIGHTS_NAME
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(bytes(data))
    with pytest.raises(DamagedBundle, match="not those its card names"):
        read_bundle(bundle.folder).weights()


def test_that_weights_that_are_not_finite_are_refused(tmp_path):
    bundle = write_bundle(tmp_path / "m", make_card(), {"a": np.array([1.0, np.nan], np.float32)})
    with pytest.raises(DamagedBundle, match="not finite in a"):
        bundle.weights()


def test_that_weights_that_are_no_safetensors_are_refused(bundle):
    import hashlib

    (bundle.folder / WEIGHTS_NAME).write_bytes(b"not weights")
    card = bundle.card.model_copy(update={"weights_sha256": hashlib.sha256(b"not weights").hexdigest()})
    with pytest.raises(DamagedBundle, match="cannot be parsed"):
        replace(bundle, card=card).weights()


def test_that_missing_weights_are_refused(bundle):
    (bundle.folder / WEIGHTS_NAME).unlink()
    with pytest.raises(DamagedBundle, match="cannot be read"):
        bundle.weights()


def test_that_a_newer_schema_is_refused_with_its_number(bundle):
    path = bundle.folder / CARD_NAME
    path.write_text(json.dumps(json.loads(path.read_text()) | {"schema_version": 9}))
    with pytest.raises(DamagedBundle, match="schema 9") as caught:
        read_bundle(bundle.folder)
    assert caught.value.hint == "Update Saliscope."


@pytest.mark.parametrize("text", ["", "[]", "{", '{"id": "x"}'])
def test_that_a_damaged_card_is_refused(bundle, text):
    (bundle.folder / CARD_NAME).write_text(text)
    with pytest.raises(DamagedBundle, match="The card of the model cannot be read"):
        read_bundle(bundle.folder)


def test_that_a_folder_is_not_named_where_models_are_not_searched(bundle):
    folder = bundle.folder.rename(bundle.folder.with_name("SURNAME_GIVEN_1950"))
    for text in ("{", json.dumps({"schema_version": 99})):
        (folder / CARD_NAME).write_text(text)
        with pytest.raises(DamagedBundle) as caught:
            find_bundle(folder)
        assert "SURNAME" not in str(caught.value)
    (folder / CARD_NAME).unlink()
    with pytest.raises(UnknownModel, match=r"^The folder that was named holds no model\.") as unknown:
        find_bundle(folder)
    assert "SURNAME" not in str(unknown.value)


def test_that_an_unknown_model_is_named_with_the_nearest_one(bundle, monkeypatch):
    monkeypatch.setattr("core.models.bundle.model_folders", lambda: [bundle.folder.parent])
    with pytest.raises(UnknownModel) as caught:
        find_bundle("bündle 模")
    assert caught.value.message == "There is no model 'bündle 模'."
    assert "bündle 模型" in caught.value.hint


def test_that_a_folder_of_another_name_is_refused_where_models_are_searched_and_read_elsewhere(
    bundle, monkeypatch
):
    assert find_bundle(bundle.folder).card.id == "small"
    monkeypatch.setattr("core.models.bundle.model_folders", lambda: [bundle.folder.parent])
    with pytest.raises(DamagedBundle, match="The folder bündle 模型 holds the model small") as caught:
        find_bundle("bündle 模型")
    assert caught.value.hint == "Rename the folder to small."


def test_that_an_id_cannot_lead_out_of_its_folder():
    with pytest.raises(ValidationError):
        make_card(id="../elsewhere")


def test_that_a_bundle_without_background_reports_it(bundle):
    assert bundle.background() is None


@pytest.mark.parametrize(("low", "high"), [(0.0, 1.0), (-2.5, 4.0), (0.3, 0.3)])
def test_that_a_background_comes_back_within_half_a_step(bundle, generator, low, high):
    inputs = generator.uniform(low, high, size=(3, 32, 32, 1)).astype(np.float32)
    write_background(bundle.folder, inputs)
    again = bundle.background()
    assert again.dtype == np.float32
    np.testing.assert_allclose(again, inputs, atol=(high - low) / 510 + 1e-6)
    assert np.array_equal(again, inputs) == (low == high)


@pytest.mark.parametrize(
    "stored",
    [
        {"inputs": np.zeros((2, 16, 16, 1), np.uint8), "low": 0.0, "high": 1.0},
        {"inputs": np.zeros((2, 32, 32, 1), np.float32), "low": 0.0, "high": 1.0},
        {"inputs": np.zeros((0, 32, 32, 1), np.uint8), "low": 0.0, "high": 1.0},
        {"inputs": np.zeros((2, 32, 32, 1), np.uint8), "low": 0.0, "high": np.inf},
        {"inputs": np.zeros((2, 32, 32, 1), np.uint8), "low": 0.0},
        {"inputs": np.array([{}]), "low": 0.0, "high": 1.0},
    ],
    ids=["shape", "type", "none", "range", "missing", "objects"],
)
def test_that_a_background_that_does_not_fit_is_refused(bundle, stored):
    np.savez(bundle.folder / BACKGROUND_NAME, **stored)
    with pytest.raises(DamagedBundle, match="background of small"):
        bundle.background()


def test_that_a_background_that_is_cut_off_is_refused(bundle):
    write_background(bundle.folder, np.random.default_rng(0).random((2, 32, 32, 1)))
    path = bundle.folder / BACKGROUND_NAME
    path.write_bytes(path.read_bytes()[:-200])
    with pytest.raises(DamagedBundle, match="cannot be read"):
        bundle.background()


@pytest.mark.parametrize(
    ("content", "cause"),
    [
        (b"\xff\xfe{}", "it is not text in UTF-8"),
        (b'{\n"id": }', "line 2 is not JSON"),
        (b"[1, 2]", "its content is of another kind"),
    ],
)
def test_that_a_damaged_card_is_reported_without_the_message_of_a_parser(tmp_path, content, cause):
    (tmp_path / "small").mkdir()
    (tmp_path / "small" / "model.json").write_bytes(content)
    with pytest.raises(DamagedBundle) as refused:
        read_bundle(tmp_path / "small")
    assert refused.value.message == f"The card of the model cannot be read: {cause}."


@pytest.mark.parametrize("forced", ["", "other"])
def test_that_a_forced_folder_of_models_permits_no_bundle_elsewhere(bundle, tmp_path, forced):
    folder = str(tmp_path / forced) if forced else ""
    with machine_policy(tmp_path, f"model_folder = {{ forced = '{folder}' }}"):
        for name in (bundle.folder, str(bundle.folder), tmp_path / "other" / ".." / bundle.folder.name):
            with pytest.raises(UsageError, match="switched off by your administrator"):
                find_bundle(name)


@pytest.mark.parametrize("rule", ["forced", "default"])
def test_that_bundles_of_the_policys_folder_are_permitted_by_id_and_by_path(tmp_path, rule):
    card = make_card()
    bundle = write_bundle(tmp_path / card.id, card, WEIGHTS)
    with machine_policy(tmp_path, f"model_folder = {{ {rule} = '{tmp_path}' }}"):
        assert find_bundle(bundle.folder).card == bundle.card
        assert find_bundle(bundle.folder.name).card == bundle.card
