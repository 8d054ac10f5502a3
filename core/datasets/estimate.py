"""The expected cost of a run: model calls counted, and each kind timed on this machine."""

import time
from typing import TYPE_CHECKING

import numpy as np
from pydantic import Field

from core.checks import check_named
from core.checks.contract import CheckFacts, checked_check_parameters
from core.curves.rules import rules_of
from core.curves.settings import CurveSettings
from core.datasets.task import Plan
from core.errors import SaliscopeError
from core.methods import method_named
from core.methods.control.edge_map import EdgeMap
from core.methods.control.random_map import RandomMap
from core.models.preprocessing import Subject
from core.models.speed import forward_speed, gradient_speed
from core.network.attribution_map import AttributionMap
from core.network.cost import Cost
from core.network.parameters import checked_parameters
from core.network.target import LogitTarget
from core.values import FrozenRecord

if TYPE_CHECKING:
    from core.models.handle import ModelHandle

CONTROLS = (RandomMap.name, EdgeMap.name)


class Estimate(FrozenRecord):
    """The expected cost of a run on this machine."""

    tasks: int = Field(description="images times repeats that are still to be done")
    forwards: int = Field(description="forward passes for one image")
    gradients: int = Field(description="gradients for one image")
    pictures: int = Field(description="revealed pictures to be made for one image")
    seconds_forward: float = Field(description="measured, for one picture in a full batch")
    seconds_gradient: float
    seconds_picture: float = Field(description="measured, to make one revealed picture, mean of all curves")
    at_most: bool = Field(description="some methods or checks may stop earlier")

    @property
    def seconds_a_task(self) -> float:
        """For one image and repeat."""
        return (
            self.forwards * self.seconds_forward
            + self.gradients * self.seconds_gradient
            + self.pictures * self.seconds_picture
        )

    @property
    def seconds(self) -> float:
        """For all tasks."""
        return self.tasks * self.seconds_a_task


def estimate(plan: Plan, model: "ModelHandle", sample: Subject, tasks: int) -> Estimate:
    """The cost for `tasks` images like `sample`. It runs the model a few times and one random map."""
    cost = _maps_and_checks(plan, model)
    methods = len([choice for choice in plan.methods if choice.name not in CONTROLS])
    counts = [settings.evaluations(methods) for settings in plan.curves]
    revealed: dict[tuple[object, ...], int] = {}
    for settings, count in zip(plan.curves, counts, strict=True):
        # Curves that differ by their axis alone reveal the same pictures, each of them once.
        revealed[_same_pictures(settings)] = count
    picture_seconds = [
        count * _seconds_a_picture(sample, settings)
        for settings, count in zip(plan.curves, counts, strict=True)
    ]
    return Estimate(
        tasks=tasks,
        forwards=cost.forwards + 1 + sum(revealed.values()),
        gradients=cost.gradients,
        pictures=sum(counts),
        seconds_forward=forward_speed(model, sample.x).full / model.best_batch,
        seconds_gradient=gradient_speed(model, sample.x).full / model.best_batch if cost.gradients else 0.0,
        seconds_picture=sum(picture_seconds) / max(1, sum(counts)),
        at_most=cost.at_most,
    )


def _maps_and_checks(plan: Plan, model: "ModelHandle") -> Cost:
    total = Cost()
    grid = model.input_shape[0], model.input_shape[1]
    for method_choice in plan.methods:
        method = method_named(method_choice.name)
        params = checked_parameters(method, dict(method_choice.parameters))
        try:
            method.applies(model.facts)
        except SaliscopeError:
            continue  # the rows will hold its reason; it costs nothing
        total = total.plus(method.cost(params, model.facts))
        for check_choice in plan.metrics:
            check = check_named(check_choice.name)
            facts = CheckFacts(
                network=model.facts,
                map=AttributionMap(np.zeros(grid, np.float32), signed=False, cells=grid),
                method=method,
                params=params,
                target=LogitTarget(0),
                region=np.ones(grid, dtype=bool),
            )
            total = total.plus(
                check.cost(checked_check_parameters(check, dict(check_choice.parameters)), facts)
            )
    return total


def _same_pictures(settings: CurveSettings) -> tuple[object, ...]:
    return tuple(settings.model_dump(exclude={"entropy", "min_prediction"}).values())


def _seconds_a_picture(sample: Subject, settings: CurveSettings) -> float:
    """The mean time of one picture that a random map, the slowest kind, reveals."""
    rules = rules_of(sample.x, settings)
    if rules.has_no_curve:
        return 0.0
    values = np.random.default_rng(0).random(sample.x.shape[:2], dtype=np.float32)
    started = time.perf_counter()
    count = sum(1 for _ in rules.frames(values, 0))
    return (time.perf_counter() - started) / count
