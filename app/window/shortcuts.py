"""The one table of keys and mouse moves; menus, tooltips and the help are made from it."""

from dataclasses import dataclass
from enum import StrEnum


class Group(StrEnum):
    """Where an action is listed."""

    FILE = "File"
    VIEW = "View"
    IMAGE = "Image"
    OVERLAY = "Overlay"
    EXPLAIN = "Explain"
    HELP = "Help"


@dataclass(frozen=True, slots=True)
class Action:
    """Something a person can do: its words, its keys, and whether the window or the image hears them."""

    name: str
    text: str
    keys: tuple[str, ...]
    group: Group
    in_image: bool = False
    """Heard by the image alone, because lists and fields use the same keys."""


ACTIONS: tuple[Action, ...] = (
    Action("open", "Open file…", ("Ctrl+O",), Group.FILE),
    Action("open_folder", "Open folder…", ("Ctrl+Shift+O",), Group.FILE),
    Action("open_mask", "Open reference mask…", ("Ctrl+M",), Group.FILE),
    Action("quit", "Quit", ("Ctrl+Q",), Group.FILE),
    Action("zoom_in", "Zoom in", ("+",), Group.IMAGE),
    Action("zoom_out", "Zoom out", ("-",), Group.IMAGE),
    Action("fit", "Fit to view", ("=",), Group.IMAGE),
    Action("reset", "Reset window, zoom and position", ("R",), Group.IMAGE),
    Action("invert", "Invert grey", ("I",), Group.IMAGE),
    Action("own_window", "Window of the file", ("0",), Group.IMAGE),
    Action("draw_region", "Draw region", ("D",), Group.IMAGE),
    Action("clear_region", "Remove region", ("Shift+D",), Group.IMAGE),
    Action("undo", "Undo region", ("Ctrl+Z",), Group.IMAGE),
    Action("previous_slice", "Previous slice", ("Up",), Group.IMAGE, in_image=True),
    Action("next_slice", "Next slice", ("Down",), Group.IMAGE, in_image=True),
    Action("first_slice", "First slice", ("Home",), Group.IMAGE, in_image=True),
    Action("last_slice", "Last slice", ("End",), Group.IMAGE, in_image=True),
    Action("overlay", "Show overlay", ("G",), Group.OVERLAY),
    Action("less_opacity", "Fainter overlay", ("[",), Group.OVERLAY),
    Action("more_opacity", "Stronger overlay", ("]",), Group.OVERLAY),
    Action("cells", "Native cells", ("N",), Group.OVERLAY),
    Action("explain", "Explain", ("Ctrl+E",), Group.EXPLAIN),
    Action("cancel", "Cancel", ("Esc",), Group.EXPLAIN),
    Action("full_screen", "Full screen", ("F11",), Group.VIEW),
    Action("reset_layout", "Reset layout", (), Group.VIEW),
    Action("help", "Help", ("F1", "?"), Group.HELP),
    Action("keys", "Keys and mouse", (), Group.HELP),
    Action("about", "About Saliscope", (), Group.HELP),
)

HOLD_TO_HIDE = "H"
PRESETS = tuple(str(number) for number in range(1, 10))

GESTURES: tuple[tuple[str, str], ...] = (
    ("Left drag", "Window: right is wider, up is brighter"),
    ("Wheel", "Slices; zoom when there is only one"),
    ("Ctrl + wheel", "Zoom at the cursor"),
    ("Middle drag, Shift + left drag", "Move the image"),
    ("Ctrl + Shift + left drag", "Draw a rectangular region"),
    ("Left drag after D", "Draw a region by hand"),
    ("Double click", "Fit to view"),
    (f"{HOLD_TO_HIDE} held", "Hide the overlay while held"),
    (f"{PRESETS[0]} to {PRESETS[-1]}", "Windows for this kind of image"),
)


def action(name: str) -> Action:
    """The action of this name."""
    return next(found for found in ACTIONS if found.name == name)


def tooltip(name: str) -> str:
    """Its words with its first key, for a button."""
    found = action(name)
    return f"{found.text} ({found.keys[0]})" if found.keys else found.text
