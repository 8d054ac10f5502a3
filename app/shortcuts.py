"""All keys and mouse gestures; menus, tooltips and the help are generated from this table."""

from dataclasses import dataclass
from enum import StrEnum


class Group(StrEnum):
    """The menu or section in which an action is listed."""

    FILE = "File"
    VIEW = "View"
    IMAGE = "Image"
    MEASURE = "Measure"
    LAYOUT = "Layout"
    OVERLAY = "Overlay"
    EXPLAIN = "Explain"
    HELP = "Help"


@dataclass(frozen=True, slots=True)
class Action:
    """A command of the user: its label, its keys, and where they have effect."""

    name: str
    text: str
    keys: tuple[str, ...]
    group: Group
    in_image: bool = False
    """Whether the keys have effect only in the image, because lists and fields use the same keys."""


ACTIONS: tuple[Action, ...] = (
    Action("open", "Open file…", ("Ctrl+O",), Group.FILE),
    Action("open_folder", "Open folder…", ("Ctrl+Shift+O",), Group.FILE),
    Action("open_mask", "Open reference mask…", ("Ctrl+M",), Group.FILE),
    Action("close_all", "Close all studies", ("Ctrl+Shift+W",), Group.FILE),
    Action("export_deidentified", "Export de-identified series…", (), Group.FILE),
    Action("quit", "Quit", ("Ctrl+Q",), Group.FILE),
    Action("zoom_in", "Zoom in", ("+",), Group.IMAGE),
    Action("zoom_out", "Zoom out", ("-",), Group.IMAGE),
    Action("fit", "Fit to view", ("=",), Group.IMAGE),
    Action("reset", "Reset window, zoom and position", ("R",), Group.IMAGE),
    Action("invert", "Invert grey", ("I",), Group.IMAGE),
    Action("own_window", "Window of the file", ("0",), Group.IMAGE),
    Action("draw_region", "Draw region", ("D",), Group.IMAGE),
    Action("clear_region", "Remove region", ("Shift+D",), Group.IMAGE),
    Action("undo", "Undo region or measurement", ("Ctrl+Z",), Group.IMAGE),
    Action("tags", "Header…", ("T",), Group.IMAGE),
    Action("previous_slice", "Previous slice", ("Up",), Group.IMAGE, in_image=True),
    Action("next_slice", "Next slice", ("Down",), Group.IMAGE, in_image=True),
    Action("first_slice", "First slice", ("Home",), Group.IMAGE, in_image=True),
    Action("last_slice", "Last slice", ("End",), Group.IMAGE, in_image=True),
    Action("graphics", "Show graphics of the file", ("O",), Group.IMAGE),
    Action("cine", "Cine", ("C",), Group.IMAGE),
    Action("measure_distance", "Measure distance", ("M",), Group.MEASURE),
    Action("measure_angle", "Measure angle", ("A",), Group.MEASURE),
    Action("clear_measurements", "Remove measurements", ("Shift+M",), Group.MEASURE),
    Action("one_plane", "1 plane", ("Ctrl+1",), Group.LAYOUT),
    Action("three_planes", "3 planes", ("Ctrl+3",), Group.LAYOUT),
    Action("two_maps", "2 maps", ("Ctrl+2",), Group.LAYOUT),
    Action("curtain", "2 maps under a curtain", ("Ctrl+4",), Group.LAYOUT),
    Action("network_input", "What the network saw", ("N",), Group.LAYOUT),
    Action("next_plane", "Make next plane active", ("P",), Group.LAYOUT),
    Action("highest_slice", "Find the slice with the highest probability", (), Group.IMAGE),
    Action("overlay", "Show overlay", ("G",), Group.OVERLAY),
    Action("less_opacity", "Decrease overlay opacity", ("[",), Group.OVERLAY),
    Action("more_opacity", "Increase overlay opacity", ("]",), Group.OVERLAY),
    Action("lower_threshold", "Lower overlay threshold", ("{", "Shift+["), Group.OVERLAY),
    Action("raise_threshold", "Raise overlay threshold", ("}", "Shift+]"), Group.OVERLAY),
    Action("outline", "Outline of the top 10 %", (), Group.OVERLAY),
    Action("contours", "Contours at quarters of full colour", (), Group.OVERLAY),
    Action("cells", "Native cells", ("Shift+N",), Group.OVERLAY),
    Action("explain", "Explain", ("Ctrl+E",), Group.EXPLAIN),
    Action("cancel", "Cancel", ("Esc",), Group.EXPLAIN),
    Action("identity", "Show patient identity", (), Group.VIEW),
    Action("full_screen", "Full screen", ("F11",), Group.VIEW),
    Action("reset_layout", "Reset layout", (), Group.VIEW),
    Action("help", "Help", ("F1", "?"), Group.HELP),
    Action("keys", "Keys and mouse", (), Group.HELP),
    Action("about", "About Saliscope", (), Group.HELP),
)

HOLD_TO_HIDE = "H"
PRESETS = tuple(str(number) for number in range(1, 10))

GESTURES: tuple[tuple[str, str], ...] = (
    ("Left drag", "Grey-level window: right is wider, up is brighter"),
    ("Wheel", "Change the slice; zoom if there is only one"),
    ("Ctrl + wheel", "Zoom at the cursor"),
    ("Middle drag, Shift + left drag", "Move the image"),
    ("Ctrl + Shift + left drag", "Draw a rectangular region"),
    ("Left drag after D", "Draw a freehand region"),
    ("Shift + move, click", "Crosshair in all three planes"),
    ("Double click", "This plane alone, and back; fit to view if there is only one"),
    ("Click or drag after M or A", "Points of a distance or an angle"),
    ("Ctrl + click on a map", "Compare it with the map over the image"),
    ("Left drag at the curtain", "Move the divider between two maps"),
    (f"{HOLD_TO_HIDE} held", "Hide the overlay while held"),
    (f"{PRESETS[0]} to {PRESETS[-1]}", "Windows for this kind of image"),
)


def action(name: str) -> Action:
    """The action of this name."""
    return next(entry for entry in ACTIONS if entry.name == name)


def tooltip(name: str) -> str:
    """The label of an action with its first key, for a button."""
    entry = action(name)
    return f"{entry.text} ({entry.keys[0]})" if entry.keys else entry.text
