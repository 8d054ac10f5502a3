"""The maps of the self-test: each method's map of a sample with few network calls, reduced, in a file."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zipfile import BadZipFile

import numpy as np

from core.arrays import Array
from core.engine import explain, prepare
from core.errors import BadParameter, MethodError, Unreadable
from core.images.slice import Slice
from core.methods.contract import Method
from core.models.bundle import RESOURCES
from core.network.facts import NetworkFacts
from core.network.parameters import Parameters, checked_parameters
from core.output import written
from core.results.result import Explanation

if TYPE_CHECKING:
    from core.models.handle import ModelHandle

FOLDER = RESOURCES / "self_test" / "maps"
SIDE = 32
SEED = 7
# Of the largest absolute value of the stored map: other processors add in another order.
TOLERANCE = 1e-3
# Counts of samples, steps or masks are brought near the first of these, or, where the method needs more, near
# the next; sizes that save calls grow by FACTOR.
FEW = (4, 32, 256)
FACTOR = 4
COMMAND = "python -m training.self_test_maps"


@dataclass(frozen=True, slots=True)
class StoredMap:
    """A reduced map, with what it was made of.

    model: the bundle. sample: the image. parameters: of the method. values: (rows, columns) float32.
    """

    method: str
    model: str
    sample: str
    parameters: dict[str, Any]
    values: Array

    def write(self, folder: Path = FOLDER) -> None:
        """Into the file of its method. Raises DiskFull."""
        facts = {"model": self.model, "sample": self.sample, "parameters": self.parameters}
        with written(folder / f"{self.method}.npz") as file:
            np.savez_compressed(file, values=self.values, facts=json.dumps(facts, sort_keys=True))

    def difference(self, values: Array) -> float:
        """The largest difference to a reduced map (rows, columns), by the largest stored absolute value."""
        scale = float(np.abs(self.values).max()) or 1.0
        return float(np.abs(values.astype(np.float64) - self.values).max()) / scale


def stored_map(method: str, folder: Path = FOLDER) -> StoredMap | None:
    """The map of a method; None if none is stored. Raises Unreadable for a damaged file."""
    path = folder / f"{method}.npz"
    if not path.is_file():
        return None
    try:
        with np.load(path, allow_pickle=False) as stored:
            facts, values = json.loads(str(stored["facts"])), stored["values"]
        return StoredMap(method, facts["model"], facts["sample"], facts["parameters"], values)
    except (OSError, EOFError, ValueError, KeyError, BadZipFile) as error:
        raise Unreadable(f"The stored map of {method} is damaged.", "Install the program again.") from error


def reduced(values: Array) -> Array:
    """The means of SIDE x SIDE blocks of a map (rows, columns), in float64; blocks differ by a pixel at most.

    A map with fewer rows or columns than SIDE repeats them.
    """
    means = values.astype(np.float64)
    for axis in (0, 1):
        length = values.shape[axis]
        if length < SIDE:
            means = np.take(means, np.arange(SIDE) * length // SIDE, axis)
            continue
        starts = np.arange(SIDE) * length // SIDE
        sizes = np.diff(np.append(starts, length))
        sums = np.add.reduceat(means, starts, axis)
        means = sums / (sizes[:, None] if axis == 0 else sizes)
    return means


def few_calls(method: Method, facts: NetworkFacts, few: int = FEW[0]) -> Parameters:
    """The method's parameters, changed one after another wherever a smaller or larger number saves calls.

    few: to which counts are brought.
    """
    values: dict[str, Any] = {}
    chosen = method.Params()
    cost = method.cost(chosen, facts).calls
    for name in method.Params.model_fields:
        for number in _other_numbers(getattr(chosen, name), few):
            try:
                candidate = checked_parameters(method, {**values, name: number})
            except BadParameter:
                continue
            calls = method.cost(candidate, facts).calls
            if calls < cost:
                values[name], chosen, cost = number, candidate, calls
                break
    return chosen


def _other_numbers(value: object, few: int) -> Iterator[int]:
    """Smaller ones than a whole number, the smallest first, then a larger one."""
    if isinstance(value, int) and not isinstance(value, bool):
        yield from (number for number in (few, 2 * few, 4 * few) if number < value or value == 0)
        yield FACTOR * value


def explained(
    model: "ModelHandle", image: Slice, method: Method, parameters: dict[str, Any]
) -> tuple[Explanation, Array]:
    """The map of a method with the seed of the self-test, whole and reduced to (rows, columns), SIDE each.

    Raises MethodError, ResourceError.
    """
    explanation = explain(model, prepare(model, image), method.name, parameters, seed=SEED)
    return explanation, reduced(explanation.map.values)


def new_map(method: Method, sample: str, image: Slice, models: Iterator["ModelHandle"]) -> StoredMap:
    """The map to store, by the first model that the method can explain. Raises MethodError for none."""
    refused: MethodError | None = None
    for model, few in product(models, FEW):
        try:
            method.applies(model.facts)
            parameters = few_calls(method, model.facts, few).model_dump(mode="json")
            _, values = explained(model, image, method, parameters)
        except MethodError as error:
            refused = error
            continue
        return StoredMap(method.name, model.card.id, sample, parameters, values.astype(np.float32))
    raise refused or MethodError(f"No model was given for {method.title}.")
