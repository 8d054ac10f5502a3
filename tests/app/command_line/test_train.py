"""The command that trains: its help is complete, and wrong calls end before anything is loaded."""

import re

import click
import pytest

from app.command_line.train import train
from core.models.architectures import ARCHITECTURES
from training.recipes import RECIPES
from training.sources import SOURCES


@pytest.fixture
def help_text():
    return train.get_help(click.Context(train, terminal_width=10_000, max_content_width=10_000))


def test_that_the_help_names_every_network_recipe_and_form(help_text):
    for name in (*ARCHITECTURES, *RECIPES, *(each.name for each in SOURCES)):
        assert re.search(rf"\b{name}\b", help_text), name


def test_that_the_help_has_a_command_for_each_shipped_model(help_text, repository):
    for facts in sorted((repository / "training" / "models").glob("*.json")):
        architecture = facts.stem.rsplit("_", maxsplit=1)[1]
        recipe = "films" if "chest" in facts.stem else "progressive"
        recipe += "_long" if architecture == "efficientnetb0" else ""
        command = rf"{facts.name} \\\s+--architecture {architecture} --recipe {recipe} --seed 1\b"
        assert re.search(command, help_text), facts.stem


@pytest.mark.parametrize(
    ("options", "word"),
    [
        (("--shares", "80/20"), "'80/20' does not divide"),
        (("--shares", "80/10/20"), "make 100"),
        (("--recipe", "paper"), "Did you mean 'papers'"),
        (("--set", "patiense=3"), "Did you mean 'patience'"),
        (("--split", "slice"), "slice"),
        (("--from", "figshare"), "figshare"),
    ],
)
def test_that_a_wrong_option_is_named_with_the_right_one(saliscope, tmp_path, repository, options, word):
    facts = repository / "training" / "models" / "brain_tumor_mri_densenet121.json"
    ran = saliscope("train", tmp_path / "index.csv", "--facts", facts, *options)
    assert ran.code == 2
    assert word in ran.one_error
