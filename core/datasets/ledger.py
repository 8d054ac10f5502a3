"""What a run has found so far, a line a finished task, so that an interrupted run goes on."""

import json
import os
from collections.abc import Collection
from pathlib import Path

from pydantic import ValidationError

from core.datasets.task import TaskResult
from core.errors import DiskFull

NAME = "results.jsonl"
HINT = "Free some space, or choose another folder."


class Ledger:
    """The file of finished tasks in the folder `out`, which is made if need be. Raises DiskFull."""

    def __init__(self, out: Path) -> None:
        self._path = out / NAME
        try:
            out.mkdir(parents=True, exist_ok=True)
            self._path.touch()
            self._drop_half_line()
        except OSError as error:
            raise _not_written(error) from None

    def found(self, wanted: Collection[str]) -> dict[str, TaskResult]:
        """The results whose fingerprints are `wanted`; lines of other runs and versions are passed over."""
        known: dict[str, TaskResult] = {}
        with self._path.open(encoding="utf-8") as file:
            for line in file:
                try:
                    if json.loads(line).get("fingerprint") in wanted:
                        result = TaskResult.model_validate_json(line)
                        known[result.fingerprint] = result
                except (json.JSONDecodeError, AttributeError, ValidationError):
                    continue  # a line that a full disk or another program left; its task is done again
        return known

    def append(self, result: TaskResult) -> None:
        """Keep a result, on the disk before this returns. Raises DiskFull."""
        try:
            with self._path.open("ab") as file:
                file.write(result.model_dump_json().encode("utf-8") + b"\n")
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise _not_written(error) from None

    def _drop_half_line(self) -> None:
        """A line without its end is what a killed run leaves; nothing may be written behind it."""
        content = self._path.read_bytes()
        whole = content.rfind(b"\n") + 1
        if whole != len(content):
            with self._path.open("r+b") as file:
                file.truncate(whole)


def _not_written(error: OSError) -> DiskFull:
    return DiskFull(f"{NAME} cannot be written: {error.strerror or type(error).__name__}.", HINT)
