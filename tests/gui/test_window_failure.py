"""A bug of ours while the window is open: logged by its place, told in a notice, nothing quoted."""

import pytest

from app.window import failure as window_failure
from app.window.failure import WindowFailure
from app.window.states.notices import NoticesState


@pytest.fixture
def log(monkeypatch, tmp_path):
    monkeypatch.setattr(window_failure, "user_log_path", lambda *_, **__: tmp_path)
    return tmp_path / window_failure.LOG_NAME


def raised(words: str) -> ValueError:
    with pytest.raises(ValueError, match=words) as caught:
        raise ValueError(words)
    return caught.value


def test_that_a_bug_is_logged_and_told_without_its_words(qapp, log, capsys) -> None:
    failure = WindowFailure()
    failure.notices = NoticesState()
    error = raised("Nobody Real")
    failure.of_ours(ValueError, error, error.__traceback__)
    (notice,) = failure.notices.notices
    assert notice.text == "Saliscope has a bug here (ValueError)."
    assert str(log) in notice.hint
    assert notice.details.endswith("bug")
    written, said = log.read_text(encoding="utf-8"), capsys.readouterr().err
    assert "test_window_failure.py" in written
    assert said.count("\n") == 1
    assert "Nobody" not in written + said + notice.text + notice.hint
    assert "Traceback" not in said


def test_that_a_bug_before_the_window_is_said_in_one_line(log, capsys) -> None:
    error = raised("early")
    WindowFailure().of_ours(ValueError, error, error.__traceback__)
    assert capsys.readouterr().err.startswith("saliscope: error: Saliscope has a bug here (ValueError).")


def test_that_a_log_that_cannot_be_written_is_no_second_bug(qapp, log) -> None:
    log.mkdir()
    failure = WindowFailure()
    failure.notices = NoticesState()
    error = raised("late")
    failure.of_ours(ValueError, error, error.__traceback__)
    assert "No log could be written" in failure.notices.notices[0].hint
