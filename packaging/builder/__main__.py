"""`python dev.py package`: the program folder, the Debian package and the portable archive, in `dist`."""

import hashlib
import os
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Sequence
from pathlib import Path

from builder.archive import MARKER, MARKER_TEXT, pack
from builder.bundles import copy_resources
from builder.debian import (
    ICON_SIZES,
    PROGRAM_FOLDER,
    add_system_files,
    build_package,
    control_file,
    dependencies,
    installed_size_kib,
    needed_glibc,
    settle,
)
from builder.freeze import freeze
from builder.icons import ENDINGS, draw_icon_file, draw_icons
from builder.libraries import libraries_of_system, undeclared
from builder.manifest import NAME as MANIFEST
from builder.manifest import write_manifest
from builder.manual import manual_page
from builder.options import parsed
from builder.sbom import write_sbom
from builder.shared_libraries import shared_libraries
from core.licences import write_licences
from core.system_libraries import ALL_LIBRARIES, FONTS_PACKAGE

ROOT = Path(__file__).resolve().parents[2]
# Without and with the libraries for GPUs.
LOCKS = {False: "requirements-package.lock", True: "requirements-package-gpu.lock"}
SUMS = "SHA256SUMS"
ICON = ROOT / "resources" / "icons" / "saliscope.svg"
SUMMARY = "explains predictions of neural networks on medical images"
DESCRIPTION = """\
Saliscope opens a medical image (DICOM, NIfTI, PNG, JPEG, TIFF), runs a neural
network on it, explains why the network made its prediction, and measures how
far that explanation can be trusted. It works without a network.

For research and teaching. Not a medical device, not for diagnosis.
"""


def main(arguments: Sequence[str]) -> int:
    """Build what the arguments say. Returns the exit code."""
    options = parsed(arguments)
    version, epoch, work = _version(), _epoch(), options.out / "work"
    program = work / "dist" / "saliscope"
    if not options.packages_only:
        make_program(work, options.gpu, not options.without_noncommercial)
    elif not (program / MANIFEST).is_file():
        _say(f"there is no finished program folder at {program}.")
        return 1
    _say(f"{program} holds {installed_size_kib(program) / 1024:.0f} MiB")
    if options.folder_only or sys.platform != "linux":
        return 0
    missing = undeclared(libraries_of_system(program), ALL_LIBRARIES)
    if missing:
        _say(f"core/system_libraries.py does not name {', '.join(missing)}, which the program needs.")
        return 1
    name = f"saliscope{'-gpu' if options.gpu else ''}"
    package = options.out / f"{name}_{version}_amd64.deb"
    archive = options.out / f"{name}-{version}-linux-x86_64.tar.zst"
    (program / MARKER).unlink(missing_ok=True)
    make_debian_package(program, work / "debian", package, version, epoch)
    (program / MARKER).write_text(MARKER_TEXT, encoding="utf-8")
    pack(program, archive, epoch)
    (program / MARKER).unlink()
    write_sums((package, archive), options.out / SUMS)
    for path in (package, archive):
        _say(f"{path} has {path.stat().st_size / 1e6:.0f} MB")
    return 0


def write_sums(files: Sequence[Path], target: Path) -> None:
    """The SHA-256 of files beside `target`, as `sha256sum --check` reads them."""
    lines = []
    for path in files:
        with path.open("rb") as file:
            lines.append(f"{hashlib.file_digest(file, 'sha256').hexdigest()}  {path.name}\n")
    target.write_text("".join(lines), encoding="utf-8")


def make_program(work: Path, gpu: bool, with_noncommercial: bool) -> Path:
    """Build the program folder, with its manifest, licences and list of parts; returns it."""
    version, epoch, extras = _version(), _epoch(), ("gpu" if gpu else "cpu",)
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    left_out = copy_resources(ROOT / "resources", work / "resources", with_noncommercial)
    models = work / "resources" / "models"
    write_licences(work / "resources" / "licences" / "collected", extras, models)
    _say(f"building Saliscope {version}; models left out: {', '.join(left_out) or 'none'}")
    icon = None
    if sys.platform in ENDINGS:
        icon = work / f"saliscope{ENDINGS[sys.platform]}"
        draw_icon_file(ICON, icon)
    program = freeze(ROOT, work / "resources", work, epoch, icon)
    libraries = shared_libraries(program)
    write_sbom(program / "sbom.cdx.json", ROOT / LOCKS[gpu], extras, epoch, models, libraries)
    write_manifest(program, version, _commit(), left_out)
    settle(program, epoch)
    return program


def make_debian_package(program: Path, root: Path, target: Path, version: str, epoch: int) -> None:
    """Make the package `target` of the program folder; `root` is the folder of its files, made anew."""
    from app.command_line.group import saliscope

    shutil.rmtree(root, ignore_errors=True)
    shutil.rmtree(root.parent / "icons", ignore_errors=True)
    destination = root / PROGRAM_FOLDER
    destination.parent.mkdir(parents=True)
    # Links to the files of the program: they take no room, and the archive is made of the same ones.
    shutil.copytree(program, destination, symlinks=True, copy_function=os.link)
    icons = root.parent / "icons"
    draw_icons(ICON, icons, ICON_SIZES)
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    manual = manual_page(saliscope, version, epoch)
    add_system_files(root, ROOT / "packaging" / "linux", icons, manual, changelog, epoch)
    needed = dependencies(ALL_LIBRARIES, FONTS_PACKAGE, needed_glibc(program))
    control = control_file(version, installed_size_kib(root), needed, SUMMARY, DESCRIPTION)
    build_package(root, control, target, epoch)


def _version() -> str:
    with (ROOT / "pyproject.toml").open("rb") as file:
        return str(tomllib.load(file)["project"]["version"])


def _commit() -> str:
    """The commit of the source tree, `unknown` outside a repository; with + where files differ from it."""
    try:
        commit = subprocess.check_output(["git", "rev-parse", "HEAD"], cwd=ROOT, text=True).strip()
        changes = subprocess.check_output(["git", "status", "--porcelain"], cwd=ROOT, text=True)
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return commit + ("+" if changes.strip() else "")


def _epoch() -> int:
    """SOURCE_DATE_EPOCH where it is set, else the time of the commit, else that of CHANGELOG.md."""
    if value := os.environ.get("SOURCE_DATE_EPOCH"):
        return int(value)
    try:
        command = ["git", "log", "-1", "--format=%ct"]
        return int(subprocess.check_output(command, cwd=ROOT, text=True))
    except (OSError, ValueError, subprocess.CalledProcessError):
        return int((ROOT / "CHANGELOG.md").stat().st_mtime)


def _say(sentence: str) -> None:
    sys.stderr.write(f"package: {sentence}\n")
    sys.stderr.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
