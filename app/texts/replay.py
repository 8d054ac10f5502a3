"""Texts on a replay: every result of the workspace computed anew and compared with the saved one."""

from core.number_text import counted

REPLAY = "Compute again and compare (replay)"
SAVE_FIRST = "Save the workspace first?"
SAVE_FIRST_DETAILS = (
    "The replay reads the saved workspace and its images again, and compares every result with the saved one."
)
SAVE, CANCEL, CLOSE = "Save", "Cancel", "Close"
LINES, PROGRESS = "Results compared so far", "Progress of the replay"
STARTING = "The model is being loaded…"
IDENTICAL = "Every result is identical to the saved one, to the bit."
DIFFERENT = "Some results differ from the saved ones, or could not be computed again."
FAILED = "The replay could not be finished."
CANCELLED = "The replay was cancelled."
NOT_STARTED = "The replay could not be started."


def compared(count: int, total: int) -> str:
    """How far it is. total: of all results."""
    return f"{count:,} of {counted(total, 'result')} compared."
