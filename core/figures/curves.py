"""AIC and SIC of one image side by side."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from core.curves.curve_set import Curve, CurveScore, CurveSet
from core.curves.protocol import CurveKind
from core.figures.line_styles import CONTROL_LINES, HIGHEST_FIRST, LOWEST_FIRST
from core.figures.overlay import FOOTER, png_bytes
from core.number_text import fixed

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

TITLES: dict[CurveKind, str] = {
    "aic": "Accuracy information curve (AIC)",
    "sic": "Softmax information curve (SIC)",
}
PROTOCOLS = {
    "cells": "Protocol cells: square cells revealed over the blurred image, highest first"
    f" ({HIGHEST_FIRST}) and lowest first ({LOWEST_FIRST});\nthe gap is the area between the two, zero for"
    " a map no better than chance",
    "pair": "Protocol pair: single pixels revealed over an interpolation of a random hundredth, as published"
    " by Kapishnikov et al. 2019;\ncompare each area with random's",
}
AXES = {
    "area": "share of the area revealed",
    "shannon": "share of the Shannon information revealed",
    "webp": "share of the lossless WebP size revealed",
}
# Okabe and Ito's colours, which colour-blind readers can tell apart, and a mark for grey prints.
STYLES = (
    ("#0072B2", "o"),
    ("#D55E00", "s"),
    ("#009E73", "^"),
    ("#CC79A7", "D"),
    ("#E69F00", "v"),
    ("#56B4E9", "P"),
)


def curves_png(curve_set: CurveSet, class_name: str, titles: Mapping[str, str]) -> bytes:
    """PNG of both kinds of curves; `titles` gives each method's name for people."""
    return png_bytes(curves_figure(curve_set, class_name, titles))


def curves_figure(curve_set: CurveSet, class_name: str, titles: Mapping[str, str]) -> "Figure":
    """Both kinds of curves side by side, with their scores; titles: as in `curves_png`."""
    from matplotlib.figure import Figure

    rows = len(curve_set.methods) if curve_set.curves else 0  # the legend's
    legend = 0.2 * rows + 0.35
    height = 4.9 + legend
    figure = Figure(figsize=(11, height), dpi=150, facecolor="white")
    kinds: tuple[CurveKind, ...] = ("aic", "sic")
    for number, kind in enumerate(kinds):
        axes = figure.add_axes((0.065 + 0.485 * number, (legend + 0.6) / height, 0.425, 3.3 / height))
        _draw(axes, curve_set, kind, class_name, titles)
    figure.text(0.065, 1 - 0.5 / height, _protocol_text(curve_set), fontsize=9, va="center", parse_math=False)
    figure.text(0.065, 0.12 / height, FOOTER, fontsize=7, color="0.35")
    return figure


def score_text(score: CurveScore) -> str:
    """Such as 'gap +0.410 ±0.120, area 0.830'; the interval is that of the verdict."""
    if score.gap is None:
        return f"area {score.words(3)}"
    return f"gap {score.words(3)}, area {fixed(score.area, 3)}"


def _protocol_text(curve_set: CurveSet) -> str:
    return f"{PROTOCOLS[curve_set.settings.protocol]}. Axis: {AXES[curve_set.settings.entropy]}."


def _draw(
    axes: "Axes", curve_set: CurveSet, kind: CurveKind, class_name: str, titles: Mapping[str, str]
) -> None:
    axes.set_title(TITLES[kind], fontsize=10, loc="left")
    axes.set_xlabel(AXES[curve_set.settings.entropy], fontsize=9)
    axes.set_ylabel(axis_label(curve_set, kind, class_name), fontsize=9, parse_math=False)
    axes.set_xlim(0, 1)
    axes.set_ylim(-0.03, 1.03)
    axes.tick_params(labelsize=8)
    axes.grid(color="0.92", linewidth=0.8)
    axes.spines[["top", "right"]].set_visible(False)
    reason = next((each for each in curve_set.undefined if each.kind == kind), None)
    if reason:
        text = f"No curve on this image:\n{reason.message}"
        axes.text(0.5, 0.5, text, ha="center", va="center", fontsize=9, wrap=True, parse_math=False)
        return
    for method in curve_set.methods:
        _draw_method(axes, curve_set, kind, method, titles.get(method, method))
    axes.legend(loc="upper left", bbox_to_anchor=(0, -0.17), fontsize=8, frameon=False, borderaxespad=0)


def _draw_method(axes: "Axes", curve_set: CurveSet, kind: CurveKind, method: str, title: str) -> None:
    top, bottom = curve_set.curve(method, kind), curve_set.curve(method, kind, "bottom")
    score = curve_set.score(method, kind)
    assert top is not None, (method, kind)
    assert score is not None, (method, kind)
    label = f"{title}: {score_text(score)}"
    if method in CONTROL_LINES:
        line = CONTROL_LINES[method]
        axes.plot(top.x, top.y, linestyle=line, color="0.5", linewidth=1.2, label=label)
        return
    colour, mark = _style(curve_set, method)
    axes.plot(top.x, top.y, color=colour, marker=mark, markersize=3.5, linewidth=1.6, label=label)
    if bottom is not None:
        axes.plot(bottom.x, bottom.y, linestyle=LOWEST_FIRST, color=colour, linewidth=1.2)


def _style(curve_set: CurveSet, method: str) -> tuple[str, str]:
    methods = [name for name in curve_set.methods if name not in CONTROL_LINES]
    return STYLES[methods.index(method) % len(STYLES)]


def axis_label(curve_set: CurveSet, kind: CurveKind, class_name: str) -> str:
    """What the vertical axis of a kind of curve shows."""
    if curve_set.settings.protocol == "pair":
        return f"{class_name} predicted so far" if kind == "aic" else f"relative probability of {class_name}"
    return f"share of grids that predict {class_name}" if kind == "aic" else f"probability of {class_name}"


def tidy_rows(curve_set: CurveSet) -> list[tuple[str, ...]]:
    """A header, then one row for each method, kind, direction and point."""
    rows: list[tuple[str, ...]] = [("method", "kind", "direction", "point", "share", "x", "y")]
    for curve in curve_set.curves:
        rows += _rows_of(curve)
    return rows


def _rows_of(curve: Curve) -> list[tuple[str, ...]]:
    points = zip(curve.shares, curve.x, curve.y, strict=True)
    start = (curve.method, curve.kind, curve.direction)
    # repr gives the shortest text that reads back as the same number.
    return [(*start, str(number), *map(repr, point)) for number, point in enumerate(points)]
