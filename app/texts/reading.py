"""The sentences on files that cannot be read, or were read otherwise than they say."""

from core.errors import Unreadable
from core.readers.protocol import Contents

# As many reasons as a line above the image can hold.
MOST_REASONS = 3
DISMISS_ALL = "Dismiss all"
PATH_IS_NO_TEXT = "The path holds bytes that are no text."
PATH_IS_NO_TEXT_HINT = "Rename the file or folder."


def some_failed(found: Contents) -> Unreadable:
    """The failures of a folder as one error: how many, of how many, and why the first ones did."""
    count = len(found.failures)
    reasons = [failure.message for failure in found.failures[:MOST_REASONS]]
    if count > MOST_REASONS:
        reasons.append(f"And {count - MOST_REASONS:,} more.")
    return Unreadable(f"{count:,} of {found.files:,} files could not be read.", " ".join(reasons))


def earlier(count: int) -> str:
    """For the errors that find no room."""
    return f"And {count} earlier {'error' if count == 1 else 'errors'}."
