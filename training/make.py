"""One run from labelled images to a bundle."""

import json
import shlex
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from core.errors import DiskFull, InputError, ModelError, UsageError, nearest_hint
from core.models.architectures import ARCHITECTURES
from core.models.bundle import Bundle
from core.models.card import TrainingRecord
from core.models.preprocessing import Preprocessing
from core.output import written
from training.batches import load
from training.checkpoint import best_weights
from training.data import Data
from training.datasets import Columns, DataSet
from training.device import on_tensorflow
from training.duplicates import THUMBNAIL, near_pairs, pairs_across_parts, unexpected_pairs, write_pairs
from training.facts import Facts
from training.loop import Progress, Report, Trainer
from training.recipes import Recipe, settings_of
from training.splits import Split


@dataclass(frozen=True, slots=True)
class Listener:
    """Functions that are called during a run; each may be left out.

    epoch: with a flat record for each epoch. sentence: with a message. progress: with steps done and to do.
    """

    epoch: Report = lambda record: None
    sentence: Callable[[str], None] = lambda text: None
    progress: Progress = lambda done, total: None


def make_bundle(
    data: Data,
    facts: Facts,
    architecture: str,
    recipe: Recipe,
    seed: int,
    work: Path,
    out: Path,
    listener: Listener = Listener(),
) -> Bundle:
    """Train in the folder `work` (an interrupted run is resumed there) and write the bundle to out/<id>.

    `work` then holds run.json (the settings of the run), duplicates.csv, log.jsonl (a line for each epoch),
    the checkpoint and the best weights. Raises UsageError for an unknown architecture or a folder of another
    run, InputError for data unfit for training, and after the training ModelError if Keras does not run
    on TensorFlow, which writing a bundle needs.
    """
    if architecture not in ARCHITECTURES:
        hint = nearest_hint(architecture, ARCHITECTURES)
        raise UsageError(f"There is no architecture {architecture!r}.", hint)
    form, split, data_set = data.read(facts.columns, facts.keep)
    facts.require_classes(data_set.classes)
    folder = _writable(out / facts.id)
    _require_batch(data_set, recipe)
    _claim(
        work,
        {
            "index": data_set.sha256,
            "architecture": architecture,
            "recipe": recipe.model_dump(mode="json"),
            "preprocessing": facts.preprocessing.model_dump(mode="json"),
            "columns": facts.columns.model_dump(mode="json"),
            "keep": {name: list(values) for name, values in facts.keep.items()},
            "seed": seed,
            "format": form,
            "split": split.model_dump(mode="json"),
            "group_pattern": data.group_pattern,
        },
    )
    if split.limit(data_set.grouped_by):
        listener.sentence(f"Warning: {split.limit(data_set.grouped_by)}")
    _report_duplicates(data_set, facts.preprocessing, work, listener)
    trainer = Trainer(architecture, recipe, facts.preprocessing, data_set.classes, seed, work)
    history = trainer.run(data_set.part("train"), data_set.part("val"), listener.epoch, listener.progress)
    if not on_tensorflow():
        raise ModelError(
            f"The weights are trained and are in {work.name}; writing the bundle needs Keras on TensorFlow.",
            "Run the same command with that folder where it is installed; nothing is trained again.",
        )
    # Imported late: only this part needs more than Keras itself.
    from training.export import export, software_versions

    record = TrainingRecord(
        command=_command(data, split, facts, architecture, recipe, seed),
        recipe={name: str(value) for name, value in recipe.model_dump(mode="json").items()},
        data_sha256=data_set.sha256,
        split=split.description(data_set.grouped_by),
        seed=seed,
        epochs=len(history),
        seconds=round(sum(line["seconds"] for line in history), 1),
        device=history[-1].get("device") or software_versions()["device"],
        versions=software_versions(),
    )
    card_facts = _with_split(facts, split.limit(data_set.grouped_by), data_set.grouped_by)
    weights = best_weights(trainer.best_weights)
    return export(folder, card_facts, architecture, data_set.classes, weights, data_set.records, record)


def _require_batch(data_set: DataSet, recipe: Recipe) -> None:
    count = len(data_set.part("train"))
    if count < recipe.batch:
        raise InputError(
            f"There are {count} training images, fewer than a batch of {recipe.batch}.",
            "Add images, or take a smaller batch (--set batch=8).",
        )


def _report_duplicates(
    data_set: DataSet, preprocessing: Preprocessing, work: Path, listener: Listener
) -> None:
    """Look for near-duplicates once in each run and write duplicates.csv; this also opens every file."""
    path = work / "duplicates.csv"
    if path.exists():
        return
    small = preprocessing.model_copy(update={"height": THUMBNAIL, "width": THUMBNAIL})
    pictures = load(data_set.records, data_set.classes, small).inputs.mean(axis=-1)
    pairs = unexpected_pairs(near_pairs(pictures), data_set.records)
    write_pairs(path, pairs, data_set.records)
    across_parts = len(pairs_across_parts(pairs, data_set.records))
    listener.sentence(
        f"Near-duplicates: {len(pairs)} pairs of images look nearly alike, "
        f"{across_parts} of them in different parts" + (f"; see {path.name}." if pairs else ".")
    )


def _command(data: Data, split: Split, facts: Facts, architecture: str, recipe: Recipe, seed: int) -> str:
    """The command that trains the bundle again, without the names of folders."""
    parts = ["saliscope", "train", "INDEX.csv" if data.path.is_file() else "FOLDER"]
    parts += ["--facts", f"{facts.id}.json", "--architecture", architecture, "--recipe", recipe.name]
    for setting in settings_of(recipe):
        parts += ["--set", setting]
    parts += ["--seed", str(seed)]
    if data.form:
        parts += ["--from", data.form]
    if data.group_pattern:
        parts += ["--group-pattern", data.group_pattern]
    if split.kind != "given":
        parts += ["--split", split.kind, "--shares", split.percent, "--split-seed", str(split.seed)]
    return shlex.join(parts)


def _with_split(facts: Facts, limit: str, grouped_by: str) -> Facts:
    """The facts with the group and the limit that follow from the split."""
    columns = facts.columns.model_copy(update={"group": grouped_by or "image"})
    limits = (limit, *facts.limits) if limit else facts.limits
    return facts.model_copy(update={"columns": columns, "limits": limits})


def _writable(folder: Path) -> Path:
    """`folder`, created before the training, so that no hours are lost if it cannot be. Raises DiskFull."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DiskFull(
            f"{folder.name} cannot be created: {error.strerror}.", "Choose another folder."
        ) from None
    return folder


def _claim(work: Path, run: dict[str, Any]) -> None:
    """Record the run that the folder belongs to. Raises UsageError if it belongs to another one.

    An interrupted run is resumed from its checkpoints, which are invalid for other data: the weights would
    be tested on persons of their training.
    """
    path = _writable(work) / "run.json"
    if path.exists():
        before = _completed(json.loads(path.read_text(encoding="utf-8")))
        changed = [name for name in run if before.get(name) != run[name]]
        if changed:
            raise UsageError(
                f"The folder {work.name} holds a run with another {' and '.join(changed)}.",
                "Choose another folder with --work.",
            )
        return
    with written(path) as file:
        file.write(json.dumps(run, indent=1).encode("utf-8"))


def _completed(run: dict[str, Any]) -> dict[str, Any]:
    """A run.json of an older version with the defaults of later fields, which change nothing."""
    added = {"format": "index", "split": Split().model_dump(mode="json"), "group_pattern": ""}
    completed = added | run
    kinds: dict[str, type[BaseModel]] = {
        "recipe": Recipe,
        "preprocessing": Preprocessing,
        "columns": Columns,
        "split": Split,
    }
    for name, kind in kinds.items():
        try:
            completed[name] = kind.model_validate(completed.get(name)).model_dump(mode="json")
        except ValidationError:
            completed[name] = None  # of a newer version: another run
    return completed
