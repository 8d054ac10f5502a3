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


def target_words(target: TargetRecord) -> str:
    """Such as 'logit of glioma' or 'logit of glioma minus logit of pituitary'."""
    if target.kind == "difference":
        return f"logit of {target.class_name} minus logit of {target.against}"
    return f"{target.kind} of {target.class_name}"


def no_evidence_words(target: TargetRecord) -> str:
    """What is said of a map without a positive value."""
    return f"No positive evidence for the {target_words(target)}"


def map_words(record: MethodRecord, family: Family) -> tuple[str, str]:
    """Two lines: the method with its choices and unit, and the target."""
    choices = "".join(f", {name} {value}" for name, value in record.choices.items())
    title = f"{record.title}{choices} ({UNITS[family]})"
    if family is Family.BASELINE:
        return title, "a baseline: it does not look at the model"
    return title, f"target: {target_words(record.target)}; positive values support it"
