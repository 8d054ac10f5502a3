"""One run from an index file to a bundle."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from core.arrays import Array
from core.errors import UsageError, nearest_hint
from core.models.architectures import ARCHITECTURES
from core.models.bundle import Bundle
from core.models.card import TrainingRecord
from core.models.runtime import device_name
from training.datasets import Columns, file_sha256, read_index
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

    report: gets one flat record per epoch. Raises UsageError for an unknown architecture, InputError for
    an index that cannot be trained on.
    """
    if architecture not in ARCHITECTURES:
        hint = nearest_hint(architecture, ARCHITECTURES)
        raise UsageError(f"There is no architecture {architecture!r}.", hint)
    records = read_index(index, Columns(group=facts.group_column))
    classes = sorted({record.label for record in records})
    parts = {name: [r for r in records if r.part == name] for name in ("train", "val")}

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
        split=f"column part of the index, by {facts.group_column}; chosen on val, scored once on test",
        seed=seed,
        epochs=recipe.epochs,
        seconds=_seconds(work / "log.jsonl"),
        device=device_name(),
        versions=software_versions(),
    )
    weights: list[Array] = best_weights(trainer.best_weights)
    return export(out / facts.id, facts, architecture, classes, weights, records, made)


def _seconds(log: Path) -> float:
    """What all epochs took, also those before an interruption."""
    lines = log.read_text(encoding="utf-8").splitlines()
    return round(sum(json.loads(line)["seconds"] for line in lines), 1)
