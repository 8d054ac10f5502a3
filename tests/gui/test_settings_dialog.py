"""The settings dialog: every control changes its setting at once, and shows what holds."""

import pytest
from PySide6.QtWidgets import QDialog, QLabel

from app.window.main_window import MainWindow
from app.window.panels.settings import SettingsDialog
from app.window.settings import SettingsFile
from app.window.states.preferences import CHOICES
from app.window.theme import LIGHT, THEME
from core.figures.colour_maps import ColourMap
from tests.gui.walk import cut_texts
from tests.policies import EVERYTHING_OFF, machine_policy


@pytest.fixture
def window(open_window) -> MainWindow:
    return open_window()


@pytest.fixture
def dialog(window: MainWindow) -> SettingsDialog:
    window.window_actions.by_name["settings"].trigger()
    (opened,) = window.findChildren(SettingsDialog)
    return opened


def test_that_every_control_changes_its_setting_at_once(window: MainWindow, dialog: SettingsDialog) -> None:
    before = window.session.preferences.values
    dialog.scheme.activated.emit(1)
    dialog.colours.activated.emit(list(ColourMap).index(ColourMap.VIRIDIS))
    dialog.opacity.setValue(25)
    dialog.cine.setValue(4)
    dialog.device.activated.emit(1)
    for box in dialog.boxes.values():
        box.click()
    values = window.session.preferences.values
    assert [name for name in CHOICES if getattr(values, name) == getattr(before, name)] == []
    assert THEME.colours is LIGHT
    assert window.session.image.style.opacity == 0.25


def test_that_no_text_is_cut_however_low_the_screen(dialog: SettingsDialog) -> None:
    assert dialog.screen().availableGeometry().height() * 2 / 3 < dialog.height()
    assert list(cut_texts(dialog)) == []


def test_that_defaults_come_back_in_the_controls_too(window: MainWindow, dialog: SettingsDialog) -> None:
    assert not dialog.defaults.isEnabled()
    dialog.boxes["look_first"].click()
    dialog.opacity.setValue(25)
    assert dialog.defaults.isEnabled()
    dialog.defaults.click()
    assert window.session.preferences.are_defaults
    assert (dialog.boxes["look_first"].isChecked(), dialog.opacity.value()) == (False, 60)


def test_that_it_shows_the_opacity_of_the_image_on_display(window: MainWindow) -> None:
    window.session.image.style.set_opacity(0.35)
    window.window_actions.by_name["settings"].trigger()
    (dialog,) = window.findChildren(SettingsDialog)
    assert dialog.opacity.value() == 35


def test_that_a_scheme_chosen_in_the_menu_is_the_one_in_the_dialog(
    window: MainWindow, dialog: QDialog
) -> None:
    window.session.preferences.change(scheme="dark")
    assert dialog.scheme.currentText() == "Dark"
    marked = [
        action.text()
        for action in window.findChildren(type(window.window_actions.by_name["quit"]))
        if action.isChecked() and action.text() in ("System", "Light", "Dark")
    ]
    assert marked == ["Dark"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_that_what_an_administrator_set_is_disabled_and_says_so(tmp_path, open_window, scheme) -> None:
    with machine_policy(tmp_path, f'{EVERYTHING_OFF}device = {{ forced = "cpu" }}\n'):
        window = open_window(settings=SettingsFile(tmp_path / "settings"))
        window.session.preferences.change(scheme=scheme)
        window.window_actions.by_name["settings"].trigger()
        (dialog,) = window.findChildren(SettingsDialog)
        is_enabled = {name: box.isEnabled() for name, box in dialog.boxes.items()}
        assert is_enabled == {
            "look_first": True,
            "background_checks": True,
            "keep_recent_files": False,
            "autosave": False,
            "deterministic": True,
        }
        assert not dialog.device.isEnabled()
        assert window.session.preferences.values.device == "cpu"
        notes = [label.text() for label in dialog.findChildren(QLabel)]
        assert notes.count("Set by your administrator.") == 3
        assert "Set by your administrator." in dialog.boxes["autosave"].accessibleDescription()
        assert list(cut_texts(dialog)) == []
        assert not window.window_actions.by_name["identity"].isEnabled()
        dialog.defaults.click()
        assert not window.session.preferences.values.autosave
