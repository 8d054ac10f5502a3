"""`saliscope models`: what is installed, its classes and its performance."""

import textwrap
from pathlib import Path

import click

from app.command_line.options import out_option, output_options
from app.command_line.output import Output
from app.failure import error_record
from app.texts import model as texts
from core.errors import DamagedBundle, UsageError
from core.models.bundle import bundle_folders, find_bundle, read_bundle
from core.models.card import Card
from core.output import folder_name, make_folder
from core.results.listing import DamagedModel, ModelEntry, ModelsDocument

WIDTH = 100


@click.command(short_help="List the installed models, show one, or compare them.")
@click.argument("model_id", metavar="[ID]", required=False)
@click.option("--compare", is_flag=True, help="Compare the models that ship.")
@out_option("With --compare: also write it as a page with its picture, models.md and models.svg.")
@output_options(lambda: ModelsDocument)
def models(model_id: str | None, compare: bool, out: Path | None, output: Output) -> None:
    """List the installed models, show the card of one, or compare those that ship.

    \b
    Example:
      saliscope models
      saliscope models brain_tumor_mri_densenet121 --json
      saliscope models --compare --out resources/help
    """
    if model_id is not None and compare:
        raise UsageError("--compare compares all models.", "Leave out the id, or --compare.")
    if out is not None and not compare:
        raise UsageError("Only a comparison is written into a folder.", "Add --compare.")
    if compare:
        entries = _installed()
        _compare(out, output)
    elif model_id is None:
        entries = _installed()
        output.table([_row(entry) for entry in entries])
    else:
        card = find_bundle(model_id).card
        entries = [ModelEntry.of(card, whole=True)]
        _show(card, output)
    output.document(ModelsDocument(models=tuple(entries)))


def _installed() -> list[ModelEntry | DamagedModel]:
    entries: list[ModelEntry | DamagedModel] = []
    for folder in bundle_folders():
        try:
            entries.append(ModelEntry.of(read_bundle(folder).card, whole=False))
        except DamagedBundle as error:
            entries.append(DamagedModel(id=folder.name, error=error_record(error)))
    return entries


def _row(entry: ModelEntry | DamagedModel) -> tuple[str, str, str, str]:
    if isinstance(entry, DamagedModel):
        return entry.id, "damaged", "", entry.error.message
    return entry.id, entry.version, f"macro-F1 {entry.macro_f1[0]:.2f}", ", ".join(entry.classes)


def _compare(out: Path | None, output: Output) -> None:
    # Imported late: only this command needs the package training.
    from training.report.comparison import HEADER, installed_rows, stored_rows, write_page

    bundles, runs = installed_rows(), stored_rows()
    output.table([HEADER, *(row.cells for row in (*bundles, *runs))])
    if out is not None:
        make_folder(out)
        write_page(out, bundles, runs)
        output.print(f"Written to {folder_name(out)}.")


def _show(card: Card, output: Output) -> None:
    """The card as in the window, then the figures of each class."""
    output.print(f"{card.title} ({card.id} {card.version})")
    for section in texts.sections(card):
        output.print()
        output.print(section.title)
        for sentence in section.sentences:
            output.print(textwrap.fill(sentence, WIDTH, initial_indent="  ", subsequent_indent="  "))
        output.table(section.facts, indent=2)
    output.print()
    output.print(f"On the {card.performance.part} part, by class:")
    figures = [
        (name, *(figure.whole for figure in row.figures), str(row.images))
        for name, row in zip(card.performance.classes, texts.class_rows(card), strict=True)
    ]
    output.table([("class", *texts.CLASS_FIGURES, "images"), *figures], indent=2)
