"""How curves are to be made: a frozen, bounded record from which forms and options are generated."""

from enum import IntEnum
from typing import Any, Literal, Self

import numpy as np
from pydantic import ConfigDict, Field, ValidationError, model_validator

from core.errors import BadParameter
from core.values import FrozenRecord

# Kapishnikov's own example (PAIR saliency 0.2.1).
PAIR_THRESHOLDS = (0.005, 0.01, 0.02, 0.03, 0.04, 0.05, 0.07, 0.1, 0.13, 0.21, 0.34, 0.5, 0.75)
CELLS_THRESHOLDS = (0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.65, 0.8)

# Defaults of the protocol `pair`; those of `cells` stand in the fields themselves.
PAIR_DEFAULTS: dict[str, Any] = {
    "entropy": "webp",
    "thresholds": PAIR_THRESHOLDS,
    "min_prediction": 0.8,
    "random_draws": 1,
}


class Stream(IntEnum):
    """Random choices that must not depend on each other nor on which maps are measured together."""

    MASK = 1
    TIES = 2
    RANDOM_MAP = 3


class CurveSettings(FrozenRecord):
    """Settings of one request for curves; every field is recorded with the result.

    Where `pair` has another default than `cells`, it takes effect when the field is not given.
    """

    model_config = ConfigDict(allow_inf_nan=False)

    protocol: Literal["cells", "pair"] = Field("cells", description="the exact rules of the curve")
    entropy: Literal["area", "shannon", "webp"] = Field(
        "area",
        description="the axis: share of the area (cells only), of the Shannon information, or of the "
        "lossless WebP size; pair: webp by default",
    )
    thresholds: tuple[float, ...] = Field(
        CELLS_THRESHOLDS,
        min_length=1,
        max_length=200,
        description="revealed shares of the area, rising, without 0 and 1; pair: the published 13",
    )
    grids: int = Field(4, ge=1, le=16, description="shifted grids over which cells are averaged")
    masks: int = Field(
        1, ge=1, le=16, description="pair: random masks over which curves are averaged; 1 as published"
    )
    min_prediction: float = Field(
        0.05,
        ge=0,
        le=1,
        description="score of the whole image below which there is no curve; pair: 0.8 as published",
    )
    random_draws: int = Field(
        8, ge=1, le=64, description="random maps that a map is compared with; pair: 1, without verdict"
    )
    seed: int = Field(0, ge=0, description="of the random pixels, the random maps and the order of ties")

    def generator(self, stream: Stream, number: int = 0) -> np.random.Generator:
        """The seeded generator of one random choice."""
        return np.random.default_rng((self.seed, stream, number))

    def evaluations(self, maps: int) -> int:
        """Pictures that the curves of one image show to the network, for `maps` maps and two control maps."""
        cells = self.protocol == "cells"
        directions, passes, starts = (2, self.grids, 1) if cells else (1, self.masks, self.masks)
        rounds = (maps + 1) * passes + max(self.random_draws, starts)
        return starts + 1 + rounds * directions * len(self.thresholds)

    @model_validator(mode="before")
    @classmethod
    def _with_defaults_of_the_protocol(cls, values: Any) -> Any:
        if isinstance(values, dict) and values.get("protocol") == "pair":
            return PAIR_DEFAULTS | values
        return values

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if self.protocol == "pair" and self.entropy == "area":
            raise ValueError("entropy: pair knows webp and shannon, not area")
        are_shares = all(0 < threshold < 1 for threshold in self.thresholds)
        are_rising = all(low < high for low, high in zip(self.thresholds, self.thresholds[1:], strict=False))
        if not (are_shares and are_rising):
            raise ValueError("thresholds: shares between 0 and 1, each above the one before")
        return self


def curve_settings(**values: Any) -> CurveSettings:
    """Settings from values that a person chose. Raises BadParameter that names the first bad one."""
    try:
        return CurveSettings.model_validate(values)
    except ValidationError as error:
        problem = error.errors()[0]
        known_settings = f"Known: {', '.join(CurveSettings.model_fields)}."
        name = str(problem["loc"][0]) if problem["loc"] else "combination"
        if problem["type"] == "extra_forbidden":
            raise BadParameter(f"Curves have no setting {name!r}.", known_settings) from None
        reason = problem["msg"].removeprefix("Value error, ")
        raise BadParameter(f"Invalid curve setting {name}: {reason}.", known_settings) from None
