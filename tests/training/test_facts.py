"""The facts of the models that ship, and what their cards say."""

import pytest

from core.models.bundle import RESOURCES, read_bundle
from core.models.card import CARD_SCHEMA
from training.facts import read_facts

SHIPPED = sorted(folder.name for folder in (RESOURCES / "models").iterdir())


@pytest.mark.parametrize("name", SHIPPED)
def test_that_a_shipped_card_says_what_its_facts_say(name, repository):
    facts = read_facts(repository / "training" / "models" / f"{name}.json")
    card = read_bundle(repository / "resources" / "models" / name).card
    assert card.schema_version == CARD_SCHEMA
    stated = facts.for_card
    assert {field: card.model_dump()[field] for field in stated} == stated
    facts.require_classes(card.classes)


@pytest.mark.parametrize("name", [name for name in SHIPPED if name.startswith("chest")])
def test_that_the_card_warns_where_a_class_comes_from_one_hospital(name, repository):
    card = read_bundle(repository / "resources" / "models" / name).card
    for class_name in card.classes:
        sources = [source for source in card.performance.sources.values() if class_name in source.classes]
        assert ("one hospital" in card.caveats[class_name]) == (len(sources) == 1)


def test_that_a_class_is_named_in_words(repository):
    card = read_bundle(repository / "resources" / "models" / "chest_xray_densenet121").card
    assert [card.words_of(name) for name in card.classes] == ["COVID-19", "lung opacity", "normal"]
