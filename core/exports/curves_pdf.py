"""Information curves as a PDF file."""

from collections.abc import Mapping
from typing import Any, final

from core.exports.class_words import class_words
from core.exports.contract import Exporter, ExportSubject
from core.exports.saved_curves import curve_titles, required_curves
from core.exports.statement import statement_of
from core.figures.curves import curves_figure
from core.figures.vector import pdf_bytes
from core.network.parameters import Parameters


class CurvesPdfParams(Parameters):
    """None."""


@final
class CurvesPdf(Exporter):
    """AIC and SIC side by side, one page for each set of curves."""

    name = "curves_pdf"
    title = "Curves as PDF"
    summary = "The information curves with their scores (.pdf), fonts embedded, for papers."
    suffix = ".pdf"
    scope = "case"
    Params = CurvesPdfParams

    def applies(self, subject: ExportSubject) -> None:
        required_curves(subject)

    def files(self, subject: ExportSubject, params: Any) -> Mapping[str, bytes]:
        words_of = class_words(subject.case)
        figures = [
            curves_figure(saved.curves, words_of(saved.class_name), curve_titles(subject, saved))
            for saved in required_curves(subject)
        ]
        description = " ".join(statement_of(subject).lines)
        return {".pdf": pdf_bytes(figures, "Information curves", description)}
