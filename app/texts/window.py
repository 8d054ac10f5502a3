"""The sentences of the window as a whole: panels, menus, files, errors; other subjects have their own file.

Short, plain, and saying what a number means.
"""

from collections.abc import Iterable
from pathlib import Path

APP = "Saliscope"
NOT_FOR_DIAGNOSIS = "Research use, not for diagnosis"
ABOUT = (
    "Saliscope shows why a neural network said what it said about a medical image, and how far that"
    " explanation can be believed. It works offline; nothing leaves this computer."
)

# Panels
CASES = "Cases"
PREDICTION = "Prediction"
MODEL = "Model"
EXPLAIN = "Explain"
MAPS = "Maps"
CURVES = "Curves"
RESULTS = "Results"

# Work
READING = "Reading…"
PREDICTING = "Predicting…"
WAITING = "Waiting…"
CANCEL = "Cancel"
START_AGAIN = "Start again"
STOP_QUESTION = "Work is still going on. Close the window and lose it?"
KEEP_WORKING = "Keep working"
STOP_AND_CLOSE = "Stop and close"

# Cases
OPENED = "Opened"
SAMPLES = "Samples"
CASES_EMPTY = "Drop images here"
OPEN_FILE = "Open file…"
OPEN_FOLDER = "Open folder…"
CLOSE_CASE = "Close case"

# Notices
DISMISS = "Dismiss"
COPY_DETAILS = "Copy details"

# Menus
MENUS = ("File", "View", "Model", "Explain", "Help")
THEME = "Theme"
SCHEMES = {"system": "Like the system", "light": "Light", "dark": "Dark"}
PANELS = "Panels"
SHOW_CARD = "Show the card"
MOUSE = "Mouse"
WINDOWS = "Window of the image"
KEYS_TITLE = "Keys and mouse"


def bug(kind: str) -> str:
    return f"Saliscope has a bug here ({kind})."


def bug_hint(log: Path | None) -> str:
    if log is None:
        return "No log could be written. What is open can still be used."
    return f"Its place in the program is in {log}. What is open can still be used."


def details(code: str) -> str:
    return f"Saliscope, error code {code}"


def case_title(name: str, title: str) -> str:
    """The name first, since many files share a title; the title where it says more than the name."""
    return f"{name}, {title}" if title and title.casefold() not in name.casefold() else name


def file_filter(suffixes: Iterable[str]) -> str:
    """Which files the dialog that opens images offers; suffixes: the endings of image files."""
    return f"Medical images ({' '.join(f'*{suffix}' for suffix in suffixes)});;All files (*)"
