"""`saliscope train`: from an index of labelled images to a bundle."""

from pathlib import Path
from typing import Any

import click

from app.command_line.options import output_options
from app.command_line.output import Output
from core.documents import ModelEntry, TrainDocument


@click.command(short_help="Make a model from labelled images.")
@click.argument("index", metavar="INDEX.csv", type=click.Path(path_type=Path))
@click.option(
    "--facts",
    "facts_file",
    metavar="FILE.json",
    required=True,
    type=click.Path(path_type=Path),
    help="What no program can find out: id, title, purpose, limits, licence, preprocessing. "
    "training/models holds those of the shipped models.",
)
@click.option("--architecture", default="densenet121", show_default=True, help="The network.")
@click.option("--recipe", "recipe_name", default="progressive", show_default=True, help="How it is trained.")
@click.option(
    "--seed", type=click.IntRange(min=0), default=0, show_default=True, help="Of every random choice."
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
    index: Path,
    facts_file: Path,
    architecture: str,
    recipe_name: str,
    seed: int,
    work: Path | None,
    out: Path,
    output: Output,
) -> None:
    """Train a classifier on the images of an index and write it as a bundle.

    INDEX.csv has the columns id, file, label, part (train, val, test) and the group that stays in one
    part (person, or as the facts name it); a column mask with lesion outlines is used where it exists.
    The weights are chosen on val and scored once on test. A run that was ended goes on after its last
    whole epoch when it is started again.

    \b
    Example (the shipped brain tumour model; about an hour and a half on two cores):
      saliscope train data/index.csv --facts training/models/brain_tumor_mri_densenet121.json --seed 1
    """
    # Imported late: they bring up the framework, which help and usage errors need not.
    from core.models.runtime import frameworks
    from training.facts import read_facts
    from training.recipes import recipe

    chosen, facts = recipe(recipe_name), read_facts(facts_file)
    frameworks()
    from training.make import make_bundle

    def report(line: dict[str, Any]) -> None:
        output.say(
            f"epoch {line['epoch']} of {chosen.epochs}: {line['size']} pixels, loss {line['loss']:.3f}, "
            f"macro-F1 on val {line['val_macro_f1']:.3f}, {line['seconds']:.0f} s"
        )

    folder = work or Path("runs") / f"{facts.id}-{seed}"
    bundle = make_bundle(index, facts, architecture, chosen, seed, folder, out, report)
    figure = bundle.card.performance.macro_f1
    output.say(f"Macro-F1 on test {figure.value:.3f} ({figure.low:.3f} to {figure.high:.3f}).")
    output.say(f"Written to {bundle.folder}.")
    entry = ModelEntry.of(bundle.card, whole=True)
    output.document(TrainDocument(model=entry, folder=str(bundle.folder)))
