"""`saliscope models`: what is installed, what it knows and how good it is."""

import textwrap
from pathlib import Path

import click

from app.command_line.failure import error_record
from app.command_line.options import output_options
from app.command_line.output import Output
from app.texts import model as words
from core.errors import DamagedBundle, DiskFull, UsageError
from core.models.bundle import bundle_folders, find_bundle, read_bundle
from core.models.card import Card
from core.output import folder_name
from core.results.listing import DamagedModel, ModelEntry, ModelsDocument

WIDTH = 100


@click.command(short_help="List the installed models, show one, or compare them.")
@click.argument("model_id", metavar="[ID]", required=False)
@click.option("--compare", is_flag=True, help="The models that ship side by side.")
@click.option(
    "--out",
    metavar="DIR",
    type=click.Path(path_type=Path, file_okay=False),
    help="With --compare: also write it as a page with its picture, models.md and models.svg.",
)
@output_options(lambda: ModelsDocument)
def models(model_id: str | None, compare: bool, out: Path | None, output: Output) -> None:
    """List the installed models, show one whole, or compare those that ship.

    \b
    Example:
      saliscope models
      saliscope models brain_tumor_mri_densenet121 --json
      saliscope models --compare --out resources/help
    """
    if model_id is not None and compare:
        raise UsageError("A comparison is of all models.", "Leave out the id, or --compare.")
    if out is not None and not compare:
        raise UsageError("Only a comparison is written into a folder.", "Add --compare.")
    if compare:
        found = _installed()
        _compare(out, output)
    elif model_id is None:
        found = _installed()
        output.table([_row(entry) for entry in found])
    else:
        card = find_bundle(model_id).card
        found = [ModelEntry.of(card, whole=True)]
        _show(card, output)
    output.document(ModelsDocument(models=tuple(found)))


def _installed() -> list[ModelEntry | DamagedModel]:
    found: list[ModelEntry | DamagedModel] = []
    for folder in bundle_folders():
        try:
            found.append(ModelEntry.of(read_bundle(folder).card, whole=False))
        except DamagedBundle as error:
            found.append(DamagedModel(id=folder.name, error=error_record(error)))
    return found


def _row(entry: ModelEntry | DamagedModel) -> tuple[str, str, str, str]:
    if isinstance(entry, DamagedModel):
        return entry.id, "damaged", "", entry.error.message
    return entry.id, entry.version, f"macro-F1 {entry.macro_f1[0]:.2f}", ", ".join(entry.classes)


def _compare(out: Path | None, output: Output) -> None:
    # Imported late: the package of training is needed by this alone.
    from training.report.comparison import HEADER, kept_results, shipped, write_page

    bundles, runs = shipped(), kept_results()
    output.table([HEADER, *(row.cells for row in (*bundles, *runs))])
    if out is not None:
        try:
            out.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise DiskFull(
                f"{out.name} cannot be made: {error.strerror}.", "Choose another folder."
            ) from None
        write_page(out, bundles, runs)
        output.say(f"Written to {folder_name(out)}.")


def _show(card: Card, output: Output) -> None:
    """The label as in the window, then the classes one by one."""
    output.say(f"{card.title} ({card.id} {card.version})")
    for section in words.sections(card):
        output.say()
        output.say(section.title)
        for sentence in section.sentences:
            output.say(textwrap.fill(sentence, WIDTH, initial_indent="  ", subsequent_indent="  "))
        output.table(section.facts, indent=2)
    quality = card.performance
    output.say()
    output.say(f"On the {quality.part} part, each class by itself:")
    figures = [
        (name, *(found.whole for found in row.figures), str(row.images))
        for name, row in zip(quality.classes, words.class_rows(quality), strict=True)
    ]
    output.table([("class", *words.CLASS_FIGURES, "images"), *figures], indent=2)
