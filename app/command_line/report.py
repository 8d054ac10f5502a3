"""`saliscope report`: the report of a finished bundle, created again without training."""

from pathlib import Path

import click

from app.command_line.options import DataCommand, device_options, facts_option, form_option, output_options
from app.command_line.output import Output
from core.errors import UsageError
from core.models.bundle import find_bundle
from core.output import folder_name
from core.results.bundle import ReportDocument
from core.results.listing import ModelEntry


@click.command(cls=DataCommand, short_help="Create a model's report again.")
@click.argument("name", metavar="BUNDLE")
@click.argument("data", metavar="DATA", type=click.Path(path_type=Path))
@facts_option("The facts that the bundle was trained with.")
@form_option
@click.option(
    "--result",
    metavar="FILE.json",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Also write the figures alone to this file, for a model whose weights do not ship.",
)
@click.option(
    "--other-kind",
    "other_kinds",
    metavar="NAME=FOLDER",
    multiple=True,
    help="Images of another kind, on which the content check is measured; repeatable.",
)
@click.option("--content-only", is_flag=True, help="Compute the content check alone; the rest stays.")
@click.option("--note", default="", help="A note for the readers of those figures.")
@device_options
@output_options(lambda: ReportDocument)
def report(
    name: str,
    data: Path,
    facts_file: Path,
    form: str | None,
    result: Path | None,
    other_kinds: tuple[str, ...],
    content_only: bool,
    note: str,
    output: Output,
) -> None:
    """Measure a finished bundle, by id or folder, and write card, metrics and figures into its folder.

    DATA is what the bundle was trained on, a file or a folder as for train; each image is in the part that it
    had then. Nothing is trained: the weights and the scores of the test part stay the same. The test images
    are predicted whole and with parts covered, which takes minutes.

    \b
    Example:
      saliscope report resources/models/brain_tumor_mri_densenet121 data/index.csv \\
          --facts training/models/brain_tumor_mri_densenet121.json
    """
    from training.facts import read_facts

    bundle, facts = find_bundle(name), read_facts(facts_file)
    kinds = dict(_named_folder(text) for text in other_kinds)
    # Imported late: they import the framework, which help and usage errors do not need.
    from core.models.runtime import frameworks

    frameworks()
    from training.data import Data
    from training.report.comparison import store_row
    from training.report.make import make_report

    def report_progress(part: str, done: int, total: int) -> None:
        output.print(f"{part}: {done} of {total}")

    measured = make_report(bundle, Data(data, form or ""), facts, report_progress, kinds, content_only)
    if measured.card.shortcuts is not None:
        for sentence in measured.card.shortcuts.sentences():
            output.print(sentence)
    if result is not None:
        store_row(result, measured.card, note)
    output.print(f"Written to {folder_name(measured.folder)}.")
    entry = ModelEntry.of(measured.card, whole=True)
    output.document(ReportDocument(model=entry, folder=folder_name(measured.folder)))


def _named_folder(text: str) -> tuple[str, Path]:
    """The two parts of NAME=FOLDER. Raises UsageError."""
    name, equals, folder = text.partition("=")
    if not (name and equals and folder):
        raise UsageError(
            f"--other-kind {text} is not NAME=FOLDER.", 'Write it as in --other-kind "chest films=FOLDER".'
        )
    return name, Path(folder)
