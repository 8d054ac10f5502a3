"""One batch of gradients on the CPU and on the GPU: `python dev.py bench --gpu device`.

Each device computes in a process of its own, since TensorFlow chooses its device once. Compared are the
seconds of one batch of inputs, what the deterministic mode costs, and the values: the gradients of both agree
if they differ by at most TOLERANCE of the largest one. Both compute in float32 without TensorFloat-32, so
that they differ in the order of their sums alone.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import numpy as np

from core.arrays import Array
from core.models.device import ComputingDevice, DeviceChoice
from core.network.target import LogitTarget
from tests.bench import table
from tests.bench.setting import ROOT, Setting
from tests.bench.table import Figure, at_most
from tests.bench.timing import seconds_of

TOLERANCE = 1e-3
ROW = "device"
BATCH, ROUNDS = 32, 7
CPU, GPU = DeviceChoice(wish="cpu"), DeviceChoice(wish="gpu")
STEADY_GPU = DeviceChoice(wish="gpu", is_deterministic=True)
NOT_MEASURED = "no usable GPU on this machine: not measured"


@dataclass(frozen=True, slots=True)
class Measured:
    """What one device gave. seconds: of a batch, in each round. gradients: (n, *grid, channels).

    repeats: whether every round gave the same bits.
    """

    device: ComputingDevice
    seconds: tuple[float, ...]
    gradients: Array
    repeats: bool


def measure(setting: Setting, batch: int, rounds: int) -> Measured:
    """One batch of gradients on the device of this process: the sample with noise of growing strength."""
    handle, x = setting.handle, setting.x
    noise = np.random.default_rng(0).normal(size=(batch, *x.shape)).astype(np.float32)
    strength = np.linspace(0, 0.1, batch, dtype=np.float32).reshape(-1, *[1] * x.ndim)
    inputs = x[None] + strength * float(np.ptp(x)) * noise
    target = LogitTarget(0)
    results: list[Array] = []

    def compute() -> None:
        results.append(handle.gradients(inputs, target)[1])

    with handle.calls.at_batch(batch):
        compute()  # traces the graph, and lets cuDNN choose its algorithms
        seconds = tuple(seconds_of(compute) for _ in range(rounds))
    repeats = all(np.array_equal(results[0], result) for result in results[1:])
    return Measured(handle.calls.device, seconds, results[0], repeats)


def measured_by(choice: DeviceChoice, is_quick: bool) -> Measured:
    """The same in a new process that computes by this choice."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "measured.npz"
        command = [sys.executable, "-m", "tests.bench.device", "--measure", str(file)]
        command += ["--quick"] if is_quick else []
        subprocess.run(command, env={**os.environ, **choice.variables}, cwd=ROOT, check=True)
        with np.load(file, allow_pickle=False) as stored:
            return Measured(
                ComputingDevice.model_validate_json(str(stored["device"])),
                tuple(float(value) for value in stored["seconds"]),
                stored["gradients"],
                bool(stored["repeats"]),
            )


def difference(first: Array, second: Array) -> float:
    """The largest difference of two arrays of one shape, as a share of the largest value of the first."""
    return float(np.abs(first - second).max() / np.abs(first).max())


def figures(measured: Callable[[DeviceChoice], Measured]) -> list[Figure]:
    """The rows: GPU against CPU, and the deterministic mode; or one that says why nothing was measured."""
    gpu = measured(GPU)
    if gpu.device.kind != "gpu":
        return [Figure(ROW, NOT_MEASURED, float("nan"), note=gpu.device.fallback)]
    cpu, steady = measured(CPU), measured(STEADY_GPU)
    seconds = {each.device.words: round(median(each.seconds), 4) for each in (cpu, gpu, steady)}
    rounds, note = len(gpu.seconds), f"batch of {len(gpu.gradients)} gradients"
    apart = difference(cpu.gradients, gpu.gradients)
    ratio = median(cpu.seconds) / median(gpu.seconds)
    cost = median(steady.seconds) / median(gpu.seconds)
    without, with_it = ("yes" if each.repeats else "no" for each in (gpu, steady))
    same_bits = f"same bits in every round: {without} without it, {with_it} with it"
    return [
        Figure(ROW, "CPU / GPU, seconds of a batch", ratio, None, seconds, rounds, note),
        Figure(ROW, "largest difference, of the largest value", apart, at_most(TOLERANCE), note=note),
        Figure(ROW, "deterministic mode / without, seconds", cost, None, seconds, rounds, same_bits),
        Figure(ROW, "rounds that differ in deterministic mode", float(not steady.repeats), at_most(0)),
    ]


def main() -> int:
    """Measure; 1 if CPU and GPU do not agree, or the deterministic mode does not repeat."""
    parser = argparse.ArgumentParser(prog="dev.py bench device", description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="few inputs, one round: whether it runs at all")
    parser.add_argument("--out", type=Path, default=ROOT / "out" / "bench", help="folder of the results")
    parser.add_argument("--measure", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.measure is not None:
        setting = Setting(arguments.quick, arguments.out)
        batch, rounds = (2, 1) if arguments.quick else (BATCH, ROUNDS)
        one = measure(setting, batch, rounds)
        np.savez(
            arguments.measure,
            device=np.array(one.device.model_dump_json()),
            seconds=np.array(one.seconds),
            gradients=one.gradients,
            repeats=np.array(one.repeats),
        )
        return 0
    rows = figures(lambda choice: measured_by(choice, arguments.quick))
    for figure in rows:
        print(table.line_of(figure), flush=True)
    written = table.write(arguments.out, "device", "CPU and GPU", rows)
    print(f"\nwritten: {', '.join(map(str, written))}")
    return int(any(figure.verdict not in ("", "holds") for figure in rows))


if __name__ == "__main__":
    raise SystemExit(main())
