"""The libraries that the program takes from a Linux system and does not bring, with their Debian packages.

The one list of them: dev.py installs from it, a package depends on it, and the program names what is missing.
Standard library only, in the syntax of Python 3.8: dev.py reads it before anything is installed.
"""

from __future__ import annotations

import ctypes
import os
import re
import shutil
import subprocess
from typing import Callable, Mapping, NamedTuple

# What nearly every compiled library of the program needs. Debian always has them, other systems nearly so.
BASE_LIBRARIES = {
    "libgcc_s.so.1": "libgcc-s1",
    "libstdc++.so.6": "libstdc++6",
    "libz.so.1": "zlib1g",
    "libzstd.so.1": "libzstd1",
}
# Needed to import PySide6's QtGui at all.
QT_LIBRARIES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libX11.so.6": "libx11-6",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libgthread-2.0.so.0": "libglib2.0-0",
    "libxkbcommon.so.0": "libxkbcommon0",
}
# Needed only by the plugins that open a window on a screen: with X11, and with Wayland.
X11_LIBRARIES = {
    "libX11-xcb.so.1": "libx11-xcb1",
    "libxcb.so.1": "libxcb1",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render.so.0": "libxcb-render0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-shm.so.0": "libxcb-shm0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-util.so.1": "libxcb-util1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
}
WAYLAND_LIBRARIES = {
    "libwayland-client.so.0": "libwayland-client0",
    "libwayland-cursor.so.0": "libwayland-cursor0",
}
SCREEN_LIBRARIES = {**X11_LIBRARIES, **WAYLAND_LIBRARIES}
ALL_LIBRARIES = {**BASE_LIBRARIES, **QT_LIBRARIES, **SCREEN_LIBRARIES}
FONTS_PACKAGE = "fonts-dejavu-core"

_FONT_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.fonts", "~/.local/share/fonts")
_FONT_ENDINGS = (".ttf", ".otf", ".ttc", ".pfb")


def can_load(library: str) -> bool:
    """Whether the system's loader finds the library and all that it needs."""
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def missing_libraries(
    libraries: Mapping[str, str], is_there: Callable[[str], bool] = can_load
) -> dict[str, str]:
    """Those of the libraries that the system lacks, with the Debian package of each."""
    return {library: package for library, package in libraries.items() if not is_there(library)}


def has_font() -> bool:
    """Whether the system has any font that Qt can draw with."""
    for folder in _FONT_FOLDERS:
        for _, _, names in os.walk(os.path.expanduser(folder)):
            if any(name.lower().endswith(_FONT_ENDINGS) for name in names):
                return True
    return bool(shutil.which("fc-list") and subprocess.run(["fc-list"], capture_output=True).stdout)


def has_screen(environment: Mapping[str, str], platform: str) -> bool:
    """Whether a window can be shown; Qt's own platform choice counts as one."""
    if platform != "linux":
        return True
    return any(environment.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))


class MissingLibrary(NamedTuple):
    """A library that the loader did not find, and its Debian package; empty if unknown."""

    library: str
    package: str

    @property
    def words(self) -> str:
        """Such as 'the library libEGL.so.1 (package libegl1 in Debian)'."""
        package = f" (package {self.package} in Debian)" if self.package else ""
        return f"the library {self.library}{package}"

    @property
    def advice(self) -> str:
        """How to get it."""
        if self.package:
            return f"Install it, on Debian and Ubuntu with `sudo apt install {self.package}`."
        return "Install it with your system's package manager."


def missing_library_of(message: str) -> MissingLibrary | None:
    """The library that a loader's message says is missing; None if it says something else.

    message: of an OSError or ImportError, such as 'libEGL.so.1: cannot open shared object file: ...'.
    """
    match = re.match(r"([\w.+-]+\.so[\w.]*): cannot open shared object file", message)
    if match is None:
        return None
    return MissingLibrary(match.group(1), ALL_LIBRARIES.get(match.group(1), ""))
