"""The policy of an administrator, for tests."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from core.folders import POLICY_VARIABLE
from core.policy import policy

EVERYTHING_OFF = """
recent_files = { forced = false }
autosave = { forced = false }
identity_display = { forced = false }
workspace_paths = { forced = false }
"""


@contextmanager
def machine_policy(folder: Path, text: str = EVERYTHING_OFF) -> Iterator[Path]:
    """Let this text be the machine's policy; gives its file."""
    path = folder / "policy.toml"
    path.write_text(text, encoding="utf-8")
    try:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv(POLICY_VARIABLE, str(path))
            policy.cache_clear()
            yield path
    finally:
        policy.cache_clear()
