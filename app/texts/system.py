"""Texts on what the program needs of the computer."""

from collections.abc import Sequence

NO_SCREEN = "There is no screen on which the window could open: neither DISPLAY nor WAYLAND_DISPLAY is set."
NO_SCREEN_HINT = "Without one use the command line; see `saliscope --help`."


def lacks(library: str) -> str:
    return f"The window needs {library}, which this system lacks."


def install(packages: Sequence[str]) -> str:
    """How to get Debian's packages of these names."""
    if not packages:
        return "Install it with your system's package manager."
    return f"On Debian and Ubuntu: `sudo apt install {' '.join(packages)}`."
