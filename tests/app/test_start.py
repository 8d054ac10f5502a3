"""What is loaded before the first window, and in which order."""

import subprocess
import sys

from app.__main__ import BEFORE_QT

SCRIPT = """
import sys
from app.__main__ import load_before_qt
load_before_qt()
early = set(sys.modules)
import app.window.main_window
print(*sorted(early), "-", *sorted(set(sys.modules) - early))
"""
# Each takes longer to load than the window may take to open, or is needed only for what is asked for later.
NOT_AT_THE_START = ("scipy", "pydicom", "nibabel", "matplotlib", "skimage", "tensorflow", "keras")


def test_that_the_engines_modules_come_before_qt_and_slow_libraries_not_at_all() -> None:
    result = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=True)
    early, late = (words.split() for words in result.stdout.split(" - "))
    assert {"numpy", "pydantic", *BEFORE_QT} <= set(early)
    assert not [name for name in early if name.startswith("PySide6")]
    assert "PySide6.QtWidgets" in late
    packages = {name.partition(".")[0] for name in (*early, *late)}
    assert not packages & set(NOT_AT_THE_START)
