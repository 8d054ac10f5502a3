"""Changed keys: kept, refused in a conflict, and never two actions with one key."""

from collections import Counter

import pytest

from app.help_pages import keys_table, page
from app.shortcuts import ACTIONS, KEYS, action, tooltip
from app.window.settings import SettingsFile
from app.window.states.keys import KeysState, standard_form
from app.window.states.preferences import Preferences


@pytest.fixture
def settings(tmp_path) -> SettingsFile:
    return SettingsFile(tmp_path)


@pytest.fixture
def keys(qapp, settings):
    yield KeysState(Preferences(settings))
    KEYS.changes = {}


def all_keys() -> list[str]:
    return [standard_form(key) for entry in ACTIONS for key in KEYS.of(entry.name)]


def test_that_a_changed_key_is_kept_and_the_others_are_not_stored(keys, settings, tmp_path) -> None:
    changes = []
    keys.changed.connect(lambda: changes.append(dict(KEYS.changes)))
    assert keys.set_key("invert", "Ctrl+I") == ""
    assert keys.set_key("invert", "Ctrl+I") == ""
    assert changes == [{"invert": ("Ctrl+I",)}]
    KEYS.changes = {}
    read_again = SettingsFile(tmp_path)
    assert read_again.values.keys == {"invert": ("Ctrl+I",)}
    KeysState(Preferences(read_again))
    assert (KEYS.of("invert"), KEYS.of("reset")) == (("Ctrl+I",), ("R",))


def test_that_a_changed_key_is_a_changed_preference(qapp, settings) -> None:
    preferences, changes = Preferences(settings), []
    preferences.changed.connect(lambda: changes.append(preferences.values.keys))
    KeysState(preferences).set_key("invert", "Ctrl+I")
    KEYS.changes = {}
    assert changes == [{"invert": ("Ctrl+I",)}]


def test_that_a_key_that_another_action_has_is_refused_with_its_name(keys) -> None:
    problem = keys.set_key("invert", "R")
    assert problem == "R is the key of “Reset window, zoom and position”. Clear it there first."
    assert (KEYS.of("invert"), KEYS.changes) == (("I",), {})
    keys.clear("reset")
    assert keys.set_key("invert", "R") == ""
    assert keys.reset("reset") == "R is the key of “Invert grey”. Clear it there first."
    assert KEYS.of("reset") == ()


@pytest.mark.parametrize("key", ["1", "9", "H", "h", "Tab", "Return", "Space", "", "no key"])
def test_that_a_key_that_no_action_can_have_is_refused(keys, key) -> None:
    assert keys.set_key("pan_tool", key) != ""
    assert keys.add_key("pan_tool", key) != ""
    assert KEYS.of("pan_tool") == ()


@pytest.mark.parametrize("name", [entry.name for entry in ACTIONS])
def test_that_every_key_of_the_table_is_refused_for_every_other_action(keys, name) -> None:
    for other in ACTIONS:
        for key in other.keys if other.name != name else ():
            assert other.text in keys.problem(name, standard_form(key))


def test_that_an_action_can_have_several_keys_and_loses_none_when_one_is_added(keys) -> None:
    assert keys.add_key("help", "Ctrl+H") == ""
    assert keys.add_key("help", "Ctrl+H") == ""
    assert KEYS.of("help") == ("F1", "?", "Ctrl+H")
    assert keys.reset("help") == ""
    assert (KEYS.of("help"), KEYS.changes) == (action("help").keys, {})


def test_that_resetting_all_keys_leaves_nothing_stored(keys, settings) -> None:
    keys.clear("reset")
    keys.set_key("invert", "R")
    keys.reset_all()
    assert settings.values.keys == {}
    assert all(KEYS.of(entry.name) == entry.keys for entry in ACTIONS)


@pytest.mark.parametrize(
    "stored",
    [
        {"invert": ("R",)},
        {"invert": ("R",), "reset": ("I",), "fit": ("I",)},
        {"invert": ("1",), "reset": ("H",)},
        {"no_action": ("Q",), "fit": ("",)},
        {"invert": ("R",), "reset": ("G",), "overlay": ("Q", "R")},
    ],
)
def test_that_stored_keys_with_conflicts_leave_each_key_to_one_action(settings, keys, stored) -> None:
    settings.change(keys=stored)
    KeysState(Preferences(settings))
    assert [key for key, count in Counter(all_keys()).items() if count > 1] == []
    assert set(KEYS.changes) <= {entry.name for entry in ACTIONS}


def test_that_stored_keys_that_change_places_are_taken(settings, keys) -> None:
    stored = {"invert": ("R",), "reset": ("I",)}
    settings.change(keys=stored)
    KeysState(Preferences(settings))
    assert KEYS.changes == stored


def test_that_tool_tips_and_the_help_follow(keys) -> None:
    before = page("panels/image").text
    assert "**I** | Invert grey" in before
    keys.set_key("invert", "Ctrl+I")
    assert tooltip("invert") == "Invert grey (Ctrl+I)"
    assert "**Ctrl+I** | Invert grey" in keys_table()
    assert keys_table() in page("panels/image").text
    keys.clear("invert")
    assert (tooltip("invert"), "Invert grey" in keys_table()) == ("Invert grey", False)
