"""The numbers that can be explained: targets in words, and the one that is chosen."""

from collections.abc import Callable
from dataclasses import dataclass

from app.texts import explain as texts
from core.results.records import PredictionRecord, TargetRecord


@dataclass(frozen=True, slots=True)
class TargetChoice:
    """A number that can be explained, in words."""

    text: str
    record: TargetRecord


def target_choices(prediction: PredictionRecord, words_of: Callable[[str], str]) -> tuple[TargetChoice, ...]:
    """Logits by falling probability, then probabilities, then the predicted class against each other one.

    words_of: the words of a class, as the card of the model gives them.
    """
    names = sorted(prediction.probabilities, key=lambda name: -prediction.probabilities[name])
    top = names[0]
    records = [TargetRecord(kind="logit", class_name=name) for name in names]
    records += [TargetRecord(kind="probability", class_name=name) for name in names]
    records += [TargetRecord(kind="difference", class_name=top, against=other) for other in names[1:]]
    return tuple(
        TargetChoice(texts.target(record, words_of, record.class_name == top), record) for record in records
    )
