"""Cases that are hard to lay out, made of the example: long names, many classes, much of everything."""

from dataclasses import replace

from core.exports.contract import ExportSubject
from core.models.fit import Fit
from core.results.records import PredictionRecord
from core.workspace.document import SavedCase
from core.workspace.workspace import CaseData
from tests.core.workspace.example import example_workspace


def example_subject() -> ExportSubject:
    """The example's case with its first map."""
    (data,) = example_workspace().cases
    return ExportSubject(data, data.case.maps[0])


def changed(subject: ExportSubject, **changes: object) -> ExportSubject:
    """The subject with other fields of its case."""
    case = SavedCase.model_validate(subject.case.model_copy(update=changes).model_dump(by_alias=True))
    first = case.maps[0] if case.maps else None
    return replace(subject, data=CaseData(case, subject.data.arrays), map=first)


def crowded_subject(classes: int = 14, length: int = 200) -> ExportSubject:
    """Class names and sentences of `length` characters, several findings, a misfit with many reasons."""
    subject = example_subject()
    image = subject.case.image
    words = ("inconclusive " * length)[:length]
    names = [f"{number:02d} {words}" for number in range(classes)]
    prediction = PredictionRecord(
        class_name=names[0],
        probability=0.5,
        probabilities={name: 0.5 if name == names[0] else 0.5 / (classes - 1) for name in names},
        logits=dict.fromkeys(names, 1.0),
        calibrated=True,
    )
    fit = Fit(answer="does_not_fit", reasons=tuple(f"Reason {number}: {words}." for number in range(6)))
    saved = subject.case.maps[0]
    findings = [
        each.model_copy(
            update={"finding": each.finding.model_copy(update={"metric": metric, "sentence": f"Of {words}."})}
        )
        for each in saved.findings
        for metric in (
            "randomisation_cascading",
            "repeatability",
            "energy_inside",
            "insertion",
            "deletion",
            "iou",
        )
    ]
    target = saved.record.target.model_copy(update={"class_name": names[0]})
    crowded_map = saved.model_copy(
        update={
            "findings": tuple(findings),
            "record": saved.record.model_copy(update={"target": target, "choices": {"layer": words}}),
        }
    )
    maps = (crowded_map, *subject.case.maps[1:])
    crowded_image = image.model_copy(
        update={"prediction": prediction, "fit": fit, "input_notes": (words,) * 5}
    )
    return changed(subject, image=crowded_image, maps=maps)
