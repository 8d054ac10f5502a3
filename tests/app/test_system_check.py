"""What the window needs of the system, and lacks: one sentence with the library and its Debian package."""

import os
import struct
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QLibraryInfo

from app.system_check import platform_names, require_platform
from core.errors import UnsupportedComputer
from core.system_libraries import ALL_LIBRARIES, missing_library_of

NO_SUCH_FILE = "cannot open shared object file: No such file or directory"
DISPLAYS = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")


@pytest.fixture
def without_egl(tmp_path: Path, repository: Path) -> dict[str, str]:
    """The environment of a computer with a screen and without libEGL, on which Qt cannot be imported."""
    package = tmp_path / "PySide6"
    package.mkdir()
    (package / "__init__.py").touch()
    for module in ("QtCore", "QtGui", "QtWidgets"):
        text = f"raise ImportError('libEGL.so.1: {NO_SUCH_FILE}')\n"
        (package / f"{module}.py").write_text(text, encoding="utf-8")
    path = os.pathsep.join((str(tmp_path), str(repository)))
    return {**os.environ, "PYTHONPATH": path, "QT_QPA_PLATFORM": "offscreen"}


def started(environment: dict[str, str], *arguments: str) -> tuple[int, str]:
    """Exit code and standard error of the program."""
    done = subprocess.run(
        [sys.executable, "-P", "-m", "saliscope", *arguments],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stderr


@pytest.mark.parametrize("arguments", [(), ("self-test", "--out", "nowhere")])
def test_that_a_missing_library_of_qt_is_named_in_one_line_with_its_package(
    without_egl: dict[str, str], tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    code, errors = started(without_egl, *arguments)
    assert code == 6
    assert errors.startswith(
        "saliscope: error: The window needs the library libEGL.so.1 (package libegl1 in Debian), which this "
        "system lacks. On Debian and Ubuntu: `sudo apt install "
    )
    assert "libegl1" in errors.partition("sudo apt install ")[2]
    assert errors.count("\n") == 1


def test_that_a_missing_screen_is_told_in_one_line_instead_of_an_abort() -> None:
    environment = {name: value for name, value in os.environ.items() if name not in DISPLAYS}
    assert started(environment) == (
        6,
        "saliscope: error: There is no screen on which the window could open: neither DISPLAY nor "
        "WAYLAND_DISPLAY is set. Without one use the command line; see `saliscope --help`.\n",
    )


@pytest.fixture
def plugins(tmp_path: Path) -> Path:
    for name in ("libqxcb.so", "libqwayland.so", "libqoffscreen.so"):
        (tmp_path / name).touch()
    return tmp_path


def loader(**missing: str) -> Callable[[str], None]:
    """Opens libraries but those of `missing`, which maps a plugin's name to the library that it lacks."""

    def load(path: str) -> None:
        library = missing.get(Path(path).stem)
        if library:
            raise OSError(f"{library}: {NO_SUCH_FILE}")

    return load


@pytest.mark.parametrize(
    ("library", "package"), [("libxcb-cursor.so.0", "libxcb-cursor0"), ("libGL.so.1", "libgl1")]
)
def test_that_a_library_that_the_plugin_for_x11_lacks_is_named(
    plugins: Path, library: str, package: str
) -> None:
    with pytest.raises(UnsupportedComputer) as caught:
        require_platform(plugins, {"DISPLAY": ":0"}, loader(libqxcb=library))
    assert caught.value.exit_code == 6
    assert caught.value.message == (
        f"The window needs the library {library} (package {package} in Debian), which this system lacks."
    )
    assert package in caught.value.hint


def test_that_one_working_plugin_is_enough(plugins: Path) -> None:
    both = {"DISPLAY": ":0", "WAYLAND_DISPLAY": "wayland-0"}
    load = loader(libqwayland="libwayland-cursor.so.0")
    require_platform(plugins, both, load)
    with pytest.raises(UnsupportedComputer, match="libwayland-cursor0"):
        require_platform(plugins, {"WAYLAND_DISPLAY": "wayland-0"}, load)
    # What Qt is told to use counts alone.
    require_platform(plugins, {**both, "QT_QPA_PLATFORM": "offscreen"}, loader(libqxcb="libGL.so.1"))


def test_that_a_plugin_that_fails_for_another_reason_is_left_to_qt(plugins: Path) -> None:
    def load(path: str) -> None:
        raise OSError("undefined symbol: qt_version")

    require_platform(plugins, {"DISPLAY": ":0"}, load)
    require_platform(plugins / "none", {"DISPLAY": ":0"}, load)


def test_that_the_names_of_the_platforms_are_those_of_qts_plugins() -> None:
    plugins = Path(QLibraryInfo.path(QLibraryInfo.LibraryPath.PluginsPath)) / "platforms"
    names = platform_names({"DISPLAY": ":0", "WAYLAND_DISPLAY": "wayland-0"})
    assert names == ("wayland", "xcb")
    assert all(list(plugins.glob(f"libq{name}*.so")) for name in names)
    assert platform_names({"QT_QPA_PLATFORM": "vnc:size=9x9;xcb", "DISPLAY": ":0"}) == ("vnc", "xcb")


@pytest.mark.parametrize(
    ("message", "library", "package"),
    [
        (f"libstdc++.so.6: {NO_SUCH_FILE}", "libstdc++.so.6", "libstdc++6"),
        (f"libodd.so: {NO_SUCH_FILE}", "libodd.so", ""),
    ],
)
def test_that_the_loaders_message_names_the_library(message: str, library: str, package: str) -> None:
    missing = missing_library_of(message)
    assert missing is not None
    assert (missing.library, missing.package) == (library, package)


@pytest.mark.parametrize("message", ["No module named 'PySide6'", "/usr/lib/libGL.so.1: invalid ELF header"])
def test_that_another_message_names_none(message: str) -> None:
    assert missing_library_of(message) is None


def _needed(file: Path) -> list[str]:
    """The libraries that an ELF file of 64 bits names: https://refspecs.linuxfoundation.org/elf/elf.pdf"""
    data = file.read_bytes()
    assert data[:6] == b"\x7fELF\x02\x01"
    start, size, count = *struct.unpack_from("<Q", data, 0x20), *struct.unpack_from("<HH", data, 0x36)
    # Of each segment: type, flags, offset in the file, address, physical address, size in the file.
    segments = [struct.unpack_from("<IIQQQQ", data, start + number * size) for number in range(count)]
    entries = next((offset, length) for kind, _, offset, _, _, length in segments if kind == 2)
    tags = list(struct.iter_unpack("<qQ", data[entries[0] : sum(entries)]))
    address = next(value for tag, value in tags if tag == 5)
    names = next(
        offset + address - place
        for kind, _, offset, place, _, length in segments
        if kind == 1 and place <= address < place + length
    )
    starts = [names + value for tag, value in tags if tag == 1]
    return [data[at : data.index(b"\0", at)].decode() for at in starts]


def test_that_every_library_that_qts_plugins_need_is_in_the_list() -> None:
    """Read from the files themselves, so that a new Qt that needs another library is noticed."""
    folder = Path(QLibraryInfo.path(QLibraryInfo.LibraryPath.PluginsPath)) / "platforms"
    libraries = Path(QLibraryInfo.path(QLibraryInfo.LibraryPath.LibrariesPath))
    files = [*folder.glob("libqxcb.so"), *folder.glob("libqwayland*.so"), *folder.glob("libqoffscreen.so")]
    files += [libraries / f"libQt6{name}.so.6" for name in ("Core", "Gui", "Widgets", "DBus", "XcbQpa")]
    assert len(files) >= 8
    needed = {name for file in files for name in _needed(file)}
    shipped = {path.name for path in libraries.iterdir()}
    of_glibc = {"libc.so.6", "libm.so.6", "libdl.so.2", "libpthread.so.0", "librt.so.1", "libresolv.so.2"}
    # It comes with the library that stands for it: libgthread-2.0.so.0.
    of_glib = {"libglib-2.0.so.0"}
    rest = {name for name in needed - shipped - of_glibc - of_glib if not name.startswith("ld-linux")}
    assert rest <= set(ALL_LIBRARIES)
