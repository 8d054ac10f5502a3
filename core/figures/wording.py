"""What stands beside a map in words."""

from core.methods.protocol import Family
from core.records import MethodRecord, TargetRecord

UNITS = {
    Family.GRADIENT: "change of the score per unit of intensity",
    Family.PATH: "share of the score",
    Family.REGION: "share of the score",
    Family.ACTIVATION: "weighted activation",
    Family.PERTURBATION: "change of the score",
    Family.BASELINE: "no unit",
}
# Of methods whose values are not in their family's unit.
OWN_UNITS = {
    "input_x_gradient": "share of the score, were it linear",
    "var_grad": "variance of the score's change per unit of intensity",
}
# The bases of region methods that are of another family than the paths; their maps are in the base's unit.
BASE_FAMILIES = {
    "gradient": Family.GRADIENT,
    "smooth_grad": Family.GRADIENT,
    "grad_cam": Family.ACTIVATION,
}
# An unsigned map of these has lost its sign in a square, a variance or a magnitude; an unsigned map of
# the others holds evidence for the target alone.
MAGNITUDES = (Family.GRADIENT, Family.PATH)


def target_words(target: TargetRecord) -> str:
    """Such as 'logit of glioma' or 'logit of glioma minus logit of pituitary'."""
    if target.kind == "difference":
        return f"logit of {target.class_name} minus logit of {target.against}"
    return f"{target.kind} of {target.class_name}"


def no_evidence_words(target: TargetRecord) -> str:
    """What is said of a map without a positive value."""
    return f"No positive evidence for the {target_words(target)}"


def map_words(record: MethodRecord, family: Family) -> tuple[str, str]:
    """Two lines: the method with its choices and unit, and the target with what values say of it."""
    choices = "".join(f", {name} {value}" for name, value in record.choices.items())
    title = f"{record.title}{choices} ({_unit(record, family)})"
    if family is Family.BASELINE:
        return title, "a baseline: it does not look at the model"
    if family in MAGNITUDES and not record.signed:
        return title, f"target: {target_words(record.target)}; magnitudes, neither for nor against it"
    return title, f"target: {target_words(record.target)}; positive values support it"


def _unit(record: MethodRecord, family: Family) -> str:
    base = record.parameters.get("base", record.name)
    unit = OWN_UNITS.get(base, UNITS[BASE_FAMILIES.get(base, family)])
    return f"square of the {unit}" if record.parameters.get("squared") else unit
