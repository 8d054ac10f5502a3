"""Logs hold fixed words, codes and places in the code, and nothing of the person whose image it was."""

import logging
import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from core.errors import Unreadable
from core.logs import LogFile, error_lines, fault_lines, log_path, logged_error
from core.processes import PROCESSES

SECRET = "Zebedeeson"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("core.logs.log_folder", lambda: tmp_path / "logs")
    return tmp_path / "logs"


def lines_of(folder: Path, *records: logging.LogRecord) -> list[str]:
    handler = LogFile("kind")
    for record in records:
        handler.handle(record)
    handler.close()
    path = folder / "kind.log"
    return path.read_text(encoding="utf-8").splitlines() if path.exists() else []


def record(
    name: str, message: str, *arguments: object, error: BaseException | None = None
) -> logging.LogRecord:
    info = (type(error), error, error.__traceback__) if error is not None else None
    return logging.LogRecord(name, logging.ERROR, __file__, 1, message, arguments, info)


def caught(error: Exception) -> Exception:
    try:
        raise error
    except (OSError, LookupError, ValueError, Unreadable) as raised:
        return raised


def test_that_numbers_and_codes_are_filled_in_and_nothing_else(folder) -> None:
    (line,) = lines_of(folder, record("core.x", "job %d %s %s", 7, "out_of_memory", f"/home/{SECRET}/a.dcm"))
    assert line.endswith(f"ERROR core.x [{os.getpid()}]: job 7 out_of_memory ...")


def test_that_what_libraries_log_is_left_out(folder) -> None:
    assert lines_of(folder, record("pydicom", f"Invalid value for VR PN: {SECRET}")) == []


def test_that_of_an_exception_types_code_and_places_are_kept(folder) -> None:
    error = caught(Unreadable(f"{SECRET}.dcm is damaged."))
    error.__cause__ = caught(ValueError(SECRET))
    first, *places = lines_of(folder, record("core.x", "job %d", 1, error=error))
    assert places[0] == "  core.errors.Unreadable"
    assert places[1] == "    code unreadable"
    assert places[2].startswith("    core/test_logs.py:")
    assert places[3] == "  builtins.ValueError"
    assert SECRET not in first + "".join(places)


def test_that_the_newest_files_are_kept_and_each_is_at_most_a_megabyte(folder) -> None:
    lines_of(folder, *(record("core.x", "y" * 2**18) for _ in range(20)))
    files = sorted(folder.iterdir())
    assert [path.name for path in files] == ["kind.log", "kind.log.1", "kind.log.2", "kind.log.3"]
    assert max(path.stat().st_size for path in files) <= 2**20


def test_that_a_log_that_cannot_be_written_is_told_by_none(folder) -> None:
    assert logged_error(ValueError(SECRET), "kind") == log_path("kind")
    folder.joinpath("kind.log").unlink()
    folder.rmdir()
    folder.write_text("a file")
    assert logged_error(ValueError(SECRET), "kind") is None


def test_that_a_crash_is_told_without_the_folders_of_the_program() -> None:
    text = textwrap.dedent(
        f"""
        Fatal Python error: Segmentation fault

        Current thread 0x00007f (most recent call first):
          File "/home/{SECRET}/saliscope/core/readers/tiff.py", line 12 in read
          File "C:\\Users\\{SECRET}\\core\\engine.py", line 3 in explain

        Extension modules: numpy, {SECRET} (total: 2)
        """
    )
    assert list(fault_lines(text)) == [
        "  Fatal Python error: Segmentation fault",
        "  Current thread",
        "    readers/tiff.py:12 in read",
        "    core/engine.py:3 in explain",
    ]


CRASH = """
import faulthandler, logging, sys
from core.logs import log_uncaught, start_log
start_log(sys.argv[1])
log_uncaught()
logging.getLogger("pydicom").error("Zebedeeson")
if sys.argv[2] == "raise":
    raise ValueError("Zebedeeson")
faulthandler._sigsegv()
"""


@pytest.mark.parametrize("kind", ["window", "command-line", *PROCESSES])
def test_that_each_process_leaves_its_crash_and_no_name_in_its_log(kind, tmp_path, monkeypatch) -> None:
    environment = {
        **os.environ,
        "XDG_STATE_HOME": str(tmp_path),
        "LOCALAPPDATA": str(tmp_path),
        "HOME": str(tmp_path),
    }
    for way in ("raise", "crash", "raise"):
        ran = subprocess.run(
            [sys.executable, "-c", CRASH, kind, way], env=environment, capture_output=True, check=False
        )
        assert ran.returncode
    (log,) = tmp_path.rglob(f"{kind}.log")
    text = log.read_text(encoding="utf-8")
    assert text.count("INFO core.logs") == 3
    assert text.count("builtins.ValueError") == 2
    assert text.count("Fatal Python error: Segmentation fault") == 1
    assert not any(
        SECRET in path.read_text(encoding="utf-8") for path in tmp_path.rglob("*") if path.is_file()
    )


def test_that_the_types_of_a_chain_are_listed_once_each() -> None:
    error = caught(KeyError("a"))
    error.__context__ = caught(OSError("b"))
    assert [line for line in error_lines(error) if not line.startswith("    ")] == [
        "  builtins.KeyError",
        "  builtins.OSError",
    ]
