"""What people read of one image: prediction and maps as sentences with their numbers."""

from collections.abc import Callable

import numpy as np

from app.command_line.output import aligned
from core.arrays import Array
from core.checks.completeness import completeness_answer, completeness_difference
from core.figures.wording import meaning_of
from core.methods.meaning import Sign
from core.methods.path.completeness import SMALLEST_RISE
from core.models.card import Card
from core.models.prediction_words import calibration_line, fit_line, only_classes_line
from core.number_text import fixed, percent, significant
from core.results.explanation import PredictedImage
from core.results.result import Explanation

COMPLETENESS_WORDS = {
    "yes": "so the map accounts for the score",
    "partly": "so the map nearly accounts for the score",
    "no": "too much; take more steps",
}


def headline(predicted: PredictedImage) -> str:
    """The image and the slice that was taken."""
    image = predicted.image
    name = f"{predicted.sample} ({predicted.file})" if predicted.sample else predicted.file
    which = f", slice {image.slice} of {image.slices}" if image.slices > 1 else ""
    return f"{name}{which}, {image.columns} x {image.rows} pixels"


def prediction_lines(predicted: PredictedImage, card: Card) -> list[str]:
    """Whether the image fits the model, the classes, most probable first, and their calibration."""
    prediction = predicted.prediction
    ranked = sorted(prediction.probabilities.items(), key=lambda item: -item[1])
    rows = [
        (_class_row_name(name, card), percent(share), f"logit {fixed(prediction.logits[name], sign=True)}")
        for name, share in ranked
    ]
    lines = [f"  Note: {note}" for note in (*predicted.image.notes, *predicted.input_notes)]
    if predicted.fit is not None:
        lines.append(f"  {fit_line(predicted.fit)}")
    lines += [f"  Warning: {warning}" for warning in predicted.warnings]
    lines.append(f"  Prediction of {predicted.model.id} {predicted.model.version}:")
    lines += [f"    {line}" for line in aligned(rows)]
    lines.append(f"  {only_classes_line([card.words_of(name) for name in prediction.probabilities])}")
    calibration = calibration_line(card, prediction.calibrated, predicted.fit)
    caveat = card.caveats.get(prediction.class_name, "")
    return [*lines, *(f"  {sentence}" for sentence in (calibration, caveat) if sentence)]


def _class_row_name(name: str, card: Card) -> str:
    """What a person calls a class, and its identifier where that is another, since options take it."""
    words = card.words_of(name)
    return words if words == name else f"{words} ({name})"


def explanation_line(explanation: Explanation, words_of: Callable[[str], str] = str) -> str:
    """One map in a sentence or two with the meaning of its numbers. words_of: as `Card.words_of`."""
    record, diagnostics = explanation.record, explanation.map.diagnostics
    parts = [_evidence(explanation, words_of)]
    if "completeness_error" in diagnostics and not record.no_order:
        parts.append(_completeness(diagnostics))
    return f"  {record.title}: {' '.join(parts)}"


def half_share(values: Array) -> float:
    """The smallest share of the map (height, width) that holds half of the sum of its positive values."""
    ranked = np.sort(np.maximum(values, 0).astype(np.float64).ravel())[::-1]
    running = np.cumsum(ranked)
    return float(np.searchsorted(running, running[-1] / 2) + 1) / ranked.size


def _evidence(explanation: Explanation, words_of: Callable[[str], str]) -> str:
    record, attribution_map = explanation.record, explanation.map
    if record.no_share:
        return record.no_share
    share = (
        f"half of its positive values lies in {percent(half_share(attribution_map.values))} of the picture"
    )
    if "layer" in attribution_map.choices:
        rows, columns = attribution_map.cells
        share += f", on a grid of {rows} x {columns} cells"
    if meaning_of(record).sign is Sign.NONE:
        return f"{share} (a control map: it does not use the model)."
    note = f" {record.caution}" if record.caution else ""
    return f"{share} ({record.target.words_by(words_of)}).{note}"


def _completeness(diagnostics: dict[str, float]) -> str:
    rise = diagnostics["rise"]
    total = fixed(diagnostics["sum"], 3, sign=True)
    if abs(rise) < SMALLEST_RISE:
        return (
            f"Its sum is {total} and the score does not rise ({significant(rise)}): an error relative to the "
            "rise is not defined."
        )
    verdict = COMPLETENESS_WORDS[completeness_answer(diagnostics) or "no"]
    score = f"the rise of the score {fixed(rise, 3, sign=True)}"
    return f"Its sum is {total} and {score}: {completeness_difference(diagnostics)}, {verdict}."
