"""The framework's surroundings: the threads that it leaves to others, and what it does not load."""

import importlib
import json
import os
import subprocess
import sys
from typing import Any

import pytest

from core.models.runtime import _native_messages_held_back, frameworks, hidden_package

PROGRAM = """
import json, sys
import numpy
from core.models.runtime import frameworks
frameworks()
loaded = [name for name in sys.modules if name.split(".")[0] == "sklearn"]
import scipy.linalg, sklearn.manifold
from threadpoolctl import threadpool_info
threads = [pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas"]
json.dump([threads, loaded, sklearn.__name__], sys.stdout)
"""


@pytest.fixture(scope="module")
def started(repository) -> list[Any]:
    """The state of a fresh process after starting the framework."""
    environment = {name: value for name, value in os.environ.items() if "THREADS" not in name}
    completed = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        cwd=repository,
        env=environment,
        capture_output=True,
        text=True,
        timeout=110,
        check=True,
    )
    answer: list[Any] = json.loads(completed.stdout)
    return answer


def test_that_blas_has_one_thread_whether_it_was_loaded_before_the_framework_or_after(started) -> None:
    assert started[0] == [1, 1]


def test_that_scikit_learn_is_not_loaded_with_the_framework_and_can_be_afterwards(started) -> None:
    assert started[1:] == [[], "sklearn"]


def test_that_a_package_is_away_for_a_while_only_and_one_in_use_stays(monkeypatch) -> None:
    monkeypatch.delitem(sys.modules, "wave", raising=False)
    with hidden_package("wave"), pytest.raises(ImportError):
        importlib.import_module("wave")
    wave = importlib.import_module("wave")
    with hidden_package("wave"):
        assert importlib.import_module("wave") is wave
    assert sys.modules["wave"] is wave


def test_that_tensorflow_keeps_every_core() -> None:
    _, tf = frameworks()
    assert tf.config.threading.get_intra_op_parallelism_threads() == 0  # as many as there are


def test_that_a_program_without_a_standard_error_starts_the_framework(monkeypatch) -> None:
    monkeypatch.setattr(sys, "stderr", None)
    with _native_messages_held_back():
        entered = True
    assert entered
