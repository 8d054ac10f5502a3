"""A screen of its own for real windows."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

from core.system_libraries import X11_LIBRARIES, missing_libraries


@contextmanager
def virtual_screen(size: str) -> Iterator[dict[str, str]]:
    """The environment in which windows appear on a screen of this size, such as `1280x720`.

    Under Xvfb where that and what Qt needs for X are installed, else off-screen.
    """
    xvfb = shutil.which("Xvfb")
    if xvfb is None or missing_libraries(X11_LIBRARIES):
        yield {"QT_QPA_PLATFORM": "offscreen"}
        return
    reading, writing = os.pipe()
    command = [xvfb, "-displayfd", str(writing), "-screen", "0", f"{size}x24", "-nolisten", "tcp"]
    server = subprocess.Popen(command, pass_fds=[writing], stderr=subprocess.DEVNULL)
    os.close(writing)
    with os.fdopen(reading) as answer:
        display = answer.readline().strip()
    try:
        yield {"QT_QPA_PLATFORM": "xcb", "DISPLAY": f":{display}"}
    finally:
        server.terminate()
        server.wait()
