"""The sentences of the window as a whole: panels, menus, files, errors; other subjects have their own file.

Short, plain, and saying what a number means.
"""

APP = "Saliscope"
NOT_FOR_DIAGNOSIS = "Research use, not for diagnosis"
ABOUT = (
    "Saliscope explains the prediction of a neural network for a medical image, and measures how far that"
    " explanation can be trusted. It works offline; nothing leaves this computer."
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
FILE_FILTER = (
    "Medical images (*.dcm *.dicom *.ima *.nii *.nii.gz *.hdr *.png *.jpg *.jpeg *.bmp *.tif *.tiff);;"
    "All files (*)"
)

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
AFTER_BUG = "What is open can still be used."


def details(code: str) -> str:
    return f"Saliscope, error code {code}"


def case_title(name: str, title: str) -> str:
    """The name first, since many files share a title; the title where it says more than the name."""
    return f"{name}, {title}" if title and title.casefold() not in name.casefold() else name
