"""`--checks`: findings made on the command line stand in the workspace, beside its curves."""

import pytest

from app.command_line.checked_maps import checks_chosen
from core.checks import CHECKS
from core.exports.report.evidence import verdicts_of
from core.workspace.file import read_workspace

pytestmark = pytest.mark.usefixtures("quick_reader")
FEW = ("--method", "grad_cam", "--method", "edge")


@pytest.fixture
def workspace_of(saliscope, bundle, picture, tmp_path):
    def run(command, *options):
        ran = saliscope(command, picture, "--model", bundle, "--out", tmp_path / "o", *FEW, *options)
        assert ran.code == 0, ran.err
        return ran, tmp_path / "o" / "picture" / "picture.saliscope"

    return run


def test_that_answers_are_those_that_stand_beside_every_map_in_the_window():
    assert checks_chosen("none") == []
    assert {check.name for check in checks_chosen("answers")} == {c.name for c in CHECKS if c.chip}
    assert checks_chosen("all") == list(CHECKS)


def test_that_nothing_is_checked_unless_that_is_chosen(workspace_of):
    _, path = workspace_of("explain")
    (data,) = read_workspace(path).cases
    assert [saved.findings for saved in data.case.maps] == [(), ()]


def test_that_answers_are_in_the_workspace_in_its_reports_and_identical_when_replayed(
    saliscope, bundle, workspace_of
):
    ran, path = workspace_of("explain", "--checks", "answers", "--seed", 3)
    (data,) = read_workspace(path).cases
    grad_cam, _ = data.case.maps
    findings = {each.finding.metric: each for each in grad_cam.findings}
    assert "randomisation_cascading" in findings
    assert "energy_inside" not in findings  # it needs a region
    assert {each.seed for each in grad_cam.findings} == {3}
    assert all(each.finding.sentence in ran.out for each in grad_cam.findings)
    answers = {verdict.question: verdict.answer for verdict in verdicts_of(data.case, grad_cam)}
    assert answers["Depends on training"] != "not checked"
    replayed = saliscope("replay", path, "--model", bundle)
    assert replayed.code == 0, replayed.out


def test_that_curves_and_findings_stand_in_one_workspace(workspace_of, monkeypatch):
    from core.curves.settings import CurveSettings

    few = CurveSettings(grids=1, random_draws=2, thresholds=(0.5,))
    monkeypatch.setattr("core.curves.settings.curve_settings", lambda **_: few)
    _, path = workspace_of("curves", "--checks", "answers")
    (data,) = read_workspace(path).cases
    assert data.case.curves
    assert data.case.maps[0].findings
