"""All keys and mouse gestures; menus, tooltips and the help are generated from this table."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Group(StrEnum):
    """The menu or section in which an action is listed."""

    FILE = "File"
    EDIT = "Edit"
    VIEW = "View"
    IMAGE = "Image"
    TOOLS = "Tools"
    DRAWN = "Regions and measurements"
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
    in_menu: bool = True
    """Whether its menu lists it; otherwise it is done by its keys alone."""


# The windows of the image that have a key, in their order.
PRESETS = tuple(f"preset_{number}" for number in range(1, 10))


ACTIONS: tuple[Action, ...] = (
    Action("open", "Open file…", ("Ctrl+O",), Group.FILE),
    Action("open_folder", "Open folder…", ("Ctrl+Shift+O",), Group.FILE),
    Action("open_mask", "Open reference mask…", ("Ctrl+M",), Group.FILE),
    Action("save", "Save workspace", ("Ctrl+S",), Group.FILE),
    Action("save_as", "Save workspace as…", ("Ctrl+Shift+S",), Group.FILE),
    Action("export", "Export…", ("Ctrl+Shift+E",), Group.FILE),
    Action("replay", "Compute again and compare (replay)…", (), Group.FILE),
    Action("close_all", "Close all studies", ("Ctrl+Shift+W",), Group.FILE),
    Action("export_deidentified", "Export de-identified series…", (), Group.FILE),
    Action("settings", "Settings…", ("Ctrl+,",), Group.FILE),
    Action("quit", "Quit", ("Ctrl+Q",), Group.FILE),
    Action("zoom_in", "Zoom in", ("+",), Group.IMAGE),
    Action("zoom_out", "Zoom out", ("-",), Group.IMAGE),
    Action("fit", "Fit to view", ("=",), Group.IMAGE),
    Action("reset", "Reset window, zoom and position", ("R",), Group.IMAGE),
    Action("invert", "Invert grey", ("I",), Group.IMAGE),
    Action("own_window", "Window of the file", ("0",), Group.IMAGE),
    *(
        Action(name, f"Window {number} for this kind of image", (str(number),), Group.IMAGE, in_menu=False)
        for number, name in enumerate(PRESETS, 1)
    ),
    Action("window_tool", "Grey-level window", ("W",), Group.TOOLS),
    Action("pan_tool", "Pan", (), Group.TOOLS),
    Action("zoom_tool", "Zoom", ("Z",), Group.TOOLS),
    Action("scroll_tool", "Scroll slices", ("S",), Group.TOOLS),
    Action("measure_distance", "Measure distance", ("M",), Group.TOOLS),
    Action("measure_angle", "Measure angle", ("A",), Group.TOOLS),
    Action("draw_region", "Draw region", ("D",), Group.TOOLS),
    Action("occlude_tool", "Occlude", ("X",), Group.TOOLS),
    Action("clear_region", "Remove region", ("Shift+D",), Group.DRAWN),
    Action("clear_measurements", "Remove measurements", ("Shift+M",), Group.DRAWN),
    Action("undo", "Undo", ("Ctrl+Z",), Group.EDIT),
    Action("redo", "Redo", ("Ctrl+Shift+Z",), Group.EDIT),
    Action("copy_picture", "Copy picture", ("Ctrl+Shift+C",), Group.EDIT),
    Action("copy_table", "Copy table", (), Group.EDIT),
    Action("tags", "Header…", ("T",), Group.IMAGE),
    Action("previous_slice", "Previous slice", ("Up",), Group.IMAGE, in_image=True),
    Action("next_slice", "Next slice", ("Down",), Group.IMAGE, in_image=True),
    Action("first_slice", "First slice", ("Home",), Group.IMAGE, in_image=True),
    Action("last_slice", "Last slice", ("End",), Group.IMAGE, in_image=True),
    Action("graphics", "Show graphics of the file", ("O",), Group.IMAGE),
    Action("cine", "Cine", ("C",), Group.IMAGE),
    Action("one_plane", "1 plane", ("Ctrl+1",), Group.LAYOUT),
    Action("three_planes", "3 planes", ("Ctrl+3",), Group.LAYOUT),
    Action("two_maps", "2 maps", ("Ctrl+2",), Group.LAYOUT),
    Action("curtain", "2 maps under a curtain", ("Ctrl+4",), Group.LAYOUT),
    Action("network_input", "What the network saw", ("N",), Group.LAYOUT),
    Action("next_plane", "Make next plane active", ("P",), Group.LAYOUT),
    Action("highest_slice", "Find the slice with the highest probability", (), Group.IMAGE),
    Action("largest_region_slice", "Find the slice with the largest region", (), Group.IMAGE),
    Action("overlay", "Show overlay", ("G",), Group.OVERLAY),
    Action("hide_overlay", "Hide overlay while held", ("H",), Group.OVERLAY, in_menu=False),
    Action("less_opacity", "Decrease overlay opacity", ("[",), Group.OVERLAY),
    Action("more_opacity", "Increase overlay opacity", ("]",), Group.OVERLAY),
    Action("lower_threshold", "Lower overlay threshold", ("{", "Shift+["), Group.OVERLAY),
    Action("raise_threshold", "Raise overlay threshold", ("}", "Shift+]"), Group.OVERLAY),
    Action("outline", "Outline of the top 10 %", (), Group.OVERLAY),
    Action("contours", "Contours at quarters of full colour", (), Group.OVERLAY),
    Action("cells", "Native cells", ("Shift+N",), Group.OVERLAY),
    Action("explain", "Explain", ("Ctrl+E",), Group.EXPLAIN),
    Action("quick_look", "Quick look", (), Group.EXPLAIN),
    Action("papers", "Methods of the papers", (), Group.EXPLAIN),
    Action("neuroxai", "Methods of NeuroXAI", (), Group.EXPLAIN),
    Action("review", "Methods of a review", (), Group.EXPLAIN),
    Action("thorough", "Thorough", (), Group.EXPLAIN),
    Action("find_method", "Find a method", ("Ctrl+F",), Group.EXPLAIN),
    Action("cancel", "Cancel", ("Esc",), Group.EXPLAIN),
    Action("look_first", "Look first: impression before prediction", (), Group.VIEW),
    Action("identity", "Show patient identity", (), Group.VIEW),
    Action("full_screen", "Full screen", ("F11",), Group.VIEW),
    Action("reset_layout", "Reset layout", (), Group.VIEW),
    Action("help", "Help", ("F1", "?"), Group.HELP),
    Action("keys", "Keys and mouse", (), Group.HELP),
    Action("open_logs", "Open log folder", (), Group.HELP),
    Action("save_report", "Save report bundle…", (), Group.HELP),
    Action("licences", "Licences", (), Group.HELP),
    Action("about", "About Saliscope", (), Group.HELP),
)

GESTURES: tuple[tuple[str, str], ...] = (
    ("Left drag", "The active tool; at first the grey-level window: right is wider, up is brighter"),
    ("Left drag, tool Zoom or Scroll", "Up zooms in; down scrolls forward"),
    ("Left drag, tool Region", "Draw a freehand region"),
    ("Click or drag, tool Distance or Angle", "Points of a distance or an angle"),
    ("Left drag, tool Occlude", "Cover a part of the image: how the score changes"),
    ("Enter and arrow keys, tool Occlude", "Place the patch in the middle of the image, and move it"),
    ("Wheel", "Change the slice; zoom if there is only one"),
    ("Ctrl + wheel", "Zoom at the cursor"),
    ("Middle drag, Shift + left drag", "Move the image"),
    ("Ctrl + Shift + left drag", "Draw a rectangular region"),
    ("Right click", "Menu of the image, with all its windows"),
    ("Shift + move, click", "Crosshair in all three planes"),
    ("Double click", "This plane alone, and back; fit to view if there is only one"),
    ("Ctrl + click on a map", "Compare it with the map over the image"),
    ("Left drag at the curtain", "Move the divider between two maps"),
)


class KeyTable:
    """The keys of all actions: those of ACTIONS, except where a person changed them.

    changes: the keys by the name of the action.
    """

    def __init__(self) -> None:
        self.changes: Mapping[str, tuple[str, ...]] = {}

    def of(self, name: str) -> tuple[str, ...]:
        """The keys of an action; empty where it has none."""
        changed = self.changes.get(name)
        return action(name).keys if changed is None else changed


# Of this process: menus, tool tips and the help read it.
KEYS = KeyTable()


def action(name: str) -> Action:
    """The action of this name."""
    return next(entry for entry in ACTIONS if entry.name == name)


def tooltip(name: str) -> str:
    """The label of an action with its first key, for a button."""
    text, keys = action(name).text, KEYS.of(name)
    return f"{text} ({keys[0]})" if keys else text
