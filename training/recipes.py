"""Named ways to train: sizes, epochs, optimiser, schedule, augmentation."""

import math
from typing import Literal

from pydantic import Field

from core.errors import UsageError, nearest_hint
from core.models.preprocessing import Frozen
from training.augmentation import Augmentation


class Stage(Frozen):
    """`epochs` at the square input `size` in pixels.

    restart_rate: the learning rate starts anew from here and cools down within the stage; None: the
    stage takes its part of the one schedule of all such stages.
    """

    size: int = Field(ge=32)
    epochs: int = Field(ge=1)
    restart_rate: float | None = Field(None, gt=0)


class Recipe(Frozen):
    """Everything that decides a training run beside the data, the network and the seed."""

    name: str
    stages: tuple[Stage, ...] = Field(min_length=1)
    batch: int = Field(32, ge=1)
    optimiser: Literal["adamw", "sgd"] = "adamw"
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
    mixed_precision: bool = False
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
        """The learning rate at a fractional epoch: linear warm-up, then a cosine to 1 % of the peak."""
        stage = self.stage_of(min(int(epoch), self.epochs - 1))
        restart = self.stages[stage].restart_rate
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
            ),
            peak_rate=1.5e-3,
            mask_weight=1.0,
        ),
        Recipe(
            name="films",
            stages=(
                Stage(size=112, epochs=32),
                Stage(size=160, epochs=8),
                Stage(size=225, epochs=3),
                Stage(size=225, epochs=3, restart_rate=1e-4),
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
                Stage(size=112, epochs=60),
                Stage(size=160, epochs=10),
                Stage(size=225, epochs=4),
                Stage(size=225, epochs=3, restart_rate=1.5e-4),
            ),
            batch=16,
            peak_rate=1e-3,
            augmentation=_FILMS,
        ),
        Recipe(name="smoke", stages=(Stage(size=32, epochs=2),), batch=8, warm_up_epochs=0.5),
    )
}


def recipe(name: str) -> Recipe:
    """The recipe of this name. Raises UsageError for an unknown one."""
    if name not in RECIPES:
        raise UsageError(f"There is no recipe {name!r}.", nearest_hint(name, RECIPES))
    return RECIPES[name]
