"""`saliscope report`: the report of a finished bundle, made anew without training."""

from pathlib import Path

import click

from app.command_line.options import form_option, output_options
from app.command_line.output import Output
from core.errors import UsageError
from core.models.bundle import find_bundle
from core.output import folder_name
from core.results.bundle import ReportDocument
from core.results.listing import ModelEntry


@click.command(short_help="Make a model's report anew.")
@click.argument("name", metavar="BUNDLE")
@click.argument("data", metavar="DATA", type=click.Path(path_type=Path))
@click.option(
    "--facts",
    "facts_file",
    metavar="FILE.json",
    required=True,
    type=click.Path(path_type=Path),
    help="The facts that the bundle was trained with.",
)
@form_option
@click.option(
    "--result",
    metavar="FILE.json",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Also keep the figures alone here, for a model whose weights do not ship.",
)
@click.option(
    "--other-kind",
    "other_kinds",
    metavar="NAME=FOLDER",
    multiple=True,
    help="Images of another kind, on which the check of content is measured; repeatable.",
)
@click.option("--content-only", is_flag=True, help="Make the check of content alone; the rest stays.")
@click.option("--note", default="", help="What a reader of those figures must know.")
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

    DATA is what it was trained on, a file or a folder as for train; each image is in the part that it had
    then. Nothing is trained: the weights stay as they are, and so do the scores of the test part. The network
    looks at the test images whole and with parts hidden, which takes minutes.

    \b
    Example:
      saliscope report resources/models/brain_tumor_mri_densenet121 data/index.csv \\
          --facts training/models/brain_tumor_mri_densenet121.json
    """
    from training.facts import read_facts

    bundle, facts = find_bundle(name), read_facts(facts_file)
    kinds = dict(_named_folder(text) for text in other_kinds)
    # Imported late: they bring up the framework, which help and usage errors need not.
    from core.models.runtime import frameworks

    frameworks()
    from training.data import Data
    from training.report.comparison import keep_result
    from training.report.make import make

    place = Data(data, form or "")

    def said(part: str, done: int, total: int) -> None:
        output.say(f"{part}: {done} of {total}")

    made = make(bundle, place, facts, said, kinds, content_only)
    if made.card.shortcuts is not None:
        for sentence in made.card.shortcuts.sentences():
            output.say(sentence)
    if result is not None:
        keep_result(result, made.card, note)
    output.say(f"Written to {folder_name(made.folder)}.")
    entry = ModelEntry.of(made.card, whole=True)
    output.document(ReportDocument(model=entry, folder=folder_name(made.folder)))


def _named_folder(text: str) -> tuple[str, Path]:
    """What stands in NAME=FOLDER. Raises UsageError."""
    name, equals, folder = text.partition("=")
    if not (name and equals and folder):
        raise UsageError(
            f"--other-kind {text} is not NAME=FOLDER.", 'Write it as in --other-kind "chest films=FOLDER".'
        )
    return name, Path(folder)
