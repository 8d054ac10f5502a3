"""Builds the pinned environment in .venv, then runs, tests, measures or checks Saliscope.

    python dev.py run                 open the window
    python dev.py run explain --help  the command line, with everything after `run` handed to it
    python dev.py test [ARGS]         the tests; ARGS go to pytest
    python dev.py bench [NAME]        list the benchmarks, or run one of them
    python dev.py lint                ruff, mypy, import contracts, the house's own rules

Standard library only. Its own words go to standard error, so that `run ... --json` stays one document.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Callable, Iterable, Mapping, Sequence

from core.system_libraries import (
    FONTS_PACKAGE,
    QT_LIBRARIES,
    SCREEN_LIBRARIES,
    can_load,
    has_font,
    has_screen,
    missing_libraries,
)

ROOT = Path(__file__).resolve().parent
PYTHONS = ("3.11", "3.12")
LOCK = ROOT / "requirements.lock"
PROJECT = ROOT / "pyproject.toml"
VENV = ROOT / ".venv"
STAMP = VENV / "saliscope.stamp"
BENCHMARKS = ROOT / "tests" / "bench"
# Each worker starts TensorFlow again, which on two cores costs more than a second worker gains.
TEST_WORKERS = 0

LINT = {
    "ruff check": ("-m", "ruff", "check", "--quiet", "--output-format", "concise", "."),
    "ruff format": ("-m", "ruff", "format", "--check", "--quiet", "."),
    "mypy": ("-m", "mypy"),
    # It has no module to run, and the script beside the interpreter breaks when the folder is moved.
    "import contracts": (
        "-c",
        "from importlinter.cli import lint_imports_command as run; run()",
        "--no-logo",
    ),
    "house": ("-m", "pytest", "--quiet", "tests/test_house.py", "tests/house"),
}


class Failure(Exception):
    """The sentence with which dev.py ends, and its exit code."""

    def __init__(self, sentence: str, code: int = 1) -> None:
        super().__init__(sentence)
        self.code = code


def say(sentence: str) -> None:
    print("dev.py: " + sentence, file=sys.stderr, flush=True)


# --- Python ------------------------------------------------------------------------------------------------


def version_of(command: Sequence[str], first: str = "pass") -> str:
    """`3.11` for an interpreter that starts and can do `first`; nothing for others, such as a dead shim."""
    code = first + "; import sys; print('%d.%d' % sys.version_info[:2])"
    try:
        done = subprocess.run(
            [*command, "-c", code], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=30
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""


def interpreters(search_path: str, windows: bool) -> Iterable[list[str]]:
    """Commands that may be a Python we can use, in the order in which we would like them."""
    if windows:
        yield from (["py", "-" + version] for version in PYTHONS)
    # Every folder, not only the first hit: a version manager's shim may stand before the real one.
    for name in [*("python" + version for version in PYTHONS), "python3", "python"]:
        for folder in search_path.split(os.pathsep):
            found = shutil.which(name, path=folder) if folder else None
            if found:
                yield [found]


def needed_python(current: str, candidates: Iterable[list[str]]) -> list[str]:
    """The command of a usable Python. Raises Failure if there is none."""
    for command in candidates:
        if version_of(command) in PYTHONS:
            return command
    raise Failure(
        f"needs Python {' or '.join(PYTHONS)}; this is {current} and none of them is on the PATH. "
        f"Install one of them and call dev.py with it, as in `python{PYTHONS[0]} dev.py test`."
    )


# --- System ------------------------------------------------------------------------------------------------


def missing_packages(screen: bool, is_there: Callable[[str], bool] = can_load) -> list[str]:
    """Debian's names of what Qt needs and the system lacks."""
    libraries = {**QT_LIBRARIES, **(SCREEN_LIBRARIES if screen else {})}
    missing = list(missing_libraries(libraries, is_there).values())
    return missing if has_font() else [*missing, FONTS_PACKAGE]


def apt_command(packages: Sequence[str]) -> list[str]:
    return ["apt-get", "install", "-y", "--no-install-recommends", *packages]


def provide(packages: Sequence[str], purpose: str) -> None:
    """Install system packages on Debian as root. Raises Failure with the exact command otherwise."""
    if not packages:
        return
    command = shlex.join(apt_command(packages))
    if not shutil.which("apt-get"):
        raise Failure(
            f"{purpose} needs what Debian calls {', '.join(packages)}; install your system's packages."
        )
    if os.geteuid() != 0:
        raise Failure(f"{purpose} needs system packages: `sudo apt-get update && sudo {command}`")
    say(f"installing system packages for {purpose}: {' '.join(packages)}")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for step in (["apt-get", "update", "-qq"], [*apt_command(packages), "-qq"]):
        finish(step, f"`{shlex.join(step)}` failed", environment)


# --- Environment -------------------------------------------------------------------------------------------


def stamp_text(version: str) -> str:
    """What a finished environment was made of: Python, the two files, and the folder it belongs to."""
    sums = [f"{path.name} {hashlib.sha256(path.read_bytes()).hexdigest()}" for path in (LOCK, PROJECT)]
    return "\n".join([f"python {version}", f"folder {ROOT}", *sums, ""])


def venv_python() -> str:
    return str(VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python"))


def is_fresh(version: str) -> bool:
    if not (STAMP.is_file() and os.path.exists(venv_python())):
        return False
    return STAMP.read_text(encoding="utf-8") == stamp_text(version)


def finish(command: Sequence[str], complaint: str, environment: Mapping[str, str] | None = None) -> None:
    """Run one step, without its chatter. Raises Failure with `complaint` if it did not succeed."""
    done = subprocess.run(
        command, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    if done.returncode:
        sys.stderr.write(done.stdout.decode(errors="replace"))
        raise Failure(f"{complaint} (exit code {done.returncode}); its words stand above.")


def make_venv(version: str) -> None:
    """An empty environment for this Python, unless one that has pip is already there."""
    if version_of([venv_python()], "import pip") == version:
        return
    if importlib.util.find_spec("ensurepip") is None:
        provide([f"python{version}-venv"], "making .venv")
    finish([sys.executable, "-m", "venv", "--clear", str(VENV)], f"{sys.executable} could not make {VENV}")


def make_environment(version: str) -> None:
    """Bring .venv to what the lock file pins. The stamp goes first and comes back last."""
    say(f"installing the pinned packages into {VENV} (about 2 GB, some minutes the first time)")
    STAMP.unlink(missing_ok=True)
    make_venv(version)
    pip = [venv_python(), "-m", "pip", "--disable-pip-version-check", "install", "--quiet", "--no-input"]
    environment = clean_environment(os.environ)
    finish(
        [*pip, "--require-hashes", "-r", str(LOCK)], "pip could not install requirements.lock", environment
    )
    own = ["--no-deps", "--no-build-isolation", "--editable", str(ROOT)]
    # setuptools warns about every editable install of more than one package; nothing follows from it.
    quiet = {**environment, "PYTHONWARNINGS": "ignore"}
    finish([*pip, *own], "pip could not install the project itself", quiet)
    unfinished = STAMP.with_suffix(".part")
    unfinished.write_text(stamp_text(version), encoding="utf-8")
    os.replace(unfinished, STAMP)


def clean_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """The caller's environment without what would lead .venv's Python to other packages."""
    return {name: value for name, value in environment.items() if name not in ("PYTHONHOME", "PYTHONPATH")}


def prepare(screen: bool) -> dict[str, str]:
    """Make sure that Qt and .venv are complete; returns the environment for what is run in it."""
    if sys.platform == "linux":
        provide(missing_packages(screen), "Qt")
    version = ".".join(map(str, sys.version_info[:2]))
    if not is_fresh(version):
        make_environment(version)
    environment = clean_environment(os.environ)
    if not has_screen(os.environ, sys.platform):
        environment["QT_QPA_PLATFORM"] = "offscreen"
    return environment


# --- Commands ----------------------------------------------------------------------------------------------


def hand_over(command: Sequence[str], environment: Mapping[str, str]) -> int:
    """Become `command`, so that signals and exit code are its own; wait for it where that is impossible."""
    sys.stdout.flush()
    if os.name == "posix":
        os.execvpe(command[0], list(command), dict(environment))
    return subprocess.call(command, env=dict(environment))


def run(arguments: Sequence[str]) -> int:
    if not arguments and not has_screen(os.environ, sys.platform):
        raise Failure(
            "there is no display for the window; without one use `python dev.py run explain --help` "
            "or `python dev.py run self-test --out DIR`.",
            code=2,
        )
    environment = prepare(screen=not arguments)
    # -P: nothing in the folder from which it is called is imported.
    return hand_over([venv_python(), "-P", "-m", "saliscope", *arguments], environment)


def test(arguments: Sequence[str]) -> int:
    return run_pytest(arguments)


def bench(arguments: Sequence[str]) -> int:
    # What stands beside them is shared by several and is no program.
    programs = (path for path in BENCHMARKS.glob("*.py") if "__main__" in path.read_text(encoding="utf-8"))
    names = sorted(path.stem for path in programs)
    known = ", ".join(names) or "none yet"
    if not arguments:
        say(f"benchmarks: {known}")
        return 0
    name, *rest = arguments
    if name not in names:
        raise Failure(f"there is no benchmark {name!r}; known: {known}.", code=2)
    environment = {"TF_CPP_MIN_LOG_LEVEL": "2", **prepare(screen=False)}
    os.chdir(ROOT)
    return hand_over([venv_python(), "-m", f"tests.bench.{name}", *rest], environment)


def run_pytest(arguments: Sequence[str]) -> int:
    environment = {"TF_CPP_MIN_LOG_LEVEL": "2", **prepare(screen=False)}
    command = [venv_python(), "-m", "pytest", "-n", str(TEST_WORKERS), *from_caller(arguments)]
    os.chdir(ROOT)
    return hand_over(command, environment)


def from_caller(arguments: Sequence[str]) -> list[str]:
    """pytest arguments whose paths and test ids, relative to the caller's folder, hold from any folder."""
    result = []
    for before, argument in zip(("", *arguments), arguments):
        path, separator, test_id = argument.partition("::")
        is_path = before not in ("-k", "-m", "-p") and os.path.exists(path)
        result.append(os.path.abspath(path) + separator + test_id if is_path else argument)
    return result


def lint(arguments: Sequence[str]) -> int:
    if arguments:
        raise Failure(f"lint takes no arguments, not {shlex.join(arguments)}.", code=2)
    environment = prepare(screen=False)
    failed = []
    for name, command in LINT.items():
        say(name)
        if subprocess.run([venv_python(), *command], env=environment, cwd=ROOT).returncode:
            failed.append(name)
    if failed:
        raise Failure(f"lint failed: {', '.join(failed)}.")
    say("lint passed: " + ", ".join(LINT))
    return 0


COMMANDS = {"run": run, "test": test, "bench": bench, "lint": lint}


def main(arguments: Sequence[str]) -> int:
    if not arguments or arguments[0] not in COMMANDS:
        wants_help = bool(arguments) and arguments[0] in ("-h", "--help", "help")
        print(__doc__, file=sys.stdout if wants_help else sys.stderr)
        return 0 if wants_help else 2
    current = ".".join(map(str, sys.version_info[:2]))
    try:
        if current not in PYTHONS:
            candidates = interpreters(os.environ.get("PATH", ""), os.name == "nt")
            python = needed_python(current, candidates)
            say(f"this is Python {current}; going on with {shlex.join(python)}")
            return hand_over([*python, __file__, *arguments], os.environ)
        return COMMANDS[arguments[0]](arguments[1:])
    except Failure as failure:
        say(str(failure))
        return failure.code
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
