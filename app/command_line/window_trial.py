"""The trial of the window: the short self-test, in a process of its own, since Qt and Keras never meet."""

import json
import shutil
import subprocess
from pathlib import Path

from core.errors import TimedOut
from core.link import child_environment
from core.number_text import fixed
from core.processes import program_command
from core.self_test.certificate import SCREENSHOT_NAME
from core.self_test.trial import Trial, TrialFailed

LIMIT_S = 900


def window_trial(work: Path, out: Path) -> Trial:
    """The window on a sample, from its prediction to its curves. out: gets the picture of it."""
    return Trial("Window", "Window, maps and curves of a sample", lambda: _open_window(work / "window", out))


def _open_window(folder: Path, out: Path) -> str:
    command = program_command("self-test", "--json", "--out", str(folder))
    try:
        ran = subprocess.run(
            command, env=child_environment(), capture_output=True, check=False, timeout=LIMIT_S
        )
    except subprocess.TimeoutExpired:
        raise TimedOut(f"The window took longer than {LIMIT_S} seconds.") from None
    try:
        result = json.loads(ran.stdout)
        errors = [error["message"] for error in result.get("errors", ()) or [result["error"]]]
    except KeyError:
        errors = []
    except (ValueError, TypeError):
        raise TrialFailed(
            f"The process of the window ended with code {ran.returncode}.", "Is a library of Qt missing?"
        ) from None
    if ran.returncode or errors:
        raise TrialFailed(" ".join(errors) or "The window failed.", "See the log.")
    shutil.copyfile(folder / SCREENSHOT_NAME, out / SCREENSHOT_NAME)
    seconds = fixed(result["first_window_seconds"], 1)
    return f"It opened after {seconds} s off-screen, and drew {len(result['curves'])} curve figures."
