"""The agreement of the maps of a case, as its exporters need it."""

from typing import TYPE_CHECKING

from core.checks.agreement import Agreement, agreement
from core.errors import NotApplicable
from core.exports.class_words import card_of
from core.exports.contract import ExportSubject
from core.exports.report.map_labels import labels_of
from core.exports.report.words import ModelWords

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def require_two_maps(subject: ExportSubject) -> None:
    """Raises NotApplicable for a case whose maps cannot be compared with each other."""
    if len(subject.case.maps) < 2:
        raise NotApplicable("Two maps are needed to compare them.", "Explain the case by another method too.")


def agreement_of(subject: ExportSubject, share: float = 0.1) -> Agreement:
    """Of all maps of the case, named by their ids. share: of the pixels that count as a map's highest."""
    require_two_maps(subject)
    maps = subject.case.maps
    values = {saved.id: subject.data.values_of(saved) for saved in maps}
    reasons = {saved.id: saved.record.no_order for saved in maps if saved.record.no_order}
    return agreement(values, share=share, no_order=reasons)


def agreement_picture(subject: ExportSubject) -> "Figure":
    """The matrix of rank correlations."""
    from core.figures.agreement import agreement_figure

    result = agreement_of(subject)
    labels = labels_of(subject.case, ModelWords(card_of(subject.case.image.model)))
    return agreement_figure([labels[name] for name in result.names], result.spearman)
