"""The options that commands share."""

import json
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

import click
from pydantic import BaseModel

from app.command_line.output import Output

Command = Callable[..., Any]


def output_options(document: Callable[[], type[BaseModel]]) -> Callable[[Command], Command]:
    """--json, --quiet and --schema; the command gets them as `output: Output`.

    document: gives the model of the command's document, imported only when its schema is asked for.
    """

    def show_schema(ctx: click.Context, _option: click.Parameter, asked: bool) -> None:
        if asked:
            click.echo(
                json.dumps(document().model_json_schema(by_alias=True, mode="serialization"), indent=2)
            )
            ctx.exit()

    def decorate(command: Command) -> Command:
        @click.option("--json", "as_json", is_flag=True, help="Write one JSON document and nothing else.")
        @click.option("--quiet", is_flag=True, help="Say nothing but errors.")
        @click.option(
            "--schema",
            is_flag=True,
            is_eager=True,
            expose_value=False,
            callback=show_schema,
            help="Show the JSON schema of that document.",
        )
        @wraps(command)
        def with_output(as_json: bool, quiet: bool, **rest: Any) -> Any:
            return command(output=Output(as_json, quiet), **rest)

        return with_output

    return decorate


def form_option(command: Command) -> Command:
    """--from: the form of labelled images."""
    return click.option(
        "--from",
        "form",
        type=click.Choice(["index", "class_folders", "figshare_brain_tumour", "covid19_radiography"]),
        help="The form of DATA, if it should not be told by its looks.",
    )(command)


def image_options(command: Command) -> Command:
    """IMAGE..., --sample, --model and --slice."""
    decorators = (
        click.argument("images", metavar="[IMAGE]...", nargs=-1, type=click.Path(path_type=Path)),
        click.option(
            "--sample", "sample_ids", metavar="ID", multiple=True, help="A bundled sample; repeatable."
        ),
        click.option(
            "--model",
            "model_id",
            metavar="ID",
            help="The model [default: the sample's, or the image's kind's].",
        ),
        click.option(
            "--slice",
            "slice_number",
            metavar="N",
            type=click.IntRange(min=1),
            help="Which slice, counted from 1 [default: the middle one].",
        ),
    )
    return _all(decorators, command)


def map_options(command: Command) -> Command:
    """--method, --set, --target, --seed and --out."""
    decorators = (
        click.option(
            "--method",
            "method_names",
            metavar="NAME",
            multiple=True,
            default=("grad_cam", "integrated_gradients"),
            show_default="grad_cam and integrated_gradients",
            help="An explanation method; repeatable.",
        ),
        click.option(
            "--set",
            "settings",
            metavar="METHOD.PARAM=VALUE",
            multiple=True,
            help="A parameter of a method; repeatable. `saliscope methods NAME` lists them.",
        ),
        click.option(
            "--target",
            metavar="TARGET",
            default="",
            help="What is explained: CLASS, logit:CLASS, probability:CLASS or difference:CLASS:CLASS "
            "[default: the logit of the predicted class].",
        ),
        click.option(
            "--seed", type=click.IntRange(min=0), default=0, show_default=True, help="Of every random choice."
        ),
        click.option(
            "--out",
            metavar="DIR",
            type=click.Path(path_type=Path, file_okay=False),
            default=Path("saliscope-out"),
            show_default=True,
            help="Where the results go, one folder an image.",
        ),
    )
    return _all(decorators, command)


def _all(decorators: tuple[Callable[[Command], Command], ...], command: Command) -> Command:
    # The last decorator applied comes first in the help.
    for decorator in reversed(decorators):
        command = decorator(command)
    return command
