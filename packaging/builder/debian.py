"""The Debian package: what lies where, the control file, and its build with dpkg-deb."""

import gzip
import os
import re
import shutil
import subprocess
from collections.abc import Iterable, Mapping
from pathlib import Path

PACKAGE = "saliscope"
# Software that does not come from the distribution lies there (Filesystem Hierarchy Standard, 3.13).
PROGRAM_FOLDER = "opt/saliscope"
ICON_SIZES = (16, 24, 32, 48, 64, 128, 256, 512)
MAINTAINER = "Saliscope maintainers <maintainers@users.noreply.github.com>"
_GLIBC = re.compile(rb"GLIBC_2\.(\d+)")


def needed_glibc(folder: Path) -> str:
    """The newest version of the C library that any compiled file in the folder names, such as 2.36."""
    newest = 0
    for path in folder.rglob("*"):
        if path.is_symlink() or not path.is_file():
            continue
        content = path.read_bytes()
        if content.startswith(b"\x7fELF"):
            newest = max(newest, *(int(minor) for minor in _GLIBC.findall(content)), 0)
    return f"2.{newest}"


def control_file(
    version: str, installed_kib: int, dependencies: Iterable[str], summary: str, description: str
) -> str:
    """The control file of a package. description: paragraphs apart by empty lines."""
    lines = [row or "." for row in description.strip().splitlines()]
    return "\n".join(
        [
            f"Package: {PACKAGE}",
            f"Version: {version}",
            "Architecture: amd64",
            f"Maintainer: {MAINTAINER}",
            f"Installed-Size: {installed_kib}",
            f"Depends: {', '.join(dependencies)}",
            "Section: science",
            "Priority: optional",
            f"Description: {summary}",
            *(f" {row}" for row in lines),
            "",
        ]
    )


def dependencies(libraries: Mapping[str, str], fonts: str, glibc: str) -> list[str]:
    """What the package depends on, sorted. libraries: the Debian package of each shared library."""
    # A system without any of these fonts has another one just as well.
    return [f"libc6 (>= {glibc})", *sorted(set(libraries.values())), f"{fonts} | fonts-freefont-ttf"]


def add_system_files(root: Path, sources: Path, icons: Path, manual: str, changelog: str, epoch: int) -> None:
    """Everything of the package beside the program.

    root: of the package. sources: the folder `packaging/linux`. icons: SIZE.png and saliscope.svg.
    manual: the manual page. changelog: in Markdown. epoch: the time that compressed files carry.
    """
    share = root / "usr" / "share"
    _copy(sources / "saliscope.desktop", share / "applications" / "saliscope.desktop")
    _copy(sources / "saliscope.xml", share / "mime" / "packages" / "saliscope.xml")
    _copy(sources / "saliscope.metainfo.xml", share / "metainfo" / "saliscope.metainfo.xml")
    _copy(sources / "copyright", share / "doc" / PACKAGE / "copyright")
    _write_compressed(share / "doc" / PACKAGE / "changelog.gz", changelog, epoch)
    _write_compressed(share / "man" / "man1" / "saliscope.1.gz", manual, epoch)
    hicolor = share / "icons" / "hicolor"
    for size in ICON_SIZES:
        _copy(icons / f"{size}.png", hicolor / f"{size}x{size}" / "apps" / "saliscope.png")
    _copy(icons / "saliscope.svg", hicolor / "scalable" / "apps" / "saliscope.svg")
    command = root / "usr" / "bin" / "saliscope"
    command.parent.mkdir(parents=True)
    command.symlink_to(f"/{PROGRAM_FOLDER}/saliscope")


def build_package(root: Path, control: str, target: Path, epoch: int) -> None:
    """Make the package `target` of the folder `root`, with every file owned by root and of one time."""
    information = root / "DEBIAN"
    information.mkdir()
    (information / "control").write_text(control, encoding="utf-8")
    (information / "md5sums").write_text(_md5_sums(root), encoding="utf-8")
    settle(root, epoch)
    # One thread, so that the package does not depend on the number of cores.
    compression = ("-Zzstd", "-z12", "--threads-max=1")
    subprocess.run(
        ["dpkg-deb", "--root-owner-group", *compression, "--build", str(root), str(target)],
        env={**os.environ, "SOURCE_DATE_EPOCH": str(epoch)},
        check=True,
        stdout=subprocess.DEVNULL,
    )


def settle(root: Path, epoch: int) -> None:
    """Give every file and folder the same time, and the permissions of installed files."""
    for path in [root, *root.rglob("*")]:
        if not path.is_symlink():
            is_program = path.is_dir() or os.access(path, os.X_OK)
            path.chmod(0o755 if is_program else 0o644)
        os.utime(path, (epoch, epoch), follow_symlinks=False)


def installed_size_kib(root: Path) -> int:
    """The size of all files, each rounded up to whole KiB, as dpkg counts it."""
    files = (path for path in root.rglob("*") if path.is_file() and not path.is_symlink())
    return sum(-(-path.stat().st_size // 1024) for path in files)


def _md5_sums(root: Path) -> str:
    """What `dpkg --verify` compares with; links have no sum."""
    files = sorted(path for path in root.rglob("*") if path.is_file() and not path.is_symlink())
    names = [path.relative_to(root).as_posix() for path in files]
    done = subprocess.run(
        ["xargs", "-0", "md5sum"],
        input="\0".join(name for name in names if not name.startswith("DEBIAN/")),
        cwd=root,
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)


def _write_compressed(target: Path, text: str, epoch: int) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(gzip.compress(text.encode("utf-8"), mtime=epoch))
