"""How far the maps of a case agree, as a picture (PNG)."""

from collections.abc import Mapping
from typing import Any, final

from core.exports.compared_maps import agreement_picture, require_two_maps
from core.exports.contract import Exporter, ExportSubject
from core.exports.statement import statement_of
from core.figures.overlay import png_bytes
from core.network.parameters import Parameters


class AgreementPngParams(Parameters):
    """None."""


@final
class AgreementPng(Exporter):
    """The matrix of rank correlations of all maps of a case."""

    name = "agreement_png"
    title = "Agreement as PNG"
    summary = "The matrix of rank correlations of all maps (.png), for slides."
    suffix = ".png"
    scope = "case"
    Params = AgreementPngParams

    def applies(self, subject: ExportSubject) -> None:
        require_two_maps(subject)

    def files(self, subject: ExportSubject, params: Any) -> Mapping[str, bytes]:
        figure = agreement_picture(subject)
        return {self.suffix: png_bytes(figure, "\n".join(statement_of(subject).lines))}
