"""The guard that every test runs under, tried on tests that leave something behind."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

LEAVES_A_PROCESS = """
import subprocess, sys
kept = []
def test_it():
    kept.append(subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE))
"""
LEAVES_A_THREAD = """
import threading
def test_it():
    threading.Thread(target=threading.Event().wait, args=(1,)).start()
"""
LEAVES_A_QT_THREAD = """
from PySide6.QtCore import QThread
kept = []
class Busy(QThread):
    def run(self):
        self.msleep(1000)
def test_it(qapp):
    kept.append(Busy())
    kept[0].start()
def test_after():
    kept[0].wait()
"""
USES_THE_NETWORK = """
import socket
def test_it():
    with socket.socket() as end:
        end.bind(("127.0.0.1", 0))
"""
TIDIES_UP = """
import subprocess, sys, threading
def test_it(qapp):
    subprocess.run([sys.executable, "-c", "pass"], check=True)
    thread = threading.Thread(target=print)
    thread.start()
    thread.join()
"""


@pytest.mark.parametrize(
    ("source", "failure_text"),
    [
        (LEAVES_A_PROCESS, "left behind: process"),
        (LEAVES_A_THREAD, "left behind: thread"),
        (LEAVES_A_QT_THREAD, "left behind: Qt thread Busy"),
        (USES_THE_NETWORK, "left behind: network call socket.bind"),
        (TIDIES_UP, ""),
    ],
    ids=["process", "thread", "qt thread", "network", "tidy"],
)
def test_that_what_a_test_leaves_behind_fails_it(
    repository: Path, tmp_path: Path, source: str, failure_text: str
) -> None:
    guard = (repository / "tests" / "conftest.py").read_text(encoding="utf-8")
    (tmp_path / "conftest.py").write_text(
        guard.replace("GRACE_SECONDS = 5.0", "GRACE_SECONDS = 0.1"), "utf-8"
    )
    (tmp_path / "test_it.py").write_text(source, encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-o", "addopts=", "test_it.py"]
    completed = subprocess.run(
        command,
        cwd=tmp_path,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert completed.returncode == (1 if failure_text else 0), completed.stdout
    assert failure_text in completed.stdout
