"""`saliscope train`: trains a model on labelled images and writes it as a bundle."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from app.command_line.options import (
    DataCommand,
    device_options,
    facts_option,
    form_option,
    out_option,
    output_options,
    seed_option,
    setting_option,
)
from app.command_line.output import Output
from core.errors import UsageError
from core.models.architectures import ARCHITECTURES
from core.network.run import Run
from core.number_text import duration, fixed
from core.output import folder_name
from core.results.bundle import TrainDocument
from core.results.listing import ModelEntry

if TYPE_CHECKING:
    from training.data import Data


@click.command(cls=DataCommand, short_help="Train a model on labelled images.")
@click.argument("data", metavar="DATA", type=click.Path(path_type=Path))
@facts_option(
    "What only the author knows: id, title, purpose, limits, licence, preprocessing, columns. "
    "training/models holds those of the shipped models; copy one and change it."
)
@click.option(
    "--architecture",
    default="densenet121",
    show_default=True,
    help=f"The network: {', '.join(ARCHITECTURES)}.",
)
@click.option(
    "--recipe",
    "recipe_name",
    default="progressive",
    show_default=True,
    help="How it is trained: progressive or progressive_long (small pictures first, the image's outline as a "
    "second target if there is one), films or films_long (few images, upright), papers or papers_chest "
    "(plain, as published), smoke (two epochs, to try the data).",
)
@setting_option(
    "FIELD=VALUE",
    "Change a field of the recipe; repeatable. class_weights=true for rare classes, patience=5 to stop "
    'early, batch=16, peak_rate=0.0005, \'stages=[{"size":112,"epochs":10}]\', augmentation.flip=false.',
)
@seed_option
@form_option
@click.option(
    "--group-pattern",
    metavar="REGEX",
    default="",
    help="For class_folders: a regular expression for file names whose first group is the person, such as "
    "'(person\\d+)'.",
)
@click.option(
    "--split",
    "split_kind",
    type=click.Choice(["auto", "given", "groups", "slices"]),
    default="auto",
    show_default=True,
    help="given: the parts that DATA names. groups: drawn, each person in one part. auto: given or groups. "
    "slices: drawn image by image, which leaks, to measure the leak; the card says so.",
)
@click.option(
    "--shares",
    metavar="A/B/C",
    default="80/10/10",
    show_default=True,
    help="Percentages of train, val and test in a drawn split.",
)
@click.option(
    "--split-seed", type=click.IntRange(min=0), default=0, show_default=True, help="Of a drawn split."
)
@click.option(
    "--work",
    metavar="DIR",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder of the run's checkpoints [default: runs/ID-SEED]. With the same folder an interrupted run "
    "is resumed.",
)
@out_option("Where the bundle is written, in a folder named by its id.", Path("models"))
@device_options
@output_options(lambda: TrainDocument)
def train(
    data: Path,
    facts_file: Path,
    architecture: str,
    recipe_name: str,
    settings: tuple[str, ...],
    seed: int,
    form: str | None,
    group_pattern: str,
    split_kind: str,
    shares: str,
    split_seed: int,
    work: Path | None,
    out: Path,
    output: Output,
) -> None:
    """Train a classifier on labelled images and write it as a bundle.

    DATA has one of the forms below. An index is a CSV file with the columns id, file, label and
    the group that stays in one part (person, or as the facts name it); part (train, val, test), mask and
    source are optional.

    The weights are chosen on val and scored once on test. No person may be in two parts: such an index
    is refused, and a drawn split keeps each person's images together.

    The folder of --work holds duplicates.csv (pairs of near-duplicates), log.jsonl (a line of JSON for each
    epoch), the checkpoint and the best weights. An interrupted run is resumed after its last whole epoch
    when the same command is started again, with the same result as an uninterrupted one. With
    KERAS_BACKEND=jax or torch the training runs there; the bundle is then written by the same command on
    a machine with TensorFlow.

    \b
    Example, to try your data first (minutes):
      saliscope train DATA --facts FACTS.json --recipe smoke --set stages='[{"size":64,"epochs":2}]'

    \b
    The shipped models (hours on two cores; BRAIN and CHEST are the folders of the two data sets):
      saliscope train BRAIN/index.csv --facts training/models/brain_tumor_mri_densenet121.json \\
          --architecture densenet121 --recipe progressive --seed 1
      saliscope train BRAIN/index.csv --facts training/models/brain_tumor_mri_efficientnetb0.json \\
          --architecture efficientnetb0 --recipe progressive_long --seed 1
      saliscope train CHEST/index.csv --facts training/models/chest_xray_densenet121.json \\
          --architecture densenet121 --recipe films --seed 1
      saliscope train CHEST/index.csv --facts training/models/chest_xray_efficientnetb0.json \\
          --architecture efficientnetb0 --recipe films_long --seed 1
    """
    # Imported late: they import the framework, which help and usage errors do not need.
    from training.facts import read_facts
    from training.recipes import recipe_named, with_settings

    chosen_recipe = with_settings(recipe_named(recipe_name), settings)
    facts = read_facts(facts_file)
    training_data = _training_data(data, form or "", group_pattern, split_kind, shares, split_seed)
    from training.device import prepare_framework

    prepare_framework()
    from training.make import Listener, make_bundle

    def print_above_bar(text: str) -> None:
        from tqdm import tqdm

        with tqdm.external_write_mode():
            output.print(text)

    def print_epoch(line: dict[str, Any]) -> None:
        print_above_bar(
            f"epoch {line['epoch']} of {chosen_recipe.epochs}: {line['size']} pixels, "
            f"loss {line['loss']:.3f}, macro-F1 on val {line['val_macro_f1']:.3f}, "
            f"{duration(line['seconds'])}"
        )

    folder = work or Path("runs") / f"{facts.id}-{seed}"
    with output.progress("training", Run()) as run:
        listener = Listener(print_epoch, print_above_bar, run.progress)
        bundle = make_bundle(training_data, facts, architecture, chosen_recipe, seed, folder, out, listener)
    macro_f1 = bundle.card.performance.macro_f1
    value, low, high = (fixed(each, 3) for each in (macro_f1.value, macro_f1.low, macro_f1.high))
    output.print(f"Macro-F1 on test {value} ({low} to {high}).")
    output.print(f"Written to {folder_name(bundle.folder)}.")
    entry = ModelEntry.of(bundle.card, whole=True)
    output.document(TrainDocument(model=entry, folder=folder_name(bundle.folder)))


def _training_data(
    path: Path, form: str, group_pattern: str, split_kind: str, shares: str, split_seed: int
) -> "Data":
    """The data with their split. Raises UsageError for invalid shares."""
    from training.data import Data
    from training.splits import Split

    try:
        train_share, val_share, test_share = (float(share) / 100 for share in shares.split("/"))
        split = Split(
            kind="groups" if split_kind == "auto" else split_kind,
            shares=(train_share, val_share, test_share),
            seed=split_seed,
        )
    except ValueError:  # also what pydantic raises
        raise UsageError(
            f"{shares!r} does not divide images into train, val and test.",
            "Write three percentages above 0 that make 100, such as 80/10/10.",
        ) from None
    if split_kind == "given":
        # Nothing is drawn, so shares and seed have no meaning.
        split = Split(kind="given")
    return Data(path, form, split, group_pattern, only_if_needed=split_kind == "auto")
