"""Which shared libraries the program takes from the system, read from its files."""

import subprocess
from collections.abc import Iterable, Mapping
from pathlib import Path

# Part of the C library.
OF_LIBC = (
    "ld-linux-x86-64.so.2",
    "libc.so.6",
    "libdl.so.2",
    "libm.so.6",
    "libpthread.so.0",
    "librt.so.1",
    "libutil.so.1",
)
# Libraries that the package of another one brings as well.
BROUGHT_ALONG = {"libglib-2.0.so.0": "libgthread-2.0.so.0"}
# Plugins of Qt that are loaded only where the desktop has what they need, by their names.
OPTIONAL = ("libqgtk3.so",)


def needed_by(path: Path) -> list[str]:
    """The names of the shared libraries that a file needs; none where it is no compiled one."""
    with path.open("rb") as file:
        if file.read(4) != b"\x7fELF":
            return []
    command = ["readelf", "--dynamic", "--wide", str(path)]
    output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return [line.rpartition("[")[2].rstrip("]") for line in output.splitlines() if "(NEEDED)" in line]


def libraries_of_system(program: Path) -> set[str]:
    """What the files of the program need and its folder does not hold, the C library apart."""
    files = [path for path in program.rglob("*") if path.is_file()]
    shipped = {path.name for path in files}
    compiled = (path for path in files if not path.is_symlink() and path.name not in OPTIONAL)
    needed = {name for path in compiled for name in needed_by(path)}
    return needed - shipped - set(OF_LIBC)


def undeclared(needed: Iterable[str], declared: Mapping[str, str]) -> list[str]:
    """Those of the needed libraries that no declared package brings, sorted."""
    return sorted(name for name in set(needed) if BROUGHT_ALONG.get(name, name) not in declared)
