"""Texts of licences, logs, and the report of a fault."""

LICENCES = "Licences"
LICENCES_LIST = "Parts of the program"
LICENCE_TEXT = "Text of the licence"
READING_LICENCES = "The licences are being read."
NO_TEXT = "Its terms are those of the licence above."
BUNDLE = "Save report"
BUNDLE_NOTE = (
    "This is all that the report holds: logs, versions, settings and the last self-test. It names no patient,"
    " no file and no folder. Nothing is sent; you decide what becomes of the file."
)
BUNDLE_CONTENTS = "Contents of the report"
BUNDLE_FILTER = "ZIP archive (*.zip)"
BUNDLE_NAME = "saliscope-report.zip"
SAVE = "Save as…"
CLOSE = "Close"
SAVED = "The report was saved."


def licence_line(name: str, version: str, licence: str) -> str:
    """A part in the list."""
    return f"{name} {version}".rstrip() + f" ({licence})"
