"""The picture as shown, as SVG."""

from collections.abc import Mapping
from typing import Any, final

from core.exports.contract import Exporter, ExportSubject
from core.exports.shown_picture import PictureParams, description_of, shown_figure
from core.figures.vector import svg_bytes

_TITLE = "Attribution map"


@final
class PictureSvg(Exporter):
    """The slice with map, colour bar, outlines and measurements; text and lines as vectors."""

    name = "picture_svg"
    title = "Picture as SVG"
    summary = "The slice with map, colour bar, regions and measurements as vectors (.svg), for papers."
    suffix = ".svg"
    scope = "map"
    Params = PictureParams

    def applies(self, subject: ExportSubject) -> None:
        """Always: without a map it is the slice alone."""

    def files(self, subject: ExportSubject, params: Any) -> Mapping[str, bytes]:
        figure = shown_figure(subject, params)
        return {".svg": svg_bytes(figure, _TITLE, description_of(subject))}
