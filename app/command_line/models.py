"""`saliscope models`: what is installed, what it knows and how good it is."""

import click

from app import texts
from app.command_line.failure import error_record
from app.command_line.options import output_options
from app.command_line.output import Output
from core.documents import DamagedModel, ModelEntry, ModelsDocument
from core.errors import DamagedBundle
from core.models.bundle import bundle_folders, find_bundle, read_bundle
from core.models.card import Card


@click.command()
@click.argument("model_id", metavar="[ID]", required=False)
@output_options(lambda: ModelsDocument)
def models(model_id: str | None, output: Output) -> None:
    """List the installed models, or show one whole.

    \b
    Example:
      saliscope models
      saliscope models brain_tumor_mri_densenet121 --json
    """
    if model_id is None:
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


def _show(card: Card, output: Output) -> None:
    quality = card.performance
    output.say(f"{card.title} ({card.id} {card.version})")
    output.table(texts.card_facts(card))
    output.say()
    output.say(f"On the {quality.part} part, each class by itself:")
    header = ("class", "precision", "recall", "F1", "images")
    figures = [
        (name, f"{one.precision:.2f}", f"{one.recall:.2f}", f"{one.f1:.2f}", str(one.support))
        for name, one in quality.classes.items()
    ]
    output.table([header, *figures], indent=2)
