"""Texts on workspaces: saving, opening, sources that are missing, and work that was not saved."""

from collections.abc import Sequence
from datetime import datetime

UNTITLED = "Untitled workspace"
SAVE_AS = "Save workspace as"
FILTER = "Saliscope workspaces (*.saliscope)"
FILE, BROWSE = "File", "Browse…"
PROPOSED_NAME = "workspace"
REPLACES, REPLACE = "A file of this name exists and is replaced.", "Replace"
FILES_AT_WORK = "Writing or reading files…"

# Before closing, and before another workspace is opened
QUESTION = "Save the results before they are closed?"
QUESTION_DETAILS = "Maps, checks, curves, regions and measurements that are not saved are lost."
SAVE, DISCARD, CANCEL = "Save", "Discard", "Cancel"

# The options of saving
OPTIONS = "What the file will contain"
CONTENTS = (
    "The pictures as displayed, maps with their parameters and checks, curves, regions, measurements,"
    " impressions and decisions; of each source its name, hash and place, but not the source itself."
)
LEAVE_OUT_PATHS = "Leave out folder names"
LEAVE_OUT_PATHS_NOTE = (
    "Sources are then found only beside the workspace or located by hand. A folder or file name with a part"
    " of the patient's name or number is always left out, unless the identity is included."
)
WITH_IDENTITY = "Include the patient's identity"
WITH_IDENTITY_NOTE = (
    "Name, number, dates and institution from the header are written into the file, and names of files and"
    " folders that hold them."
)

# Sources
LOCATE = "Locate…"
LOCATE_FILE, LOCATE_FOLDER = "Locate the image", "Locate the folder of the images"
MISSING_HINT = "Its maps stay in the workspace; locate the file to see them."
CHANGED_HINT = "Its maps stay in the workspace; locate the original file to see them."
MODEL_HINT = "Its maps stay in the workspace; install the model to see them."

SAVED_PICTURE = "Saved picture"

# Work that was not saved
RESTORE, DISCARD_WORK = "Restore", "Discard"
RESTORED = "Restored workspace"
UNSAVED_HINT = "Nothing is opened before you decide."
FROM_WORKSPACE = "from the workspace"


def title(name: str, app: str) -> str:
    """The title of the window; Qt shows its mark of unsaved changes at [*]."""
    return f"{name.replace('[*]', '')}[*] - {app}"


def hidden_paths(count: int) -> str:
    """Of so many cases the place of the image is not in the file."""
    subject = "one image names" if count == 1 else f"{count} images name"
    return (
        f"The folder or file of {subject} the patient and is not in the workspace; when it is opened, locate"
        " it by hand or keep it beside the workspace."
    )


def missing(names: Sequence[str]) -> str:
    """Sources that were not found; names: of their files."""
    return f"{_named(names)} of the workspace {'was' if len(names) == 1 else 'were'} not found."


def changed(names: Sequence[str]) -> str:
    """Sources whose content is not that of which the results were computed."""
    verb = "has" if len(names) == 1 else "have"
    return f"{_named(names)} of the workspace {verb} changed since the results were computed."


def unverified(names: Sequence[str]) -> str:
    """Sources of which no hash was saved, whose content may be another one."""
    return (
        f"{_named(names)} of the workspace may not be what the results were computed of: no hash was saved,"
        " so that it could not be compared."
    )


def saved_picture(name: str, is_changed: bool) -> str:
    """Above the picture of an image that cannot be shown itself."""
    reason = "has changed" if is_changed else "is missing"
    return f"Saved picture; the image {name} {reason}."


def other_grids(names: Sequence[str]) -> str:
    """Sources that their model places on its grid in another way than when the results were computed."""
    verb = "is shown without its" if len(names) == 1 else "are shown without their"
    reason = "the model scales or crops images in another way now"
    return f"{_named(names)} of the workspace {verb} results, which stay in it: {reason}."


def no_models(names: Sequence[str]) -> str:
    """Models of the workspace that are not installed."""
    return f"Models of the workspace that are not installed: {', '.join(names)}."


def other_models(names: Sequence[str]) -> str:
    """Models whose weights are not those of which the results were computed."""
    return f"The maps of the workspace stay as saved; the weights of {', '.join(names)} have changed since."


def unsaved_work(saved_at: datetime) -> str:
    """What a run of the program left that has not ended normally; saved_at: in local time."""
    return f"The program ended unexpectedly; results from {saved_at:%Y-%m-%d %H:%M} were not saved."


def _named(names: Sequence[str], most: int = 3) -> str:
    if len(names) == 1:
        return f"The image {names[0]}"
    listed = ", ".join(names[:most])
    return f"{len(names)} images ({listed}{', …' if len(names) > most else ''})"
