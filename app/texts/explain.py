"""The sentences of asking for maps: targets, methods, their parameters and their cost."""

from core.methods.contract import Family
from core.network.cost import Cost
from core.results.records import TargetRecord

TARGET = "Target"
TARGET_TIP = "The number that is explained"
METHODS = "Methods"
NO_PARAMETERS = "This method has no parameters."
SEED = "Seed"
SEED_TIP = "Random choices follow it; the same seed gives the same map"
RESET = "Reset"
AUTOMATIC = "chosen by the program"
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
EXPLAIN_NEEDS_METHOD = "Check at least one method."
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
