"""Texts of the panel Explain: targets, presets, methods, their parameters and their cost."""

from collections.abc import Callable, Mapping
from typing import Any

from core.errors import BadParameter
from core.methods.contract import Family
from core.network.cost import Cost
from core.number_text import counted, duration, duration_words, significant
from core.results.records import TargetRecord

TARGET = "Target"
TARGET_TIP = "The output value that is explained"
METHODS = "Methods"
PRESETS = "Presets"
QUICK_LOOK = "Quick look"
QUICK_LOOK_SUMMARY = "Grad-CAM and Input × gradient"
PAPERS = "Papers"
PAPERS_SUMMARY = "The seven methods that papers compare"
NEUROXAI = "NeuroXAI"
NEUROXAI_SUMMARY = "The seven methods of NeuroXAI for MRI"
REVIEW = "Review"
REVIEW_SUMMARY = "The eleven methods of a review of the field"
THOROUGH = "Thorough"
THOROUGH_SUMMARY = "All families, with control maps"
ALL_METHODS = "All methods"
FIND_METHOD = "Find a method"
BACK_TO_PRESETS = "\u2039 Presets"
BACK_TO_LIST = "\u2039 All methods"
OPEN_FORM = "\u203a"
NO_PARAMETERS = "This method has no parameters."
SEED = "Seed"
SEED_TIP = "Start value of the random numbers; the same seed gives the same map"
PROGRESS = "Progress of the methods"
RESET = "Reset"
RESET_ALL = "Reset all"
ON, OFF = "on", "off"
AUTOMATIC = "automatic"
PARAMETER_WORDS = {
    "nan": "NaN",
    "gauss_legendre": "Gauss-Legendre",
    "pair": "PAIR",
    "max_abs": "Largest magnitude",
    "black_white_and_mean": "Black, white, mean",
    "black_white_and_blurred": "Black, white, blurred",
    "black_mean_and_blurred": "Black, mean, blurred",
    "white_mean_and_blurred": "White, mean, blurred",
    "black_white_mean_and_blurred": "Black, white, mean, blurred",
}
MEASURING_SPEED = "Measuring machine speed…"
EXPLAIN_NEEDS_IMAGE = "Open an image first."
EXPLAIN_NEEDS_PREDICTION = "Waiting for the prediction."
EXPLAIN_NEEDS_METHOD = "Select at least one method."
FAMILIES = {
    Family.GRADIENT: "Gradients",
    Family.PATH: "Paths",
    Family.RELEVANCE: "Relevance",
    Family.REGION: "Regions",
    Family.ACTIVATION: "Activations",
    Family.PERTURBATION: "Perturbations",
    Family.SURROGATE: "Surrogates",
    Family.OPTIMISATION: "Optimised masks",
    Family.CONTROL: "Control maps",
}


def target(record: TargetRecord, words_of: Callable[[str], str], predicted: bool = False) -> str:
    """words_of: the words of a class, as the card of the model gives them."""
    note, words = " (predicted)" if predicted else "", words_of(record.class_name)
    match record.kind:
        case "difference":
            return f"{words} rather than {words_of(record.against or '')}"
        case kind:
            return f"{words}{note}, {kind}"


def calls(spent: Cost) -> str:
    """The number of gradients, or of all model calls; one or two calls for the score alone are left out."""
    if spent.gradients and spent.forwards <= 2:
        words = counted(spent.gradients, "gradient")
    elif spent.forwards:
        words = counted(spent.forwards + spent.gradients, "model call")
    else:
        return "no model call"
    return f"up to {words}" if spent.at_most else words


def short_time(seconds: float | None, at_most: bool) -> str:
    """Expected seconds, for a narrow list; None while the machine's speed is being measured."""
    if seconds is None:
        return "…"
    if seconds < 1:
        return "at once" if seconds == 0 else "< 1 s"
    return f"up to {duration(seconds)}" if at_most else duration(seconds)


def expected_time(seconds: float, at_most: bool = False) -> str:
    if seconds < 1:
        return "Less than a second."
    return f"{'Up to' if at_most else 'About'} {duration_words(seconds)}."


def first_run(seconds: float) -> str:
    """By how much the first run after the start of the program takes longer."""
    if seconds < 1:
        return ""
    return f"The first run with a model takes up to {duration_words(seconds)} longer, to prepare the model."


def cost_details(time: str, spent: Cost, first: str) -> str:
    """For a tool tip: the expected time, the model calls behind it, and what the first run adds."""
    return " ".join(filter(None, (time, f"{calls(spent)}.".capitalize(), first)))


def own_selection(count: int) -> str:
    """The button that brings back what was selected by hand before a preset."""
    return f"Own selection ({counted(count, 'method')})"


def parameter_name(name: str) -> str:
    """A parameter, or one of its values, within a sentence."""
    return PARAMETER_WORDS.get(name, name.replace("_", " "))


def parameters_of(title: str) -> str:
    return f"Parameters of {title}"


def changed_method(title: str) -> str:
    """A method in the list of which a parameter is not the default."""
    return f"{title}, changed"


def conflict(error: BadParameter) -> str:
    """Why a value cannot be used, at its field, which has the name already."""
    _, _, reason = error.message.partition(f".{error.parameter} ")
    return f"{reason[:1].upper()}{reason[1:]} {error.hint}".strip()


def reset_all_of(title: str) -> str:
    return f"Reset all parameters of {title}"


def no_method(words: str) -> str:
    return f"No method has “{words.strip()}” in its name, family or description."


def bounds(field: Mapping[str, Any]) -> str:
    """The bounds of a field of a JSON schema with its unit, such as '8 to 512 px'; empty without bounds."""
    low, high = field.get("minimum"), field.get("maximum")
    above, below = field.get("exclusiveMinimum"), field.get("exclusiveMaximum")
    lowest = number(low) if low is not None else f"above {number(above)}" if above is not None else ""
    highest = number(high) if high is not None else f"below {number(below)}" if below is not None else ""
    if lowest and highest:
        start = lowest if above is not None or below is None else f"from {lowest}"
        words = f"{lowest} to {highest}" if below is None else f"{start}, {highest}"
    elif lowest:
        words = lowest if above is not None else f"at least {lowest}"
    elif highest:
        words = highest if below is not None else f"at most {highest}"
    else:
        return ""
    return f"{words} {field['unit']}" if "unit" in field else words


def number(value: float) -> str:
    """A bound or default as it is written beside an editor."""
    return f"{value:,}" if isinstance(value, int) else significant(value, 6)


def default_and_bounds(default: str, is_changed: bool, bounds_text: str) -> str:
    """The line below an editor."""
    first = f"changed from {default}" if is_changed else f"default {default}"
    return f"{first}; {bounds_text}" if bounds_text else first


def explaining(title: str, done: int, total: int) -> str:
    return f"{title}, {done} of {total}" if total > 1 else title
