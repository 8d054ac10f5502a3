"""Texts of the header of a file, and of its export without the identity."""

TAGS = "Header"
TAG_COLUMNS = ("Tag", "Type", "Name", "Value")
FILTER = "Filter by tag, name or value"
SHOW_IDENTITY = "Show identity"
NO_TAGS = "This format has no header elements."
NO_MATCH = "No element matches."
EXPORT_PLACE = "Folder in which the de-identified series gets a new folder"
EXPORT_FOLDER = "de-identified"
EXPORTING = "Exporting…"


def listed(shown: int, total: int) -> str:
    """How many elements are listed; shown: of those, how many match the filter."""
    return f"{total:,} elements" if shown == total else f"{shown:,} of {total:,} elements"


def exported(folder: str, files: int) -> str:
    return f"{files:,} {'file' if files == 1 else 'files'} without identity are in the folder {folder}."
