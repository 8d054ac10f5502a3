"""What a person reads of one network's answer: classes in words, fit, calibration and the card's caveat."""

from dataclasses import dataclass

from app.texts import prediction as texts
from core.models.card import Card
from core.models.prediction_words import calibration_line, only_classes_line
from core.results.records import PredictionRecord
from core.worker.messages import PredictDone


@dataclass(frozen=True, slots=True)
class ClassProbability:
    """One class: its name, what a person calls it, its calibrated probability and its logit.

    top: it is the predicted one.
    """

    name: str
    words: str
    probability: float
    logit: float
    top: bool


@dataclass(frozen=True, slots=True, eq=False)
class PredictionSummary:
    """The answer of the network of this card."""

    card: Card
    message: PredictDone

    @property
    def record(self) -> PredictionRecord:
        return self.message.prediction

    @property
    def class_words(self) -> str:
        """The predicted class."""
        return self.card.words_of(self.record.class_name)

    @property
    def rows(self) -> tuple[ClassProbability, ...]:
        """Classes by falling probability."""
        shares, logits, top = self.record.probabilities, self.record.logits, self.record.class_name
        return tuple(
            ClassProbability(name, self.card.words_of(name), shares[name], logits[name], name == top)
            for name in sorted(shares, key=lambda name: -shares[name])
        )

    @property
    def fits(self) -> bool:
        """False where the image is known not to fit the network: the bars are then grey."""
        return self.message.fit.answer != "does_not_fit"

    @property
    def fit_words(self) -> str:
        """Whether the image fits the network, and why not, or why that cannot be checked."""
        return texts.fit_answer(self.message.fit)

    @property
    def calibration(self) -> str:
        """What calibration is worth, withdrawn for an image that does not fit the network."""
        return calibration_line(self.card, self.record.calibrated, self.message.fit)

    @property
    def caveat(self) -> str:
        """What the card says against an answer of the predicted class; empty where it says nothing."""
        return self.card.caveats.get(self.record.class_name, "")


def standing_sentence(card: Card) -> str:
    """What the probabilities of this network cannot mean."""
    return only_classes_line([card.words_of(name) for name in card.classes])
