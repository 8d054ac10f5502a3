"""What people read: predictions, maps and curves in plain sentences with their numbers."""

import numpy as np

from app.command_line.output import aligned
from app.texts import prediction as texts
from core.api import Explanation
from core.arrays import Array
from core.figures.wording import meaning_of
from core.methods.meaning import Sign
from core.methods.path.integrated_gradients import SMALLEST_DELTA, SMALLEST_RISE
from core.models.card import Card
from core.number_text import percent
from core.results.documents import PredictedImage

GOOD_COMPLETENESS = 0.05


def headline(said: PredictedImage) -> str:
    """The image and the slice that was taken."""
    image = said.image
    name = f"{said.sample} ({said.file})" if said.sample else said.file
    which = f", slice {image.slice} of {image.slices}" if image.slices > 1 else ""
    return f"{name}{which}, {image.columns} x {image.rows} pixels"


def prediction_lines(said: PredictedImage, card: Card) -> list[str]:
    """Whether the image fits the model, the classes, most probable first, and what they are worth."""
    found = said.prediction
    ranked = sorted(found.probabilities.items(), key=lambda item: -item[1])
    rows = [(name, percent(share), texts.logit(found.logits[name])) for name, share in ranked]
    lines = [f"  Note: {note}" for note in (*said.image.notes, *said.input_notes)]
    if said.fit is not None:
        lines.append(f"  {texts.fit_line(said.fit)}")
    lines += [f"  Warning: {warning}" for warning in said.warnings]
    lines.append(f"  {said.model.id} {said.model.version} says:")
    lines += [f"    {line}" for line in aligned(rows)]
    lines.append(f"  {texts.only_classes(tuple(found.probabilities))}")
    worth = texts.calibration(card, found.calibrated, said.fit)
    return [*lines, f"  {worth}"] if worth else lines


def said_of(explanation: Explanation) -> str:
    """One map in a sentence or two that say what its numbers mean."""
    record, found = explanation.record, explanation.map
    parts = [_evidence(explanation)]
    if "completeness_error" in found.diagnostics and not record.no_order:
        parts.append(_completeness(found.diagnostics))
    return f"  {record.title}: {' '.join(parts)}"


def half_share(values: Array) -> float:
    """The smallest share of the map (height, width) that holds half of its positive values' sum."""
    ranked = np.sort(np.maximum(values, 0).astype(np.float64).ravel())[::-1]
    running = np.cumsum(ranked)
    return float(np.searchsorted(running, running[-1] / 2) + 1) / ranked.size


def _evidence(explanation: Explanation) -> str:
    record, found = explanation.record, explanation.map
    if record.no_share:
        return record.no_share
    share = f"half of its positive values lies in {percent(half_share(found.values))} of the picture"
    if "layer" in found.choices:
        rows, columns = found.cells
        share += f", on a grid of {rows} x {columns} cells"
    if meaning_of(record).sign is Sign.NONE:
        return f"{share} (a baseline: it does not look at the model)."
    note = f" {record.signal.sentence}" if record.signal and record.signal.sentence else ""
    return f"{share} ({record.target.words}).{note}"


def _completeness(diagnostics: dict[str, float]) -> str:
    error, rise = diagnostics["completeness_error"], diagnostics["rise"]
    if abs(rise) < SMALLEST_RISE:
        return (
            f"Its sum is {diagnostics['sum']:+.3f} and the score does not rise ({rise:+.1e}): an error "
            "relative to the rise is not defined."
        )
    worth = "so the map accounts for the score" if error <= GOOD_COMPLETENESS else "too much; take more steps"
    # Relative to a small rise every error would be large; see `integrated_gradients.completeness`.
    of_what = f" of {SMALLEST_DELTA:g} (the rise is smaller)" if abs(rise) < SMALLEST_DELTA else ""
    return (
        f"Its sum is {diagnostics['sum']:+.3f} and the rise of the score {rise:+.3f}: "
        f"an error of {percent(error)}{of_what}, {worth}."
    )
