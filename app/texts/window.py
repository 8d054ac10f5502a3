"""Texts of the window as a whole: panels, menus, files, errors; other subjects have their own file."""

from collections.abc import Iterable

from core.output import shown_name

APP = "Saliscope"
NOT_FOR_DIAGNOSIS = "Research use, not for diagnosis"
ABOUT = (
    "Saliscope explains the predictions of a neural network on medical images, and checks how far each"
    " explanation can be trusted. It works offline; nothing leaves this computer."
)

# Panels
PREDICTION = "Prediction"
MODEL = "Model"
EXPLAIN = "Explain"
MAPS = "Maps"
CURVES = "Curves"
RESULTS = "Results"
COLLAPSE_RESULTS, EXPAND_RESULTS = "Collapse the results", "Expand the results"

# Work
READING = "Reading…"
PREDICTING = "Predicting…"
WAITING = "Waiting…"
CANCEL = "Cancel"
START_AGAIN = "Start again"
STOP_QUESTION = "Work is still running. Stop it and close the window?"
KEEP_WORKING = "Keep working"
STOP_AND_CLOSE = "Stop and close"

# Files
OPEN_FILE = "Open file…"
OPEN_FOLDER = "Open folder…"
RECENT = "Recent"
NO_RECENT = "Nothing was opened yet"
KEEP_RECENT = "Remember opened files"
CLEAR_RECENT = "Clear this list"

# Notices
DISMISS = "Dismiss"
COPY_DETAILS = "Copy details"

# Menus
# The letter after an ampersand opens the menu together with Alt.
MENUS = ("&File", "&Edit", "&View", "&Image", "&Model", "E&xplain", "&Tools", "&Help")
THEME = "Theme"
SCHEMES = {"system": "System", "light": "Light", "dark": "Dark"}
PANELS = "Panels"
SHOW_CARD = "Model page"
WINDOWS = "Window of the image"
AFTER_BUG = "You can continue working."


def details(code: str) -> str:
    return f"Saliscope, error code {code}"


def recent_file(number: int, name: str, folder: str) -> str:
    """A file or folder that was opened before; folder: where it lies, if another one has its name."""
    label = f"{shown_name(name)} ({shown_name(folder)})" if folder else shown_name(name)
    return f"&{number % 10} {label.replace('&', '&&')}"


def file_filter(suffixes: Iterable[str]) -> str:
    """Which files the dialog that opens images offers; suffixes: the endings of image files."""
    return f"Medical images and workspaces ({' '.join(f'*{suffix}' for suffix in suffixes)});;All files (*)"
