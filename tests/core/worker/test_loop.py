"""The worker's process: it answers without its framework, and ends with its link."""

import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

import core
from core.errors import ModelError
from core.images.slice import Slice
from core.link import Child, Failed
from core.processes import command_of
from core.worker.messages import ANSWERS, PredictRequest
from core.worker.subjects import SubjectSender


@pytest.fixture
def worker(tmp_path: Path) -> Iterator[Child]:
    """A worker on a computer where the framework cannot be imported."""
    for name in ("keras", "tensorflow"):
        (tmp_path / f"{name}.py").write_text(f"raise ImportError('no {name}')\n", encoding="utf-8")
    path = os.pathsep.join((str(tmp_path), str(Path(core.__file__).parent.parent)))
    child = Child.start(command_of("worker"), ANSWERS, env={"PYTHONPATH": path})
    yield child
    child.kill()


def test_that_every_job_is_answered_where_the_framework_is_missing(worker: Child) -> None:
    sender, image = SubjectSender(worker.link), Slice(np.zeros((4, 4)))
    for job in (0, 1, 2):  # 0: unasked, in place of Ready
        if job:
            sender.send(PredictRequest(model="small"), job=job, image=image)
        received = worker.link.receive()
        assert received is not None
        failed = received.message
        assert isinstance(failed, Failed)
        assert (received.job, failed.code) == (job, ModelError.code)
        assert failed.message == "The network's software cannot be loaded: a library is missing or damaged."
    worker.link.close()
    assert worker.outcome(wait_s=20).exit_code == 0


def test_that_the_process_ends_after_what_is_no_message(worker: Child) -> None:
    received = worker.link.receive()
    assert received is not None
    assert received.job == 0
    worker.link.send(Failed(code="c", message="an answer, no request"))
    assert worker.link.receive() is None
    assert worker.outcome(wait_s=20).exit_code == 0
