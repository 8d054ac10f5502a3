"""Figures of a data-set run: its aggregated curves, and its scores with their intervals."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from core.datasets.aggregate import AggregatedCurve, axis
from core.datasets.summary import Score
from core.datasets.tables import measure_text
from core.figures.curves import AXES, TITLES
from core.figures.line_styles import CONTROL_LINES
from core.figures.overlay import FOOTER, png_bytes

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# Okabe and Ito's colours, then dashes, so that twelve methods can be told apart.
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9")
DASHES = ("-", (0, (4, 1.5)), (0, (1.5, 1)))


def aggregated_png(curves: Sequence[AggregatedCurve], titles: Mapping[str, str]) -> bytes:
    """PNG of all curves of one setting, revealed from the top: AIC and SIC, mean over images and median."""
    from matplotlib.figure import Figure

    tops = [curve for curve in curves if curve.direction == "top"]
    methods = list(dict.fromkeys(curve.method for curve in tops))
    rows = -(-len(methods) // 3)
    legend = 0.2 * rows + 0.35
    height = 7.9 + legend
    figure = Figure(figsize=(11, height), dpi=150, facecolor="white")
    protocol, _, entropy = tops[0].setting.partition("/")
    lines = []
    for row, middle in enumerate(("mean", "median")):
        for column, (kind, title) in enumerate(TITLES.items()):
            place = (0.065 + 0.485 * column, (legend + 0.5 + 3.75 * (1 - row)) / height, 0.425, 3.0 / height)
            axes = figure.add_axes(place)
            panel_curves = [curve for curve in tops if (curve.kind, curve.middle) == (kind, middle)]
            _curve_axes(axes, f"{title}, {middle} over images", AXES[entropy])
            for curve in panel_curves:
                _draw(axes, curve, methods)
            if not panel_curves:
                axes.text(0.5, 0.5, "No image has this curve.", ha="center", va="center", fontsize=9)
            counts = {curve.images for curve in panel_curves}
            if counts:
                images = f"{min(counts)} to {max(counts)}" if len(counts) > 1 else str(max(counts))
                axes.text(0.98, 0.03, f"{images} images", ha="right", fontsize=8, color="0.35")
    for method in methods:
        lines.append(_style(method, methods) | {"label": titles.get(method, method)})
    _legend(figure.axes[0], lines, (0.065, (legend + 0.05) / height))
    caption = f"Protocol {protocol} over {AXES[entropy]}; bands: 95 % of a bootstrap over patients"
    figure.text(0.065, 1 - 0.35 / height, caption, fontsize=9, va="center", parse_math=False)
    figure.text(0.065, 0.1 / height, FOOTER, fontsize=7, color="0.35")
    return png_bytes(figure)


def scores_png(scores: Sequence[Score], titles: Mapping[str, str]) -> bytes:
    """PNG with a panel for each measure: every method's mean with its interval, best at the top."""
    from matplotlib.figure import Figure

    measures = list(dict.fromkeys((score.metric, score.setting, score.figure) for score in scores))
    most = max(sum((s.metric, s.setting, s.figure) == measure for s in scores) for measure in measures)
    columns = min(2, len(measures))
    rows = -(-len(measures) // columns)
    panel = 0.22 * most + 0.9
    height = panel * rows + 0.4
    figure = Figure(figsize=(5.5 * columns, height), dpi=150, facecolor="white")
    for number, measure in enumerate(measures):
        row, column = divmod(number, columns)
        bottom = (0.4 + panel * (rows - 1 - row) + 0.4) / height
        axes = figure.add_axes(((0.36 + column) / columns, bottom, 0.58 / columns, (panel - 0.8) / height))
        own = [each for each in scores if (each.metric, each.setting, each.figure) == measure]
        _dots(axes, sorted(own, key=lambda each: each.mean.value), titles)
        axes.set_title(measure_text(*measure), fontsize=9, loc="left", parse_math=False)
    figure.text(0.02, 0.1 / height, FOOTER, fontsize=7, color="0.35")
    return png_bytes(figure)


def _curve_axes(axes: "Axes", title: str, label: str) -> None:
    axes.set_title(title, fontsize=10, loc="left")
    axes.set_xlabel(label, fontsize=9)
    axes.set_xlim(0, 1)
    axes.set_ylim(-0.03, 1.03)
    axes.tick_params(labelsize=8)
    axes.grid(color="0.92", linewidth=0.8)
    axes.spines[["top", "right"]].set_visible(False)


def _draw(axes: "Axes", curve: AggregatedCurve, methods: Sequence[str]) -> None:
    style = _style(curve.method, methods)
    axes.fill_between(axis(), curve.low, curve.high, color=style["color"], alpha=0.1, linewidth=0)
    axes.plot(axis(), curve.y, **style)


def _style(method: str, methods: Sequence[str]) -> dict[str, Any]:
    if method in CONTROL_LINES:
        return {"color": "0.4", "linestyle": CONTROL_LINES[method], "linewidth": 1.4}
    number = [name for name in methods if name not in CONTROL_LINES].index(method)
    dash = DASHES[number // len(COLOURS) % len(DASHES)]
    return {"color": COLOURS[number % len(COLOURS)], "linestyle": dash, "linewidth": 1.6}


def _legend(axes: "Axes", lines: Sequence[Mapping[str, Any]], place: tuple[float, float]) -> None:
    from matplotlib.lines import Line2D

    handles = [Line2D([], [], **line) for line in lines]
    axes.figure.legend(
        handles=handles,
        loc="upper left",
        bbox_to_anchor=place,
        ncols=3,
        fontsize=8,
        frameon=False,
        borderaxespad=0,
    )


def _dots(axes: "Axes", scores: Sequence[Score], titles: Mapping[str, str]) -> None:
    for place, score in enumerate(scores):
        colour = "0.4" if score.method in CONTROL_LINES else COLOURS[0]
        axes.plot((score.mean.low, score.mean.high), (place, place), color=colour, linewidth=1.6)
        axes.plot(score.mean.value, place, "o", color=colour, markersize=4)
    axes.set_yticks(
        range(len(scores)), [titles.get(score.method, score.method) for score in scores], fontsize=8
    )
    axes.set_ylim(-0.6, len(scores) - 0.4)
    axes.tick_params(axis="x", labelsize=8)
    axes.grid(axis="x", color="0.92", linewidth=0.8)
    axes.axvline(0, color="0.8", linewidth=0.8, zorder=0)
    axes.spines[["top", "right"]].set_visible(False)
