"""The table of keys: no key twice, and every key of the design is in it."""

from collections import Counter

from app.shortcuts import ACTIONS, PRESETS, tooltip


def test_that_no_key_does_two_things() -> None:
    keys = [key for action in ACTIONS for key in action.keys]
    assert [key for key, count in Counter(keys).items() if count > 1] == []


def test_that_the_keys_of_radiology_viewers_are_there() -> None:
    does = {key: action.name for action in ACTIONS for key in action.keys}
    expected = {
        "0": "own_window",
        "1": PRESETS[0],
        "9": PRESETS[8],
        "H": "hide_overlay",
        "I": "invert",
        "R": "reset",
        "G": "overlay",
        "[": "less_opacity",
        "]": "more_opacity",
        "+": "zoom_in",
        "-": "zoom_out",
        "=": "fit",
        "Ctrl+O": "open",
        "Ctrl+E": "explain",
        "Esc": "cancel",
        "F11": "full_screen",
        "Home": "first_slice",
        "End": "last_slice",
    }
    assert {key: does[key] for key in expected} == expected


def test_that_a_tooltip_names_the_key() -> None:
    assert tooltip("explain") == "Explain (Ctrl+E)"
    assert tooltip("about") == "About Saliscope"
