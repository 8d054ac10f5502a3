"""Names of what a report says: the standard's where it has one, else of the program's own scheme."""

from hashlib import blake2s

from highdicom.sr import CodedConcept
from pydicom.sr.codedict import codes
from pydicom.sr.coding import Code

from core.checks import CHECKS, figure_of
from core.checks.contract import Finding
from core.checks.verdict import Answer
from core.exports.dicom.identification import LONG_STRING, PROGRAM, shortened

# Of private coding schemes the standard wants a designator that starts with 99 (PS3.16 8.2).
SCHEME = "99SALISCOPE"
SCHEME_NAME = f"{PROGRAM}: classes of the model, figures of checks"
SQUARE_MILLIMETRES = Code("mm2", "UCUM", "square millimeter")
PIXELS = Code("{pixels}", "UCUM", "pixels")
LONGEST_CODE = 16
_CHECKS = {check.name: check for check in CHECKS}
_ANSWERS: dict[Answer, CodedConcept] = {
    "yes": CodedConcept.from_code(codes.SCT.Yes),
    "no": CodedConcept.from_code(codes.SCT.No),
    "partly": CodedConcept("partly", SCHEME, "Partly"),
    "undecided": CodedConcept("undecided", SCHEME, "Undecided"),
}


def own_concept(value: str, meaning: str) -> CodedConcept:
    """A concept of the program's scheme; a longer code is cut and ends with a hash of the whole.

    The standard's element for long codes is one that highdicom writes and cannot read.
    """
    if len(value) > LONGEST_CODE:
        digest = blake2s(value.encode(), digest_size=4).hexdigest()
        value = f"{value[: LONGEST_CODE - len(digest) - 1]}-{digest}"
    return CodedConcept(value, SCHEME, shortened(meaning, LONG_STRING))


def class_probability(class_name: str, number: int) -> CodedConcept:
    """The probability that the model gives class `number`."""
    return own_concept(f"probability-{number}", f"Probability of {class_name}")


def class_concept(class_name: str, number: int) -> CodedConcept:
    """A class of the model, by the model's word; no claim of what the patient has."""
    return own_concept(f"class-{number}", class_name)


def check_title(finding: Finding) -> str:
    """The name of the check for people."""
    check = _CHECKS.get(finding.metric)
    return check.title if check is not None else finding.metric


def figure_concept(finding: Finding, name: str) -> CodedConcept:
    """One figure of a finding; in short names where the whole would be cut."""
    check, figure = _CHECKS.get(finding.metric), figure_of(finding.metric, name)
    title = (check.short_title or check.title) if check is not None else finding.metric
    meaning = f"{title}: {figure.title}"
    shown = meaning if len(meaning) <= LONG_STRING else f"{title}: {figure.legend}"
    return own_concept(f"{finding.metric}.{name}", shown)


def figure_unit(finding: Finding, name: str) -> Code:
    """The unit of a figure of a finding."""
    unit = figure_of(finding.metric, name).unit
    return codes.UCUM.NoUnits if unit == "1" else Code(f"{{{unit}}}", "UCUM", unit)


def question_concept(finding: Finding) -> CodedConcept:
    """The question that a finding answers."""
    check = _CHECKS.get(finding.metric)
    return own_concept(f"{finding.metric}.answer", check.question if check is not None else finding.metric)


def answer_concept(answer: Answer) -> CodedConcept:
    """The answer."""
    return _ANSWERS[answer]
