"""The options of `python dev.py package`, which shows their help before anything is installed."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DESCRIPTION = "The program folder, the Debian package and the portable archive, in `dist`."


def parsed(arguments: Sequence[str]) -> argparse.Namespace:
    """The options of `dev.py package`."""
    parser = argparse.ArgumentParser(prog="dev.py package", description=DESCRIPTION)
    parser.add_argument(
        "--without-noncommercial",
        action="store_true",
        help="leave out models whose card says commercial_use: false",
    )
    parser.add_argument("--gpu", action="store_true", help="with NVIDIA's libraries for GPUs")
    parser.add_argument("--out", type=Path, default=ROOT / "dist", help="folder of the packages")
    stages = parser.add_mutually_exclusive_group()
    stages.add_argument("--folder-only", action="store_true", help="make the program folder alone")
    stages.add_argument("--packages-only", action="store_true", help="pack the program folder that is there")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    parsed(sys.argv[1:])
