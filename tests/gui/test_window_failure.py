"""A bug while the window is open: logged with its place, reported in a notice, nothing quoted."""

import pytest

from app.window.failure import LOG_NAME, WindowFailure
from app.window.states.notices import NoticesState


@pytest.fixture
def log(monkeypatch, tmp_path):
    monkeypatch.setattr("core.logs.log_folder", lambda: tmp_path)
    return tmp_path / f"{LOG_NAME}.log"


def raised(words: str) -> ValueError:
    with pytest.raises(ValueError, match=words) as caught:
        raise ValueError(words)
    return caught.value


def test_that_a_bug_is_logged_and_reported_without_its_message(qapp, log, capsys) -> None:
    window_failure = WindowFailure()
    window_failure.notices = NoticesState()
    error = raised("Nobody Real")
    window_failure.on_bug(ValueError, error, error.__traceback__)
    (notice,) = window_failure.notices.notices
    assert notice.text == "Saliscope has a bug here (ValueError)."
    assert str(log) in notice.hint
    assert notice.details.endswith("bug")
    written, message = log.read_text(encoding="utf-8"), capsys.readouterr().err
    assert "test_window_failure.py" in written
    assert message.count("\n") == 1
    assert "Nobody" not in written + message + notice.text + notice.hint
    assert "Traceback" not in message


def test_that_a_bug_before_the_window_is_reported_in_one_line(log, capsys) -> None:
    error = raised("early")
    WindowFailure().on_bug(ValueError, error, error.__traceback__)
    assert capsys.readouterr().err.startswith("saliscope: error: Saliscope has a bug here (ValueError).")


def test_that_a_log_that_cannot_be_written_causes_no_second_error(qapp, log) -> None:
    log.mkdir()
    window_failure = WindowFailure()
    window_failure.notices = NoticesState()
    error = raised("late")
    window_failure.on_bug(ValueError, error, error.__traceback__)
    assert "No log could be written" in window_failure.notices.notices[0].hint
