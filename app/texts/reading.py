"""Texts on files that cannot be read, or only with a decision of the reader."""

from core.errors import Unreadable
from core.number_text import counted
from core.readers.protocol import Contents

# As many reasons as fit into a line above the image.
MOST_REASONS = 3
DISMISS_ALL = "Dismiss all"
PATH_IS_NO_TEXT = "The path is not valid text."
PATH_IS_NO_TEXT_HINT = "Rename the file or folder."


def some_failed(contents: Contents) -> Unreadable:
    """The failures of a folder as one error: their number, and the first reasons."""
    count = len(contents.failures)
    reasons = [failure.message for failure in contents.failures[:MOST_REASONS]]
    if count > MOST_REASONS:
        reasons.append(f"And {count - MOST_REASONS:,} more.")
    return Unreadable(f"{count:,} of {contents.files:,} files could not be read.", " ".join(reasons))


def earlier(count: int) -> str:
    """For the errors that are not displayed."""
    return f"And {counted(count, 'earlier error')}."
