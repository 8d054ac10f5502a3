"""Texts of exports."""

from collections.abc import Sequence

from core.exports.contract import IdentityUse
from core.number_text import counted

IDENTITY: dict[IdentityUse, str] = {
    "none": "The files hold no identity of the patient.",
    "by choice": "The files hold the patient's identity only if you choose so.",
    "of the source": "The files hold the patient's identity as it stands in the source.",
}

EXPORT, EXPORT_AS = "Export", "Export as"
EXPORT_LIST = "Forms of export"
OPTIONS, FILE, CHOOSE_FILE, BROWSE, CANCEL = "Options", "File", "Choose a file", "Browse…", "Cancel"
NOT_POSSIBLE = "Not possible now: "
NOT_WITH_OPTIONS = "Not possible with these options: "
REPLACES = "A file of this name exists and is replaced."
BAD_NAME = "No file can have this name."
NO_FOLDER = "This folder does not exist; it is made."
SHOW_IN_FOLDER = "Show in folder"
NOTHING_SHOWN = "There is nothing to export yet."
OPEN_FIRST = "Open an image and let the model predict it."
COPY_TABLE = "Copy table"


def entry_words(title: str, is_possible: bool) -> str:
    """How an export stands in the list; by more than its colour."""
    return title if is_possible else f"{title} (not possible)"


def of_map(name: str, is_shown: bool) -> str:
    """Which map a file holds."""
    return f"Map: {name}{' (the one shown)' if is_shown else ''}."


def written(names: tuple[str, ...]) -> str:
    """names: of the files without their folder."""
    return f"Exported: {', '.join(names)}."


def replaced(names: Sequence[str]) -> str:
    """names: of files beside the main one that are replaced with it."""
    verb = "exists and is" if len(names) == 1 else "exist and are"
    return f"{', '.join(names)} {verb} replaced."


def exported(count: int, failed: int, left_out: int) -> str:
    """How a batch went."""
    words = [f"{counted(count, 'export')} written"]
    if failed:
        words.append(f"{failed:,} failed")
    if left_out:
        words.append(f"{left_out:,} {'does' if left_out == 1 else 'do'} not apply")
    return f"{', '.join(words)}."


def same_reason(first: str, count: int) -> str:
    """count: of further exports. first: the export where the reason was told."""
    return f"{counted(count, 'other export')}: the same as {first}."


def exports_with_identity(titles: Sequence[str]) -> str:
    """Said before any of them is written."""
    return f"Of DICOM images with the patient's identity as it stands there: {', '.join(titles)}."


def exports_without_identity(titles: Sequence[str]) -> str:
    """What a batch leaves out, and how it is had."""
    return f"Left out, as they hold the patient's identity: {', '.join(titles)}. --identity writes them too."
