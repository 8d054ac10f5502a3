"""What the network answers while a map reveals the image, as a table: the figures of the panel Reveal."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, final

from core.errors import NotApplicable
from core.exports.contract import Exporter, ExportSubject
from core.exports.saved_curves import required_curves
from core.exports.tables import csv_bytes
from core.network.parameters import Parameters


class RevealCsvParams(Parameters):
    """None."""


@final
class RevealCsv(Exporter):
    """One row for each picture between the blurred and the whole image, from the map's highest values on."""

    name = "reveal_csv"
    title = "Reveal strips as CSV"
    summary = "The predicted class and probabilities while each map reveals the image (.csv), step by step."
    suffix = ".csv"
    scope = "case"
    Params = RevealCsvParams

    def applies(self, subject: ExportSubject) -> None:
        if not any(facts.glimpses for saved in required_curves(subject) for facts in saved.curves.maps):
            raise NotApplicable(
                "No answer on the way from the blurred to the whole image was recorded.",
                "Measure its maps by curves again.",
            )

    def files(self, subject: ExportSubject, params: Any) -> Mapping[str, bytes]:
        self.applies(subject)
        return {self.suffix: csv_bytes(subject, _rows(subject))}


def _rows(subject: ExportSubject) -> Iterator[Sequence[object]]:
    """share: of the area that was asked for. place: on the curve's axis, from 0 to 1."""
    # In the order of the network's outputs.
    classes = tuple(subject.case.image.prediction.probabilities)
    yield (
        *("set", "class", "map", "method", "step", "share", "place"),
        *("predicted_class", "probability_of_predicted", "probability_of_class"),
    )
    for number, saved in enumerate(required_curves(subject), start=1):
        for facts in saved.curves.maps:
            start = (number, saved.class_name, saved.maps.get(facts.method, ""), facts.method)
            for step, glimpse in enumerate(facts.glimpses, start=1):
                index = glimpse.predicted_class
                name = classes[index] if index < len(classes) else str(index)
                figures = (repr(glimpse.share), repr(glimpse.x))
                answers = (repr(glimpse.probability), repr(glimpse.target_probability))
                yield (*start, step, *figures, name, *answers)
