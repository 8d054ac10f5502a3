"""Rules of the design that import contracts do not cover: what is loaded, and what no file may import."""

import ast
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGES = ("app", "core", "training")

# Ways to the network, and ways to run code that hides in data.
NETWORK = {
    "PySide6.QtNetwork",
    "PySide6.QtWebEngineCore",
    "PySide6.QtWebSockets",
    "aiohttp",
    "ftplib",
    "http",
    "httpx",
    "imaplib",
    "multiprocessing.connection",
    "multiprocessing.managers",
    "poplib",
    "requests",
    "smtplib",
    "socket",
    "socketserver",
    "ssl",
    "telnetlib",
    "urllib",
    "urllib3",
    "webbrowser",
    "xmlrpc",
}
HIDDEN_CODE = {"cloudpickle", "dill", "joblib", "marshal", "pickle", "shelve"}
CATCH_ALL_NAMES = {"common", "helper", "helpers", "misc", "util", "utils"}


def _sources(repository: Path) -> list[Path]:
    return [path for package in PACKAGES for path in sorted((repository / package).rglob("*.py"))]


def imported_names(source: str) -> Iterator[str]:
    """Every module that `source` may import: `from a import b` gives `a` and `a.b`."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Import(names=names):
                yield from (name.name for name in names)
            case ast.ImportFrom(module=str(module), names=names):
                yield module
                yield from (f"{module}.{name.name}" for name in names)
            case ast.Call(
                func=ast.Name(id="__import__") | ast.Attribute(attr="import_module"),
                args=[ast.Constant(value=str(name)), *_],
            ):
                yield name


def banned(source: str, names: set[str]) -> list[str]:
    return sorted(
        {
            name
            for name in imported_names(source)
            if any(f"{name}.".startswith(f"{banned_name}.") for banned_name in names)
        }
    )


def modules_after(statement: str, repository: Path) -> set[str]:
    """Names in sys.modules of a fresh interpreter after `statement`."""
    code = f"import sys, json\n{statement}\njson.dump(sorted(sys.modules), sys.stdout)"
    command = [sys.executable, "-c", code]
    completed = subprocess.run(
        command, cwd=repository, capture_output=True, text=True, timeout=100, check=False
    )
    assert completed.returncode == 0, completed.stderr
    return set(json.loads(completed.stdout))


@pytest.mark.parametrize(
    "source",
    [
        "import urllib.request",
        "from urllib import request",
        "def f():\n    import http.client as h",
        "from PySide6 import QtNetwork",
        "from PySide6.QtNetwork import QTcpSocket",
        "importlib.import_module('socket')",
        "__import__('requests')",
    ],
)
def test_that_no_form_of_a_banned_import_escapes_the_scan(source: str) -> None:
    assert len(banned(source, NETWORK)) >= 1


@pytest.mark.parametrize(
    "source", ["from core.link import Link", "import httpx_free", "from . import socket"]
)
def test_that_the_scan_reports_no_permitted_import(source: str) -> None:
    assert banned(source, NETWORK) == []


def test_that_no_module_imports_a_way_to_the_network(repository: Path) -> None:
    sources = _sources(repository)
    assert {path.relative_to(repository).parts[0] for path in sources} == set(PACKAGES)
    banned_imports = {str(path): banned(path.read_text(encoding="utf-8"), NETWORK) for path in sources}
    assert {path: names for path, names in banned_imports.items() if names} == {}


def test_that_no_module_imports_a_format_that_can_run_code(repository: Path) -> None:
    banned_imports = {
        str(path): banned(path.read_text(encoding="utf-8"), HIDDEN_CODE) for path in _sources(repository)
    }
    assert {path: names for path, names in banned_imports.items() if names} == {}


def test_that_the_window_starts_without_the_network_framework(repository: Path) -> None:
    loaded = modules_after("import app.window.program", repository)
    assert "PySide6.QtWidgets" in loaded
    assert loaded.isdisjoint({"tensorflow", "keras", "core.models.handle"})


def test_that_images_need_numpy_alone(repository: Path) -> None:
    statement = "import core.images.slice, core.images.grid_map, core.images.resample"
    loaded = {name.partition(".")[0] for name in modules_after(statement, repository)}
    idle = {name.partition(".")[0] for name in modules_after("pass", repository)}
    assert "numpy" in loaded
    assert loaded - idle - set(sys.stdlib_module_names) == {"core", "numpy"}


def test_that_every_folder_of_code_is_a_package(repository: Path) -> None:
    folders = {path.parent for path in _sources(repository)}
    assert [str(folder) for folder in sorted(folders) if not (folder / "__init__.py").is_file()] == []


def test_that_no_module_has_a_catch_all_name(repository: Path) -> None:
    assert [str(path) for path in _sources(repository) if path.stem.strip("_") in CATCH_ALL_NAMES] == []
