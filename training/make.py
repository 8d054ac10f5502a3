"""One run from labelled images to a bundle."""

import json
import shlex
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from core.errors import DiskFull, InputError, ModelError, UsageError, nearest_hint
from core.models.architectures import ARCHITECTURES
from core.models.bundle import Bundle
from core.models.card import TrainingRecord
from core.models.preprocessing import Preprocessing
from core.output import written
from core.values import FrozenRecord
from training.batches import load
from training.checkpoint import best_weights
from training.data import Data
from training.datasets import Columns, DataSet
from training.device import on_tensorflow
from training.duplicates import THUMBNAIL, across, near_pairs, strange, write_pairs
from training.facts import Facts
from training.loop import Progress, Report, Trainer
from training.recipes import Recipe, settings_of
from training.splits import Split


@dataclass(frozen=True, slots=True)
class Listener:
    """Hears how a run goes; each part may be left out.

    epoch: a flat record per epoch. sentence: what a person should know. progress: steps done and to do.
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
    """Train in the folder `work` (an interrupted run goes on there) and write the bundle to out/<id>.

    `work` then holds run.json (what the run is), duplicates.csv, log.jsonl (a line an epoch), the
    checkpoint and the best weights. Raises UsageError for an unknown architecture or a folder of another
    run, InputError for data that cannot be trained on, and ModelError once the weights are made where
    Keras does not stand on TensorFlow, which writing a bundle needs.
    """
    if architecture not in ARCHITECTURES:
        hint = nearest_hint(architecture, ARCHITECTURES)
        raise UsageError(f"There is no architecture {architecture!r}.", hint)
    form, split, found = data.read(facts.columns, facts.keep)
    folder = _writable(out / facts.id)
    _require_batch(found, recipe)
    _claim(
        work,
        {
            "index": found.sha256,
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
    if split.limit(found.grouped_by):
        listener.sentence(f"Warning: {split.limit(found.grouped_by)}")
    _report_duplicates(found, facts.preprocessing, work, listener)
    trainer = Trainer(architecture, recipe, facts.preprocessing, found.classes, seed, work)
    history = trainer.run(found.part("train"), found.part("val"), listener.epoch, listener.progress)
    if not on_tensorflow():
        raise ModelError(
            f"The weights are trained and kept in {work.name}; writing the bundle needs Keras on TensorFlow.",
            "Run the same command with that folder where it is installed; nothing is trained again.",
        )
    # Imported late: only here is more needed than Keras itself.
    from training.export import export, software_versions

    made = TrainingRecord(
        command=_command(data, split, facts, architecture, recipe, seed),
        recipe={name: str(value) for name, value in recipe.model_dump(mode="json").items()},
        data_sha256=found.sha256,
        split=split.words(found.grouped_by),
        seed=seed,
        epochs=len(history),
        seconds=round(sum(line["seconds"] for line in history), 1),
        device=history[-1].get("device") or software_versions()["device"],
        versions=software_versions(),
    )
    said = _said(facts, split.limit(found.grouped_by), found.grouped_by)
    weights = best_weights(trainer.best_weights)
    return export(folder, said, architecture, found.classes, weights, found.records, made)


def _require_batch(found: DataSet, recipe: Recipe) -> None:
    count = len(found.part("train"))
    if count < recipe.batch:
        raise InputError(
            f"There are {count} training images, fewer than a batch of {recipe.batch}.",
            "Add images, or take a smaller batch (--set batch=8).",
        )


def _report_duplicates(found: DataSet, preprocessing: Preprocessing, work: Path, listener: Listener) -> None:
    """Look for near-duplicates once a run and leave duplicates.csv; this also opens every file once."""
    path = work / "duplicates.csv"
    if path.exists():
        return
    small = preprocessing.model_copy(update={"height": THUMBNAIL, "width": THUMBNAIL})
    pictures = load(found.records, found.classes, small).inputs.mean(axis=-1)
    pairs = strange(near_pairs(pictures), found.records)
    write_pairs(path, pairs, found.records)
    apart = len(across(pairs, found.records))
    listener.sentence(
        f"Near-duplicates: {len(pairs)} pairs of images look nearly alike, {apart} of them in different parts"
        + (f"; see {path.name}." if pairs else ".")
    )


def _command(data: Data, split: Split, facts: Facts, architecture: str, recipe: Recipe, seed: int) -> str:
    """The command that makes the bundle again, but for the folders' names."""
    words = ["saliscope", "train", "INDEX.csv" if data.path.is_file() else "FOLDER"]
    words += ["--facts", f"{facts.id}.json", "--architecture", architecture, "--recipe", recipe.name]
    for setting in settings_of(recipe):
        words += ["--set", setting]
    words += ["--seed", str(seed)]
    if data.form:
        words += ["--from", data.form]
    if data.group_pattern:
        words += ["--group-pattern", data.group_pattern]
    if split.kind != "given":
        words += ["--split", split.kind, "--shares", split.percent, "--split-seed", str(split.seed)]
    return shlex.join(words)


def _said(facts: Facts, limit: str, grouped_by: str) -> Facts:
    """The facts with what the split adds to them."""
    columns = facts.columns.model_copy(update={"group": grouped_by or "image"})
    limits = (limit, *facts.limits) if limit else facts.limits
    return facts.model_copy(update={"columns": columns, "limits": limits})


def _writable(folder: Path) -> Path:
    """`folder`, made now: hours of training are lost if it cannot be. Raises DiskFull."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DiskFull(f"{folder.name} cannot be made: {error.strerror}.", "Choose another folder.") from None
    return folder


def _claim(work: Path, run: dict[str, Any]) -> None:
    """Write down which run the folder belongs to. Raises UsageError if it belongs to another one.

    An interrupted run goes on from its checkpoints, and they are worth nothing for other data: a
    person who moved from train to test would be scored on what the weights have seen.
    """
    path = _writable(work) / "run.json"
    if path.exists():
        before = _completed(json.loads(path.read_text(encoding="utf-8")))
        other = [name for name in run if before.get(name) != run[name]]
        if other:
            raise UsageError(
                f"The folder {work.name} holds a run with another {' and '.join(other)}.",
                "Choose another folder with --work.",
            )
        return
    with written(path) as file:
        file.write(json.dumps(run, indent=1).encode("utf-8"))


def _completed(run: dict[str, Any]) -> dict[str, Any]:
    """A run.json of an older version with the defaults of what has been added since, which change nothing."""
    added = {"format": "index", "split": Split().model_dump(mode="json"), "group_pattern": ""}
    completed = added | run
    kinds: dict[str, type[FrozenRecord]] = {
        "recipe": Recipe,
        "preprocessing": Preprocessing,
        "columns": Columns,
        "split": Split,
    }
    for name, kind in kinds.items():
        try:
            completed[name] = kind.model_validate(completed.get(name)).model_dump(mode="json")
        except ValidationError:
            completed[name] = None  # of a newer version: another run, whatever it is
    return completed
