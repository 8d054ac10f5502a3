"""`--device` and `--deterministic`: they hold for what a command computes, and for nothing afterwards."""

import os

import click
import pytest
from click.testing import CliRunner

from app.command_line import model_choice
from app.command_line.group import COMMANDS
from app.command_line.options import device_options
from core.models.device import DETERMINISTIC_VARIABLE, DEVICE_VARIABLE, ComputingDevice, DeviceChoice
from core.models.handle import ModelHandle
from tests.cards import make_card, small_model

COMPUTING = {
    "explain",
    "curves",
    "layers",
    "visualise",
    "evaluate",
    "replay",
    "predict",
    "train",
    "report",
    "self-test",
}


def test_that_every_command_that_computes_has_the_options_and_no_other() -> None:
    having = {
        command.name
        for command in COMMANDS
        if {"device", "deterministic"} <= {option.name for option in command.params}
    }
    assert having == COMPUTING


@pytest.mark.parametrize(
    ("arguments", "before", "choice"),
    [
        ((), {}, DeviceChoice()),
        (("--device", "cpu"), {DEVICE_VARIABLE: "gpu"}, DeviceChoice(wish="cpu")),
        (("--deterministic",), {DEVICE_VARIABLE: "gpu"}, DeviceChoice(wish="gpu", is_deterministic=True)),
        (("--device", "gpu", "--deterministic"), {}, DeviceChoice(wish="gpu", is_deterministic=True)),
    ],
)
def test_that_the_options_stand_in_the_environment_while_the_command_runs(
    monkeypatch, arguments, before, choice
) -> None:
    for name in (DEVICE_VARIABLE, DETERMINISTIC_VARIABLE):
        monkeypatch.delenv(name, raising=False)
    for name, text in before.items():
        monkeypatch.setenv(name, text)
    present = dict(os.environ)
    choices = []

    @click.command()
    @device_options
    def command() -> None:
        choices.append(DeviceChoice.of_environment(os.environ))

    assert CliRunner().invoke(command, list(arguments)).exit_code == 0
    assert choices == [choice]
    assert dict(os.environ) == present


def test_that_an_unknown_device_is_a_usage_error(saliscope) -> None:
    ran = saliscope("predict", "--sample", "brain_glioma", "--device", "tpu")
    assert ran.code == 2
    assert "tpu" in ran.one_error


@pytest.mark.usefixtures("quick_reader")
def test_that_documents_say_what_computed_and_why_it_was_the_cpu(
    saliscope, bundle, picture, monkeypatch
) -> None:
    sentence = "The CPU computes, since no GPU can be used: no NVIDIA driver is installed."
    device = ComputingDevice(kind="cpu", name="CPU, 2 cores", fallback=sentence)
    handle = ModelHandle(make_card(), small_model())
    handle.calls.device = device
    monkeypatch.setattr(ModelHandle, "load", lambda name: handle)
    model_choice._print_fallback.cache_clear()
    ran = saliscope("predict", picture, picture, "--model", bundle, "--json")
    assert ran.code == 0
    assert ran.err == f"saliscope: note: {sentence}\n"  # once, for two images
    assert [image["device"] for image in ran.document["images"]] == [device.model_dump()] * 2
