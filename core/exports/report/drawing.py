"""Plots as lines and texts at places, which HTML draws as SVG and PDF as vectors.

Lengths are in points; x goes right and y down from the upper left corner.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from math import cos, pi, sin
from textwrap import wrap
from typing import Literal

from core.exports.report.content import Plot, Series
from core.exports.report.palette import MARKS
from core.figures.line_styles import HIGHEST_FIRST, STROKES

WIDTH, AXES_HEIGHT = 250.0, 150.0
LEFT, RIGHT, TOP, BOTTOM = 38.0, 8.0, 18.0, 30.0
LEGEND_ROW, SWATCH = 11.0, 18.0
FONT_SIZE, TITLE_SIZE = 7.5, 9.0
# Characters in a line of a legend or note, which fit beside the swatch.
MOST_CHARACTERS = 54
MARK_RADIUS, SIDES_OF_CIRCLE = 1.9, 10
LOWEST, HIGHEST = -0.03, 1.03

Anchor = Literal["start", "middle", "end"]
Role = Literal["line", "grid", "text", "curve", "control"]


@dataclass(frozen=True, slots=True)
class DrawnLine:
    """A line through points. style: number of a curve's colour, for the role "curve"."""

    points: tuple[tuple[float, float], ...]
    role: Role
    width: float
    style: int = 0
    dash: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Mark:
    """A filled polygon; a circle is one of many sides."""

    points: tuple[tuple[float, float], ...]
    style: int


@dataclass(frozen=True, slots=True)
class DrawnText:
    """A line of text on a base line. is_upright: turned by a quarter, to be read from below."""

    text: str
    x: float
    y: float
    anchor: Anchor = "start"
    size: float = FONT_SIZE
    is_bold: bool = False
    is_upright: bool = False


Shape = DrawnLine | Mark | DrawnText


@dataclass(frozen=True, slots=True)
class Drawing:
    """Shapes from back to front."""

    width: float
    height: float
    shapes: tuple[Shape, ...]


def drawing_of(plot: Plot) -> Drawing:
    """The plot with its axes and legend."""
    labelled = [series for series in plot.series if series.label]
    legend: list[tuple[Series, list[str]]] = [(each, wrap(each.label, MOST_CHARACTERS)) for each in labelled]
    rows = sum(len(lines) for _, lines in legend)
    height = TOP + AXES_HEIGHT + BOTTOM + 8 + rows * LEGEND_ROW
    shapes: list[Shape] = [*_axes(plot)]
    for series in plot.series:
        shapes += _series(series)
    if plot.note:
        for number, line in enumerate(wrap(plot.note, MOST_CHARACTERS - 8)):
            shapes.append(DrawnText(line, LEFT + 8, TOP + 30 + number * LEGEND_ROW))
    y = TOP + AXES_HEIGHT + BOTTOM + 8
    for series, lines in legend:
        shapes += _swatch(series, y - 2.5)
        for line in lines:
            shapes.append(DrawnText(line, LEFT + SWATCH, y))
            y += LEGEND_ROW
    return Drawing(WIDTH, height, tuple(shapes))


def _place(x: float, y: float) -> tuple[float, float]:
    share = (y - LOWEST) / (HIGHEST - LOWEST)
    return LEFT + x * (WIDTH - LEFT - RIGHT), TOP + (1 - share) * AXES_HEIGHT


def _axes(plot: Plot) -> Iterator[Shape]:
    yield DrawnText(plot.title, LEFT, 10, size=TITLE_SIZE, is_bold=True)
    for tick in (0.0, 0.2, 0.4, 0.6, 0.8, 1.0):
        yield DrawnLine((_place(tick, LOWEST), _place(tick, HIGHEST)), "grid", 0.5)
        yield DrawnLine((_place(0, tick), _place(1, tick)), "grid", 0.5)
        x, bottom = _place(tick, LOWEST)
        yield DrawnText(f"{tick:.1f}", x, bottom + 10, "middle")
        left, y = _place(0, tick)
        yield DrawnText(f"{tick:.1f}", left - 4, y + 2.5, "end")
    yield DrawnLine((_place(0, HIGHEST), _place(0, LOWEST), _place(1, LOWEST)), "line", 0.8)
    middle = _place(0.5, 0.5)
    yield DrawnText(plot.x_label, middle[0], TOP + AXES_HEIGHT + 22, "middle")
    yield DrawnText(plot.y_label, 9, middle[1], "middle", is_upright=True)


def _series(series: Series) -> Iterator[Shape]:
    points = tuple(_place(x, y) for x, y in series.points)
    if series.style is None:
        yield DrawnLine(points, "control", 1.0, dash=STROKES[series.line])
        return
    is_main = series.line == HIGHEST_FIRST
    yield DrawnLine(points, "curve", 1.3 if is_main else 0.9, series.style, STROKES[series.line])
    if is_main:
        yield from (Mark(_mark(point, series.style), series.style) for point in points)


def _swatch(series: Series, y: float) -> Iterator[Shape]:
    ends = ((LEFT, y), (LEFT + SWATCH - 5, y))
    if series.style is None:
        yield DrawnLine(ends, "control", 1.0, dash=STROKES[series.line])
        return
    yield DrawnLine(ends, "curve", 1.3, series.style)
    yield Mark(_mark(((ends[0][0] + ends[1][0]) / 2, y), series.style), series.style)


def _mark(point: tuple[float, float], style: int) -> tuple[tuple[float, float], ...]:
    x, y = point
    r = MARK_RADIUS
    match MARKS[style % len(MARKS)]:
        case "square":
            return ((x - r, y - r), (x + r, y - r), (x + r, y + r), (x - r, y + r))
        case "triangle":
            return ((x, y - 1.3 * r), (x + 1.2 * r, y + r), (x - 1.2 * r, y + r))
        case "diamond":
            return ((x, y - 1.4 * r), (x + 1.4 * r, y), (x, y + 1.4 * r), (x - 1.4 * r, y))
        case _:
            turns = (2 * pi * side / SIDES_OF_CIRCLE for side in range(SIDES_OF_CIRCLE))
            return tuple((x + r * cos(turn), y + r * sin(turn)) for turn in turns)
