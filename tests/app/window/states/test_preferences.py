"""Preferences: a change holds at once, is told only if something differs, and is there at the next start."""

import pytest

from app.window.settings import Settings, SettingsFile
from app.window.states.preferences import CHOICES, PreferenceEffects, Preferences
from app.window.states.session import Session
from core.figures.colour_maps import ColourMap

OTHERS = {
    "scheme": "light",
    "colour_map": ColourMap.VIRIDIS,
    "opacity": 0.25,
    "cine_rate": 4,
    "look_first": True,
    "background_checks": False,
    "keep_recent_files": True,
    "autosave": False,
    "device": "cpu",
    "deterministic": True,
}


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


def test_that_a_reset_brings_back_every_default_of_the_dialog_and_nothing_else(tmp_path) -> None:
    preferences = Preferences(SettingsFile(tmp_path))
    assert set(OTHERS) == set(CHOICES)
    assert preferences.are_defaults
    preferences.change(**OTHERS, docks="layout")
    assert not preferences.are_defaults
    preferences.reset()
    assert preferences.are_defaults
    assert preferences.values == Settings(docks="layout")


@pytest.fixture
def effects(session: Session) -> PreferenceEffects:
    return session.preference_effects


def test_that_opacity_colour_map_and_rate_hold_at_once(session: Session, effects: PreferenceEffects) -> None:
    session.preferences.change(opacity=0.25, colour_map=ColourMap.VIRIDIS, cine_rate=4)
    assert (session.image.style.opacity, session.image.style.colour_map) == (0.25, ColourMap.VIRIDIS)
    assert session.cine._timer.interval() == 250


def test_that_another_setting_leaves_what_was_set_at_the_image(
    session: Session, effects: PreferenceEffects
) -> None:
    session.preferences.change(opacity=0.25)
    session.image.style.set_opacity(0.9)
    session.preferences.change(look_first=True)
    assert session.image.style.opacity == 0.9
    effects.adopt_image()
    assert session.preferences.values.opacity == 0.9
