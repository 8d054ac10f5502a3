"""The one-folder program: run PyInstaller, then take away what the program never loads."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

# The folder that PyInstaller makes beside the program, with everything but the program itself.
CONTENTS = "_internal"
# Paths under CONTENTS that are removed after the build; packaging/README.md says why each is safe.
LEFT_OUT = (
    "PySide6/**/*.pyi",
    "tensorflow/**/*.pyi",
    "**/*.dist-info/RECORD",
    "**/*.dist-info/direct_url.json",
    "**/*.dist-info/uv_cache.json",
    "PySide6/Qt/translations/*",
    "PySide6/Qt/plugins/egldeviceintegrations/*",
    "PySide6/Qt/plugins/generic/*",
    "PySide6/Qt/plugins/networkinformation/*",
    "PySide6/Qt/plugins/tls/*",
    "PySide6/Qt/plugins/wayland-graphics-integration-client/*",
    "PySide6/Qt/plugins/xcbglintegrations/*",
    "PySide6/Qt/lib/libQt6EglFS*",
    "PySide6/Qt/lib/libQt6EglFs*",
    "PySide6/Qt/lib/libQt6Network*",
    "PySide6/Qt/plugins/platforms/libqeglfs.so",
    "PySide6/Qt/plugins/platforms/libqlinuxfb.so",
    "PySide6/Qt/plugins/platforms/libqvkkhrdisplay.so",
    "PySide6/Qt/plugins/platforms/libqvnc.so",
    "PySide6/Qt/plugins/platforms/libqminimalegl.so",
    "tensorflow/include/**/*",
    "tensorflow/xla_aot_runtime_src/**/*",
    "matplotlib/mpl-data/sample_data/**/*",
    "matplotlib/mpl-data/images/**/*",
)
# Their symbol tables, which only debuggers read, are a quarter of their size. Other libraries keep theirs:
# what was changed by patchelf, as numpy's and scipy's, may break.
STRIPPED = "tensorflow/**/*.so*"


def freeze(root: Path, resources: Path, work: Path, epoch: int, icon: Path | None = None) -> Path:
    """Build the program from the source tree `root`; returns its folder, `work/dist/saliscope`.

    resources: what the program gets as its folder `resources`. icon: the file of the program's icon, on
    systems whose programs hold it; it is put into the folder as well.
    """
    environment = {
        **os.environ,
        "SALISCOPE_RESOURCES": str(resources),
        # The order of what PyInstaller stores depends on Python's hashes otherwise.
        "PYTHONHASHSEED": "0",
        "SOURCE_DATE_EPOCH": str(epoch),
        **({"SALISCOPE_ICON": str(icon)} if icon is not None else {}),
    }
    command = [sys.executable, "-m", "PyInstaller", "--noconfirm", "--clean", "--log-level", "WARN"]
    folders = ["--workpath", str(work / "analysis"), "--distpath", str(work / "dist")]
    spec = root / "packaging" / "saliscope.spec"
    subprocess.run([*command, *folders, str(spec)], cwd=root, env=environment, check=True)
    program = work / "dist" / "saliscope"
    if icon is not None:
        shutil.copyfile(icon, program / icon.name)
    trim(program)
    return program


def trim(program: Path) -> None:
    """Remove LEFT_OUT, links that lead nowhere then, and empty folders; strip what may be stripped."""
    contents = program / CONTENTS
    for pattern in LEFT_OUT:
        for path in sorted(contents.glob(pattern)):
            if path.is_file() or path.is_symlink():
                path.unlink()
    for path in contents.rglob("*"):
        if path.is_symlink() and not path.exists():
            path.unlink()
    for path in sorted(contents.rglob("*"), reverse=True):
        if path.is_dir() and not path.is_symlink() and not any(path.iterdir()):
            path.rmdir()
    if shutil.which("strip"):
        for path in sorted(contents.glob(STRIPPED)):
            if path.is_file() and not path.is_symlink():
                subprocess.run(["strip", "--strip-unneeded", str(path)], check=True)
