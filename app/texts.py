"""All sentences of the window in one place: short, plain, and saying what a number means."""

import math
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.evaluation.curve_set import CurveScore, UndefinedCurve
from core.evaluation.settings import CurveSettings
from core.methods.protocol import Cost, Family
from core.models.card import Card
from core.records import MethodRecord, TargetRecord

if TYPE_CHECKING:
    from app.view_models.maps import Scale

APP = "Saliscope"
NOT_FOR_DIAGNOSIS = "Research use, not for diagnosis"
ABOUT = (
    "Saliscope shows why a neural network said what it said about a medical image, and how far that"
    " explanation can be believed. It works offline; nothing leaves this computer."
)

# Processes
WORKER_STARTING = "Starting the model engine…"
WORKER_LOST_HINT = "Start it again; your images and maps are still here."
START_AGAIN = "Start again"
TALKED_NONSENSE = "was stopped because its answer could not be understood"
READER_CRASHED_HINT = "The file may be damaged; try to export it again."
READER_TIMED_OUT_HINT = "Copy the file to this computer, or export it again."
PATH_IS_NO_TEXT = "The path holds bytes that are no text."
PATH_IS_NO_TEXT_HINT = "Rename the file or folder."
READING = "Reading…"
PREDICTING = "Predicting…"
WAITING = "Waiting…"
STOP_QUESTION = "Work is still going on. Close the window and lose it?"
KEEP_WORKING = "Keep working"
STOP_AND_CLOSE = "Stop and close"
EXPLAINING = "Explaining…"
DRAWING_CURVES = "Drawing curves"

# Cases
CASES = "Cases"
OPENED = "Opened"
SAMPLES = "Samples"
CASES_EMPTY = "Drop images here"
OPEN_FILE = "Open file…"
OPEN_FOLDER = "Open folder…"
CLOSE_CASE = "Close case"
FILE_FILTER = (
    "Medical images (*.dcm *.dicom *.ima *.nii *.nii.gz *.hdr *.png *.jpg *.jpeg *.bmp *.tif *.tiff);;"
    "All files (*)"
)

# Image
IMAGE_EMPTY_TITLE = "No image yet"
IMAGE_EMPTY = "Drop a DICOM, NIfTI, PNG or JPEG file here, or start with a sample."
OPEN_SAMPLE = "Open a sample"
IMAGE = "Image"
COLOUR_BAR = "Colour bar"
ORIENTATION_UNKNOWN = "orientation unknown"
OVERLAY = "Overlay"
OPACITY = "Opacity"
COLOURS = "Colours"
NATIVE_CELLS = "Native cells"
NATIVE_CELLS_TIP = "Show the grid on which the method really computed, without smoothing"
NO_POSITIVE_EVIDENCE = "No positive evidence: the method found nothing that supports this target."
COLOUR_MAPS = {
    "inferno": "Inferno",
    "viridis": "Viridis",
    "grey": "Grey",
    "literature": "Literature look (jet)",
}
AGAINST_FOR = ("against", "for")
DISMISS = "Dismiss"
COPY_DETAILS = "Copy details"

# Prediction
PREDICTION = "Prediction"
MODEL = "Model"
PREDICTION_EMPTY = "Open an image to see what the model says about it."
NO_MODEL = "No model is installed."
CALIBRATED = "Probabilities are calibrated."
UNCALIBRATED = "Probabilities are uncalibrated: they may be too sure."
TRY_AGAIN = "Try again"

# Explain
EXPLAIN = "Explain"
CANCEL = "Cancel"
TARGET = "Target"
TARGET_TIP = "The number that is explained"
METHODS = "Methods"
NO_PARAMETERS = "This method has no parameters."
SEED = "Seed"
SEED_TIP = "Random choices follow it; the same seed gives the same map"
RESET = "Reset"
AUTOMATIC = "chosen by the program"
PARAMETER_WORDS = {"gauss_legendre": "Gauss-Legendre", "pair": "PAIR", "max_abs": "Largest magnitude"}
EXPLAIN_NEEDS_IMAGE = "Open an image first."
EXPLAIN_NEEDS_PREDICTION = "Waiting for the prediction."
EXPLAIN_NEEDS_METHOD = "Check at least one method."
FAMILIES = {
    Family.GRADIENT: "Gradients",
    Family.PATH: "Paths",
    Family.REGION: "Regions",
    Family.ACTIVATION: "Activations",
    Family.PERTURBATION: "Perturbations",
    Family.BASELINE: "Baselines to compare with",
}

# Maps
SLICE = "Slice"
MAPS = "Maps"
MAPS_EMPTY = "No maps yet. Check methods on the right and press Explain."
SCALE = "Scale"
CANCELLED = "Cancelled"
REMOVE_MAP = "Remove map"

# Curves
CURVES = "Curves"
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
PLOT_TITLES = {"aic": "AIC: class predicted?", "sic": "SIC: class probability"}
TABLE_HEADERS = ("Map", "AIC", "SIC")
PROTOCOLS = {"cells": "Cells (gap)", "pair": "PAIR (as published)"}
UNDEFINED = "undefined"

# Menus
MENUS = ("File", "View", "Model", "Explain", "Help")
THEME = "Theme"
SCHEMES = {"system": "Like the system", "light": "Light", "dark": "Dark"}
PANELS = "Panels"
RESULTS = "Results"
SHOW_CARD = "Show the card"
MOUSE = "Mouse"
WINDOWS = "Window of the image"
KEYS_TITLE = "Keys and mouse"


def worker_ready(device: str) -> str:
    return f"Ready: {device}"


def worker_lost(how: str) -> str:
    return f"The model engine {how or 'was stopped'}."


def reader_crashed(how: str) -> str:
    return f"The decoder crashed on this file (it {how})."


def reader_timed_out(limit_s: float) -> str:
    return f"The file could not be read within {limit_s:g} seconds."


def bug(kind: str) -> str:
    return f"Saliscope has a bug here ({kind})."


def bug_hint(log: Path | None) -> str:
    if log is None:
        return "No log could be written. What is open can still be used."
    return f"Its place in the program is in {log}. What is open can still be used."


def details(code: str) -> str:
    return f"Saliscope, error code {code}"


def case_title(name: str, title: str) -> str:
    """The name first, since many files share a title; the title where it says more than the name."""
    return f"{name}, {title}" if title and title.casefold() not in name.casefold() else name


def frame_of(frame: int, frames: int) -> str:
    return f"{frame + 1} / {frames}"


def slice_words(frame: int, frames: int) -> str:
    return f"slice {frame + 1} of {frames}" if frames > 1 else ""


def size_and_spacing(rows: int, columns: int, spacing: tuple[float, float] | None, source: str) -> str:
    size = f"{columns} × {rows}"
    if spacing is None:
        return f"{size}, spacing unknown"
    from_where = f" ({source})" if source else ""
    return f"{size}, {spacing[1]:.3g} × {spacing[0]:.3g} mm{from_where}"


def window_words(centre: float, width: float, name: str, inverted: bool) -> str:
    words = f"C {number(centre)}  W {number(width)}"
    named = f"{words} ({name})" if name else words
    return f"{named}, inverted" if inverted else named


def zoom_words(zoom: float, fits: bool) -> str:
    return f"zoom {100 * zoom:.0f} %" + (", fit" if fits else "")


def scale_bar_words(length_mm: float) -> str:
    return f"{length_mm / 10:g} cm" if length_mm >= 10 else f"{length_mm:g} mm"


def number(value: float) -> str:
    """A figure with three digits, without a power of ten where it can be read without."""
    if math.isnan(value):
        return "no number"
    if value == 0:
        return "0"
    if 1e-3 <= abs(value) < 1e5:
        text = f"{value:.3g}"
        return f"{value:.0f}" if "e" in text else text.replace("-", "−")
    return f"{value:.1e}".replace("-", "−")


def at_least(value: float) -> str:
    """The upper end of a scale, where the few values beyond it look the same."""
    return f"≥ {number(value)}"


def at_most(value: float) -> str:
    return f"≤ {number(value)}"


def percent(share: float) -> str:
    """A probability for people: never 0 or 100 % when it is not."""
    if 0 < share < 0.001:
        return "< 0.1 %"
    if 0.999 < share < 1:
        return "> 99.9 %"
    return f"{100 * share:.1f} %"


def position(row: int, column: int) -> str:
    return f"row {row}, column {column}"


def patient_position(point: Sequence[float]) -> str:
    names = (("R", "L"), ("A", "P"), ("F", "H"))
    parts = (f"{name[value > 0]} {abs(value):.1f}" for name, value in zip(names, point, strict=False))
    return f"{', '.join(parts)} mm"


def intensity(value: Any, unit: str) -> str:
    if getattr(value, "ndim", 0):
        return "RGB " + " ".join(str(int(part)) for part in value)
    shown = number(float(value)) if value.dtype.kind == "f" else str(int(value))
    return f"{shown} {unit}".rstrip()


def map_reading(title: str, value: float, rank: float) -> str:
    return f"{title} {number(value)}, above {100 * rank:.0f} % of the map"


def knows_only(classes: Sequence[str]) -> str:
    """The standing sentence beside every prediction."""
    names = ", ".join(classes[:-1]) + f" and {classes[-1]}"
    return f"The model knows only {names}. None of them means “something else”."


def logit(value: float) -> str:
    return f"logit {value:+.2f}".replace("-", "−")


def target(record: TargetRecord, predicted: bool = False) -> str:
    note = " (predicted)" if predicted else ""
    match record.kind:
        case "difference":
            return f"{record.class_name} rather than {record.against}"
        case kind:
            return f"{record.class_name}{note}, {kind}"


def no_background(model: str) -> str:
    return f"{model} brings no background images."


def cost(spent: Cost) -> str:
    """Gradients by their number, or all calls together; the one or two that only find the score do not count.

    Short, because it stands beside the method's name in a narrow list.
    """
    if spent.gradients and spent.forwards <= 2:
        words = _count(spent.gradients, "gradient")
    elif spent.forwards:
        words = _count(spent.forwards + spent.gradients, "model call")
    else:
        return "no model call"
    return f"up to {words}" if spent.at_most else words


def _count(number: int, thing: str) -> str:
    return f"{number:,} {thing}" + ("" if number == 1 else "s")


def expected_time(seconds: float) -> str:
    if seconds < 1.5:
        return "About a second."
    return f"About {seconds:.0f} seconds." if seconds < 90 else f"About {seconds / 60:.0f} minutes."


def explaining(title: str, done: int, total: int) -> str:
    return f"{title}, {done} of {total}" if total > 1 else title


def layer(name: str) -> str:
    return f"layer {name}" if name else ""


def normalisation(scale: "Scale", count: int) -> str:
    if count < 2:
        return "own scale"
    return f"one scale for {count} maps" if scale.value == "all" else f"one scale for {count} maps of it"


SCALES = {
    "method": "Same method, same scale",
    "own": "Each map by itself",
    "all": "All maps, one scale",
}


def worth(record: MethodRecord) -> str:
    """What is known of a map's worth, in one line."""
    error = record.diagnostics.get("completeness_error")
    if error is not None:
        return f"adds up to the score within {100 * error:.1f} %"
    if record.maximum <= 0:
        return "no positive evidence"
    return f"{record.cells[0]} × {record.cells[1]} cells"


def steps(done: int, total: int) -> str:
    return f"{done} of {total}" if total > 1 else EXPLAINING


def seconds(value: float) -> str:
    return f"{value:.1f} s" if value < 100 else f"{value:.0f} s"


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
        f" is {score.gap:+.2f}. A map that knows nothing has a gap of 0."
    )


def undefined_curve(undefined: UndefinedCurve) -> str:
    return f"{undefined.kind.upper()} is undefined: {undefined.message} {undefined.hint}".strip()


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


def card_line(card: Card) -> str:
    """The card in one line, beside every prediction."""
    score = card.performance
    tested = f"{score.images} test images of {score.groups} {score.group_column}s"
    return f"Macro F1 {score.macro_f1.value:.2f} on {tested}."
