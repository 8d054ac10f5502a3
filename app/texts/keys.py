"""Texts of the dialog in which a person changes keys."""

TITLE = "Keys and mouse"
ACTION = "Action"
KEYS = "Keys"
MOUSE = "Mouse"
NEW_KEY = "New key"
SET = "Set"
ADD = "Add"
CLEAR = "Clear"
RESET = "Reset"
RESET_ALL = "Reset all"
SELECT = "Select an action to change its keys. Gestures of the mouse and keys of a tool cannot be changed."
NO_KEY = "Press a key first."


def changing(action: str) -> str:
    """Which action the fields are about."""
    return f"{action}:"


def taken(key: str, action: str) -> str:
    """A key belongs to another action."""
    return f"{key} is the key of “{action}”. Clear it there first."


def reserved_for_focus(key: str) -> str:
    return f"{key} moves between controls or presses them."
