"""Texts of the settings dialog."""

SETTINGS = "Settings"
APPEARANCE, IMAGE, PREDICTION, PRIVACY = "Appearance", "Image", "Prediction and checks", "Privacy"
COMPUTING = "Computing"
SCHEME = "Colours"
COLOUR_MAP = "Colour map of unsigned maps"
OPACITY = "Overlay opacity"
CINE_RATE = "Cine, slices per second"
CINE_NOTE = "Slower where slices take longer to read."
LOOK_FIRST = "Look first"
LOOK_FIRST_NOTE = "You state your own impression of a case before its prediction and the map are shown."
BACKGROUND = "Checks in the background"
BACKGROUND_NOTE = (
    "While the computer is idle, the checks of a map are made in the background. They stop as soon as you ask"
    " for something else."
)
RECENT = "Remember opened files"
RECENT_NOTE = (
    "The list of recent files and the last folder are kept after the program ends. Names of files may name"
    " patients."
)
AUTOSAVE = "Keep unsaved results in case the program ends unexpectedly"
AUTOSAVE_NOTE = (
    "They are written to a private folder of the program, without the patient's identity, and deleted when it"
    " ends normally."
)
SET_BY_ADMINISTRATOR = "Set by your administrator."
DEVICE = "Device"
DEVICES = {"auto": "GPU if usable, else CPU", "cpu": "CPU", "gpu": "GPU (NVIDIA)"}
DETERMINISTIC = "Deterministic mode of the GPU"
DETERMINISTIC_NOTE = (
    "A GPU then gives the same bits at every run, as a CPU always does, and is slower. Device and mode change"
    " at the next start."
)
DEFAULTS = "Reset to defaults"
CLOSE = "Close"


def percent_of(opacity: float) -> str:
    """The figure beside the slider of the opacity."""
    return f"{round(100 * opacity)}\N{NO-BREAK SPACE}%"
