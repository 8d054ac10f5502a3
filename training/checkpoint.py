"""The files of a run after every epoch, so that it can be ended at any moment.

Every file is written under a temporary name and renamed; the checkpoint is authoritative, and the others are
made to agree with it when a run is resumed.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from core.arrays import Array
from core.output import written


@dataclass(slots=True)
class TrainingState:
    """The state of a run after `epoch` whole epochs; weights, pointer, average and optimiser have any shape.

    stage: of the last epoch, to which pointer and optimiser belong. best: the highest val score of the
    last stage; stale: its epochs since then. history: a flat record per epoch.
    """

    epoch: int = 0
    stage: int = -1
    best: float = -1.0
    stale: int = 0
    weights: list[Array] = field(default_factory=list)
    pointer: list[Array] = field(default_factory=list)
    average: list[Array] = field(default_factory=list)
    optimiser: list[Array] = field(default_factory=list)
    history: list[dict[str, Any]] = field(default_factory=list)


def read_state(checkpoint: Path, best: Path, log: Path) -> TrainingState:
    """The state in a checkpoint, or that of a new run.

    A checkpoint of Saliscope 0.1 has no pointer, no best score and no history; the last two are taken from
    the best weights and the log.
    """
    if not checkpoint.exists():
        return TrainingState()
    with np.load(checkpoint) as stored:
        state = TrainingState(
            epoch=int(stored["epoch"]),
            stage=int(stored["stage"]),
            weights=_group(stored, "weights"),
            pointer=_group(stored, "pointer"),
            average=_group(stored, "average"),
            optimiser=_group(stored, "optimiser"),
        )
        if "history" in stored.files:
            state.best, state.stale = float(stored["best"]), int(stored["stale"])
            state.history = json.loads(str(stored["history"]))
            return state
    if best.exists():
        with np.load(best) as stored:
            state.best = float(stored["best"])
    state.history = [record for record in read_json_lines(log) if record["epoch"] <= state.epoch]
    return state


def write_state(path: Path, state: TrainingState) -> None:
    """Write a checkpoint. Raises DiskFull."""
    scalars = {
        "epoch": np.array(state.epoch),
        "stage": np.array(state.stage),
        "best": np.array(state.best),
        "stale": np.array(state.stale),
        "history": np.array(json.dumps(state.history)),
    }
    groups = {
        "weights": state.weights,
        "pointer": state.pointer,
        "average": state.average,
        "optimiser": state.optimiser,
    }
    _save(path, scalars, groups)


def write_best(path: Path, score: float, weights: list[Array]) -> None:
    """Write the best weights, arrays of any shape, with their score on val. Raises DiskFull."""
    _save(path, {"best": np.array(score)}, {"weights": weights})


def best_weights(path: Path) -> list[Array]:
    """The averaged weights with the best score on val, of any shape, in the order of the model's."""
    with np.load(path) as stored:
        return _group(stored, "weights")


def read_json_lines(path: Path) -> list[dict[str, Any]]:
    """The whole lines of a log; an incomplete last line is left out."""
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    return [json.loads(line) for line in text.splitlines(keepends=True) if line.endswith("\n")]


def write_json_lines(path: Path, records: Sequence[dict[str, Any]]) -> None:
    """Write one line of JSON for each record. Raises DiskFull."""
    with written(path) as file:
        file.write("".join(json.dumps(record) + "\n" for record in records).encode("utf-8"))


def append_json_line(path: Path, record: dict[str, Any]) -> None:
    """Append one line of JSON."""
    with path.open("a", encoding="utf-8") as stream:
        stream.write(json.dumps(record) + "\n")


def _group(stored: Any, name: str) -> list[Array]:
    count = sum(1 for key in stored.files if key.startswith(f"{name}."))
    return [stored[f"{name}.{index}"] for index in range(count)]


def _save(path: Path, scalars: dict[str, Array], groups: dict[str, list[Array]]) -> None:
    flat = {f"{name}.{i}": array for name, arrays in groups.items() for i, array in enumerate(arrays)}
    arrays: dict[str, Any] = {**scalars, **flat}
    with written(path) as file:
        np.savez(file, **arrays)
