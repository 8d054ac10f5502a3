"""`self-test --full`: progress, certificate and exit code with few trials; the whole course is slow."""

import json

import pytest

from app.command_line import window_trial
from core.errors import DiskFull
from core.self_test import course
from core.self_test.trial import Trial, TrialFailed


def failing() -> str:
    raise TrialFailed("It does not work.")


@pytest.fixture
def logs(monkeypatch, tmp_path):
    monkeypatch.setattr("core.folders.log_folder", lambda: tmp_path / "logs")
    return tmp_path / "logs"


@pytest.mark.parametrize("is_whole", [True, False])
def test_that_each_trial_is_a_line_and_the_code_tells_whether_all_passed(
    saliscope, monkeypatch, tmp_path, logs, is_whole
) -> None:
    trials = [Trial("Decoders", "RLE", lambda: "Fine.")]
    trials += [] if is_whole else [Trial("Models", "one", failing)]
    monkeypatch.setattr(course, "_trials", lambda *_: (trial for trial in trials))
    window = Trial("Window", "Window", lambda: "It opened.")
    monkeypatch.setattr(window_trial, "window_trial", lambda *_: window)
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "")
    out = tmp_path / "out"
    ran = saliscope("self-test", "--full", "--out", str(out))
    assert ran.code == (0 if is_whole else 1)
    lines = ran.out.splitlines()
    assert lines[0] == "passed  Decoders: RLE. Fine."
    assert ("FAILED  Models: one. It does not work." in lines) is not is_whole
    assert lines[-2] == "passed  Window: Window. It opened."
    assert sorted(path.name for path in out.iterdir()) == ["certificate.html", "certificate.json"]
    document = json.loads((out / "certificate.json").read_text(encoding="utf-8"))
    assert document["has_passed"] is is_whole
    assert json.loads((logs / "certificate.json").read_text(encoding="utf-8")) == document


@pytest.mark.parametrize(
    ("error", "code"), [(KeyboardInterrupt(), 130), (DiskFull("The disk is full."), DiskFull.exit_code)]
)
def test_that_no_certificate_of_an_earlier_test_stays_where_a_test_does_not_end(
    saliscope, monkeypatch, tmp_path, logs, error, code
) -> None:
    def stop() -> str:
        raise error

    monkeypatch.setattr(course, "_trials", lambda *_: (trial for trial in [Trial("Models", "one", stop)]))
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "")
    for name in ("certificate.html", "certificate.json", "screenshot.png"):
        (tmp_path / name).write_text("passed")
    ran = saliscope("self-test", "--full", "--out", str(tmp_path))
    assert ran.code == code
    assert [path.name for path in tmp_path.iterdir() if path != logs] == []


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_that_the_whole_course_passes(process, tmp_path) -> None:
    ran = process("self-test", "--full", "--out", str(tmp_path / "out"))
    assert ran.returncode == 0, ran.stdout
    assert (tmp_path / "out" / "screenshot.png").stat().st_size > 10_000
