"""A slice as it is shown: its picture, a map over it, regions, measurements, letters, scale bar, caption."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from textwrap import wrap
from typing import TYPE_CHECKING, Any

import numpy as np

from core.arrays import Array
from core.figures.blending import DEFAULT_STYLE, ColourScale, MapStyle, blended, enlarged, in_colour
from core.figures.overlay import Layout, draw_colour_bar, empty_figure, write_inside, write_title
from core.images.geometry import EdgeLetters

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Point = tuple[float, float]
# At 200 % on a screen of 96 dots an inch its text still has a dot for each of the screen's.
SMALLEST_SIDE = 1200
CAPTION_SIZE, LINE_INCHES, FOOTER_INCHES = 8, 0.16, 0.4
# Characters in a line of the caption, which fit into the narrowest figure.
CAPTION_LENGTH = 104
PLATE: dict[str, Any] = {"facecolor": (0, 0, 0, 0.7), "edgecolor": "none", "boxstyle": "round,pad=0.25"}
MEASURED, EDGE = "#ffd75e", (0, 0, 0, 0.6)
# Of the longest scale bar, as a share of the width of the picture.
SCALE_SHARE = 0.25


@dataclass(frozen=True, slots=True)
class OutlinedArea:
    """lines: (n, 2, 2) start and end, each (row, column) of the slice. label: beside its highest point."""

    lines: Array
    colour: str
    label: str = ""
    is_dashed: bool = False


@dataclass(frozen=True, slots=True)
class MeasuredLine:
    """A line through points (row, column) with its result in words."""

    points: tuple[Point, ...]
    words: str


@dataclass(frozen=True, slots=True)
class PictureParts:
    """All that a picture shows.

    displayed: (rows, columns) or (rows, columns, 3) uint8. values: (rows, columns) of a map over it, NaN
    outside of the network's input; None without a map. no_evidence: the sentence for a map without any.
    aspect: height of a pixel by its width. column_mm: between columns, where it is known. scale_words: behind
    the length of the scale bar.
    """

    displayed: Array
    title: tuple[str, str]
    caption: tuple[str, ...]
    values: Array | None = None
    scale: ColourScale | None = None
    style: MapStyle = DEFAULT_STYLE
    no_evidence: str = ""
    aspect: float = 1.0
    column_mm: float | None = None
    scale_words: str = ""
    letters: EdgeLetters | None = None
    areas: Sequence[OutlinedArea] = ()
    measurements: Sequence[MeasuredLine] = field(default=())


def picture_figure(parts: PictureParts) -> "Figure":
    """The picture at native resolution or enlarged by whole pixels, with everything else drawn over it."""
    picture = in_colour(parts.displayed)
    if parts.values is not None and parts.scale is not None:
        picture = blended(parts.displayed, parts.values, parts.scale, parts.style)
    picture = enlarged(picture, parts.aspect, SMALLEST_SIDE)
    lines = [line for text in parts.caption for line in wrap(text, CAPTION_LENGTH)]
    layout = Layout.of(picture, FOOTER_INCHES + LINE_INCHES * len(lines))
    figure = empty_figure(layout)
    axes = _picture_axes(figure, layout, picture, parts.displayed.shape)
    for area in parts.areas:
        _draw_area(axes, area)
    for measured in parts.measurements:
        _draw_measurement(axes, measured)
    _write_letters(axes, parts.letters)
    _draw_scale_bar(axes, parts)
    write_title(figure, layout, *parts.title)
    for number, line in enumerate(reversed(lines)):
        height = (0.3 + LINE_INCHES * number) * layout.dpi / layout.height
        left = 0.25 * layout.dpi / layout.width
        figure.text(left, height, line, fontsize=CAPTION_SIZE, parse_math=False)
    if parts.scale is not None:
        draw_colour_bar(figure, layout, picture.shape, parts.scale, parts.style)
    if parts.no_evidence:
        write_inside(figure, layout, picture.shape, parts.no_evidence)
    return figure


def _picture_axes(figure: "Figure", layout: Layout, picture: Array, shape: tuple[int, ...]) -> "Axes":
    """Axes over the picture, in (column, row) of the slice. shape: (rows, columns, ...) of the slice."""
    rows, columns = shape[:2]
    axes = figure.add_axes(
        (
            layout.left / layout.width,
            layout.bottom / layout.height,
            picture.shape[1] / layout.width,
            picture.shape[0] / layout.height,
        )
    )
    edges = (-0.5, columns - 0.5, rows - 0.5, -0.5)
    axes.imshow(picture, interpolation="none", aspect="auto", extent=edges)
    axes.set_xlim(edges[:2])
    axes.set_ylim(edges[2:])
    axes.set_axis_off()
    return axes


def _draw_area(axes: "Axes", area: OutlinedArea) -> None:
    from matplotlib.collections import LineCollection

    if not len(area.lines):
        return
    segments: Any = area.lines[..., ::-1]
    style = (0, (4, 2)) if area.is_dashed else "solid"
    axes.add_collection(LineCollection(segments, colors=[EDGE], linewidths=3))
    axes.add_collection(LineCollection(segments, colors=area.colour, linewidths=1.4, linestyles=[style]))
    if area.label:
        highest = segments.reshape(-1, 2)[np.argmin(segments.reshape(-1, 2)[:, 1])]
        _label(axes, tuple(highest), area.label, area.colour)


def _draw_measurement(axes: "Axes", measured: MeasuredLine) -> None:
    rows, columns = zip(*measured.points, strict=True)
    axes.plot(columns, rows, color=EDGE, linewidth=3)
    axes.plot(columns, rows, "o-", color=MEASURED, linewidth=1.4, markersize=3)
    _label(axes, (columns[-1], rows[-1]), measured.words, MEASURED)


def _label(axes: "Axes", place: tuple[float, ...], words: str, colour: str) -> None:
    """Words beside a place (column, row), on the side where the picture has more room."""
    left, right = axes.get_xlim()
    is_right = place[0] > (left + right) / 2
    axes.annotate(
        words,
        (place[0], place[1]),
        xytext=(-6 if is_right else 6, 6),
        textcoords="offset points",
        ha="right" if is_right else "left",
        color=colour,
        fontsize=8,
        bbox=PLATE,
        parse_math=False,
    )


def _write_letters(axes: "Axes", letters: EdgeLetters | None) -> None:
    if letters is None:
        return
    for letter, x, y, across, down in (
        (letters.top, 0.5, 0.98, "center", "top"),
        (letters.bottom, 0.5, 0.02, "center", "bottom"),
        (letters.left, 0.02, 0.5, "left", "center"),
        (letters.right, 0.98, 0.5, "right", "center"),
    ):
        axes.text(
            x, y, letter, transform=axes.transAxes, ha=across, va=down, color="white", fontsize=10, bbox=PLATE
        )


def _draw_scale_bar(axes: "Axes", parts: PictureParts) -> None:
    if parts.column_mm is None:
        return
    rows, columns = parts.displayed.shape[:2]
    longest = SCALE_SHARE * columns * parts.column_mm
    power = 10.0 ** math.floor(math.log10(longest))
    length = next(power * step for step in (5, 2, 1) if power * step <= longest)
    start, level = -0.5 + 0.04 * columns, rows - 0.5 - 0.04 * rows
    ends = (start, start + length / parts.column_mm)
    axes.plot(ends, (level, level), color=EDGE, linewidth=5, solid_capstyle="butt")
    axes.plot(ends, (level, level), color="white", linewidth=2.5, solid_capstyle="butt")
    words = f"{length / 10:g} cm" if length >= 10 else f"{length:g} mm"
    axes.annotate(
        f"{words} {parts.scale_words}".rstrip(),
        (start, level),
        xytext=(0, 6),
        textcoords="offset points",
        color="white",
        fontsize=8,
        bbox=PLATE,
    )
