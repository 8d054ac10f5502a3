"""The options that several commands have, each written once."""

import json
import os
from collections.abc import Callable, Sequence
from functools import wraps
from pathlib import Path
from typing import Any

import click
from pydantic import BaseModel

from app.command_line.output import Output
from core.errors import UsageError
from core.images.planes import PlaneName
from core.models.device import DETERMINISTIC_VARIABLE, DEVICE_VARIABLE, DEVICE_WISHES
from core.output import shown_name
from core.policy import policy
from core.readers.slice_choice import SliceChoice

Command = Callable[..., Any]
Decorator = Callable[[Command], Command]
PLANES: tuple[PlaneName, ...] = ("axial", "coronal", "sagittal")
ENTROPIES = ("area", "shannon", "webp")


class LateChoice(click.ParamType[str]):
    """One of several names that are looked up only when needed, because their import takes time."""

    name = "choice"

    def __init__(self, names: Callable[[], Sequence[str]]) -> None:
        self._names = names

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str | None:
        """The names in brackets, as in the help."""
        return click.Choice(self._names()).get_metavar(param, ctx)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The name itself. Raises click.BadParameter for another one."""
        return str(click.Choice(self._names()).convert(value, param, ctx))


class DataCommand(click.Command):
    """A command on training data, whose help ends with the forms that they may have."""

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List name and title of every form."""
        from training.sources import SOURCES

        with formatter.section("Forms of DATA"):
            formatter.write_dl([(source.name, source.title) for source in SOURCES])


def output_options(document: Callable[[], type[BaseModel]]) -> Decorator:
    """--json, --quiet and --schema; the command gets them as `output: Output`.

    document: gives the class of the command's document, imported only when its schema is asked for.
    """

    def show_schema(ctx: click.Context, _option: click.Parameter, is_set: bool) -> None:
        if is_set:
            click.echo(
                json.dumps(document().model_json_schema(by_alias=True, mode="serialization"), indent=2)
            )
            ctx.exit()

    def decorate(command: Command) -> Command:
        @click.option("--json", "as_json", is_flag=True, help="Write one JSON document and nothing else.")
        @click.option("--quiet", is_flag=True, help="Print nothing but errors.")
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


def image_options(command: Command) -> Command:
    """IMAGE..., --sample, --model, which slices (handed over as `slice_choice: SliceChoice`), the device."""
    decorators = (
        click.argument("images", metavar="[IMAGE]...", nargs=-1, type=click.Path(path_type=Path)),
        click.option(
            "--sample", "sample_ids", metavar="ID", multiple=True, help="A bundled sample; repeatable."
        ),
        model_option("the sample's, or the first one for the image's modality"),
        _slice_options,
        device_options,
    )
    return _all(decorators, command)


def device_options(command: Command) -> Command:
    """--device and --deterministic, which hold for all that the command and its processes compute.

    They stand in the environment while the command runs, where a process that loads the framework looks.
    """

    def set_device(ctx: click.Context, _option: click.Parameter, wish: str | None) -> None:
        if wish is not None:
            rule = policy().rule("device")
            if rule.origin == "forced" and wish != rule.value:
                raise UsageError("The device is set by your administrator.", "Leave out --device.")
            _set_variable(ctx, DEVICE_VARIABLE, wish)

    def set_deterministic(ctx: click.Context, _option: click.Parameter, is_set: bool) -> None:
        if is_set:
            _set_variable(ctx, DETERMINISTIC_VARIABLE, "1")

    decorators = (
        click.option(
            "--device",
            type=click.Choice(DEVICE_WISHES),
            expose_value=False,
            callback=set_device,
            help=f"What computes: auto is a usable NVIDIA GPU, else the CPU [default: {DEVICE_VARIABLE}, or "
            "auto].",
        ),
        click.option(
            "--deterministic",
            is_flag=True,
            expose_value=False,
            callback=set_deterministic,
            help="Let a GPU give the same bits at every run, which takes longer. A CPU does so without.",
        ),
    )
    return _all(decorators, command)


def _set_variable(ctx: click.Context, name: str, value: str) -> None:
    before = os.environ.get(name)
    os.environ[name] = value
    ctx.call_on_close(lambda: os.environ.pop(name) if before is None else os.environ.update({name: before}))


def _slice_options(command: Command) -> Command:
    @click.option(
        "--slice",
        "number",
        metavar="N",
        type=click.IntRange(min=1),
        help="Which slice of a series, counted from 1 [default: the middle one].",
    )
    @click.option(
        "--position",
        "position_mm",
        metavar="MM",
        type=float,
        help="The slice nearest to this position along the normal of the slices, in mm toward the patient's "
        "left, back or head.",
    )
    @click.option(
        "--plane",
        type=click.Choice(PLANES),
        help="Slices of this plane of a volume's own axes [default: the slices as stored].",
    )
    @click.option("--all-slices", "is_all", is_flag=True, help="Every slice of every series.")
    @wraps(command)
    def with_choice(
        number: int | None, position_mm: float | None, plane: PlaneName | None, is_all: bool, **rest: Any
    ) -> Any:
        if (number is not None) + (position_mm is not None) + is_all > 1:
            raise UsageError("Choose slices by one of --slice, --position and --all-slices.")
        choice = SliceChoice(number=number, position_mm=position_mm, is_all=is_all, plane=plane or "")
        return command(slice_choice=choice, **rest)

    return with_choice


def map_options(command: Command) -> Command:
    """--method, --set, --target, --seed, --checks, --out and --no-paths (handed over as `has_paths`)."""
    decorators = (
        method_option(("grad_cam", "integrated_gradients")),
        setting_option(
            "METHOD.PARAM=VALUE",
            "A parameter of a method; repeatable. `saliscope methods NAME` lists them.",
        ),
        target_option,
        seed_option,
        click.option(
            "--checks",
            type=click.Choice(["none", "answers", "all"]),
            default="none",
            show_default=True,
            help="Checks of each map, kept in the workspace. answers: those whose answers stand beside every "
            "map in the window; all: every one that needs no region.",
        ),
        out_option("Folder of the results, with one folder for each image.", Path("saliscope-out")),
        click.option(
            "--no-paths",
            "has_paths",
            flag_value=False,
            default=True,
            help="Leave out of the workspace where the image lies, so that the file says nothing of this "
            "machine's folders; `replay` then needs --source.",
        ),
    )
    return _all(decorators, command)


def form_option(command: Command) -> Command:
    """--from: the form of labelled images, one of training.sources.SOURCES."""
    return click.option(
        "--from",
        "form",
        type=LateChoice(_source_names),
        help="The form of DATA [default: found out from the files].",
    )(command)


def facts_option(text: str) -> Decorator:
    """--facts, a file that must be named."""
    return click.option(
        "--facts",
        "facts_file",
        metavar="FILE.json",
        required=True,
        type=click.Path(path_type=Path),
        help=text,
    )


def model_option(default: str) -> Decorator:
    """--model; `default` says in words which one is taken without it."""
    return click.option("--model", "model_id", metavar="ID", help=f"The model [default: {default}].")


def method_option(default: tuple[str, ...], more: str = "") -> Decorator:
    """--method, repeatable. more: a sentence that follows in its help."""
    *first, last = default
    return click.option(
        "--method",
        "method_names",
        metavar="NAME",
        multiple=True,
        default=default,
        show_default=f"{', '.join(first)} and {last}",
        help=f"An explanation method; repeatable. {more}".rstrip(),
    )


def setting_option(metavar: str, text: str) -> Decorator:
    """--set, repeatable."""
    return click.option("--set", "settings", metavar=metavar, multiple=True, help=text)


def out_option(text: str, default: Path | None = None) -> Decorator:
    """--out, a folder."""
    return click.option(
        "--out",
        metavar="DIR",
        type=click.Path(path_type=Path, file_okay=False),
        default=default,
        show_default=default is not None,
        help=text,
    )


def entropy_option(name: str, text: str, multiple: bool = False) -> Decorator:
    """--entropy: what the axis of a curve measures; the command gets it as `name`."""
    return click.option("--entropy", name, type=click.Choice(ENTROPIES), multiple=multiple, help=text)


def target_option(command: Command) -> Command:
    """--target."""
    return click.option(
        "--target",
        metavar="TARGET",
        default="",
        help="What is explained: CLASS, logit:CLASS, probability:CLASS or difference:CLASS:CLASS "
        "[default: the logit of the predicted class].",
    )(command)


def seed_option(command: Command) -> Command:
    """--seed."""
    return click.option(
        "--seed", type=click.IntRange(min=0), default=0, show_default=True, help="Of every random choice."
    )(command)


def _source_names() -> list[str]:
    from training.sources import SOURCES

    return [source.name for source in SOURCES]


def _all(decorators: Sequence[Decorator], command: Command) -> Command:
    # The last decorator applied comes first in the help.
    for decorator in reversed(decorators):
        command = decorator(command)
    return command


def source_option(help_text: str) -> Decorator:
    """--source (handed over as `located: Path | None`): a file or folder that exists."""
    return click.option(
        "--source",
        "located",
        metavar="PATH",
        type=click.Path(path_type=Path),
        callback=_existing,
        help=help_text,
    )


def _existing(context: click.Context, option: click.Parameter, path: Path | None) -> Path | None:
    if path is not None and not os.path.exists(path):
        raise UsageError(
            f"--source {shown_name(path.name)}: there is no such file or folder.",
            "Name the file of the image, or a folder that holds it.",
        )
    return path
