"""The wheel holds the whole program, and what is installed from it works without the repository."""

import os
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

PACKAGES = ("app", "core", "resources", "saliscope", "training")
PROJECT_FILES = ("LICENSE", "README.md", "pyproject.toml")

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1800)]


def finished(command: Sequence[object], folder: Path, environment: Mapping[str, str] | None = None) -> str:
    """Standard output of a command that ended with 0, run in `folder`."""
    result = subprocess.run(
        [str(part) for part in command],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, f"{result.stdout}\n{result.stderr}"
    return result.stdout


@pytest.fixture(scope="module")
def wheel(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from a copy: a build leaves folders in the project that the next one would take in."""
    source, out = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("wheel")
    for package in PACKAGES:
        shutil.copytree(repository / package, source / package, ignore=shutil.ignore_patterns("__pycache__"))
    for file in PROJECT_FILES:
        shutil.copy(repository / file, source)
    # The lock has the build's backend; fetching it again would need a network.
    finished(
        [sys.executable, "-m", "pip", "wheel", ".", "--no-deps", "--no-build-isolation", "-w", out], source
    )
    (path,) = out.glob("*.whl")
    return path


@pytest.fixture(scope="module")
def environment(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A virtual environment with the wheel, and with the dependencies of the one that runs the tests."""
    folder = tmp_path_factory.mktemp("environment")
    finished([sys.executable, "-m", "venv", "--without-pip", folder], folder)
    python = folder / "bin" / "python"
    pip = [sys.executable, "-m", "pip", "--python", python]
    finished([*pip, "install", "--no-deps", "--no-index", wheel], folder)
    # Written after the installation, so that pip sees no other saliscope. The folder's own .pth files are
    # not run, so the editable installation in it stays out of reach.
    (site_packages,) = folder.glob("lib/python*/site-packages")
    (site_packages / "dependencies.pth").write_text(sysconfig.get_path("purelib"), encoding="utf-8")
    return folder


@pytest.fixture
def variables() -> dict[str, str]:
    """The environment variables without any that lead back to the repository."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}


def test_that_the_wheel_holds_every_file_of_the_packages(repository: Path, wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        packed = {name for name in archive.namelist() if ".dist-info/" not in name}
    present = {
        path.relative_to(repository).as_posix()
        for package in PACKAGES
        for path in (repository / package).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert sorted(present ^ packed) == []
    for folder in ("resources/help", "resources/icons", "resources/models", "resources/samples"):
        assert any(name.startswith(f"{folder}/") for name in packed)


def test_that_the_installed_program_is_the_one_of_the_wheel(
    environment: Path, variables: dict[str, str], tmp_path: Path
) -> None:
    code = "import app, core, saliscope as s, training as t; print(*(x.__file__ for x in (app, core, s, t)))"
    files = finished([environment / "bin" / "python", "-c", code], tmp_path, variables).split()
    assert [Path(file).is_relative_to(environment) for file in files] == [True] * 4


def test_that_the_self_test_of_the_installed_program_passes_in_another_folder(
    environment: Path, variables: dict[str, str], tmp_path: Path
) -> None:
    program = environment / "bin" / "saliscope"
    finished([program, "self-test", "--out", "out"], tmp_path, variables)
    assert (tmp_path / "out" / "screenshot.png").is_file()
    document = finished([program, "samples", "--json"], tmp_path, variables)
    assert "brain_glioma" in document


def test_that_the_module_of_the_wheel_is_the_program_and_the_face_for_scripts(
    environment: Path, variables: dict[str, str], tmp_path: Path
) -> None:
    python = environment / "bin" / "python"
    usage = finished([python, "-m", "saliscope", "--help"], tmp_path, variables)
    assert "self-test" in usage
    code = "import saliscope, core.api; print(saliscope.explain is core.api.explain)"
    assert finished([python, "-c", code], tmp_path, variables) == "True\n"
