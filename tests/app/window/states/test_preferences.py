"""Preferences: a change holds at once, is told only if something differs, and is there at the next start."""

from app.window.settings import SettingsFile
from app.window.states.preferences import Preferences


def test_that_a_change_holds_at_once_and_at_the_next_start(tmp_path, qtbot) -> None:
    preferences = Preferences(SettingsFile(tmp_path))
    with qtbot.waitSignal(preferences.changed):
        preferences.change(opacity=0.25)
    assert preferences.values.opacity == 0.25
    assert Preferences(SettingsFile(tmp_path)).values.opacity == 0.25


def test_that_setting_what_holds_already_tells_nothing(tmp_path, qtbot) -> None:
    preferences = Preferences(SettingsFile(tmp_path))
    with qtbot.assertNotEmitted(preferences.changed):
        preferences.change(opacity=preferences.values.opacity)
