"""One run from an index file to a bundle."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from core.arrays import Array
from core.errors import DiskFull, InputError, UsageError, nearest_hint
from core.models.architectures import ARCHITECTURES
from core.models.bundle import Bundle
from core.models.card import TrainingRecord
from core.models.runtime import device_name
from core.output import written
from training.datasets import file_sha256, read_index
from training.export import export, software_versions
from training.facts import Facts
from training.loop import Trainer, append_json_line, best_weights
from training.recipes import Recipe


def make_bundle(
    index: Path,
    facts: Facts,
    architecture: str,
    recipe: Recipe,
    seed: int,
    work: Path,
    out: Path,
    report: Callable[[dict[str, Any]], None],
) -> Bundle:
    """Train in the folder `work` (an interrupted run goes on there) and write the bundle to out/<id>.

    report: gets one flat record per epoch. Raises UsageError for an unknown architecture or a folder of
    another run, InputError for an index that cannot be trained on.
    """
    if architecture not in ARCHITECTURES:
        hint = nearest_hint(architecture, ARCHITECTURES)
        raise UsageError(f"There is no architecture {architecture!r}.", hint)
    records = read_index(index, facts.columns, facts.keep)
    folder = _writable(out / facts.id)
    classes = sorted({record.label for record in records})
    parts = {name: [r for r in records if r.part == name] for name in ("train", "val")}

    if len(parts["train"]) < recipe.batch:
        count = len(parts["train"])
        raise InputError(
            f"{index.name} has {count} training images, fewer than a batch of {recipe.batch}.",
            "Add images, or take a recipe with a smaller batch.",
        )
    _claim(
        work,
        {
            "index": file_sha256(index),
            "architecture": architecture,
            "recipe": recipe.model_dump(mode="json"),
            "preprocessing": facts.preprocessing.model_dump(mode="json"),
            "columns": facts.columns.model_dump(mode="json"),
            "keep": {name: list(values) for name, values in facts.keep.items()},
            "seed": seed,
        },
    )

    def noted(record: dict[str, Any]) -> None:
        append_json_line(work / "log.jsonl", record)
        report(record)

    trainer = Trainer(architecture, recipe, facts.preprocessing, classes, seed, work)
    trainer.run(parts["train"], parts["val"], noted)
    made = TrainingRecord(
        command=f"saliscope train INDEX.csv --facts {facts.id}.json --architecture {architecture} "
        f"--recipe {recipe.name} --seed {seed}",
        recipe={name: str(value) for name, value in recipe.model_dump(mode="json").items()},
        data_sha256=file_sha256(index),
        split=f"column part of the index, by {facts.columns.group}; chosen on val, scored once on test",
        seed=seed,
        epochs=recipe.epochs,
        seconds=_seconds(work / "log.jsonl"),
        device=device_name(),
        versions=software_versions(),
    )
    weights: list[Array] = best_weights(trainer.best_weights)
    return export(folder, facts, architecture, classes, weights, records, made)


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
        before = json.loads(path.read_text(encoding="utf-8"))
        other = [name for name in run if before.get(name) != run[name]]
        if other:
            raise UsageError(
                f"The folder {work.name} holds a run with another {' and '.join(other)}.",
                "Choose another folder with --work.",
            )
        return
    with written(path) as file:
        file.write(json.dumps(run, indent=1).encode("utf-8"))


def _seconds(log: Path) -> float:
    """What all epochs took, also those before an interruption."""
    lines = log.read_text(encoding="utf-8").splitlines()
    return round(sum(json.loads(line)["seconds"] for line in lines), 1)
