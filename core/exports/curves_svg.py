"""Information curves as a drawing."""

from collections.abc import Mapping
from typing import Any, final

from core.exports.class_words import class_words
from core.exports.contract import Exporter, ExportSubject
from core.exports.saved_curves import curve_titles, required_curves
from core.exports.statement import statement_of
from core.figures.curves import curves_figure
from core.figures.vector import svg_bytes
from core.network.parameters import Parameters


class CurvesSvgParams(Parameters):
    """None."""


@final
class CurvesSvg(Exporter):
    """AIC and SIC side by side, one file for each set of curves."""

    name = "curves_svg"
    title = "Curves as SVG"
    summary = "The information curves with their scores (.svg), for papers and slides."
    suffix = ".svg"
    scope = "case"
    Params = CurvesSvgParams

    def applies(self, subject: ExportSubject) -> None:
        required_curves(subject)

    def suffixes(self, subject: ExportSubject) -> tuple[str, ...]:
        further = range(2, len(required_curves(subject)) + 1)
        return self.suffix, *(f"-{number}.svg" for number in further)

    def files(self, subject: ExportSubject, params: Any) -> Mapping[str, bytes]:
        description = "\n".join(statement_of(subject).lines)
        contents, words_of = {}, class_words(subject.case)
        for suffix, saved in zip(self.suffixes(subject), required_curves(subject), strict=True):
            name = words_of(saved.class_name)
            figure = curves_figure(saved.curves, name, curve_titles(subject, saved))
            contents[suffix] = svg_bytes(figure, f"Information curves of {name}", description)
        return contents
