"""The picture as shown, as PNG."""

from collections.abc import Mapping
from typing import Any, final

from core.exports.contract import Exporter, ExportSubject
from core.exports.shown_picture import PictureParams, description_of, shown_figure
from core.figures.overlay import png_bytes


@final
class PicturePng(Exporter):
    """The slice with map, colour bar, outlines and measurements; pixels, at least 1200 on the longer side."""

    name = "picture_png"
    title = "Picture as PNG"
    summary = "The slice with map, colour bar, regions and measurements (.png), for slides and mails."
    suffix = ".png"
    scope = "map"
    Params = PictureParams

    def applies(self, subject: ExportSubject) -> None:
        """Always: without a map it is the slice alone."""

    def files(self, subject: ExportSubject, params: Any) -> Mapping[str, bytes]:
        figure = shown_figure(subject, params)
        return {".png": png_bytes(figure, description_of(subject))}
