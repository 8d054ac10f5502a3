"""The results of a run so far, one line for each finished task, so that it can be resumed."""

import json
import os
from collections.abc import Collection
from pathlib import Path

from pydantic import ValidationError

from core.datasets.task import TaskResult
from core.output import make_folder, not_written

NAME = "results.jsonl"


class Ledger:
    """The file of finished tasks in the folder `out`, which is created if needed. Raises DiskFull."""

    def __init__(self, out: Path) -> None:
        self._path = out / NAME
        make_folder(out)
        try:
            self._path.touch()
            self._drop_half_line()
        except OSError as error:
            raise not_written(self._path, error) from None

    def results(self, fingerprints: Collection[str]) -> dict[str, TaskResult]:
        """The results with these fingerprints; lines of other runs and versions are skipped."""
        results: dict[str, TaskResult] = {}
        with self._path.open(encoding="utf-8") as file:
            for line in file:
                try:
                    if json.loads(line).get("fingerprint") in fingerprints:
                        result = TaskResult.model_validate_json(line)
                        results[result.fingerprint] = result
                except (json.JSONDecodeError, AttributeError, ValidationError):
                    continue  # a damaged line, such as a full disk leaves; its task is done again
        return results

    def append(self, result: TaskResult) -> None:
        """Append a result, which is on the disk before this returns. Raises DiskFull."""
        try:
            with self._path.open("ab") as file:
                file.write(result.model_dump_json().encode("utf-8") + b"\n")
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise not_written(self._path, error) from None

    def _drop_half_line(self) -> None:
        """Remove a line without its end, which a killed run leaves; nothing may be appended to it."""
        content = self._path.read_bytes()
        whole = content.rfind(b"\n") + 1
        if whole != len(content):
            with self._path.open("r+b") as file:
                file.truncate(whole)
