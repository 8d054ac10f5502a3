"""The base of frozen records, and values that several parts of the program share."""

from pydantic import BaseModel, ConfigDict


class FrozenRecord(BaseModel):
    """A record whose fields cannot change and that refuses fields it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


class Interval(FrozenRecord):
    """A figure with its bootstrap interval of 95 %."""

    value: float
    low: float
    high: float
