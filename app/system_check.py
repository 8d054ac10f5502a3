"""Whether this computer can show the window at all, told in one sentence instead of Qt's end of the process.

Qt is imported in the functions alone: its own libraries may be what is missing.
"""

import ctypes
import sys
from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

from app.texts import system as texts
from core.errors import UnsupportedComputer
from core.system_libraries import (
    QT_LIBRARIES,
    SCREEN_LIBRARIES,
    MissingLibrary,
    has_screen,
    missing_libraries,
    missing_library_of,
)

Load = Callable[[str], Any]


def require_window(environment: Mapping[str, str]) -> None:
    """Raises UnsupportedComputer where Qt lacks a library of the system, or there is no screen."""
    if not has_screen(environment, sys.platform):
        raise UnsupportedComputer(texts.NO_SCREEN, texts.NO_SCREEN_HINT)
    require_qt()
    if sys.platform == "linux":
        from PySide6.QtCore import QLibraryInfo

        plugins = Path(QLibraryInfo.path(QLibraryInfo.LibraryPath.PluginsPath)) / "platforms"
        require_platform(plugins, environment)


def require_qt() -> None:
    """Load Qt's libraries for widgets. Raises UnsupportedComputer where one of the system's is missing."""
    try:
        import_module("PySide6.QtWidgets")
    except ImportError as error:
        library = missing_library_of(str(error))
        if library is None:
            raise
        raise _lacking(library, QT_LIBRARIES) from error


def require_platform(plugins: Path, environment: Mapping[str, str], load: Load = ctypes.CDLL) -> None:
    """Load the plugin with which Qt will open windows, as Qt would end the process where it cannot.

    plugins: the folder of Qt's plugins for platforms. load: opens a library. Raises UnsupportedComputer where
    a library is missing for every plugin that the environment allows.
    """
    missing: list[MissingLibrary] = []
    for name in platform_names(environment):
        for path in sorted(plugins.glob(f"libq{name}*.so")):
            try:
                load(str(path))
            except OSError as error:
                library = missing_library_of(str(error))
                if library is not None:
                    missing.append(library)
                    continue
            return
    if missing:
        raise _lacking(missing[-1], {**QT_LIBRARIES, **SCREEN_LIBRARIES})


def platform_names(environment: Mapping[str, str]) -> tuple[str, ...]:
    """Qt's names of the platforms that it tries here, such as xcb for X11."""
    chosen = environment.get("QT_QPA_PLATFORM", "")
    if chosen:
        return tuple(name.partition(":")[0] for name in chosen.split(";") if name)
    names = {"wayland": "WAYLAND_DISPLAY", "xcb": "DISPLAY"}
    return tuple(name for name, variable in names.items() if environment.get(variable))


def _lacking(library: MissingLibrary, needed: Mapping[str, str]) -> UnsupportedComputer:
    packages = sorted({*missing_libraries(needed).values(), *filter(None, [library.package])})
    return UnsupportedComputer(texts.lacks(library.words), texts.install(packages))
