"""A processor without AVX: told in one sentence before TensorFlow, which would end the process, is loaded."""

import os
import platform
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from core.errors import UnsupportedComputer
from core.images.slice import Slice
from core.link import Child, Failed
from core.models import processor
from core.processes import command_of
from core.worker.messages import ANSWERS, PredictRequest
from core.worker.subjects import SubjectSender

SENTENCE = "This computer's processor has no AVX instructions, which the network's software needs."
OLD_FLAGS = (
    "processor\t: 0\nmodel name\t: Intel(R) Core(TM)2\nflags\t\t: fpu sse sse2 ssse3 sse4_1 avx_like\n"
)


@pytest.mark.parametrize(
    ("text", "has_avx"),
    [
        (OLD_FLAGS, False),
        ("flags\t\t: fpu sse4_2 avx avx2\n", True),
        ("", True),  # a system that hides its processors says nothing against it
        ("vendor_id\t: GenuineIntel\n", True),
    ],
)
def test_that_the_flags_of_a_processor_say_whether_it_has_avx(text: str, has_avx: bool) -> None:
    assert processor.has_avx_flag(text) is has_avx


@pytest.mark.parametrize("machine", ["x86_64", "AMD64"])
def test_that_an_x86_processor_without_avx_is_refused_in_one_sentence(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, machine: str
) -> None:
    text = tmp_path / "cpuinfo"
    text.write_text(OLD_FLAGS, encoding="utf-8")
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(platform, "machine", lambda: machine)
    monkeypatch.setattr(processor, "_LINUX_PROCESSORS", text)
    with pytest.raises(UnsupportedComputer) as caught:
        processor.require_processor()
    assert (caught.value.message, caught.value.exit_code) == (SENTENCE, 6)
    assert caught.value.hint.startswith("Images can be viewed")


def test_that_a_processor_of_another_kind_needs_no_avx(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(platform, "machine", lambda: "aarch64")
    monkeypatch.setattr(processor, "has_avx", lambda: False)
    processor.require_processor()


@pytest.fixture
def old_computer(tmp_path: Path, repository: Path) -> dict[str, str]:
    """The variables of a process on a computer without AVX, whose TensorFlow kills the process."""
    for name in ("keras", "tensorflow"):
        (tmp_path / f"{name}.py").write_text("import os; os.kill(os.getpid(), 4)\n", encoding="utf-8")
    (tmp_path / "sitecustomize.py").write_text(
        "from core.models import processor\nprocessor.has_avx = lambda: False\n"
        "import platform\nplatform.machine = lambda: 'x86_64'\n",
        encoding="utf-8",
    )
    return {"PYTHONPATH": os.pathsep.join((str(tmp_path), str(repository)))}


@pytest.fixture
def worker(old_computer: dict[str, str]) -> Iterator[Child]:
    child = Child.start(command_of("worker"), ANSWERS, env=old_computer)
    yield child
    child.kill()


def test_that_the_worker_says_so_before_any_job_and_answers_every_job_with_it(worker: Child) -> None:
    SubjectSender(worker.link).send(PredictRequest(model="small"), job=7, image=Slice(np.zeros((4, 4))))
    for job in (0, 7):
        received = worker.link.receive()
        assert received is not None
        assert isinstance(received.message, Failed)
        assert (received.job, received.message.code) == (job, UnsupportedComputer.code)
        assert received.message.message == SENTENCE
    worker.link.close()
    assert worker.outcome(wait_s=20).exit_code == 0


def test_that_a_command_ends_with_the_sentence_and_its_exit_code(
    old_computer: dict[str, str], tmp_path: Path
) -> None:
    done = subprocess.run(
        [sys.executable, "-P", "-m", "saliscope", "predict", "--sample", "brain_glioma"],
        env={**os.environ, **old_computer},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 6
    assert SENTENCE in done.stderr
    assert "Traceback" not in done.stderr
