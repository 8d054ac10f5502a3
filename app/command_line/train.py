"""`saliscope train`: from labelled images to a bundle."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from app.command_line.options import form_option, output_options
from app.command_line.output import Output
from core.errors import UsageError
from core.network.run import Run
from core.number_text import elapsed
from core.output import folder_name
from core.results.documents import ModelEntry, TrainDocument

if TYPE_CHECKING:
    from training.data import Data


@click.command(short_help="Make a model from labelled images.")
@click.argument("data", metavar="DATA", type=click.Path(path_type=Path))
@click.option(
    "--facts",
    "facts_file",
    metavar="FILE.json",
    required=True,
    type=click.Path(path_type=Path),
    help="What no program can find out: id, title, purpose, limits, licence, preprocessing, columns. "
    "training/models holds those of the shipped models; copy one and change it.",
)
@click.option(
    "--architecture",
    default="densenet121",
    show_default=True,
    help="The network: vgg16, vgg19, resnet50, resnet50v2, densenet121, xception, inceptionv3, "
    "inceptionresnetv2 or efficientnetb0.",
)
@click.option(
    "--recipe",
    "recipe_name",
    default="progressive",
    show_default=True,
    help="How it is trained: progressive or progressive_long (small pictures first, the image's outline as a "
    "second target where there is one), films or films_long (few images, upright), papers or papers_chest "
    "(plain, as published), smoke (two epochs, to try the data).",
)
@click.option(
    "--set",
    "settings",
    metavar="FIELD=VALUE",
    multiple=True,
    help="Change a field of the recipe; repeatable. class_weights=true for rare classes, patience=5 to stop "
    'early, batch=16, peak_rate=0.0005, \'stages=[{"size":112,"epochs":10}]\', augmentation.flip=false.',
)
@click.option(
    "--seed", type=click.IntRange(min=0), default=0, show_default=True, help="Of every random choice."
)
@form_option
@click.option(
    "--group-pattern",
    metavar="REGEX",
    default="",
    help="For class_folders: what in a file's name tells whose it is, in brackets, such as '(person\\d+)'.",
)
@click.option(
    "--split",
    "split_kind",
    type=click.Choice(["auto", "given", "groups", "slices"]),
    default="auto",
    show_default=True,
    help="given: the parts that DATA name. groups: drawn, whole persons together. auto: given, else groups. "
    "slices: drawn image by image, which leaks, to show how much; the card says so.",
)
@click.option(
    "--shares", metavar="A/B/C", default="80/10/10", show_default=True, help="Of train, val and test, drawn."
)
@click.option(
    "--split-seed", type=click.IntRange(min=0), default=0, show_default=True, help="Of the drawn split."
)
@click.option(
    "--work",
    metavar="DIR",
    type=click.Path(path_type=Path, file_okay=False),
    help="Where the run keeps its checkpoints [default: runs/ID-SEED]. The same folder again goes on there.",
)
@click.option(
    "--out",
    metavar="DIR",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("models"),
    show_default=True,
    help="Where the bundle goes, in a folder named by its id.",
)
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

    \b
    DATA is one of
      a CSV file with the columns id, file, label and the group that stays in one part
        (person, or as the facts name it); part (train, val, test), mask and source if there;
      a folder with a folder of pictures for each class, below train, val and test or not;
      the folder of the figshare brain tumour set (files N.mat);
      the folder COVID-19_Radiography_Dataset.

    The weights are chosen on val and scored once on test. Nobody may be in two parts: an index that says
    so is refused, and a drawn split keeps each person's images together.

    The folder of --work holds duplicates.csv (pairs that look nearly the same), log.jsonl (a line of JSON
    for each epoch, to be followed while it runs), the checkpoint and the best weights. A run that was
    ended goes on after its last whole epoch when the same command is started again, and ends as if it
    had not been. With KERAS_BACKEND=jax or torch the training runs there; the bundle is then written by
    the same command on a machine with TensorFlow.

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
    # Imported late: they bring up the framework, which help and usage errors need not.
    from training.facts import read_facts
    from training.recipes import recipe, with_settings

    chosen = with_settings(recipe(recipe_name), settings)
    facts = read_facts(facts_file)
    place = _place(data, form or "", group_pattern, split_kind, shares, split_seed)
    from training.device import bring_up

    bring_up()
    from training.make import Listener, make_bundle

    def say(text: str) -> None:
        from tqdm import tqdm

        with tqdm.external_write_mode():  # the bar steps aside
            output.say(text)

    def report(line: dict[str, Any]) -> None:
        say(
            f"epoch {line['epoch']} of {chosen.epochs}: {line['size']} pixels, loss {line['loss']:.3f}, "
            f"macro-F1 on val {line['val_macro_f1']:.3f}, {elapsed(line['seconds'])}"
        )

    folder = work or Path("runs") / f"{facts.id}-{seed}"
    with output.progress("training", Run()) as run:
        listener = Listener(report, say, run.progress)
        bundle = make_bundle(place, facts, architecture, chosen, seed, folder, out, listener)
    figure = bundle.card.performance.macro_f1
    output.say(f"Macro-F1 on test {figure.value:.3f} ({figure.low:.3f} to {figure.high:.3f}).")
    output.say(f"Written to {folder_name(bundle.folder)}.")
    entry = ModelEntry.of(bundle.card, whole=True)
    output.document(TrainDocument(model=entry, folder=folder_name(bundle.folder)))


def _place(
    path: Path, form: str, group_pattern: str, split_kind: str, shares: str, split_seed: int
) -> "Data":
    """The options on the data. Raises UsageError for shares that are none."""
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
        # Nothing is drawn, so shares and seed are nobody's.
        split = Split(kind="given")
    return Data(path, form, split, group_pattern, only_if_needed=split_kind == "auto")
