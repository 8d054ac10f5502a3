"""The libraries in a program folder that come from the build system and not from a Python package."""

import _decimal
import hashlib
import subprocess
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib.metadata import distributions
from pathlib import Path

# By the beginning of a file's name; the texts are in resources/licences/Python-libraries.txt.
KNOWN = {
    "libbz2": ("bzip2", "bzip2-1.0.6"),
    "libcrypto": ("OpenSSL", "Apache-2.0"),
    "libexpat": ("Expat", "MIT"),
    "libffi": ("libffi", "MIT"),
    "libgcc_s": ("GCC run-time libraries", "GPL-3.0-or-later WITH GCC-exception-3.1"),
    "libgomp": ("GCC run-time libraries", "GPL-3.0-or-later WITH GCC-exception-3.1"),
    "libstdc++": ("GCC run-time libraries", "GPL-3.0-or-later WITH GCC-exception-3.1"),
    "liblzma": ("XZ Utils", "public domain; from version 5.6 on 0BSD"),
    "libmpdec": ("mpdecimal", "BSD-2-Clause"),
    "libncurses": ("ncurses", "X11-distribute-modifications-variant"),
    "libpanel": ("ncurses", "X11-distribute-modifications-variant"),
    "libtinfo": ("ncurses", "X11-distribute-modifications-variant"),
    "libsqlite3": ("SQLite", "public domain"),
    "libssl": ("OpenSSL", "Apache-2.0"),
    "libuuid": ("libuuid", "BSD-3-Clause"),
    "libz": ("zlib", "Zlib"),
}
UNKNOWN_LICENCE = "see Python-libraries.txt"


@dataclass(frozen=True, slots=True)
class SharedLibrary:
    """file: its name; empty for one that is compiled into Python. version: empty where nothing tells it.

    package: of the build system, which brought the file, as Debian names it.
    """

    file: str
    name: str
    version: str
    licence: str
    package: str = ""
    sha256: str = ""


def shared_libraries(
    program: Path,
    of_packages: Iterable[str] | None = None,
    owner: Callable[[str], tuple[str, str]] | None = None,
) -> list[SharedLibrary]:
    """Those in a program folder, sorted by file, then those that are compiled into Python.

    of_packages: names of files that Python packages brought, by default of all that are installed here.
    owner: the package of the build system with its version by a file's name, by default dpkg's.
    """
    known_files = set(_files_of_packages() if of_packages is None else of_packages)
    found: list[SharedLibrary] = []
    for path in sorted(program.rglob("lib*.so*"), key=lambda each: each.name):
        is_new = path.name not in {each.file for each in found}
        if is_new and path.name not in known_files and not path.name.startswith("libpython"):
            found.append(_library(path, *(owner or _debian_package)(path.name)))
    names = {each.name for each in found}
    compiled_in = (("libmpdec", _decimal.__libmpdec_version__), ("libz", zlib.ZLIB_RUNTIME_VERSION))
    for key, version in compiled_in:
        name, licence = KNOWN[key]
        if name not in names:
            found.append(SharedLibrary("", name, version, licence))
    return found


def _library(path: Path, package: str, version: str) -> SharedLibrary:
    stem = path.name.partition(".so")[0]
    key = next((key for key in sorted(KNOWN, key=len, reverse=True) if stem.startswith(key)), "")
    name, licence = KNOWN.get(key, (stem, UNKNOWN_LICENCE))
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return SharedLibrary(path.name, name, version, licence, package, digest)


def _files_of_packages() -> set[str]:
    return {Path(str(file)).name for each in distributions() for file in each.files or ()}


def _debian_package(file: str) -> tuple[str, str]:
    """Name and version of the package that holds a file of this name; empty where dpkg knows none."""
    try:
        search = subprocess.run(
            ["dpkg-query", "--search", f"*/{file}"], capture_output=True, text=True, check=False
        )
        package = search.stdout.partition(": ")[0].partition(",")[0]
        if search.returncode or not package:
            return "", ""
        show = ["dpkg-query", "--show", "--showformat=${Version}", package]
        version = subprocess.run(show, capture_output=True, text=True, check=True).stdout
    except FileNotFoundError:  # a system without dpkg
        return "", ""
    return package.partition(":")[0], version
