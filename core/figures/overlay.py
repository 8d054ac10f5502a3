"""A map over its slice as a picture, with a colour bar that has numbers."""

from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from textwrap import wrap
from typing import TYPE_CHECKING

import numpy as np

from core.arrays import Array
from core.figures.blending import DEFAULT_STYLE, ColourScale, MapStyle, blended, coloured, enlarged
from core.figures.wording import map_header
from core.images.grid_map import GridMap
from core.images.slice import Slice
from core.images.windowing import displayed
from core.network.attribution_map import AttributionMap
from core.number_text import significant
from core.results.records import MethodRecord

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# Inches around the picture, whose longer side is LONGER_SIDE, so that text keeps its relative size.
LONGER_SIDE, NARROWEST = 6.0, 5.4
LEFT, RIGHT, TOP, BOTTOM = 0.25, 1.25, 0.75, 0.4
# Characters in a line of a sentence over the picture, which fit into the narrowest one.
MAX_LINE_LENGTH = 60
# The background of the colour bar, which shows at its transparent end: about the grey of tissue.
BAR_GREY = 0.35
FOOTER = "Saliscope. For research and teaching, not for diagnosis."


@dataclass(frozen=True, slots=True)
class Layout:
    """Places in pixels: the whole figure, the picture's lower left corner, and dots per inch."""

    width: int
    height: int
    left: int
    bottom: int
    dpi: float

    @classmethod
    def of(cls, picture: Array, below: float = BOTTOM) -> "Layout":
        """The layout for a picture (rows, columns, 3). below: inches below the picture."""
        rows, columns = picture.shape[:2]
        dpi = max(rows, columns) / LONGER_SIDE
        inside = max(columns, round(NARROWEST * dpi))
        return cls(
            width=round((LEFT + RIGHT) * dpi) + inside,
            height=round((TOP + below) * dpi) + rows,
            left=round(LEFT * dpi) + (inside - columns) // 2,
            bottom=round(below * dpi),
            dpi=dpi,
        )


def overlay_png(
    image: Slice,
    grid_map: GridMap,
    attribution_map: AttributionMap,
    record: MethodRecord,
    words_of: Callable[[str], str] = str,
) -> bytes:
    """PNG of the map over the whole slice: every slice pixel is at least one of the picture's.

    words_of: as for `map_header`. The slice is shown as it is shown in the window: its own first window,
    inversion applied.
    """
    scale = ColourScale.of(attribution_map.values, attribution_map.signed)
    picture = blended(displayed(image), grid_map.to_slice(attribution_map.values), scale)
    picture = enlarged(picture, image.pixel_aspect)
    layout = Layout.of(picture)
    figure = empty_figure(layout)
    figure.figimage(picture, xo=layout.left, yo=layout.bottom, origin="upper")
    write_title(figure, layout, *map_header(record, words_of))
    draw_colour_bar(figure, layout, picture.shape, scale)
    if record.no_share:
        write_inside(figure, layout, picture.shape, record.no_share)
    return png_bytes(figure)


def png_bytes(figure: "Figure", description: str = "") -> bytes:
    """The figure at its own resolution; the same figure gives the same bytes.

    description: of its origin, for the file's text chunks.
    """
    buffer = BytesIO()
    facts = {"Software": "Saliscope"} | ({"Description": description} if description else {})
    figure.savefig(buffer, format="png", dpi=figure.dpi, metadata=facts)
    return buffer.getvalue()


def empty_figure(layout: Layout) -> "Figure":
    """A white figure of the layout's size."""
    from matplotlib.figure import Figure

    # The small surplus keeps the size from being cut by one pixel in floating point.
    size = (layout.width + 0.01) / layout.dpi, (layout.height + 0.01) / layout.dpi
    return Figure(figsize=size, dpi=layout.dpi, facecolor="white")


def write_title(figure: "Figure", layout: Layout, first: str, second: str) -> None:
    """Two lines above the picture, and the sentence on research use at the lower edge."""
    left = LEFT * layout.dpi / layout.width
    for line, inches, size in ((first, 0.3, 10), (second, 0.56, 9)):
        height = 1 - inches * layout.dpi / layout.height
        figure.text(left, height, line, fontsize=size, parse_math=False)
    figure.text(left, 0.14 * layout.dpi / layout.height, FOOTER, fontsize=7, color="0.35")


def draw_colour_bar(
    figure: "Figure",
    layout: Layout,
    shape: tuple[int, ...],
    scale: ColourScale,
    style: MapStyle = DEFAULT_STYLE,
) -> None:
    """The colour bar on the right of a picture of `shape` (rows, columns, 3)."""
    left = (layout.width - RIGHT * layout.dpi + 0.2 * layout.dpi) / layout.width
    axes = figure.add_axes(
        (left, layout.bottom / layout.height, 0.2 * layout.dpi / layout.width, shape[0] / layout.height)
    )
    draw_bar(axes, scale, style)


def draw_bar(axes: "Axes", scale: ColourScale, style: MapStyle = DEFAULT_STYLE) -> None:
    """The colours of a scale from its lowest value to its highest, with numbers on the right.

    A triangle on the left marks where drawing begins.
    """
    high = scale.limit or 1.0
    steps = np.linspace(scale.low or 0.0, high, 256)[:, None]
    colours = coloured(steps, scale, style) if scale.limit else np.zeros((256, 1, 4))
    axes.set_facecolor(str(BAR_GREY))
    axes.imshow(colours, origin="lower", aspect="auto", extent=(0, 1, scale.low, high))
    axes.set_xticks([])
    axes.yaxis.tick_right()
    _numbers(axes, scale)
    _mark_threshold(axes, scale, style)


def _mark_threshold(axes: "Axes", scale: ColourScale, style: MapStyle) -> None:
    """A triangle at the left of the bar at each value from which on the map is drawn, as in the window."""
    levels = [sign * style.threshold * scale.limit for sign in ((-1, 1) if scale.signed else (1,))]
    if scale.limit and style.threshold:
        axes.set_autoscale_on(False)
        axes.plot(
            [0.0] * len(levels), levels, color="0.2", marker=5, markersize=5, linestyle="none", clip_on=False
        )


def bar_numbers(scale: ColourScale) -> tuple[tuple[float, str], ...]:
    """The values at which a colour bar has numbers, from the lowest on, each with its text."""
    ticks = np.linspace(scale.low, scale.limit, 5) if scale.limit else np.zeros(1)
    labels = [significant(tick, 2) for tick in ticks]
    if scale.cut:
        labels[-1] = f"≥ {labels[-1]}"
        labels[0] = f"≤ {labels[0]}" if scale.signed else labels[0]
    return tuple(zip(ticks.tolist(), labels, strict=True))


def _numbers(axes: "Axes", scale: ColourScale) -> None:
    ticks, labels = zip(*bar_numbers(scale), strict=True)
    axes.set_yticks(ticks, labels, fontsize=8, parse_math=False)


def write_inside(figure: "Figure", layout: Layout, shape: tuple[int, ...], text: str) -> None:
    """A sentence on a plate in the middle of a picture of `shape` (rows, columns, 3)."""
    figure.text(
        (layout.left + shape[1] / 2) / layout.width,
        (layout.bottom + shape[0] / 2) / layout.height,
        "\n".join(wrap(text, MAX_LINE_LENGTH)),
        ha="center",
        va="center",
        fontsize=10,
        parse_math=False,
        bbox={"facecolor": "white", "edgecolor": "0.35", "boxstyle": "round,pad=0.5"},
    )
