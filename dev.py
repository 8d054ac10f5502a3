"""Builds the pinned environment in .venv, then runs, tests, measures or checks Saliscope.

    python dev.py run                 open the window
    python dev.py run explain --help  the command line, with everything after `run` handed to it
    python dev.py test [ARGS]         the tests; ARGS go to pytest
    python dev.py bench [NAME]        list the benchmarks, or run one of them
    python dev.py lint                ruff, mypy, import contracts, the house's own rules
    python dev.py package [OPTIONS]   the program in one folder, a .deb and a portable archive, in dist

`run --gpu ...` and `bench --gpu ...` use a second environment, .venv-gpu, whose TensorFlow computes on
NVIDIA's GPUs. With --no-system-packages, or SALISCOPE_NO_SYSTEM_PACKAGES=1, nothing is installed into the
system.

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
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import Callable, Iterable, Mapping, NamedTuple, Sequence

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
PROJECT = ROOT / "pyproject.toml"
BENCHMARKS = ROOT / "tests" / "bench"
# Most of the tests is serial Python, which leaves the second core idle. Each worker holds up to 3 GB. A file
# stays with one worker, which makes its shared objects once; tests/conftest.py puts the longest files first.
MOST_WORKERS = 4
SPREAD = ("--dist", "loadfile", "--no-loadscope-reorder")

# Declines what would be installed into the system: the option, and the variable that says the same.
NO_SYSTEM_PACKAGES = "--no-system-packages"
NO_SYSTEM_PACKAGES_VARIABLE = "SALISCOPE_NO_SYSTEM_PACKAGES"


class PinnedEnvironment(NamedTuple):
    """A lock file and the virtual environment that is made from it. size: of its packages, for people."""

    lock: Path
    venv: Path
    size: str

    @property
    def stamp(self) -> Path:
        return self.venv / "saliscope.stamp"

    @property
    def python(self) -> str:
        return str(self.venv / ("Scripts/python.exe" if os.name == "nt" else "bin/python"))


CPU_ENVIRONMENT = PinnedEnvironment(ROOT / "requirements.lock", ROOT / ".venv", "about 2 GB")
GPU_ENVIRONMENT = PinnedEnvironment(
    ROOT / "requirements-gpu.lock", ROOT / ".venv-gpu", "about 8 GB, of which 4 GB are fetched"
)
# What is installed at the user's, and the packager: no tools of development.
PACKAGE_ENVIRONMENT = PinnedEnvironment(
    ROOT / "requirements-package.lock", ROOT / ".venv-package", "about 2 GB"
)
GPU_PACKAGE_ENVIRONMENT = PinnedEnvironment(
    ROOT / "requirements-package-gpu.lock", ROOT / ".venv-package-gpu", "about 7 GB"
)

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


class SystemPackage(NamedTuple):
    """A package of Debian that is missing, and what for."""

    name: str
    reason: str


def missing_packages(screen: bool, is_there: Callable[[str], bool] = can_load) -> list[SystemPackage]:
    """What Qt needs and the system lacks."""
    missing = [
        SystemPackage(package, f"the library {library}, which Qt loads {purpose}")
        for libraries, purpose in (
            (QT_LIBRARIES, "to draw"),
            (SCREEN_LIBRARIES if screen else {}, "to open a window"),
        )
        for library, package in missing_libraries(libraries, is_there).items()
    ]
    return missing if has_font() else [*missing, SystemPackage(FONTS_PACKAGE, "a font, for all text")]


def apt_command(packages: Sequence[SystemPackage]) -> list[str]:
    return ["apt-get", "install", "-y", "--no-install-recommends", *(package.name for package in packages)]


def is_declined(environment: Mapping[str, str]) -> bool:
    """Whether nothing may be installed into the system."""
    return environment.get(NO_SYSTEM_PACKAGES_VARIABLE, "") not in ("", "0")


def provide(packages: Sequence[SystemPackage], purpose: str) -> None:
    """Install system packages on Debian as root, after saying which and why.

    Raises Failure with the exact command where they cannot be installed, or may not.
    """
    if not packages:
        return
    command = shlex.join(apt_command(packages))
    if not shutil.which("apt-get"):
        names = ", ".join(package.name for package in packages)
        raise Failure(f"{purpose} needs what Debian calls {names}; install your system's packages.")
    if is_declined(os.environ):
        raise Failure(f"{purpose} needs system packages, and they were declined: `{command}` installs them.")
    if os.geteuid() != 0:
        raise Failure(f"{purpose} needs system packages: `sudo apt-get update && sudo {command}`")
    say(f"{purpose} needs system packages that are missing; they are installed now, with apt-get:")
    for package in packages:
        say(f"  {package.name}: {package.reason}")
    say(f"(to decline: Ctrl-C now; next time {NO_SYSTEM_PACKAGES} or {NO_SYSTEM_PACKAGES_VARIABLE}=1)")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for step in (["apt-get", "update", "-qq"], [*apt_command(packages), "-qq"]):
        finish(step, f"`{shlex.join(step)}` failed", environment)


def provide_for_qt(packages: Sequence[SystemPackage]) -> None:
    """As `provide`; where they were declined it says what is missing and goes on, as not all needs Qt."""
    if packages and is_declined(os.environ):
        say("not installed, as you declined it, and what needs Qt will not work:")
        for package in packages:
            say(f"  {package.name}: {package.reason}")
        return
    provide(packages, "Qt")


# --- Environment -------------------------------------------------------------------------------------------


def environment_of(gpu: bool) -> PinnedEnvironment:
    """The lock file and the virtual environment for the CPU alone, or for NVIDIA's GPUs as well.

    Raises Failure where TensorFlow computes on no GPU.
    """
    if gpu and sys.platform != "linux":
        raise Failure("TensorFlow computes on GPUs under Linux alone (on Windows: in WSL 2).", code=2)
    return GPU_ENVIRONMENT if gpu else CPU_ENVIRONMENT


def split_gpu(arguments: Sequence[str]) -> tuple[bool, list[str]]:
    """Whether the first argument is --gpu, and the others."""
    gpu = list(arguments[:1]) == ["--gpu"]
    return gpu, list(arguments[1:] if gpu else arguments)


def stamp_text(pinned: PinnedEnvironment, version: str) -> str:
    """What a finished environment was made of: Python, the two files, and the folder it belongs to."""
    sums = [f"{path.name} {hashlib.sha256(path.read_bytes()).hexdigest()}" for path in (pinned.lock, PROJECT)]
    return "\n".join([f"python {version}", f"folder {ROOT}", *sums, ""])


def is_fresh(pinned: PinnedEnvironment, version: str) -> bool:
    if not (pinned.stamp.is_file() and os.path.exists(pinned.python)):
        return False
    return pinned.stamp.read_text(encoding="utf-8") == stamp_text(pinned, version)


def finish(command: Sequence[str], complaint: str, environment: Mapping[str, str] | None = None) -> None:
    """Run one step, without its chatter. Raises Failure with `complaint` if it did not succeed."""
    done = subprocess.run(
        command, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    if done.returncode:
        sys.stderr.write(done.stdout.decode(errors="replace"))
        raise Failure(f"{complaint} (exit code {done.returncode}); its words stand above.")


def make_venv(pinned: PinnedEnvironment, version: str) -> None:
    """An empty environment for this Python, unless one that has pip is already there."""
    if version_of([pinned.python], "import pip") == version:
        return
    venv = pinned.venv
    if importlib.util.find_spec("ensurepip") is None:
        reason = "Python's own tool for virtual environments"
        provide([SystemPackage(f"python{version}-venv", reason)], f"making {venv.name}")
    finish([sys.executable, "-m", "venv", "--clear", str(venv)], f"{sys.executable} could not make {venv}")


def make_environment(pinned: PinnedEnvironment, version: str) -> None:
    """Bring a virtual environment to what its lock file pins. The stamp goes first and comes back last."""
    say(f"installing the pinned packages into {pinned.venv} ({pinned.size}; some minutes the first time)")
    pinned.stamp.unlink(missing_ok=True)
    make_venv(pinned, version)
    pip = [pinned.python, "-m", "pip", "--disable-pip-version-check", "install", "--quiet", "--no-input"]
    environment = clean_environment(os.environ)
    lock = str(pinned.lock)
    finish([*pip, "--require-hashes", "-r", lock], f"pip could not install {pinned.lock.name}", environment)
    own = ["--no-deps", "--no-build-isolation", "--editable", str(ROOT)]
    # setuptools warns about every editable install of more than one package; nothing follows from it.
    quiet = {**environment, "PYTHONWARNINGS": "ignore"}
    finish([*pip, *own], "pip could not install the project itself", quiet)
    unfinished = pinned.stamp.with_suffix(".part")
    unfinished.write_text(stamp_text(pinned, version), encoding="utf-8")
    os.replace(unfinished, pinned.stamp)


def clean_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """The caller's environment without what would lead the virtual environment's Python to other packages."""
    return {name: value for name, value in environment.items() if name not in ("PYTHONHOME", "PYTHONPATH")}


def prepare(screen: bool, gpu: bool = False) -> dict[str, str]:
    """Make sure that Qt and the virtual environment are complete; returns the variables for programs."""
    return prepare_environment(environment_of(gpu), screen)


def prepare_environment(pinned: PinnedEnvironment, screen: bool) -> dict[str, str]:
    if sys.platform == "linux":
        provide_for_qt(missing_packages(screen))
    version = ".".join(map(str, sys.version_info[:2]))
    if not is_fresh(pinned, version):
        make_environment(pinned, version)
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
    gpu, arguments = split_gpu(arguments)
    if not arguments and not has_screen(os.environ, sys.platform):
        raise Failure(
            "there is no display for the window; without one use `python dev.py run explain --help` "
            "or `python dev.py run self-test --out DIR`.",
            code=2,
        )
    environment = prepare(not arguments, gpu)
    if not has_screen(os.environ, sys.platform):
        # With files as arguments it would open a window that nobody sees; the program says what it needs.
        environment.pop("QT_QPA_PLATFORM", None)
    # -P: nothing in the folder from which it is called is imported.
    return hand_over([environment_of(gpu).python, "-P", "-m", "saliscope", *arguments], environment)


def test(arguments: Sequence[str]) -> int:
    return run_pytest(arguments)


def bench(arguments: Sequence[str]) -> int:
    gpu, arguments = split_gpu(arguments)
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
    environment = {"TF_CPP_MIN_LOG_LEVEL": "2", **prepare(screen=False, gpu=gpu)}
    os.chdir(ROOT)
    return hand_over([environment_of(gpu).python, "-m", f"tests.bench.{name}", *rest], environment)


def package(arguments: Sequence[str]) -> int:
    """Build the packages by packaging/builder, in an environment that holds what is packed and no more."""
    if {"-h", "--help"} & set(arguments):
        return hand_over(
            [sys.executable, str(ROOT / "packaging" / "builder" / "options.py"), "--help"], os.environ
        )
    pinned = GPU_PACKAGE_ENVIRONMENT if "--gpu" in arguments else PACKAGE_ENVIRONMENT
    environment = prepare_environment(pinned, screen=False)
    environment["PYTHONPATH"] = os.pathsep.join((str(ROOT / "packaging"), str(ROOT)))
    environment["QT_QPA_PLATFORM"] = "offscreen"
    return hand_over([pinned.python, "-m", "builder", *arguments], environment)


def run_pytest(arguments: Sequence[str]) -> int:
    workers = min(os.cpu_count() or 1, MOST_WORKERS)
    environment = {"TF_CPP_MIN_LOG_LEVEL": "2", **prepare(screen=False)}
    command = [CPU_ENVIRONMENT.python, "-m", "pytest", "-n", str(workers), *SPREAD, *from_caller(arguments)]
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
            step = [CPU_ENVIRONMENT.python, *command]
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


COMMANDS = {"run": run, "test": test, "bench": bench, "lint": lint, "package": package}


def main(arguments: Sequence[str]) -> int:
    if NO_SYSTEM_PACKAGES in arguments:
        os.environ[NO_SYSTEM_PACKAGES_VARIABLE] = "1"
        arguments = [argument for argument in arguments if argument != NO_SYSTEM_PACKAGES]
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
