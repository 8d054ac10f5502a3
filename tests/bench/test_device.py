"""The rows of `dev.py bench device`, from what devices would give; no GPU is needed."""

import json
from collections.abc import Callable

import numpy as np
import pytest

from core.models.device import ComputingDevice, DeviceChoice
from tests.bench import table
from tests.bench.device import NOT_MEASURED, TOLERANCE, Measured, figures
from tests.bench.table import line_of

CPU = ComputingDevice(kind="cpu", name="CPU, 2 cores")
GPU = ComputingDevice(kind="gpu", name="NVIDIA H100 (GPU)")
GRADIENTS = np.random.default_rng(0).normal(size=(4, 8, 8, 1)).astype(np.float32)
LARGEST = float(np.abs(GRADIENTS).max())


def measured_with(apart: float, repeats: bool = True) -> Callable[[DeviceChoice], Measured]:
    """Devices of which the GPU differs by this share of the largest value in one place."""

    def measured(choice: DeviceChoice) -> Measured:
        if choice.wish == "cpu":
            return Measured(CPU, (8.0, 9.0, 10.0), GRADIENTS, True)
        gradients = GRADIENTS.copy()
        gradients[1, 2, 3, 0] += apart * LARGEST
        device = GPU.model_copy(update={"deterministic_mode": choice.is_deterministic})
        seconds = (0.9, 1.0, 1.1) if choice.is_deterministic else (0.2, 0.5, 0.6)
        return Measured(device, seconds, gradients, repeats and choice.is_deterministic)

    return measured


@pytest.mark.parametrize(("apart", "verdict"), [(0.5 * TOLERANCE, "holds"), (2 * TOLERANCE, "DOES NOT HOLD")])
def test_that_cpu_and_gpu_agree_within_the_tolerance_of_the_largest_value(apart: float, verdict: str) -> None:
    ratio, agreement, cost, repeats = figures(measured_with(apart))
    assert ratio.value == pytest.approx(18)
    assert ratio.seconds == {"CPU, 2 cores": 9, GPU.name: 0.5, f"{GPU.name}, deterministic": 1}
    assert (agreement.value, agreement.verdict) == (pytest.approx(apart, rel=1e-3), verdict)
    assert cost.value == pytest.approx(2)
    assert cost.note == "same bits in every round: no without it, yes with it"
    assert repeats.verdict == "holds"


def test_that_a_deterministic_mode_that_does_not_repeat_is_out_of_bounds() -> None:
    assert figures(measured_with(0.0, repeats=False))[-1].verdict == "DOES NOT HOLD"


def test_that_without_a_gpu_the_row_says_that_nothing_was_measured_and_why(tmp_path) -> None:
    sentence = "The CPU computes, since no GPU can be used: no NVIDIA driver is installed."
    choices = []

    def measured(choice: DeviceChoice) -> Measured:
        choices.append(choice)
        device = CPU.model_copy(update={"fallback": sentence})
        return Measured(device, (1.0,), GRADIENTS, True)

    (figure,) = figures(measured)
    assert len(choices) == 1
    assert line_of(figure).startswith("| device | no usable GPU on this machine: not measured |  |")
    assert (figure.what, figure.note, figure.verdict) == (NOT_MEASURED, sentence, "")
    path, _ = table.write(tmp_path, "device", "CPU and GPU", [figure])
    assert json.loads(path.read_text(encoding="utf-8"))["figures"][0]["value"] is None
