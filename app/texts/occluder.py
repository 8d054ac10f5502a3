"""Texts of the occluder: the patch that is dragged over the image, and what it changes."""

from core.methods.perturbation.occlusion import Fill
from core.models.card import Card
from core.number_text import fixed
from core.results.records import PredictionRecord, TargetRecord

PATCH = "Patch"
PATCH_TIP = "Size of the patch, as a fraction of the sides of the network's input."
FILL = "Filled with"
FILL_TIP = "The value that replaces the network's input under the patch: its lowest, mean or highest value."
FILLS: dict[Fill, str] = {
    "black": "lowest value",
    "mean": "mean value",
    "white": "highest value",
    "zero": "value 0",
}
HINT = (
    "Drag over the image, or press Enter and the arrow keys, to cover a part and see how the prediction "
    "changes."
)
NEEDS_PREDICTION = "Needs a prediction."
WAITS = "Waiting for the running work to finish."
COMPUTING = "Computing…"


def patch_size(part: int, side: tuple[int, int]) -> str:
    """A choice of the patch's size; side: (rows, columns) in input pixels, (0, 0) without an input."""
    words = f"1/{part} of the side"
    return f"{words} ({side[1]} × {side[0]})" if side[0] else words


def change_lines(
    card: Card, target: TargetRecord, whole: PredictionRecord, covered: PredictionRecord
) -> tuple[str, ...]:
    """How probability and target change under the patch, and the predicted class if that changes."""
    shown = TargetRecord(kind="probability", class_name=target.class_name)
    lines = [f"{card.words_of(target.class_name)} {_change(shown, whole, covered)}"]
    if target.kind == "logit":
        lines.append(f"logit {_change(target, whole, covered)}")
    if target.kind == "difference":
        against = card.words_of(target.against or "")
        lines.append(f"logit minus that of {against} {_change(target, whole, covered)}")
    if covered.class_name != whole.class_name:
        lines.append(f"now predicted: {card.words_of(covered.class_name)}")
    return tuple(lines)


def _change(target: TargetRecord, whole: PredictionRecord, covered: PredictionRecord) -> str:
    """Such as '3.36 → 3.88 (+0.52)'; a probability with three decimals, as small changes count near 1."""
    before, after = target.score_of(whole), target.score_of(covered)
    digits = 3 if target.kind == "probability" else 2
    return f"{fixed(before, digits)} → {fixed(after, digits)} ({fixed(after - before, digits, sign=True)})"
