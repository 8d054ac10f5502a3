"""Information curves as tables: their points, and their scores."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, final

from core.exports.contract import Exporter, ExportSubject
from core.exports.saved_curves import required_curves
from core.exports.tables import csv_bytes
from core.figures.curves import tidy_rows
from core.network.parameters import Parameters
from core.workspace.document import SavedCurves

SCORE_FIGURES = ("score", "area", "gap", "spread", "rounds", "saturated", "margin", "random_mean")


class CurvesCsvParams(Parameters):
    """None."""


@final
class CurvesCsv(Exporter):
    """One row for each point, and in a second file one for each figure of a score."""

    name = "curves_csv"
    title = "Curves as CSV"
    summary = "The points of all information curves (.csv) and their scores (-scores.csv), for statistics."
    suffix = ".csv"
    scope = "case"
    Params = CurvesCsvParams

    def applies(self, subject: ExportSubject) -> None:
        required_curves(subject)

    def suffixes(self, subject: ExportSubject) -> tuple[str, ...]:
        return self.suffix, "-scores.csv"

    def files(self, subject: ExportSubject, params: Any) -> Mapping[str, bytes]:
        saved_curves = required_curves(subject)
        return {
            ".csv": csv_bytes(subject, _points(saved_curves)),
            "-scores.csv": csv_bytes(subject, _scores(saved_curves)),
        }


def _points(saved_curves: Sequence[SavedCurves]) -> Iterator[Sequence[object]]:
    for number, saved in enumerate(saved_curves):
        header, *rows = tidy_rows(saved.curves)
        if number == 0:
            yield ("set", "class", "protocol", "entropy", "map", *header)
        start = (number + 1, saved.class_name, saved.curves.settings.protocol, saved.curves.settings.entropy)
        yield from ((*start, saved.maps.get(row[0], ""), *row) for row in rows)


def _scores(saved_curves: Sequence[SavedCurves]) -> Iterator[Sequence[object]]:
    """Shares of the axis' length; `rounds` is a count, `saturated` 0 or 1."""
    yield ("set", "class", "map", "method", "kind", "figure", "value", "better_than_random")
    for number, saved in enumerate(saved_curves, start=1):
        for score in saved.curves.scores:
            start = (number, saved.class_name, saved.maps.get(score.method, ""), score.method, score.kind)
            for figure in SCORE_FIGURES:
                value = getattr(score, figure)
                if value is not None:
                    yield (*start, figure, repr(float(value)), score.better_than_random or "")
