"""The words of a case's classes: those of the model's card where exactly this model is installed."""

import re
from collections.abc import Callable

from core.errors import SaliscopeError
from core.models.bundle import find_bundle
from core.models.card import Card
from core.results.image import ModelRecord
from core.workspace.document import SavedCase, SavedMap

_MODEL_ID = re.compile(r"[a-z0-9][a-z0-9_-]*")


def card_of(model: ModelRecord) -> Card | None:
    """The card of exactly this model if it is installed: the same weights, not only the same name."""
    # A name with a separator would be taken for a folder, and a workspace may come from anywhere.
    if not _MODEL_ID.fullmatch(model.id):
        return None
    try:
        card = find_bundle(model.id).card
    except SaliscopeError:
        return None
    return card if card.weights_sha256 == model.weights_sha256 else None


def class_words(case: SavedCase) -> Callable[[str], str]:
    """What a person calls a class of the case's model: the words of its card where it is installed."""
    card = card_of(case.image.model)
    return card.words_of if card is not None else str


def target_words(case: SavedCase, saved: SavedMap) -> str:
    """The target of a map in the words of the card, such as 'logit of COVID-19'."""
    return saved.record.target.words_by(class_words(case))
