"""Named ways to train: sizes, epochs, optimiser, schedule, augmentation."""

import json
import math
from collections.abc import Sequence
from typing import Any, Literal

from pydantic import Field, ValidationError

from core.errors import UsageError, nearest_hint
from core.values import FrozenRecord
from training.augmentation import Augmentation


class Stage(FrozenRecord):
    """`epochs` at the square input `size` in pixels.

    restart_rate: the learning rate starts anew from here and cools down within the stage; None: the
    stage takes its part of the one schedule of all such stages.
    """

    size: int = Field(ge=32)
    epochs: int = Field(ge=1)
    restart_rate: float | None = Field(None, gt=0)


class Recipe(FrozenRecord):
    """Everything that decides a training run beside the data, the network and the seed."""

    name: str
    stages: tuple[Stage, ...] = Field(min_length=1)
    batch: int = Field(32, ge=1)
    optimiser: Literal["adamw", "sgd"] = "adamw"
    momentum: float = Field(0.939, ge=0, lt=1, description="of sgd")
    schedule: Literal["cosine", "constant"] = "cosine"
    peak_rate: float = Field(1e-3, gt=0)
    warm_up_epochs: float = Field(2.0, ge=0)
    weight_decay: float = Field(0.02, ge=0)
    label_smoothing: float = Field(0.05, ge=0, lt=1)
    mask_weight: float = Field(
        0.0, ge=0, description="weight of a second output that points at the mask; dropped from the bundle"
    )
    batch_norm_momentum: float = Field(0.9, gt=0, lt=1)
    average_decay: float = Field(0.95, ge=0, lt=1, description="of the weights, every `average_every` steps")
    average_every: int = Field(5, ge=1)
    class_weights: bool = Field(
        False, description="a rare class's images count for more, so that every class counts alike"
    )
    patience: int | None = Field(
        None, ge=1, description="ends after so many epochs of the last stage without a better val score"
    )
    mixed_precision: bool = Field(
        False, description="bfloat16 where the device computes in it, float32 elsewhere"
    )
    augmentation: Augmentation = Augmentation()

    @property
    def epochs(self) -> int:
        return sum(stage.epochs for stage in self.stages)

    def first_epoch(self, stage: int) -> int:
        """The epoch (from 0) with which a stage begins."""
        return sum(one.epochs for one in self.stages[:stage])

    def stage_of(self, epoch: int) -> int:
        """The index of the stage that `epoch` (from 0) belongs to."""
        for index in range(len(self.stages)):
            if epoch < self.first_epoch(index + 1):
                return index
        raise ValueError(f"epoch {epoch} lies behind the {self.epochs} of the recipe")

    def rate(self, epoch: float) -> float:
        """The learning rate at a fractional epoch: linear warm-up, then a cosine to 1 % of the peak.

        A constant schedule stays at its peak, or at the stage's own rate.
        """
        stage = self.stage_of(min(int(epoch), self.epochs - 1))
        restart = self.stages[stage].restart_rate
        if self.schedule == "constant" and (restart is not None or epoch >= self.warm_up_epochs):
            return restart or self.peak_rate
        if restart is not None:
            within = epoch - self.first_epoch(stage)
            return _cooled(restart, within, 0.0, self.stages[stage].epochs)
        if epoch < self.warm_up_epochs:
            return self.peak_rate * (epoch + 1e-3) / self.warm_up_epochs
        together = sum(one.epochs for one in self.stages if one.restart_rate is None)
        return _cooled(self.peak_rate, epoch, self.warm_up_epochs, together)


def _cooled(peak: float, epoch: float, start: float, end: float) -> float:
    """A cosine from `peak` at `start` to 1 % of it at `end`."""
    done = min((epoch - start) / max(end - start, 1e-9), 1.0)
    return peak * (0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi * done)))


# Films are taken upright: small turns, and more of tone, which differs between detectors.
_FILMS = Augmentation(rotation_degrees=10.0, shift=0.06, zoom=0.12, contrast=0.3, gamma=0.35)

_UNCHANGED = Augmentation(
    flip=False, rotation_degrees=0, shift=0, zoom=0, brightness=0, contrast=0, gamma=0, noise=0, blur_pixels=0
)
# As the papers on both tasks train: one size, a constant rate, images as they are, float32, no averaging.
_PAPERS = Recipe(
    name="papers",
    stages=(Stage(size=225, epochs=20),),
    batch=64,
    optimiser="sgd",
    momentum=0.939,
    schedule="constant",
    peak_rate=1e-3,
    warm_up_epochs=0.0,
    weight_decay=3e-4,
    label_smoothing=0.0,
    batch_norm_momentum=0.99,
    average_decay=0.0,
    average_every=1,
    augmentation=_UNCHANGED,
)

RECIPES: dict[str, Recipe] = {
    recipe.name: recipe
    for recipe in (
        Recipe(
            name="progressive",
            stages=(
                Stage(size=112, epochs=22),
                Stage(size=160, epochs=5),
                Stage(size=225, epochs=3),
                # The cooled schedule is too timid to settle at the full size: one warm restart there.
                Stage(size=225, epochs=3, restart_rate=1.5e-4),
            ),
            mask_weight=1.0,
            mixed_precision=True,
        ),
        Recipe(
            # EfficientNet learns slower from scratch, and gains nothing from half precision on a CPU.
            name="progressive_long",
            stages=(
                Stage(size=112, epochs=34),
                Stage(size=160, epochs=6),
                Stage(size=225, epochs=3),
                Stage(size=225, epochs=3, restart_rate=2e-4),
                # 225 pixels came too late to settle; 160 is the size of the bundle.
                Stage(size=160, epochs=7, restart_rate=6e-4),
                Stage(size=160, epochs=8, restart_rate=6e-4),
            ),
            peak_rate=1.5e-3,
            mask_weight=1.0,
        ),
        Recipe(
            name="films",
            stages=(
                Stage(size=112, epochs=28),
                Stage(size=160, epochs=5),
                Stage(size=225, epochs=4, restart_rate=3e-4),
            ),
            # Few films make few steps an epoch; smaller batches give the averages time to follow.
            batch=16,
            peak_rate=7e-4,
            mixed_precision=True,
            augmentation=_FILMS,
        ),
        Recipe(
            name="films_long",
            stages=(
                Stage(size=112, epochs=34),
                Stage(size=160, epochs=4),
                Stage(size=160, epochs=5, restart_rate=5e-4),
            ),
            batch=16,
            peak_rate=1e-3,
            augmentation=_FILMS,
        ),
        _PAPERS,
        _PAPERS.model_copy(update={"name": "papers_chest", "stages": (Stage(size=225, epochs=40),)}),
        Recipe(name="smoke", stages=(Stage(size=32, epochs=2),), batch=8, warm_up_epochs=0.5),
    )
}


def recipe(name: str) -> Recipe:
    """The recipe of this name. Raises UsageError for an unknown one."""
    if name not in RECIPES:
        raise UsageError(f"There is no recipe {name!r}.", nearest_hint(name, RECIPES))
    return RECIPES[name]


def with_settings(base: Recipe, settings: Sequence[str]) -> Recipe:
    """`base` with fields changed as FIELD=VALUE says.

    A value is JSON or a word; `augmentation.flip` is a field of a field. Raises UsageError that names
    what is wrong.
    """
    values: dict[str, Any] = base.model_dump()
    for setting in settings:
        path, equals, text = setting.partition("=")
        *outer, name = path.split(".")
        place: Any = values
        for key in outer:
            place = place.get(key) if isinstance(place, dict) else None
        if not equals or not isinstance(place, dict) or name not in place or path == "name":
            raise UsageError(f"{setting!r} sets no field of a recipe.", nearest_hint(path, _fields(base)))
        place[name] = _value(text)
    try:
        return Recipe.model_validate(values)
    except ValidationError as error:
        problem = error.errors()[0]
        field = ".".join(str(part) for part in problem["loc"])
        raise UsageError(f"{field} of the recipe: {problem['msg'].lower()}.", "See --help.") from None


def settings_of(changed: Recipe) -> list[str]:
    """The settings that make `changed` from the recipe of its name; none if no recipe has it."""
    if changed.name not in RECIPES:
        return []
    ours, theirs = changed.model_dump(mode="json"), RECIPES[changed.name].model_dump(mode="json")
    return [f"{name}={json.dumps(value)}" for name, value in ours.items() if theirs[name] != value]


def _value(text: str) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError:
        return text


def _fields(base: Recipe) -> list[str]:
    inner = [f"augmentation.{name}" for name in type(base.augmentation).model_fields]
    return [name for name in type(base).model_fields if name != "name"] + inner
