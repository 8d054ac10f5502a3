"""`saliscope methods`: the explanation methods with their help and parameters."""

import shutil

import click

from app.command_line.markdown import terminal_lines
from app.command_line.options import output_options
from app.command_line.output import Output
from core.results.listing import MethodEntry, MethodsDocument, ParameterRecord

WIDEST = 100


@click.command()
@click.argument("name", metavar="[NAME]", required=False)
@output_options(lambda: MethodsDocument)
def methods(name: str | None, output: Output) -> None:
    """List the methods, or show one with its help and its parameters.

    \b
    Example:
      saliscope methods integrated_gradients
    """
    # Imported late: the pages bring the words of the window, which no other command needs.
    from app.help_pages import method_page
    from core.methods import METHODS, method_named

    if name is None:
        found = [MethodEntry.of(known) for known in METHODS]
        output.table([(entry.name, entry.title, entry.family, entry.summary) for entry in found])
    else:
        page = method_page(name)
        entry = MethodEntry.of(method_named(name))
        found = [entry.model_copy(update={"help": page.text, "picture": page.picture or None})]
        _show(found[0], output)
        output.say()
        for line in terminal_lines(page.text, width=min(shutil.get_terminal_size().columns, WIDEST)):
            output.say(line)
        if page.picture:
            output.say(f"  {page.path.with_name(page.picture)}")
    output.document(MethodsDocument(methods=tuple(found)))


def _show(entry: MethodEntry, output: Output) -> None:
    output.say(f"{entry.title} ({entry.name}), {entry.family}")
    output.say(entry.summary)
    if entry.doi:
        output.say(f"Source: {entry.doi}")
    output.say()
    for parameter in entry.parameters:
        output.say(f"--set {entry.name}.{parameter.name}=...")
        output.say(f"    {parameter.description}")
        output.say(f"    {_bounds(parameter)}; default {_shown(parameter.default)}")
    if not entry.parameters:
        output.say("It has no parameters.")


def _bounds(parameter: ParameterRecord) -> str:
    if parameter.choices:
        return f"one of {', '.join(map(str, parameter.choices))}"
    words = [parameter.kind]
    if parameter.minimum is not None:
        words.append(f"{'above' if parameter.minimum_excluded else 'from'} {parameter.minimum:g}")
    if parameter.maximum is not None:
        words.append(f"{'below' if parameter.maximum_excluded else 'to'} {parameter.maximum:g}")
    return " ".join([*words, parameter.unit]).rstrip()


def _shown(default: object) -> str:
    return "empty" if default == "" else str(default)
