"""Annotations over the image: corner texts, orientation letters, the scale bar."""

from textwrap import wrap

from PySide6.QtCore import QPointF, QRect, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from app.texts import image as texts
from app.texts import planes as texts_planes
from app.window.fonts import LARGE, sized
from app.window.states.image import ImageState
from app.window.states.planes import PlanesState
from app.window.states.viewport import ViewportState
from app.window.theme import GAP
from app.window.widgets.plates import write
from core.figures.scheme_colours import IMAGE_QUIET, IMAGE_TEXT
from core.images.planes import PlaneView
from core.images.slice import Slice

TOP, BOTTOM = Qt.AlignmentFlag.AlignTop, Qt.AlignmentFlag.AlignBottom
LEFT, RIGHT = Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight
MIDDLE, CENTRE = Qt.AlignmentFlag.AlignHCenter, Qt.AlignmentFlag.AlignVCenter
SHADOW = QColor(0, 0, 0, 200)
# Characters in a line of a sentence over the image.
LONGEST_LINE = 60
# In a lower view the letter of the lower edge would lie over the scale bar and the image's middle.
LOWEST_WITH_FOOT = 180
# In a narrower view a sentence at the upper edge lies below the texts in the corners, of two lines.
NARROW = 480


def paint_annotations(
    painter: QPainter, state: ImageState, planes: PlanesState, area: QRect, bar_width: int
) -> None:
    """Write the annotations of the active plane into `area`; bar_width: of the colour bar on its right."""
    image = state.image
    if image is None:
        return
    window = state.display.window
    window_words = texts.window_words(
        window.centre, window.width, window.name, state.display.inverted, window.description
    )
    zoom_words = texts.zoom_words(state.viewport.zoom, state.viewport.fits)
    view = planes.volume.views[state.position.axis] if planes.volume.views is not None else None
    plane = plane_words(view) if view is not None else ""
    if planes.is_three:
        plane = f"{plane}, {texts_planes.ACTIVE}"
    place_mm = planes.volume.place_mm(planes.voxel) if planes.is_three else None
    place = texts.patient_position(place_mm) if place_mm is not None else ""
    size = texts.size_and_spacing(*image.shape, image.spacing_mm, image.spacing_source)
    corners = (
        (TOP | LEFT, [state.case_title, plane]),
        (TOP | RIGHT, [image.modality]),
        (BOTTOM | LEFT, [place, texts.slice_words(state.position.index, state.slices), size]),
        (BOTTOM | RIGHT, [window_words, zoom_words]),
    )
    for corner, lines in corners:
        write(painter, area, corner, [line for line in lines if line], IMAGE_TEXT)
    paint_letters(painter, image, area, bar_width)
    paint_scale_bar(painter, state.viewport, area)
    overlay = state.overlay
    if state.overlay_visible and overlay is not None and not overlay.has_positive_evidence:
        below = area.adjusted(0, area.height() // 2, 0, -area.height() // 4)
        lines = wrap(overlay.no_share or texts.NO_POSITIVE_EVIDENCE, LONGEST_LINE)
        write(painter, below, Qt.AlignmentFlag.AlignCenter, lines, "#ffffff")


def plane_words(view: PlaneView) -> str:
    """The name of a plane."""
    return texts_planes.plane_name(view.axis, view.name, view.is_oblique, view.angle_degrees)


def write_below_letters(painter: QPainter, area: QRect, texts_of_region: list[str]) -> None:
    """Lines in the middle of the upper edge, below the letter there and above the colour bar."""
    lines = 2 * painter.fontMetrics().lineSpacing()
    write(painter, area.adjusted(0, lines, 0, 0), TOP | MIDDLE, texts_of_region, IMAGE_TEXT)


def paint_letters(painter: QPainter, image: Slice, area: QRect, bar_width: int = 0) -> None:
    """The sides of the patient at all four edges; bar_width: what lies over the right edge."""
    letters = image.edge_letters
    if letters is None:
        below = 0 if area.width() >= NARROW else 2 * painter.fontMetrics().lineSpacing() + GAP
        field = area.adjusted(0, below, -bar_width if below else 0, 0)
        write(painter, field, TOP | MIDDLE, [texts.ORIENTATION_UNKNOWN], IMAGE_QUIET)
        return
    plain = painter.font()
    painter.setFont(sized(plain, LARGE, is_strong=True))
    # The scale bar lies at the lower edge.
    above_bar = area.adjusted(0, 0, -bar_width, -2 * painter.fontMetrics().lineSpacing())
    fields = (area, area, above_bar, area.adjusted(0, 0, -bar_width, 0))
    places = (TOP | MIDDLE, LEFT | CENTRE, BOTTOM | MIDDLE, RIGHT | CENTRE)
    for field, place, letter in zip(fields, places, letters, strict=True):
        if place & BOTTOM and area.height() < LOWEST_WITH_FOOT:
            continue
        write(painter, field, place, [letter], IMAGE_TEXT)
    painter.setFont(plain)


def paint_scale_bar(painter: QPainter, viewport: ViewportState, area: QRect) -> None:
    """A bar of a round length, where the slice has a spacing, with the source of that."""
    if viewport.scale_bar is None or viewport.image is None:
        return
    length, points = viewport.scale_bar
    middle, base = area.center().x(), area.bottom() - 4
    start, end = QPointF(middle - points / 2, base), QPointF(middle + points / 2, base)
    for colour, width in ((SHADOW, 3.0), (QColor(IMAGE_TEXT), 1.4)):
        painter.setPen(QPen(colour, width))
        painter.drawLine(start, end)
        for point in (start, end):
            painter.drawLine(point - QPointF(0, 4), point + QPointF(0, 4))
    above = area.adjusted(0, 0, 0, -GAP - 4)
    words = texts.scale_bar_words(length, viewport.image.spacing_source)
    write(painter, above, BOTTOM | MIDDLE, [words], IMAGE_TEXT)
