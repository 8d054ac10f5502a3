"""What every test gets: shared data, a seeded generator, and a guard against what a test leaves behind."""

import importlib
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import pytest

ROOT = Path(__file__).resolve().parents[1]
GRACE_SECONDS = 5.0
# Files and folders whose files take long: they come first, so that no worker is left alone with one.
LONG = (
    "training",
    "oracle",
    "gui/test_self_test.py",
    "gui/test_real_processes.py",
    "test_privacy.py",
    "test_seams.py",
    "test_readme.py",
    "test_conftest.py",
    "experiments",
    "app/command_line",
    "gui",
)
NETWORK_EVENTS = ("socket.connect", "socket.bind", "socket.getaddrinfo", "socket.sendto")

# Python offers no way to take an audit hook away again, so one for the whole run fills this list.
_network_calls: list[str] = []


def _note_network_call(event: str, arguments: tuple[Any, ...]) -> None:
    if event in NETWORK_EVENTS:
        _network_calls.append(f"{event}{arguments!r}")


# A library that Keras brings along binds a local socket when it is imported, to see whether the
# machine has IPv6; it is imported here, so that this does not count against the first test.
importlib.import_module("urllib3")
sys.addaudithook(_note_network_call)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    places = [ROOT / "tests" / name for name in LONG]

    def place_of(item: pytest.Item) -> int:
        homes = {item.path, *item.path.parents}
        return next((number for number, place in enumerate(places) if place in homes), len(places))

    items.sort(key=place_of)


@pytest.fixture(scope="session")
def repository() -> Path:
    """The repository's root folder."""
    return ROOT


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of the shared data sets, which lies beside the repository."""
    folder = ROOT.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.fail(
            f"The shared data sets are not at {folder}; put them beside the repository.", pytrace=False
        )
    return folder


@pytest.fixture
def generator() -> np.random.Generator:
    """A generator with the same seed in every test."""
    return np.random.default_rng(20250)


@pytest.fixture(autouse=True)
def _nothing_left_behind(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fails a test after which a process or thread that it started still runs, or that used the network."""
    children = set(psutil.Process().children(recursive=True))
    threads = set(threading.enumerate())
    calls = len(_network_calls)
    yield
    left = [f"network call {call}" for call in _network_calls[calls:]]
    left += _running_children(children) + _running_threads(threads)
    if "qapp" in request.fixturenames:
        left += _running_qt_threads()
    if left:
        pytest.fail("The test left behind: " + "; ".join(left), pytrace=False)


def _running_children(before: set[psutil.Process]) -> list[str]:
    started = [child for child in psutil.Process().children(recursive=True) if child not in before]
    _, running = psutil.wait_procs(started, timeout=GRACE_SECONDS if started else 0)
    for process in running:
        process.kill()
    return [f"process {process.pid}" for process in running]


def _running_threads(before: set[threading.Thread]) -> list[str]:
    started = [thread for thread in threading.enumerate() if thread not in before and not thread.daemon]
    for thread in started:
        thread.join(GRACE_SECONDS)
    return [f"thread {thread.name}" for thread in started if thread.is_alive()]


def _running_qt_threads() -> list[str]:
    import shiboken6
    from PySide6.QtCore import QThread

    # Qt's own list: to go through all objects takes a quarter of a second once TensorFlow is loaded.
    threads = [wrapper for wrapper in shiboken6.getAllValidWrappers() if isinstance(wrapper, QThread)]
    milliseconds = round(GRACE_SECONDS * 1000)
    return [
        f"Qt thread {type(thread).__name__}"
        for thread in threads
        if thread.isRunning() and not thread.wait(milliseconds)
    ]
