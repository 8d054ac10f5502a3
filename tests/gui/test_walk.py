"""The walk through the real window at several sizes, in both schemes; pictures are left to be looked at.

SALISCOPE_WALK_PICTURES names the folder of the pictures; without it they are left in pytest's own.
Under Xvfb where that and what Qt needs for X are installed, else off-screen.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.gui.virtual_screen import virtual_screen

pytestmark = [pytest.mark.slow, pytest.mark.timeout(3600)]

# Name, logical size, scale.
VIEWS = (("1280x720", 1), ("1600x1000", 1), ("1280x720", 2))
# In physical pixels, as large as the largest view and no larger, so that what reaches beyond it is noticed.
SCREENS = {("1280x720", 1): "1280x720", ("1600x1000", 1): "1600x1000", ("1280x720", 2): "2560x1440"}


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    folder = os.environ.get("SALISCOPE_WALK_PICTURES")
    return Path(folder) if folder else tmp_path


@pytest.fixture
def screen(request: pytest.FixtureRequest) -> Iterator[dict[str, str]]:
    """The environment in which a window of the given size is shown."""
    with virtual_screen(request.param) as environment:
        yield environment


@pytest.mark.parametrize("scheme", ["dark", "light"])
@pytest.mark.parametrize(
    ("size", "scale", "screen"),
    [(size, scale, SCREENS[size, scale]) for size, scale in VIEWS],
    indirect=["screen"],
    ids=[f"{size}-{100 * scale}%" for size, scale in VIEWS],
)
def test_that_a_person_gets_through_the_window(
    repository: Path, pictures: Path, screen: dict[str, str], size: str, scale: int, scheme: str
) -> None:
    folder = pictures / f"{size}_{scale}x_{scheme}"
    command = [sys.executable, "-m", "tests.gui.walk", "--pictures", str(folder)]
    done = subprocess.run(
        [*command, "--size", size, "--scheme", scheme],
        check=False,
        cwd=repository,
        env={**os.environ, **screen, "QT_SCALE_FACTOR": str(scale), "TF_CPP_MIN_LOG_LEVEL": "2"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )
    print(done.stdout)
    assert done.returncode == 0, done.stdout + done.stderr[-3000:]
    assert len(list(folder.glob("*.png"))) >= 15
