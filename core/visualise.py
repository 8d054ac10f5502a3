"""Pictures of what a network looks for, with a record by which each can be made again."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from core.arrays import FloatArray
from core.network.network_picture import NetworkPicture
from core.network.objective import Objective
from core.network.parameters import checked_parameters
from core.network.run import Run
from core.results.visualisation import ObjectiveRecord, VisualisationRecord
from core.visualisations import visualisation_named

if TYPE_CHECKING:
    # At run time it would bring up the framework, which takes seconds and which listing and help need not.
    from core.models.handle import ModelHandle

HINT = "`saliscope visualise --help` lists bounds and defaults."


@dataclass(frozen=True, slots=True)
class Visualised:
    """A picture of the network, and how it was made."""

    picture: NetworkPicture
    record: VisualisationRecord


def visualise(
    model: "ModelHandle",
    name: str,
    objective: Objective,
    x: FloatArray | None = None,
    params: Mapping[str, Any] | None = None,
    seed: int = 0,
    run: Run | None = None,
) -> Visualised:
    """The picture that a visualisation makes of a network: what the objective answers to, not a patient.

    objective: such as `LogitTarget(index)`, or `LayerObjective(layer, channel)`. x: the input (rows, columns,
    channels) that it begins with, `prepare(model, image).x`, where it needs one. The random generator is made
    from `seed`; `run.on_picture` gets pictures that are not finished.

    Raises UsageError for an unknown name, BadParameter, NotApplicable, IncompatibleInput without the image
    that it needs, BadMap, ResourceError or Cancelled.
    """
    chosen = visualisation_named(name)
    checked = checked_parameters(chosen, dict(params or {}), HINT)
    facts = model.facts
    chosen.applies(facts)
    chosen.require_objective(objective)
    run = run or Run()
    run.generator = np.random.default_rng(seed)
    before, started = model.used, time.monotonic()
    picture = chosen.run(model, objective, x if chosen.needs_image else None, checked, run)
    used, seconds = model.used.since(before), time.monotonic() - started
    objective_record = ObjectiveRecord.of(objective, model.card.classes)
    record = VisualisationRecord(
        name=chosen.name,
        title=chosen.title,
        parameters=checked.model_dump(mode="json"),
        objective=objective_record,
        maximised=objective_record.words_by(model.card.words_of),
        seed=seed,
        steps=picture.steps,
        score_start=picture.score_start,
        score_end=picture.score_end,
        scores=picture.scores,
        probabilities=dict(zip(model.card.classes, picture.probabilities, strict=True)),
        input_range=facts.input_range,
        choices=picture.choices,
        forwards=used.forwards,
        gradients=used.gradients,
        seconds=round(seconds, 4),
    )
    return Visualised(picture, record)
