"""Texts of the panel Explain: targets, methods, their parameters and their cost."""

from core.methods.contract import Family
from core.network.cost import Cost
from core.number_text import counted, duration_words
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


def cost(spent: Cost) -> str:
    """The number of gradients, or of all model calls; one or two calls for the score alone are left out.

    Short, because it is shown beside the method's name in a narrow list.
    """
    if spent.gradients and spent.forwards <= 2:
        words = counted(spent.gradients, "gradient")
    elif spent.forwards:
        words = counted(spent.forwards + spent.gradients, "model call")
    else:
        return "no model call"
    return f"up to {words}" if spent.at_most else words


def expected_time(seconds: float) -> str:
    return f"About {duration_words(seconds)}."


def explaining(title: str, done: int, total: int) -> str:
    return f"{title}, {done} of {total}" if total > 1 else title
