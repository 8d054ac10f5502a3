"""The list of commands, and how one is run. To add a command: its file, its line in COMMANDS, its test."""

import os
from collections.abc import Sequence
from pathlib import Path

import click

from app.command_line.curves import curves
from app.command_line.deidentify import deidentify
from app.command_line.evaluate import evaluate
from app.command_line.explain import explain
from app.command_line.export import export
from app.command_line.failure import CommandFailure
from app.command_line.info import info
from app.command_line.layers import layers
from app.command_line.licences import licences
from app.command_line.methods import methods
from app.command_line.models import models
from app.command_line.predict import predict
from app.command_line.replay import replay
from app.command_line.report import report
from app.command_line.report_bundle import report_bundle
from app.command_line.samples import samples
from app.command_line.self_test import self_test
from app.command_line.train import train
from app.command_line.visualise import visualise
from app.failure import print_note
from core.errors import Cancelled, SaliscopeError, UsageError
from core.policy import policy
from core.version import program_version

COMMANDS: tuple[click.Command, ...] = (  # the order in the help
    explain,
    curves,
    layers,
    visualise,
    evaluate,
    replay,
    predict,
    info,
    export,
    deidentify,
    models,
    methods,
    samples,
    train,
    report,
    self_test,
    report_bundle,
    licences,
)


class OrderedGroup(click.Group):
    """A group that lists its commands in the order in which they were added."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)


@click.group(cls=OrderedGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(program_version(), message="saliscope %(version)s")
def saliscope() -> None:
    """Explains a network's prediction for a medical image, and how far the explanation can be trusted.

    Without a command the window opens. For research and teaching, not for diagnosis.

    If a whole command fails with --json, it writes a document of the schema saliscope/error/1 in place of
    its own: version, and error with code, message and hint.

    \b
    saliscope samples
    saliscope explain --sample brain_glioma --out out
    """


for _command in COMMANDS:
    saliscope.add_command(_command)


def run(arguments: Sequence[str]) -> int:
    """Run one command; an error is reported in one line on standard error. Returns the exit code."""
    failure = CommandFailure.of(arguments)
    if policy().problem:
        print_note(policy().problem)
    try:
        code = saliscope.main(list(arguments), prog_name="saliscope", standalone_mode=False)
    except click.UsageError as error:
        command = error.ctx.command_path if error.ctx else "saliscope"
        message = _without_folders(_sentence(error.format_message()), arguments)
        hint = f"See `{command} --help`."
        # Only a bare name is taken for a command; the folders of any other are not repeated.
        is_bare_name = bool(arguments) and os.path.basename(arguments[0]) == arguments[0]
        if is_bare_name and command == "saliscope" and os.path.exists(arguments[0]):
            hint = f"To open the file or folder of that name: `saliscope ./{arguments[0]}`."
        return failure.report(UsageError(message, hint))
    except click.FileError as error:
        return failure.report(UsageError(_sentence(f"{Path(error.filename).name}: {error.message}")))
    except click.Abort:
        return failure.report(Cancelled("Interrupted."))
    except SaliscopeError as error:
        return failure.report(error)
    return code if isinstance(code, int) else 0


def _without_folders(text: str, arguments: Sequence[str]) -> str:
    """click's message with the bare names of the files and folders that it quotes from `arguments`."""
    for argument in arguments:
        path = Path(argument.partition("=")[2] if argument.startswith("-") else argument)
        if len(path.parts) > 1 and os.path.isdir(path.parent):
            text = text.replace(str(path), path.name).replace(os.path.abspath(path), path.name)
    return text


def _sentence(text: str) -> str:
    """click's message as one line that ends like a sentence."""
    line = " ".join(text.split())
    return line if line.endswith((".", "?", "!")) else f"{line}."
