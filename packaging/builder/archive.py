"""The portable archive: the program folder with the marker file, packed by tar and zstd."""

import subprocess
from pathlib import Path

MARKER = "portable"
MARKER_TEXT = (
    "While this file lies beside the program, Saliscope keeps settings, models, logs and unsaved\n"
    "work in the folder data beside it, and nothing anywhere else.\n"
)


def pack(folder: Path, target: Path, epoch: int) -> None:
    """Make the archive `target` (.tar.zst) of the folder, the same to the byte for the same files."""
    tar = ["tar", "--create", "--sort=name", f"--mtime=@{epoch}", "--owner=0", "--group=0", "--numeric-owner"]
    # One worker whatever the machine has, so that the result does not depend on the number of its cores.
    compressor = "zstd -12 --long=27 --threads=1"
    subprocess.run(
        [
            *tar,
            f"--use-compress-program={compressor}",
            "-f",
            str(target),
            "-C",
            str(folder.parent),
            folder.name,
        ],
        check=True,
    )
