"""The framework's surroundings: the threads that it leaves to others."""

import os
import subprocess
import sys

from core.models.runtime import frameworks

PROGRAM = """
import json, sys
import numpy
from core.models.runtime import frameworks
frameworks()
import scipy.linalg
from threadpoolctl import threadpool_info
json.dump([pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas"], sys.stdout)
"""


def test_that_blas_has_one_thread_whether_it_was_loaded_before_the_framework_or_after(repository) -> None:
    environment = {name: value for name, value in os.environ.items() if "THREADS" not in name}
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        cwd=repository,
        env=environment,
        capture_output=True,
        text=True,
        timeout=110,
        check=True,
    )
    assert done.stdout == "[1, 1]"


def test_that_tensorflow_keeps_every_core() -> None:
    _, tf = frameworks()
    assert tf.config.threading.get_intra_op_parallelism_threads() == 0  # as many as there are
