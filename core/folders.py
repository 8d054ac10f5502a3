"""Where the program keeps what it writes by itself: settings, logs, models, work that is not saved.

These are the user's own folders of the system. With a file named `portable` beside the program, everything
lies in the folder `data` beside it instead, so that the program can be carried on a stick.
"""

import os
import sys
from pathlib import Path

from platformdirs import user_config_path, user_data_path, user_log_path, user_state_path

NAME = "saliscope"
PORTABLE_MARKER = "portable"
PORTABLE_FOLDER = "data"
POLICY_NAME = "policy.toml"
# Names another policy file for tests; the installed program, whose policy binds its users, ignores it.
POLICY_VARIABLE = "SALISCOPE_POLICY"


def program_folder() -> Path | None:
    """The folder of the installed program; None if Python runs it from source or from a wheel."""
    return Path(sys.executable).resolve().parent if getattr(sys, "frozen", False) else None


def portable_folder() -> Path | None:
    """The folder that replaces the user's folders; None unless the marker lies beside the program."""
    folder = program_folder()
    if folder is None or not (folder / PORTABLE_MARKER).is_file():
        return None
    return folder / PORTABLE_FOLDER


def settings_folder() -> Path:
    """Of settings.json."""
    portable = portable_folder()
    return portable / "settings" if portable else user_config_path(NAME, appauthor=False)


def log_folder() -> Path:
    """Of the logs of every process."""
    portable = portable_folder()
    return portable / "logs" if portable else user_log_path(NAME, appauthor=False)


def data_folder() -> Path:
    """Of what a person adds to the program."""
    return portable_folder() or user_data_path(NAME, appauthor=False)


def models_folder() -> Path:
    """Of the user's own bundles."""
    return data_folder() / "models"


def state_folder() -> Path:
    """Of work that is not saved and of measurements of this machine."""
    portable = portable_folder()
    return portable / "state" if portable else user_state_path(NAME, appauthor=False)


def policy_file() -> Path:
    """The administrator's policy, for all users of the machine; it need not exist."""
    other = os.environ.get(POLICY_VARIABLE)
    if other and program_folder() is None:
        return Path(other)
    if sys.platform == "win32":
        return Path(os.environ.get("PROGRAMDATA", r"C:\ProgramData")) / "Saliscope" / POLICY_NAME
    if sys.platform == "darwin":
        return Path("/Library/Application Support/Saliscope") / POLICY_NAME
    return Path("/etc/saliscope") / POLICY_NAME
