"""The map that stands for its case: the one with the best evidence, unless another is named."""

import pytest

from core.checks.contract import Finding
from core.errors import BadParameter
from core.exports.report.build import shown_subject
from core.exports.report.map_choice import maps_by_evidence
from core.exports.report.options import ReportParams
from core.workspace.document import SavedCase, SavedFinding
from tests.core.exports.subjects import subject_of


def finding(answer: str) -> SavedFinding:
    return SavedFinding(
        finding=Finding(
            metric="randomisation", parameters={}, values={"ssim": 0.1}, sentence="", answer=answer
        )
    )


def case_with(answers: dict[str, list[str]]) -> SavedCase:
    """The example's case, whose maps have these answers by their ids."""
    case = subject_of().case
    maps = tuple(
        saved.model_copy(update={"findings": tuple(map(finding, answers.get(saved.id, [])))})
        for saved in case.maps
    )
    return case.model_copy(update={"maps": maps})


@pytest.mark.parametrize(
    ("answers", "first"),
    [
        ({}, "map-1"),
        ({"map-2": ["yes"]}, "map-2"),
        ({"map-1": ["no"]}, "map-2"),
        ({"map-1": ["yes", "no"], "map-2": ["yes"]}, "map-2"),
        ({"map-1": ["yes"], "map-2": ["partly"]}, "map-1"),
    ],
)
def test_that_the_map_with_most_answers_yes_and_fewest_no_comes_first(answers, first):
    assert maps_by_evidence(case_with(answers))[0].id == first


def test_that_a_control_map_and_a_map_without_evidence_come_last():
    case = case_with({"map-1": ["yes"]})
    control = case.maps[0].record.model_copy(update={"name": "edge"})
    flat = case.maps[0].record.model_copy(update={"maximum": 0.0})
    for record in (control, flat):
        maps = (case.maps[0].model_copy(update={"record": record}), case.maps[1])
        assert maps_by_evidence(case.model_copy(update={"maps": maps}))[0].id == "map-2"


def test_that_a_report_shows_the_named_map_else_the_shown_one_else_that_with_the_best_evidence():
    case = case_with({"map-2": ["yes"]})
    subject = subject_of("", maps=case.maps)
    assert shown_subject(subject, ReportParams()).map.id == "map-2"
    shown = subject_of("map-1", maps=case.maps)
    assert shown_subject(shown, ReportParams()).map.id == "map-1"
    assert shown_subject(shown, ReportParams(map="map-2")).map.id == "map-2"
    assert shown_subject(shown, ReportParams(map="integrated_gradients")).map.id == "map-2"
    with pytest.raises(BadParameter, match="map cannot be 'rise': the case has no such map") as caught:
        shown_subject(shown, ReportParams(map="rise"))
    assert caught.value.hint == "Maps: map-1 (grad_cam), map-2 (integrated_gradients)."
