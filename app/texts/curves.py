"""Texts of the panel Curves: the accuracy and softmax information curves (AIC, SIC) and their figures."""

from collections.abc import Iterable

from core.curves.curve_set import CurveScore, UndefinedCurve
from core.curves.settings import CurveSettings
from core.number_text import duration_words, fixed

DRAWING_CURVES = "Computing curves"
CURVES_RUNNING = "The curves are being computed…"
PROTOCOL = "Protocol"
CURVES_NEED_MAPS = (
    "Curves measure how early the prediction returns when the image is revealed in the order of a map."
    " Explain the predicted class first."
)
CURVES_OFFER = (
    "Curves measure how early the prediction returns when the image is revealed in the order of a map,"
    " compared with two control maps: a random map and the edges of the image."
)
DRAW_CURVES = "Draw curves"
REDRAW_CURVES = "Draw again"
NEW_MAPS = "Some maps are newer than these curves and not included."
OTHER_TARGET = "Curves follow the predicted class; explain that class."
ONLY_CONTROL_MAPS = "Curves need a map besides the control maps; explain the predicted class with a method."
OTHER_CURVES = "Other curves are being computed; wait until they are finished."
PLOT_TITLES = {"aic": "AIC: class predicted", "sic": "SIC: class probability"}
TABLE_HEADERS = ("Map", "AIC", "SIC")
PROTOCOLS = {"cells": "Cells (gap)", "pair": "PAIR (as published)"}
UNDEFINED = "undefined"


def expected_time(seconds: float) -> str:
    return f"Takes about {duration_words(seconds)}."


def protocol(name: str) -> str:
    return {
        "cells": "Cells of the image are revealed one by one; the score is the area under the curve, highest"
        " values first, minus that for lowest values first (the gap).",
        "pair": "Pixels are revealed by threshold over a blurred image, as published by Kapishnikov et al."
        " (2019); the score is the area under the curve.",
    }[name]


def curve_settings(settings: CurveSettings, saturated: bool, is_background: bool = False) -> str:
    """saturated: whether the class is predicted before anything is revealed.

    is_background: drawn without a request.
    """
    axis = {"area": "share of the area", "shannon": "Shannon information", "webp": "lossless WebP size"}
    is_cells = settings.protocol == "cells"
    rule = f"Cells, mean of {settings.grids} grids" if is_cells else "PAIR, as published"
    consequence = ", so gaps are small" if is_cells else ""
    note = f" The blurred image is already predicted as this class{consequence}." if saturated else ""
    background = " Drawn in the background." if is_background else ""
    return f"{rule}. Horizontal axis: {axis[settings.entropy]}.{note}{background}"


AXES = {"area": "revealed share of the area", "shannon": "Shannon information", "webp": "WebP information"}


def verdict_header(kind: str) -> str:
    """kind: the score from which the verdict follows."""
    return f"Better than\nrandom? ({kind.upper()})"


def score_words(title: str, score: CurveScore | None) -> str:
    """What the figure of a map means."""
    if score is None:
        return UNDEFINED
    title = f"{title}, {score.kind.upper()}"
    if score.gap is None:
        return f"{title}: area under the curve {score.words(2)} (1 = best).{interval_words(score)}"
    return (
        f"{title}: gap {score.words(2)} (0 = no better than chance), from the area under the curve"
        f" {fixed(score.area)} with the highest values first to that with the lowest values"
        f" first.{interval_words(score)}"
    )


def interval_words(score: CurveScore) -> str:
    """What the interval means, and on which side of chance it lies."""
    if score.margin is None or score.random_mean is None or score.better_than_random is None:
        return ""
    chance = f"the mean of random maps, {fixed(score.random_mean)}"
    return {
        "yes": f" The whole interval lies above {chance}: better than random.",
        "undecided": f" The interval contains {chance}: undecided.",
        "no": f" The figure is not above {chance}: not better than random.",
    }[score.better_than_random]


def undefined_curve(undefined: UndefinedCurve) -> str:
    return f"{undefined.kind.upper()} is undefined: {undefined.message} {undefined.hint}".strip()


def no_curves(undefined: Iterable[UndefinedCurve]) -> str:
    """Of an image for which neither curve is defined; both often have the same reason."""
    reasons = dict.fromkeys(f"{each.message} {each.hint}".strip() for each in undefined)
    return " ".join(["This image has no curves.", *reasons])


def score_figure(score: CurveScore | None) -> str:
    """The score with the interval of its verdict, for the table."""
    return UNDEFINED if score is None else score.words(2)


def verdict_word(score: CurveScore | None) -> str:
    return "" if score is None else score.better_than_random or ""
