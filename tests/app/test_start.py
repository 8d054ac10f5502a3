"""What the program starts: the window or the command line, and what is loaded before the first window."""

import gc
import os
import subprocess
import sys

import pytest
from pydantic.plugin._loader import get_plugins

from app import __main__
from app.window import program
from core.folders import POLICY_VARIABLE
from core.models.device import use_policy_device
from tests.policies import machine_policy

SCRIPT = """
import gc, linecache, sys
from app.__main__ import prepare_start, restore_import
prepare_start()
import PySide6.QtWidgets
restore_import()
import app.window.program
print(any("main_window" in name for name in linecache.cache))
from core.worker.messages import ANSWERS, WorkerAnswer
from core.workspace.document import WorkspaceDocument
print(*sorted(sys.modules))
print(gc.isenabled(), WorkspaceDocument.__pydantic_complete__, ANSWERS.pydantic_complete)
"""
# Each takes longer to load than the window may take to open, or is needed only for what is asked for later.
NOT_AT_THE_START = (
    "scipy",
    "pydicom",
    "nibabel",
    "matplotlib",
    "skimage",
    "tensorflow",
    "keras",
    "PIL",
    "psutil",
    "safetensors",
)
DIALOGS = (
    "core.exports.exporters",
    "app.window.panels.export",
    "app.window.help_window",
    "app.window.panels.settings",
)
# Panels behind other tabs and the page of the model, with what they alone draw.
LATE_PANELS = (
    "app.window.panels.agreement",
    "app.window.panels.curves",
    "app.window.panels.model",
    "app.window.panels.replay",
    "app.window.panels.reveal",
    "app.window.panels.sanity",
    "app.window.panels.tags",
    "app.window.widgets.confusion_matrix",
    "app.window.widgets.curve_plot",
    "app.window.widgets.fact_card",
    "app.window.widgets.film_strip",
)


@pytest.fixture(autouse=True)
def started_logs(monkeypatch) -> list[str]:
    """The kinds of processes whose logs were begun; nothing is written."""
    kinds: list[str] = []
    monkeypatch.setattr(__main__, "start_log", kinds.append)
    return kinds


def test_that_slow_libraries_and_what_is_seen_later_are_not_loaded_before_the_first_window() -> None:
    result = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=True)
    is_source_read, modules, state = result.stdout.splitlines()
    loaded = set(modules.split())
    assert is_source_read == "False"  # as PySide does with every module, if it is let
    assert "app.window.main_window" in loaded
    assert not loaded & {*DIALOGS, *LATE_PANELS}
    assert not {name.partition(".")[0] for name in loaded} & set(NOT_AT_THE_START)
    assert state == "False False False"  # no garbage is looked for, and no checks of documents are built


@pytest.mark.parametrize("arguments", [[], ["case 1.saliscope"], ["a.saliscope", "/disk/b.saliscope"]])
def test_that_workspaces_are_opened_in_the_window(monkeypatch, arguments, started_logs) -> None:
    opened = []
    monkeypatch.setattr("app.window.program.open_window", lambda paths, failure: opened.append(paths) or 0)
    monkeypatch.setattr("sys.argv", ["saliscope", *arguments])
    monkeypatch.setattr("sys.excepthook", None)
    assert __main__.main() == 0
    assert opened == [arguments]
    assert started_logs == ["window"]


def test_that_files_and_folders_that_are_there_are_opened_in_the_window(monkeypatch, tmp_path) -> None:
    (tmp_path / "scan 1.dcm").touch()
    (tmp_path / "series").mkdir()
    (tmp_path / "Schädel 頭").touch()
    (tmp_path / "info").touch()
    monkeypatch.chdir(tmp_path)
    paths = [str(tmp_path / "scan 1.dcm"), str(tmp_path / "series"), str(tmp_path / "Schädel 頭")]
    paths += ["scan 1.dcm", "./info"]
    opened = []
    monkeypatch.setattr("app.window.program.open_window", lambda paths, failure: opened.append(paths) or 0)
    monkeypatch.setattr("sys.argv", ["saliscope", *paths])
    monkeypatch.setattr("sys.excepthook", None)
    assert __main__.main() == 0
    assert opened == [paths]


@pytest.mark.parametrize(
    "arguments",
    [["info"], ["--version"], ["missing.dcm"], ["info", "scan.dcm"], ["scan.dcm", "-x.saliscope"], ["file"]],
)
def test_that_a_command_stays_one_beside_a_file_or_folder_of_its_name(
    monkeypatch, tmp_path, arguments
) -> None:
    (tmp_path / "info").mkdir()
    (tmp_path / "scan.dcm").touch()
    (tmp_path / "--version").touch()
    (tmp_path / "file").touch()
    run = []
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("app.command_line.group.run", lambda arguments: run.append(arguments) or 0)
    monkeypatch.setattr("sys.excepthook", None)
    monkeypatch.setattr("sys.argv", ["saliscope", *arguments])
    assert __main__.main() == 0
    assert run == [arguments]


def test_that_anything_else_is_a_command(monkeypatch) -> None:
    run = []
    monkeypatch.setattr("app.command_line.group.run", lambda arguments: run.append(arguments) or 2)
    monkeypatch.setattr("sys.excepthook", None)
    monkeypatch.setattr("sys.argv", ["saliscope", "replay", "a.saliscope"])
    assert __main__.main() == 2
    assert run == [["replay", "a.saliscope"]]


@pytest.mark.parametrize("arguments", [[], ["nonsense"], ["worker", "more"], [""]])
def test_that_a_process_without_a_name_that_exists_is_a_wrong_option(monkeypatch, capsys, arguments) -> None:
    monkeypatch.setattr("sys.excepthook", None)
    monkeypatch.setattr("sys.argv", ["saliscope", "--process", *arguments])
    assert __main__.main() == 2
    assert capsys.readouterr().err.startswith("saliscope: error: No such option")


def test_that_a_fault_before_the_window_is_loaded_stands_in_the_log(monkeypatch, started_logs) -> None:
    def damaged() -> None:
        raise ImportError

    monkeypatch.setattr(__main__, "restore_import", damaged)
    monkeypatch.setattr("sys.argv", ["saliscope"])
    monkeypatch.setattr("sys.excepthook", None)
    with pytest.raises(ImportError):
        __main__.main()
    assert started_logs == ["window"]
    assert sys.excepthook.__self__.__class__.__name__ == "WindowFailure"


@pytest.mark.parametrize(
    ("rule", "chosen", "is_final", "device"),
    [
        ('{ forced = "cpu" }', "gpu", True, "cpu"),
        ('{ forced = "cpu" }', "gpu", False, "cpu"),
        ('{ default = "cpu" }', "gpu", True, "gpu"),
        ('{ default = "cpu" }', "", True, "cpu"),
        ('{ default = "cpu" }', "", False, ""),  # the settings of the window come in between
    ],
)
def test_that_the_policys_device_holds_for_all_processes(tmp_path, rule, chosen, is_final, device) -> None:
    environment = {"SALISCOPE_DEVICE": chosen}
    with machine_policy(tmp_path, f"device = {rule}\n"):
        use_policy_device(environment, is_final)
    assert environment["SALISCOPE_DEVICE"] == device


def test_that_a_script_computes_on_the_policys_device_whatever_it_sets(tmp_path) -> None:
    policy_file = tmp_path / "policy.toml"
    policy_file.write_text('device = { forced = "cpu" }\n', encoding="utf-8")
    code = (
        "import os; os.environ['SALISCOPE_DEVICE'] = 'gpu';"
        "from core.models.runtime import computing_device; device = computing_device();"
        "print(device.kind, repr(device.fallback))"
    )
    environment = {**os.environ, POLICY_VARIABLE: str(policy_file)}
    command = [sys.executable, "-c", code]
    ran = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    # Had the GPU been asked for, a computer without one would say why the CPU computes.
    assert ran.stdout.split() == ["cpu", "''"]


def test_that_no_plugins_of_other_packages_are_looked_for(monkeypatch) -> None:
    monkeypatch.delenv("PYDANTIC_DISABLE_PLUGINS", raising=False)
    try:
        __main__.prepare_start()
    finally:
        gc.enable()
    assert list(get_plugins()) == []


class RecordedWindow:
    """What of the window the start of the program uses, with the order in which it was used."""

    def __init__(self) -> None:
        self.calls: list[object] = []
        self.workspace = self.session = self

    def open_paths(self, paths: list[str]) -> None:
        self.calls.append(paths)

    def open_sample(self) -> None:
        self.calls.append("sample")


@pytest.mark.parametrize(
    ("paths", "is_first", "calls"),
    [([], True, ["sample"]), ([], False, []), (["a.saliscope"], True, [["a.saliscope"]])],
)
def test_that_a_file_goes_before_the_sample_of_the_first_start(paths, is_first, calls) -> None:
    window = RecordedWindow()
    program.open_first(window, paths, is_first)
    assert window.calls == calls
