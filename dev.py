"""Builds the pinned environment in .venv, then runs, tests, measures or checks Saliscope.

    python dev.py run                 open the window
    python dev.py run explain --help  the command line, with everything after `run` handed to it
    python dev.py test [ARGS]         the tests; ARGS go to pytest
    python dev.py bench [NAME]        list the benchmarks, or run one of them
    python dev.py lint                ruff, mypy, import contracts, the house's own rules

Standard library only. Its own words go to standard error, so that `run ... --json` stays one document.
"""

from __future__ import annotations

import ctypes
import hashlib
import importlib.util
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import Callable, Iterable, Mapping, Sequence

ROOT = Path(__file__).resolve().parent
PYTHONS = ("3.11", "3.12")
LOCK = ROOT / "requirements.lock"
PROJECT = ROOT / "pyproject.toml"
VENV = ROOT / ".venv"
STAMP = VENV / "saliscope.stamp"
BENCHMARKS = ROOT / "tests" / "bench"
# Most of the tests is serial Python: two workers with a share of the cores each take half the time of one
# with all of them. Each holds up to 3 GB. A file stays with one worker, which makes its shared objects once.
MOST_WORKERS = 4
SPREAD = ("--dist", "loadfile", "--no-loadscope-reorder")  # tests/conftest.py puts the longest files first
THREAD_LIMITS = ("OMP_NUM_THREADS", "TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS")

# What PySide6's wheel loads from the system and does not ship, with the Debian package of each. The first
# table is needed to import QtGui at all; the second only by the plugins that open a window on a screen.
QT_LIBRARIES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libX11.so.6": "libx11-6",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libgthread-2.0.so.0": "libglib2.0-0",
    "libxkbcommon.so.0": "libxkbcommon0",
}
SCREEN_LIBRARIES = {
    "libX11-xcb.so.1": "libx11-xcb1",
    "libwayland-client.so.0": "libwayland-client0",
    "libwayland-cursor.so.0": "libwayland-cursor0",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-shm.so.0": "libxcb-shm0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
}
FONTS_PACKAGE = "fonts-dejavu-core"
FONT_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.fonts", "~/.local/share/fonts")
FONT_ENDINGS = (".ttf", ".otf", ".ttc", ".pfb")

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


def has_display(environment: Mapping[str, str], platform: str) -> bool:
    """Whether a window can be shown; Qt's own platform choice counts as one."""
    if platform != "linux":
        return True
    return any(environment.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))


def loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def has_font() -> bool:
    for folder in FONT_FOLDERS:
        for _, _, names in os.walk(os.path.expanduser(folder)):
            if any(name.lower().endswith(FONT_ENDINGS) for name in names):
                return True
    return bool(shutil.which("fc-list") and subprocess.run(["fc-list"], capture_output=True).stdout)


def missing_packages(screen: bool, found: Callable[[str], bool] = loads) -> list[str]:
    """Debian's names of what Qt needs and the system lacks."""
    libraries = {**QT_LIBRARIES, **(SCREEN_LIBRARIES if screen else {})}
    missing = [package for library, package in libraries.items() if not found(library)]
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
    if not has_display(os.environ, sys.platform):
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
    if not arguments and not has_display(os.environ, sys.platform):
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
    cores = os.cpu_count() or 1
    workers = min(cores, MOST_WORKERS)
    threads = dict.fromkeys(THREAD_LIMITS, str(cores // workers))
    environment = {"TF_CPP_MIN_LOG_LEVEL": "2", **threads, **prepare(screen=False)}
    command = [venv_python(), "-m", "pytest", "-n", str(workers), *SPREAD, *from_caller(arguments)]
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
    with ExitStack() as stack:  # all at once: each keeps one core busy, mypy as long as the rest together
        running = {}
        for name, command in LINT.items():
            printed = stack.enter_context(tempfile.TemporaryFile())
            step = [venv_python(), *command]
            process = subprocess.Popen(step, env=environment, cwd=ROOT, stdout=printed, stderr=printed)
            running[name] = stack.enter_context(process), printed
        for name, (process, printed) in running.items():
            say(name)
            if process.wait():
                failed.append(name)
            printed.seek(0)
            sys.stdout.write(printed.read().decode(errors="replace"))
            sys.stdout.flush()
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
