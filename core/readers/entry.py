"""The entry of the reader process, which starts without what it never needs."""

import sys
from collections.abc import Sequence
from importlib.machinery import ModuleSpec
from types import ModuleType


class _RequestsHider:
    """Hides `requests`, with which pydicom could download sample files: a sixth of the start-up time."""

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if name == "requests":
            raise ModuleNotFoundError(name)
        return None


def main() -> None:
    """Serve until the link closes."""
    sys.meta_path.insert(0, _RequestsHider())
    from core.readers.serve import main as serve

    serve()
