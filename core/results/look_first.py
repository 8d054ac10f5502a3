"""What a reader said of a case before and after the model's prediction, each with its time."""

from datetime import datetime
from typing import Literal

from core.values import FrozenRecord

Confidence = Literal["low", "medium", "high"]
Choice = Literal["accept", "amend", "reject"]
# Answers of a reader that are no class of the model.
OTHER, UNSURE = "other", "unsure"


class Impression(FrozenRecord):
    """What a reader sees in the image alone. answer: a class of the model, OTHER or UNSURE."""

    answer: str
    confidence: Confidence | None = None
    at: datetime


class RevealedPrediction(FrozenRecord):
    """A prediction when the reader first saw it. model: the one that made it."""

    model: str
    class_name: str
    probability: float
    at: datetime


class RevealedMap(FrozenRecord):
    """The first map that the reader saw, by its title."""

    title: str
    at: datetime


class Decision(FrozenRecord):
    """What the reader makes of a prediction. prediction: the visible one, of whichever slice and model.

    answer: what the reader says in the end: the predicted class if it is accepted, another answer if it is
    amended, the impression if it is rejected.
    """

    choice: Choice
    prediction: RevealedPrediction
    answer: str
    note: str = ""
    at: datetime


class LookFirstRecord(FrozenRecord):
    """One case, from its opening to the decision; the parts that are not reached yet are None.

    model: the one that was selected when the impression was stated, with its classes. prediction: the first
    that the reader saw of the case.
    """

    model: str
    classes: tuple[str, ...]
    opened_at: datetime
    impression: Impression | None = None
    prediction: RevealedPrediction | None = None
    map: RevealedMap | None = None
    decision: Decision | None = None
