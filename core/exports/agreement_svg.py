"""How far the maps of a case agree, as a picture (SVG)."""

from collections.abc import Mapping
from typing import Any, final

from core.exports.compared_maps import agreement_picture, require_two_maps
from core.exports.contract import Exporter, ExportSubject
from core.exports.statement import statement_of
from core.figures.vector import svg_bytes
from core.network.parameters import Parameters


class AgreementSvgParams(Parameters):
    """None."""


@final
class AgreementSvg(Exporter):
    """The matrix of rank correlations of all maps of a case."""

    name = "agreement_svg"
    title = "Agreement as SVG"
    summary = "The matrix of rank correlations of all maps (.svg), for papers and slides."
    suffix = ".svg"
    scope = "case"
    Params = AgreementSvgParams

    def applies(self, subject: ExportSubject) -> None:
        require_two_maps(subject)

    def files(self, subject: ExportSubject, params: Any) -> Mapping[str, bytes]:
        figure = agreement_picture(subject)
        description = "\n".join(statement_of(subject).lines)
        return {self.suffix: svg_bytes(figure, "Agreement of maps", description)}
