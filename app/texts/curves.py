"""The sentences of the curves and of what their figures mean."""

from collections.abc import Iterable

from core.curves.curve_set import CurveScore, UndefinedCurve
from core.curves.settings import CurveSettings

DRAWING_CURVES = "Drawing curves"
PROTOCOL = "Protocol"
CURVES_NEED_MAPS = (
    "Curves test how soon the prediction comes back when the image is revealed in the order of a map."
    " Explain the predicted class first."
)
CURVES_OFFER = (
    "Curves test how soon the prediction comes back when the image is revealed in the order of a map,"
    " beside a random map and the image's own edges."
)
DRAW_CURVES = "Draw curves"
REDRAW_CURVES = "Draw again"
NEW_MAPS = "There are maps that these curves do not include."
OTHER_TARGET = "Curves follow the predicted class; explain that class."
ONLY_BASELINES = "Curves need the map of a method beside it; explain the predicted class with one."
OTHER_CURVES = "Other curves are being drawn; wait until they are."
PLOT_TITLES = {"aic": "AIC: class predicted?", "sic": "SIC: class probability"}
TABLE_HEADERS = ("Map", "AIC", "SIC")
PROTOCOLS = {"cells": "Cells (gap)", "pair": "PAIR (as published)"}
UNDEFINED = "undefined"


def protocol(name: str) -> str:
    return {
        "cells": "Cells of the image come back one by one; the score is the gap from best to worst first.",
        "pair": "Pixels come back by threshold over a blurred image, as Kapishnikov et al. (2019) published.",
    }[name]


def curve_settings(settings: CurveSettings, saturated: bool) -> str:
    axis = {"area": "share of the area", "shannon": "Shannon information", "webp": "lossless WebP size"}
    rule = f"Cells, mean of {settings.grids} grids" if settings.protocol == "cells" else "PAIR, as published"
    so = ", so gaps are small" if settings.protocol == "cells" else ""
    note = f" The blurred image already gets this class{so}." if saturated else ""
    return f"{rule}. Horizontal axis: {axis[settings.entropy]}.{note}"


AXES = {"area": "revealed share of the area", "shannon": "Shannon information", "webp": "WebP information"}


def verdict_header(kind: str) -> str:
    """By which of the two scores the verdict is given."""
    return f"Beats random?\n({kind.upper()})"


def score_words(title: str, score: CurveScore | None) -> str:
    """What the figure of a map means."""
    if score is None:
        return UNDEFINED
    title = f"{title}, {score.kind.upper()}"
    if score.gap is None:
        return f"{title}: the area under the curve is {score.area:.2f}; 1 is best."
    return (
        f"{title}: area {score.area:.2f} when its highest values are revealed first; the gap to lowest first"
        f" is {score.gap:+.2f}. A gap of 0 is no better than chance."
    )


def undefined_curve(undefined: UndefinedCurve) -> str:
    return f"{undefined.kind.upper()} is undefined: {undefined.message} {undefined.hint}".strip()


def no_curves(undefined: Iterable[UndefinedCurve]) -> str:
    """Of an image that has curves of neither kind; both often have the same reason."""
    reasons = dict.fromkeys(f"{each.message} {each.hint}".strip() for each in undefined)
    return " ".join(["This image has no curves.", *reasons])


def figure(score: CurveScore | None) -> str:
    if score is None:
        return UNDEFINED
    shown = f"{score.score:+.2f}" if score.gap is not None else f"{score.score:.2f}"
    spread = f" ±{score.spread:.2f}" if score.spread else ""
    return (shown + spread).replace("-", "−")


def verdict_word(score: CurveScore | None) -> str:
    return {"yes": "yes", "no": "no", "undecided": "undecided", None: ""}[
        score.better_than_random if score is not None else None
    ]
