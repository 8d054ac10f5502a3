"""The state of a replay, with a small script in place of the command line."""

import sys
from pathlib import Path

import pytest

from app.texts import replay as texts
from app.window.states import replay
from app.window.states.replay import ReplayState, result_count
from core.models.device import DeviceChoice
from tests.core.workspace.example import example_workspace

RESULTS = ["case-1 (a.png)", "  Prediction: identical", "  Grad-CAM: differs by 1.2e-07", "2 compared."]


def started(qtbot, monkeypatch, script: str) -> ReplayState:
    """A replay by this script, which gets the path of the workspace."""
    monkeypatch.setattr(replay, "program_command", lambda *args: [sys.executable, "-c", script, *args])
    state = ReplayState()
    state.start(Path("/disk/case.saliscope"), 2)
    return state


def ended(qtbot, monkeypatch, script: str) -> ReplayState:
    state = started(qtbot, monkeypatch, script)
    qtbot.waitUntil(lambda: not state.running, timeout=20_000)
    return state


@pytest.mark.parametrize(
    ("code", "sentence"), [(0, texts.IDENTICAL), (8, texts.DIFFERENT), (3, texts.FAILED)]
)
def test_that_the_results_of_the_command_line_are_shown_as_they_are(
    qtbot, monkeypatch, code, sentence
) -> None:
    state = ended(qtbot, monkeypatch, f"import sys; print('''{chr(10).join(RESULTS)}'''); sys.exit({code})")
    assert (state.lines, state.count, state.sentence) == (RESULTS, 2, sentence)


def test_that_it_is_the_replay_of_the_file(qtbot, monkeypatch) -> None:
    state = ended(qtbot, monkeypatch, "import sys; print(*sys.argv[1:])")
    assert state.lines == [f"replay {Path('/disk/case.saliscope')}"]


def test_that_the_reason_of_a_failure_is_shown_and_other_words_of_libraries_are_not(
    qtbot, monkeypatch
) -> None:
    script = (
        "import sys; print('noise\\nsaliscope: error: The image is missing.', file=sys.stderr); sys.exit(3)"
    )
    assert ended(qtbot, monkeypatch, script).lines == ["The image is missing."]


def test_that_a_cancel_ends_the_process_and_is_no_failure(qtbot, monkeypatch) -> None:
    script = "import time; print('  Prediction: identical', flush=True); time.sleep(1000)"
    state = started(qtbot, monkeypatch, script)
    qtbot.waitUntil(lambda: state.count == 1, timeout=20_000)
    assert state.sentence == texts.compared(1, 2)
    state.cancel()
    qtbot.waitUntil(lambda: not state.running, timeout=20_000)
    assert state.sentence == texts.CANCELLED


def test_that_the_device_of_the_settings_computes_the_replay_too(qtbot, monkeypatch) -> None:
    script = "import os; print(os.environ['SALISCOPE_DEVICE'], os.environ['SALISCOPE_DETERMINISTIC'])"
    monkeypatch.setattr(replay, "program_command", lambda *args: [sys.executable, "-c", script, *args])
    state = ReplayState(variables=DeviceChoice(wish="cpu", is_deterministic=True).variables)
    state.start(Path("/disk/case.saliscope"), 2)
    qtbot.waitUntil(lambda: not state.running, timeout=20_000)
    assert state.lines == ["cpu 1"]


def test_that_a_program_that_cannot_be_started_is_told(qtbot, monkeypatch) -> None:
    monkeypatch.setattr(replay, "program_command", lambda *args: ["/no/such/program"])
    state = ReplayState()
    state.start(Path("/disk/case.saliscope"), 2)
    qtbot.waitUntil(lambda: not state.running, timeout=20_000)
    assert state.sentence == texts.NOT_STARTED


def test_that_the_end_of_the_window_ends_the_process(qtbot, monkeypatch) -> None:
    state = started(qtbot, monkeypatch, "import time; time.sleep(1000)")
    state.end()
    assert not state.running


def test_that_input_prediction_maps_findings_and_curves_are_counted() -> None:
    document = example_workspace().document
    (case,) = document.cases
    findings = [finding for saved in case.maps for finding in saved.findings]
    assert result_count(document) == 2 + len(case.maps) + len(findings) + len(case.curves)
    bare = case.model_copy(update={"network_input": "", "maps": (), "curves": ()})
    assert result_count(document.model_copy(update={"cases": (bare, bare)})) == 2
