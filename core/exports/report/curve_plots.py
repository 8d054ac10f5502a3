"""The curves of a case as plots and tables."""

from collections.abc import Mapping

from core.curves.curve_set import Curve, CurveSet
from core.curves.protocol import CurveKind
from core.exports.report.content import Plot, Plots, Series, Table
from core.figures.curves import AXES, TITLES, axis_label, score_text
from core.figures.line_styles import CONTROL_LINES, HIGHEST_FIRST, LOWEST_FIRST
from core.number_text import fixed

KINDS: tuple[CurveKind, ...] = ("aic", "sic")
RANDOM_WORDS = {"yes": "yes", "no": "no", "undecided": "undecided", None: ""}


def plots_of(curve_set: CurveSet, class_words: str, titles: Mapping[str, str]) -> Plots:
    """AIC and SIC, with the lines of `core.figures.line_styles`. titles: of the methods."""
    return Plots(tuple(_plot(curve_set, kind, class_words, titles) for kind in KINDS))


def table_of(curve_set: CurveSet, titles: Mapping[str, str]) -> Table:
    """The scores of both kinds of curves with the interval of their verdict."""
    rows = []
    for method in curve_set.methods:
        for kind in KINDS:
            score = curve_set.score(method, kind)
            if score is not None:
                verdict = RANDOM_WORDS[score.better_than_random]
                gap = "" if score.gap is None else score.words(3)
                area = score.words(3) if score.gap is None else fixed(score.area, 3)
                rows.append((titles.get(method, method), kind.upper(), gap, area, verdict))
    header = ("Map", "Curve", "Gap (0 = chance)", "Area from the top", "Better than random")
    return Table("Scores of the curves with their intervals", header, tuple(rows), (4, 1, 3, 2, 3))


def _plot(curve_set: CurveSet, kind: CurveKind, class_words: str, titles: Mapping[str, str]) -> Plot:
    reason = next((each.message for each in curve_set.undefined if each.kind == kind), "")
    series: list[Series] = []
    methods = [name for name in curve_set.methods if name not in CONTROL_LINES]
    for method in curve_set.methods if not reason else ():
        score = curve_set.score(method, kind)
        label = titles.get(method, method)
        top, bottom = curve_set.curve(method, kind), curve_set.curve(method, kind, "bottom")
        style = methods.index(method) if method in methods else None
        if top is not None:
            named = f"{label}: {score_text(score)}" if score is not None else label
            series.append(Series(named, _points(top), style, CONTROL_LINES.get(method, HIGHEST_FIRST)))
        if bottom is not None and style is not None:
            series.append(Series("", _points(bottom), style, LOWEST_FIRST))
    return Plot(
        title=TITLES[kind],
        x_label=AXES[curve_set.settings.entropy],
        y_label=axis_label(curve_set, kind, class_words),
        series=tuple(series),
        note=f"No curve on this image: {reason}" if reason else "",
    )


def _points(curve: Curve) -> tuple[tuple[float, float], ...]:
    return tuple(zip(curve.x, curve.y, strict=True))
