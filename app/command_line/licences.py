"""`saliscope licences`: what the program is made of, and under which licences."""

import click

from app.command_line.options import output_options
from app.command_line.output import Output
from core.errors import UsageError, nearest_hint
from core.licences import LicenceEntry, licence_parts, normalised
from core.results.document import Document


class LicencesDocument(Document, name="licences"):
    """`saliscope licences --json`; text: of the one part that was named."""

    parts: tuple[LicenceEntry, ...]
    text: str = ""


@click.command()
@click.argument("name", metavar="[NAME]", required=False)
@output_options(lambda: LicencesDocument)
def licences(name: str | None, output: Output) -> None:
    """List the program's parts and licences, or show one text.

    \b
    Example:
      saliscope licences
      saliscope licences numpy
    """
    parts = licence_parts()
    text = ""
    if name is not None:
        parts = [part for part in parts if normalised(part.entry.name) == normalised(name)]
        if not parts:
            names = [part.entry.name for part in licence_parts()]
            raise UsageError(f"No part of the program is called {name!r}.", nearest_hint(name, names))
        text = parts[0].text
    entries = tuple(part.entry for part in parts)
    output.table([(each.kind, each.name, each.version, each.licence) for each in entries])
    if name is not None:
        for words in filter(None, (entries[0].note, text)):
            output.print()
            output.print(words)
    output.document(LicencesDocument(parts=entries, text=text))
