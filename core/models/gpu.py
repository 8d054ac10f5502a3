"""Sets TensorFlow to the device that a person chose, before anything is computed with it."""

import os
from collections.abc import Callable, Sequence
from typing import Any

from core.models.device import ComputingDevice, DeviceChoice
from core.models.nvidia import DriverProblem, NvidiaGpu, nvidia_gpus
from core.number_text import fixed

# CUDA, cuDNN and a network with one image need so much of a GPU's memory at least.
LEAST_FREE_BYTES = 2**30
# A driver for this version of CUDA or a newer one runs what is compiled for any version 12.
OLDEST_DRIVER = 12000

Probe = Callable[[int], tuple[NvidiaGpu, ...]]


def set_device(tf: Any, choice: DeviceChoice, probe: Probe = nvidia_gpus) -> ComputingDevice:
    """Set up TensorFlow, which has computed nothing yet, for the device of a choice; the device it is.

    A GPU gets memory as it is needed instead of all of it at once, and computes float32 without the shorter
    numbers of TensorFloat-32, so that its results are those of a CPU but for rounding. Without a usable GPU
    the CPU computes, and `fallback` says why. probe: the driver's answer, as `nvidia_gpus`.
    """
    tf.config.experimental.enable_tensor_float_32_execution(False)
    fallback = ""
    try:
        gpu = None if choice.wish == "cpu" else _usable_gpu(tf, choice, probe)
    except DriverProblem as problem:
        gpu, fallback = None, f"The CPU computes, since no GPU can be used: {problem}."
    if gpu is None:
        tf.config.set_visible_devices([], "GPU")
        return ComputingDevice(kind="cpu", name=f"CPU, {os.cpu_count()} cores", fallback=fallback)
    number, name = gpu
    physical = tf.config.list_physical_devices("GPU")[number]
    tf.config.set_visible_devices([physical], "GPU")
    tf.config.experimental.set_memory_growth(physical, True)
    if choice.is_deterministic:
        tf.config.experimental.enable_op_determinism()
    return ComputingDevice(kind="gpu", name=f"{name} (GPU)", deterministic_mode=choice.is_deterministic)


def _usable_gpu(tf: Any, choice: DeviceChoice, probe: Probe) -> tuple[int, str] | None:
    """Number and name of the GPU with the most free memory among those that can be used.

    None where a person left the choice to the program and TensorFlow is made for the CPU. Raises
    DriverProblem.
    """
    if not tf.test.is_built_with_cuda():
        if choice.wish == "auto":
            return None
        raise DriverProblem("this installation of Saliscope has the software for the CPU alone")
    gpus = probe(OLDEST_DRIVER)
    problems = [_problem(gpu, compiled_for(tf)) for gpu in gpus]
    usable = [number for number, problem in enumerate(problems) if not problem]
    if not usable:
        raise DriverProblem(problems[0])
    # TensorFlow lists none where one of the libraries that it loads is missing.
    if len(tf.config.list_physical_devices("GPU")) != len(gpus):
        raise DriverProblem("libraries of CUDA are missing or cannot be loaded")
    best = max(usable, key=lambda number: gpus[number].free)
    return best, gpus[best].name


def compiled_for(tf: Any) -> tuple[str, ...]:
    """The kinds of GPU that TensorFlow is compiled for, such as sm_80 and compute_90; empty if unknown."""
    return tuple(tf.sysconfig.get_build_info().get("cuda_compute_capabilities", ()))


def can_run(capability: tuple[int, int], kinds: Sequence[str]) -> bool:
    """Whether a GPU of this compute capability runs what is compiled for these kinds; True for no kinds.

    sm_XY is machine code for X.Y and later minor versions; compute_XY is translated by the driver for any
    later version: https://docs.nvidia.com/cuda/cuda-compiler-driver-nvcc/
    """
    for kind in kinds:
        form, _, digits = kind.partition("_")
        compiled = int(digits[:-1]), int(digits[-1])
        if capability >= compiled and (form == "compute" or capability[0] == compiled[0]):
            return True
    return not kinds


def _problem(gpu: NvidiaGpu, kinds: Sequence[str]) -> str:
    """Why a GPU cannot be used, as the end of a sentence; empty if it can."""
    major, minor = gpu.capability
    if not can_run(gpu.capability, kinds):
        return f"TensorFlow is not made for the {gpu.name} (compute capability {major}.{minor})"
    if gpu.free < LEAST_FREE_BYTES:
        return (
            f"the {gpu.name} has only {fixed(gpu.free / 2**30, 1)} GiB of free memory, and "
            f"{fixed(LEAST_FREE_BYTES / 2**30, 1)} GiB are needed"
        )
    return ""
