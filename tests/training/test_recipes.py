"""Recipes: the schedule, the papers' values, and fields that are set by hand."""

import hashlib
import json

import numpy as np
import pytest

from core.errors import UsageError
from training.recipes import RECIPES, Stage, recipe_named, settings_of, with_settings


def test_that_the_schedule_warms_up_and_cools_to_a_hundredth():
    stages = (
        Stage(size=32, epochs=22),
        Stage(size=64, epochs=8),
        Stage(size=64, epochs=3, restart_rate=2e-4),
    )
    chosen = RECIPES["smoke"].model_copy(update={"stages": stages, "warm_up_epochs": 2.0})
    rates = [chosen.rate(epoch) for epoch in np.linspace(0, 29.999, 200)]
    assert max(rates) == pytest.approx(chosen.peak_rate, rel=0.01)
    assert rates[0] < 0.01 * chosen.peak_rate
    assert rates[-1] == pytest.approx(0.01 * chosen.peak_rate, rel=1e-3)
    assert [chosen.stage_of(epoch) for epoch in (0, 21, 22, 29, 30, 32)] == [0, 0, 1, 1, 2, 2]
    # The restart has its own cosine: its peak, the middle between the ends, a hundredth.
    restarted = [chosen.rate(epoch) for epoch in (30, 31.5, 33)]
    assert restarted == pytest.approx([2e-4, 1.01e-4, 2e-6], rel=1e-6)


def test_that_an_unknown_recipe_is_named():
    with pytest.raises(UsageError, match="'paper'"):
        recipe_named("paper")


def test_that_a_constant_schedule_stays_where_it_is_after_its_warm_up():
    stages = (Stage(size=32, epochs=4), Stage(size=64, epochs=2, restart_rate=1e-4))
    changes = {"stages": stages, "schedule": "constant", "warm_up_epochs": 1.0, "peak_rate": 2e-3}
    chosen = RECIPES["smoke"].model_copy(update=changes)
    assert [chosen.rate(epoch) for epoch in (1.0, 2.5, 3.99, 4.0, 5.9)] == [2e-3, 2e-3, 2e-3, 1e-4, 1e-4]
    assert chosen.rate(0.5) == pytest.approx(1e-3, rel=0.01)


@pytest.mark.parametrize(("name", "epochs"), [("papers", 20), ("papers_chest", 40)])
def test_that_the_papers_recipe_is_the_papers(name, epochs):
    chosen = recipe_named(name)
    assert (chosen.optimiser, chosen.momentum, chosen.weight_decay, chosen.batch) == ("sgd", 0.939, 3e-4, 64)
    assert (chosen.epochs, chosen.stages[0].size, chosen.mixed_precision) == (epochs, 225, False)
    assert [chosen.rate(epoch) for epoch in (0, 1, epochs - 0.01)] == [1e-3] * 3
    assert (chosen.mask_weight, chosen.label_smoothing, chosen.class_weights) == (0, 0, False)


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("progressive", "781055900a8c"),
        ("progressive_long", "694d2415b17b"),
        ("films", "9a5ebe973283"),
        ("films_long", "fa5df60a4099"),
    ],
)
def test_that_the_recipes_of_the_shipped_models_stay_what_they_were(name, values):
    fields = recipe_named(name).model_dump(mode="json")
    added = {
        key: fields.pop(key) for key in ("momentum", "schedule", "class_weights", "patience") if key in fields
    }
    assert added == {"momentum": 0.939, "schedule": "cosine", "class_weights": False, "patience": None}
    assert hashlib.sha256(json.dumps(fields, sort_keys=True).encode()).hexdigest()[:12] == values


def test_that_set_fields_are_typed_and_can_be_written_again():
    settings = ["class_weights=true", "patience=3", "optimiser=sgd", "augmentation.flip=false"]
    changed = with_settings(recipe_named("progressive"), [*settings, 'stages=[{"size":64,"epochs":1}]'])
    assert (changed.class_weights, changed.patience, changed.optimiser) == (True, 3, "sgd")
    assert not changed.augmentation.flip
    assert changed.augmentation.rotation_degrees == 20
    assert changed.stages == (Stage(size=64, epochs=1),)
    assert with_settings(recipe_named("progressive"), settings_of(changed)) == changed
    assert settings_of(recipe_named("films")) == []


@pytest.mark.parametrize(
    ("setting", "word"),
    [
        ("patiense=3", "Did you mean 'patience'"),
        ("augmentation.flipp=true", "Did you mean 'augmentation.flip'"),
        ("patience", "sets no field"),
        ("name=other", "sets no field"),
        ("batch=0", "batch of the recipe"),
        ("batch.size=3", "sets no field"),
    ],
)
def test_that_a_field_that_cannot_be_set_is_named(setting, word):
    with pytest.raises(UsageError, match=word):
        with_settings(recipe_named("films"), [setting])
