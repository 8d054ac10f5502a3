"""dev.py and the files of the house: the stamp, the messages, and the values that must agree."""

import ast
import importlib.util
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from core.system_libraries import SCREEN_LIBRARIES

EXTRAS_OF_LOCKS = {
    "requirements.lock": ("cpu", "dev"),
    "requirements-gpu.lock": ("gpu", "dev"),
    "requirements-package.lock": ("cpu", "package"),
    "requirements-package-gpu.lock": ("gpu", "package"),
}
PINNED = re.compile(r"^([A-Za-z0-9][\w.-]*)==(\S+)(?: ; .+)? \\$")


@pytest.fixture
def dev(repository: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("dev", repository / "dev.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def sandbox(dev: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """dev.py moved to a folder of its own, where nothing is installed and every step succeeds at once."""
    for name in ("requirements.lock", "requirements-gpu.lock", "pyproject.toml"):
        (tmp_path / name).write_text("numpy==2.4.6", encoding="utf-8")
    monkeypatch.setattr(dev, "ROOT", tmp_path)
    monkeypatch.setattr(dev, "PROJECT", tmp_path / "pyproject.toml")
    for name in ("CPU_ENVIRONMENT", "GPU_ENVIRONMENT"):
        pinned = getattr(dev, name)
        moved = pinned._replace(lock=tmp_path / pinned.lock.name, venv=tmp_path / pinned.venv.name)
        monkeypatch.setattr(dev, name, moved)
        python = Path(moved.python)
        python.parent.mkdir(parents=True)
        python.touch()
    monkeypatch.setattr(dev, "finish", lambda *step: None)
    return tmp_path


def test_that_a_finished_installation_is_fresh_for_its_python_only(dev: ModuleType, sandbox: Path) -> None:
    assert not dev.is_fresh(dev.CPU_ENVIRONMENT, "3.11")
    dev.make_environment(dev.CPU_ENVIRONMENT, "3.11")
    assert dev.is_fresh(dev.CPU_ENVIRONMENT, "3.11")
    assert not dev.is_fresh(dev.CPU_ENVIRONMENT, "3.12")


@pytest.mark.parametrize("name", ["requirements.lock", "pyproject.toml"])
def test_that_a_changed_file_makes_the_environment_stale(dev: ModuleType, sandbox: Path, name: str) -> None:
    dev.make_environment(dev.CPU_ENVIRONMENT, "3.11")
    (sandbox / name).write_text("changed", encoding="utf-8")
    assert not dev.is_fresh(dev.CPU_ENVIRONMENT, "3.11")


def test_that_the_gpu_has_an_environment_of_its_own(dev: ModuleType, sandbox: Path) -> None:
    dev.make_environment(dev.GPU_ENVIRONMENT, "3.11")
    assert dev.is_fresh(dev.GPU_ENVIRONMENT, "3.11")
    assert not dev.is_fresh(dev.CPU_ENVIRONMENT, "3.11")
    dev.make_environment(dev.CPU_ENVIRONMENT, "3.11")
    (sandbox / "requirements-gpu.lock").write_text("changed", encoding="utf-8")
    assert dev.is_fresh(dev.CPU_ENVIRONMENT, "3.11")
    assert not dev.is_fresh(dev.GPU_ENVIRONMENT, "3.11")


@pytest.mark.parametrize(
    ("arguments", "venv", "rest"),
    [
        (["run", "explain", "a.dcm"], ".venv", ["-P", "-m", "saliscope", "explain", "a.dcm"]),
        (["run", "--gpu", "explain", "a.dcm"], ".venv-gpu", ["-P", "-m", "saliscope", "explain", "a.dcm"]),
        (["run", "explain", "--gpu"], ".venv", ["-P", "-m", "saliscope", "explain", "--gpu"]),
        (["bench", "--gpu", "methods"], ".venv-gpu", ["-m", "tests.bench.methods"]),
        (["bench", "methods"], ".venv", ["-m", "tests.bench.methods"]),
    ],
)
def test_that_gpu_before_all_else_chooses_the_environment_of_the_gpu(
    dev: ModuleType,
    sandbox: Path,
    repository: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[str],
    venv: str,
    rest: list[str],
) -> None:
    commands: list[list[str]] = []
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(dev, "missing_packages", lambda screen: [])
    monkeypatch.setattr(dev, "hand_over", lambda command, environment: commands.append(command) or 0)
    monkeypatch.chdir(sandbox)
    assert dev.main(arguments) == 0
    assert commands == [[str(sandbox / venv / "bin" / "python"), *rest]]
    version = ".".join(map(str, sys.version_info[:2]))
    assert dev.is_fresh(dev.environment_of(venv == ".venv-gpu"), version)
    assert not dev.is_fresh(dev.environment_of(venv == ".venv"), version)


def test_that_gpu_is_refused_in_one_sentence_where_tensorflow_has_none(
    dev: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    assert dev.main(["run", "--gpu", "models"]) == 2
    assert capsys.readouterr().err == (
        "dev.py: TensorFlow computes on GPUs under Linux alone (on Windows: in WSL 2).\n"
    )


def test_that_a_moved_folder_makes_the_environment_stale(
    dev: ModuleType, sandbox: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dev.make_environment(dev.CPU_ENVIRONMENT, "3.11")
    monkeypatch.setattr(dev, "ROOT", sandbox / "elsewhere")
    assert not dev.is_fresh(dev.CPU_ENVIRONMENT, "3.11")


def test_that_an_environment_without_its_interpreter_is_stale(dev: ModuleType, sandbox: Path) -> None:
    dev.make_environment(dev.CPU_ENVIRONMENT, "3.11")
    Path(dev.CPU_ENVIRONMENT.python).unlink()
    assert not dev.is_fresh(dev.CPU_ENVIRONMENT, "3.11")


@pytest.mark.parametrize("end", [KeyboardInterrupt, OSError])
def test_that_a_broken_off_installation_leaves_no_stamp(
    dev: ModuleType, sandbox: Path, monkeypatch: pytest.MonkeyPatch, end: type[BaseException]
) -> None:
    dev.make_environment(dev.CPU_ENVIRONMENT, "3.11")

    def break_off(command: list[str], *rest: Any) -> None:
        if "--editable" in command:
            raise end

    monkeypatch.setattr(dev, "finish", break_off)
    with pytest.raises(end):
        dev.make_environment(dev.CPU_ENVIRONMENT, "3.11")
    assert not dev.CPU_ENVIRONMENT.stamp.exists()
    assert not dev.is_fresh(dev.CPU_ENVIRONMENT, "3.11")


def test_that_the_lock_is_installed_with_hashes_before_the_project(
    dev: ModuleType, sandbox: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps: list[list[str]] = []
    monkeypatch.setattr(dev, "version_of", lambda command, first="": "3.11")
    monkeypatch.setattr(dev, "finish", lambda command, *rest: steps.append(command))
    dev.make_environment(dev.CPU_ENVIRONMENT, "3.11")
    lock, project = steps
    assert lock[-3:] == ["--require-hashes", "-r", str(sandbox / "requirements.lock")]
    assert project[-4:] == ["--no-deps", "--no-build-isolation", "--editable", str(sandbox)]


@pytest.mark.parametrize(("found_version", "cleared"), [("3.11", False), ("3.12", True), ("", True)])
def test_that_only_a_working_environment_of_the_same_python_is_kept(
    dev: ModuleType, sandbox: Path, monkeypatch: pytest.MonkeyPatch, found_version: str, cleared: bool
) -> None:
    steps: list[list[str]] = []
    monkeypatch.setattr(dev, "version_of", lambda command, first="": found_version)
    monkeypatch.setattr(dev, "finish", lambda command, *rest: steps.append(command))
    dev.make_venv(dev.CPU_ENVIRONMENT, "3.11")
    assert any("--clear" in step for step in steps) == cleared


def test_that_run_without_a_display_names_the_headless_form_in_one_line(
    dev: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(sys, "platform", "linux")
    assert dev.main(["run"]) == 2
    output = capsys.readouterr()
    assert output.out == ""
    assert output.err.count("\n") == 1
    assert "no display" in output.err
    assert "run explain --help" in output.err
    assert "run self-test" in output.err


def test_that_a_file_without_a_display_does_not_open_a_window_that_nobody_sees(
    dev: ModuleType, sandbox: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(dev, "missing_packages", lambda screen: [])
    monkeypatch.setattr(dev, "is_fresh", lambda pinned, version: True)
    environments: list[dict[str, str]] = []
    monkeypatch.setattr(dev, "hand_over", lambda command, environment: environments.append(environment) or 0)
    assert dev.main(["run", "scan.dcm"]) == 0
    assert dev.main(["test"]) == 0
    assert [each.get("QT_QPA_PLATFORM") for each in environments] == [None, "offscreen"]


@pytest.mark.parametrize(
    ("environment", "platform", "is_on_screen"),
    [
        ({}, "linux", False),
        ({"DISPLAY": ""}, "linux", False),
        ({"DISPLAY": ":0"}, "linux", True),
        ({"WAYLAND_DISPLAY": "wayland-0"}, "linux", True),
        ({"QT_QPA_PLATFORM": "offscreen"}, "linux", True),
        ({}, "win32", True),
        ({}, "darwin", True),
    ],
)
def test_that_a_display_is_found_where_there_is_one(
    dev: ModuleType, environment: dict[str, str], platform: str, is_on_screen: bool
) -> None:
    assert dev.has_screen(environment, platform) is is_on_screen


@pytest.mark.parametrize(
    ("arguments", "code"), [([], 2), (["--help"], 0), (["tset"], 2), (["lint", "core"], 2)]
)
def test_that_a_wrong_call_ends_with_the_usage_code(dev: ModuleType, arguments: list[str], code: int) -> None:
    assert dev.main(arguments) == code


def test_that_help_for_packages_is_shown_without_an_environment(
    dev: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    commands: list[list[str]] = []
    monkeypatch.setattr(dev, "prepare_environment", None)
    monkeypatch.setattr(dev, "hand_over", lambda command, _: commands.append(list(command)) or 0)
    assert dev.main(["package", "--help"]) == 0
    ran = subprocess.run(
        [commands[0][0], "-I", *commands[0][1:]], capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0
    assert "--without-noncommercial" in ran.stdout


def test_that_dev_and_what_it_imports_can_be_read_by_an_old_python(repository: Path) -> None:
    text = (repository / "dev.py").read_text(encoding="utf-8")
    imported = re.findall(r"^from (core[\w.]*) import", text, re.MULTILINE)
    files = ["dev.py", "core/__init__.py", *(f"{module.replace('.', '/')}.py" for module in imported)]
    assert "core/system_libraries.py" in files
    for file in files:
        ast.parse((repository / file).read_text(encoding="utf-8"), feature_version=(3, 8))


def test_that_dev_runs_on_a_bare_python(repository: Path) -> None:
    """Nothing is installed yet when it starts: -I -S leaves the standard library alone."""
    code = (
        f"import sys, runpy; sys.path.insert(0, {str(repository)!r}); sys.argv = ['dev.py', '--help']; "
        "runpy.run_path('dev.py', run_name='__main__')"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", code], cwd=repository, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "python dev.py run" in done.stdout


def test_that_a_wrong_python_without_a_right_one_names_those_it_needs(
    dev: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 13, 0))
    monkeypatch.setenv("PATH", str(tmp_path))
    assert dev.main(["lint"]) == 1
    message = capsys.readouterr().err
    assert message.count("\n") == 1
    assert "needs Python 3.11 or 3.12; this is 3.13" in message
    assert "python3.11 dev.py" in message


def test_that_a_dead_shim_is_passed_over_for_a_working_python(dev: ModuleType, tmp_path: Path) -> None:
    dead = tmp_path / "python3.11"
    dead.write_text("#!/bin/sh\nexit 127\n", encoding="utf-8")
    dead.chmod(0o755)
    assert dev.needed_python("3.8", [[str(dead)], [str(tmp_path / "none")], [sys.executable]]) == [
        sys.executable
    ]


def test_that_every_folder_of_the_path_is_tried_newest_name_last(dev: ModuleType, tmp_path: Path) -> None:
    for folder, name in (("a", "python3"), ("a", "python3.12"), ("b", "python3.11"), ("b", "python3.12")):
        (tmp_path / folder).mkdir(exist_ok=True)
        (tmp_path / folder / name).touch(mode=0o755)
    commands = dev.interpreters(
        os.pathsep.join([str(tmp_path / "a"), "", str(tmp_path / "b")]), windows=False
    )
    names = [Path(command[0]).relative_to(tmp_path).as_posix() for command in commands]
    assert names == ["b/python3.11", "a/python3.12", "b/python3.12", "a/python3"]


def test_that_a_screen_needs_more_of_the_system_than_a_picture(
    dev: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dev, "has_font", lambda: False)

    def names_without(screen: bool, is_there: Callable[[str], bool]) -> list[str]:
        return [package.name for package in dev.missing_packages(screen, is_there)]

    off_screen = names_without(False, lambda library: False)
    on_screen = names_without(True, lambda library: False)
    assert "libegl1" in off_screen
    assert "fonts-dejavu-core" in off_screen
    assert set(on_screen) - set(off_screen) == set(SCREEN_LIBRARIES.values())
    assert names_without(False, lambda library: library != "libGL.so.1") == ["libgl1", "fonts-dejavu-core"]


@pytest.mark.parametrize(
    ("apt", "advice"),
    [("/usr/bin/apt-get", "sudo apt-get install -y --no-install-recommends libegl1"), (None, "libegl1")],
)
def test_that_a_user_who_may_not_install_is_advised_what_to_install(
    dev: ModuleType, monkeypatch: pytest.MonkeyPatch, apt: str | None, advice: str
) -> None:
    def refuse(*step: Any) -> None:
        raise AssertionError(f"{step} was run")

    monkeypatch.setattr(dev, "finish", refuse)
    monkeypatch.setattr(dev.shutil, "which", lambda name: apt)
    monkeypatch.setattr(dev.os, "geteuid", lambda: 1000, raising=False)
    with pytest.raises(dev.Failure, match=advice):
        dev.provide([dev.SystemPackage("libegl1", "a library")], "Qt")


@pytest.fixture
def system_steps(dev: ModuleType, monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The commands of dev.py as root on a Debian that lacks two packages; none is run."""
    steps: list[list[str]] = []

    def record(command: list[str], complaint: str, environment: object = None) -> None:
        print(f"step {len(steps)}: {command[:2]}", file=sys.stderr)
        steps.append(command)

    missing = [
        dev.SystemPackage("libegl1", "the library libEGL.so.1, which Qt loads to draw"),
        dev.SystemPackage("fonts-dejavu-core", "a font, for all text"),
    ]
    monkeypatch.delenv("SALISCOPE_NO_SYSTEM_PACKAGES", raising=False)
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(dev, "finish", record)
    monkeypatch.setattr(dev, "missing_packages", lambda screen: missing)
    monkeypatch.setattr(dev, "is_fresh", lambda pinned, version: True)
    monkeypatch.setattr(dev, "hand_over", lambda command, environment: 0)
    monkeypatch.setattr(dev.shutil, "which", lambda name: "/usr/bin/apt-get")
    monkeypatch.setattr(dev.os, "geteuid", lambda: 0, raising=False)
    return steps


def test_that_root_is_told_each_system_package_and_why_before_any_is_installed(
    dev: ModuleType, system_steps: list[list[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    assert dev.main(["run", "models"]) == 0
    before, separator, _ = capsys.readouterr().err.partition("step 0")
    assert separator
    assert before.splitlines() == [
        "dev.py: Qt needs system packages that are missing; they are installed now, with apt-get:",
        "dev.py:   libegl1: the library libEGL.so.1, which Qt loads to draw",
        "dev.py:   fonts-dejavu-core: a font, for all text",
        "dev.py: (to decline: Ctrl-C now; next time --no-system-packages or SALISCOPE_NO_SYSTEM_PACKAGES=1)",
    ]
    assert [command[:2] for command in system_steps] == [["apt-get", "update"], ["apt-get", "install"]]


@pytest.mark.parametrize("arguments", [["--no-system-packages", "run", "models"], ["run", "models"]])
def test_that_system_packages_can_be_declined_and_what_is_missing_is_said(
    dev: ModuleType,
    system_steps: list[list[str]],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
) -> None:
    commands: list[list[str]] = []
    monkeypatch.setattr(dev, "hand_over", lambda command, environment: commands.append(command) or 0)
    # Set here too, so that the option's own change of the environment is undone.
    monkeypatch.setenv("SALISCOPE_NO_SYSTEM_PACKAGES", "0" if "--no-system-packages" in arguments else "1")
    assert dev.main(arguments) == 0
    assert system_steps == []
    assert [command[-1] for command in commands] == ["models"]
    assert "  libegl1: the library libEGL.so.1, which Qt loads to draw\n" in capsys.readouterr().err


def test_that_what_nothing_works_without_names_its_command_when_it_is_declined(
    dev: ModuleType, system_steps: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SALISCOPE_NO_SYSTEM_PACKAGES", "1")
    with pytest.raises(dev.Failure, match=r"declined: `apt-get install .* python3\.11-venv` installs them"):
        dev.provide([dev.SystemPackage("python3.11-venv", "a tool")], "making .venv")
    assert system_steps == []


def test_that_pytest_gets_paths_that_hold_from_any_folder(
    dev: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "core").mkdir()
    (tmp_path / "core" / "test_a.py").touch()
    monkeypatch.chdir(tmp_path)
    arguments = ["-k", "core", "core", "core/test_a.py::test_that", "--maxfail=1", "-q"]
    core_folder = str(tmp_path / "core")
    assert dev.from_caller(arguments) == [
        "-k",
        "core",
        core_folder,
        f"{core_folder}{os.sep}test_a.py::test_that",
        "--maxfail=1",
        "-q",
    ]


@pytest.mark.parametrize(("cores", "workers"), [(None, 1), (1, 1), (2, 2), (16, 4)])
def test_that_the_tests_have_as_many_workers_as_cores_up_to_four_unless_the_caller_says_how_many(
    dev: ModuleType, monkeypatch: pytest.MonkeyPatch, cores: int | None, workers: int
) -> None:
    commands = []
    monkeypatch.setattr(dev.os, "cpu_count", lambda: cores)
    monkeypatch.setattr(dev.os, "chdir", lambda folder: None)
    monkeypatch.setattr(dev, "prepare", lambda screen: {})
    monkeypatch.setattr(dev, "hand_over", lambda command, environment: commands.append(command))
    dev.test(["-n", "0"])
    ((_, _, _, option, number, *_, last_option, last_number),) = commands
    assert (option, number) == ("-n", str(workers))
    assert (last_option, last_number) == ("-n", "0")  # of two, pytest takes the last


def test_that_an_unknown_benchmark_is_named_with_the_known_ones(
    dev: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(dev, "BENCHMARKS", tmp_path)
    assert dev.main(["bench"]) == 0
    assert "none yet" in capsys.readouterr().err
    (tmp_path / "gradients.py").write_text('if __name__ == "__main__":\n    pass\n', encoding="utf-8")
    (tmp_path / "timing.py").touch()
    assert dev.main(["bench", "gradient"]) == 2
    assert "known: gradients." in capsys.readouterr().err


Pins = dict[str, list[tuple[str, list[str]]]]


def _pins(lock: Path) -> Pins:
    """Name to (version, the lines under it), one for each of its environment markers."""
    pins: Pins = {}
    lines: list[str] = []
    for line in lock.read_text(encoding="utf-8").splitlines():
        if not line.startswith((" ", "#")):
            match = PINNED.match(line)
            assert match, f"{line!r} pins nothing"
            lines = []
            pins.setdefault(canonicalize_name(match[1]), []).append((match[2], lines))
        lines.append(line)
    return pins


def _wanted(repository: Path, extras: tuple[str, ...]) -> dict[str, Requirement]:
    tables = tomllib.loads((repository / "pyproject.toml").read_text(encoding="utf-8"))
    texts = list(tables["project"]["dependencies"])
    for extra in extras:
        texts += tables["project"]["optional-dependencies"][extra]
    requirements = [Requirement(text) for text in texts]
    return {canonicalize_name(requirement.name): requirement for requirement in requirements}


@pytest.fixture(params=list(EXTRAS_OF_LOCKS))
def lock(request: pytest.FixtureRequest) -> str:
    """Each lock file by its name."""
    name: str = request.param
    return name


def test_that_a_lock_holds_just_what_pyproject_asks_for(repository: Path, lock: str) -> None:
    def is_required(lines: list[str]) -> bool:
        return any(line.endswith("saliscope (pyproject.toml)") for line in lines)

    pins = _pins(repository / lock)
    direct = {name for name, versions in pins.items() if any(is_required(lines) for _, lines in versions)}
    assert direct == set(_wanted(repository, EXTRAS_OF_LOCKS[lock]))


def test_that_every_locked_version_is_one_that_pyproject_allows(repository: Path, lock: str) -> None:
    pins = _pins(repository / lock)
    wrong = [
        f"{name} {version} is not {requirement.specifier}"
        for name, requirement in _wanted(repository, EXTRAS_OF_LOCKS[lock]).items()
        for version, _ in pins[name]
        if not requirement.specifier.contains(version)
    ]
    assert wrong == []


def test_that_every_locked_version_has_a_hash_and_the_build_has_its_backend(
    repository: Path, lock: str
) -> None:
    pins = _pins(repository / lock)
    bare = [
        name for name, pin in pins.items() if not all("--hash=sha256:" in "".join(lines) for _, lines in pin)
    ]
    assert bare == []
    assert "setuptools" in pins


@pytest.mark.parametrize("ending", [".lock", "-gpu.lock"])
def test_that_what_is_packed_are_the_versions_that_are_tested(repository: Path, ending: str) -> None:
    tested, packed = (
        {name: {version for version, _ in pins} for name, pins in _pins(repository / lock).items()}
        for lock in (f"requirements{ending}", f"requirements-package{ending}")
    )
    assert {name for name in tested.keys() & packed.keys() if tested[name] != packed[name]} == set()
    of_packager = {
        "altgraph",
        "macholib",
        "pefile",
        "pywin32-ctypes",
        "pyinstaller",
        "pyinstaller-hooks-contrib",
    }
    assert packed.keys() - tested.keys() == of_packager


def test_that_both_locks_pin_the_same_versions_and_differ_in_tensorflow_and_cuda_alone(
    repository: Path,
) -> None:
    cpu, gpu = (
        {name: {version for version, _ in pins} for name, pins in _pins(repository / lock).items()}
        for lock in ("requirements.lock", "requirements-gpu.lock")
    )
    assert {name for name in cpu.keys() & gpu.keys() if cpu[name] != gpu[name]} == set()
    assert cpu.keys() - gpu.keys() == {"tensorflow-cpu"}
    assert gpu["tensorflow"] == cpu["tensorflow-cpu"]
    cuda = gpu.keys() - cpu.keys() - {"tensorflow"}
    assert "nvidia-cudnn-cu12" in cuda
    assert all(name.startswith("nvidia-") for name in cuda)


def test_that_ci_checks_the_style_before_the_tests(repository: Path) -> None:
    script = repository / ".ci" / "run"
    commands = [line for line in script.read_text(encoding="utf-8").splitlines() if "dev.py " in line]
    assert [line.split("dev.py ")[1] for line in commands if not line.startswith("#")] == ["lint", "test"]
    assert os.access(script, os.X_OK)


@pytest.fixture
def hooks(repository: Path) -> str:
    return (repository / ".pre-commit-config.yaml").read_text(encoding="utf-8")


def test_that_a_commit_hook_fetches_nothing(hooks: str) -> None:
    assert re.findall(r"repo: (\S+)", hooks) == ["local"]
    assert set(re.findall(r"language: (\S+)", hooks)) == {"system"}
