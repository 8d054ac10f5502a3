"""`saliscope methods`: the explanation methods with their help and parameters."""

import shutil
from collections.abc import Iterable

import click

from app.command_line.markdown import terminal_lines
from app.command_line.options import output_options
from app.command_line.output import Output
from core.results.listing import MethodEntry, MethodsDocument, ParameterRecord

MAX_WIDTH = 100


@click.command()
@click.argument("name", metavar="[NAME]", required=False)
@output_options(lambda: MethodsDocument)
def methods(name: str | None, output: Output) -> None:
    """List the methods, or show one with help and parameters.

    \b
    Example:
      saliscope methods integrated_gradients
    """
    # Imported late: the pages import texts of the window, which no other command needs.
    from app.help_pages import method_page
    from core.methods import METHODS, method_named

    if name is None:
        entries = [MethodEntry.of(method) for method in METHODS]
        rows = [(entry.name, entry.title, _family_title(entry), entry.summary) for entry in entries]
        output.table(rows)
    else:
        page = method_page(name)
        entry = MethodEntry.of(method_named(name))
        entries = [entry.model_copy(update={"help": page.text, "picture": page.picture or None})]
        _show(entries[0], output)
        output.print()
        for line in terminal_lines(page.text, width=min(shutil.get_terminal_size().columns, MAX_WIDTH)):
            output.print(line)
        if page.picture:
            output.print(f"  {page.path.with_name(page.picture)}")
    output.document(MethodsDocument(methods=tuple(entries)))


def _family_title(entry: MethodEntry) -> str:
    # Imported late, as above.
    from app.texts.explain import FAMILIES
    from core.methods.contract import Family

    return FAMILIES[Family(entry.family)]


def _show(entry: MethodEntry, output: Output) -> None:
    output.print(f"{entry.title} ({entry.name}), {_family_title(entry)}")
    output.print(entry.summary)
    if entry.doi:
        output.print(f"Source: {entry.doi}")
    output.print()
    for line in parameter_lines(entry.name, entry.parameters):
        output.print(line)
    if not entry.parameters:
        output.print("It has no parameters.")


def parameter_lines(owner: str, parameters: Iterable[ParameterRecord]) -> list[str]:
    """How each parameter of a method or an export is set, its meaning, bounds and default.

    owner: its name stands before that of the parameter; empty where the command has one owner alone.
    """
    lines, before = [], f"{owner}." if owner else ""
    for parameter in parameters:
        lines += [
            f"--set {before}{parameter.name}=...",
            f"    {parameter.description}",
            f"    {_bounds(parameter)}; default {_default_text(parameter.default)}",
        ]
    return lines


def _bounds(parameter: ParameterRecord) -> str:
    if parameter.choices:
        return f"one of {', '.join(map(str, parameter.choices))}"
    parts = [parameter.kind]
    if parameter.minimum is not None:
        parts.append(f"{'above' if parameter.minimum_excluded else 'from'} {parameter.minimum:g}")
    if parameter.maximum is not None:
        parts.append(f"{'below' if parameter.maximum_excluded else 'to'} {parameter.maximum:g}")
    return " ".join([*parts, parameter.unit]).rstrip()


def _default_text(default: object) -> str:
    return "empty" if default == "" else str(default)
