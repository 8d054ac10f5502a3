"""Texts of the panel Explain: targets, methods, their parameters and their cost."""

from core.methods.contract import Family
from core.network.cost import Cost
from core.number_text import counted, duration, duration_words
from core.results.records import TargetRecord

TARGET = "Target"
TARGET_TIP = "The output value that is explained"
METHODS = "Methods"
NO_PARAMETERS = "This method has no parameters."
SEED = "Seed"
SEED_TIP = "Start value of the random numbers; the same seed gives the same map"
RESET = "Reset"
AUTOMATIC = "automatic"
PARAMETER_WORDS = {
    "gauss_legendre": "Gauss-Legendre",
    "pair": "PAIR",
    "max_abs": "Largest magnitude",
    "black_white_and_mean": "Black, white, mean",
    "black_white_and_blurred": "Black, white, blurred",
    "black_mean_and_blurred": "Black, mean, blurred",
    "white_mean_and_blurred": "White, mean, blurred",
    "black_white_mean_and_blurred": "Black, white, mean, blurred",
}
MEASURING_SPEED = "Measuring the speed of this machine…"
EXPLAIN_NEEDS_IMAGE = "Open an image first."
EXPLAIN_NEEDS_PREDICTION = "Waiting for the prediction."
EXPLAIN_NEEDS_METHOD = "Select at least one method."
FAMILIES = {
    Family.GRADIENT: "Gradients",
    Family.PATH: "Paths",
    Family.REGION: "Regions",
    Family.ACTIVATION: "Activations",
    Family.PERTURBATION: "Perturbations",
    Family.CONTROL: "Control maps",
}


def target(record: TargetRecord, predicted: bool = False) -> str:
    note = " (predicted)" if predicted else ""
    match record.kind:
        case "difference":
            return f"{record.class_name} rather than {record.against}"
        case kind:
            return f"{record.class_name}{note}, {kind}"


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


def explaining(title: str, done: int, total: int) -> str:
    return f"{title}, {done} of {total}" if total > 1 else title
