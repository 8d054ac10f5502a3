"""NVIDIA's GPUs as their driver describes them, before any framework is loaded.

The functions of the driver: https://docs.nvidia.com/cuda/cuda-driver-api/
"""

import ctypes
from collections.abc import Callable
from typing import Any, NamedTuple

DRIVER = "libcuda.so.1"
NAME_BYTES = 256
# What the functions of the driver return.
_OUT_OF_MEMORY, _NO_DEVICE = 2, 100
# Attributes of a device: the major and the minor number of its compute capability.
_MAJOR, _MINOR = 75, 76
_NO_GPU = "this computer has no NVIDIA GPU, or it is hidden from the program"


class DriverProblem(Exception):
    """Why no GPU can be used, as the end of a sentence."""


class NvidiaGpu(NamedTuple):
    """One GPU. capability: its compute capability (major, minor). free: bytes of memory that are free now."""

    name: str
    capability: tuple[int, int]
    free: int


def nvidia_gpus(oldest_driver: int, load: Callable[[str], Any] = ctypes.CDLL) -> tuple[NvidiaGpu, ...]:
    """The GPUs that the driver shows this process, at least one, in its order.

    oldest_driver: the lowest version of CUDA that the driver must support, as 1000 major + 10 minor. load:
    opens a library of the system.

    Raises DriverProblem.
    """
    try:
        cuda = load(DRIVER)
    except OSError:
        raise DriverProblem("no NVIDIA driver is installed") from None
    _call(cuda.cuInit, 0)
    version, count = ctypes.c_int(0), ctypes.c_int(0)
    _call(cuda.cuDriverGetVersion, ctypes.byref(version))
    if version.value < oldest_driver:
        supported, needed = (f"{each // 1000}.{each % 1000 // 10}" for each in (version.value, oldest_driver))
        raise DriverProblem(
            f"the NVIDIA driver is too old (it supports CUDA {supported}, and {needed} is needed)"
        )
    _call(cuda.cuDeviceGetCount, ctypes.byref(count))
    if count.value < 1:
        raise DriverProblem(_NO_GPU)
    return tuple(_gpu(cuda, number) for number in range(count.value))


def _gpu(cuda: Any, number: int) -> NvidiaGpu:
    device, major, minor = ctypes.c_int(0), ctypes.c_int(0), ctypes.c_int(0)
    name = ctypes.create_string_buffer(NAME_BYTES)
    _call(cuda.cuDeviceGet, ctypes.byref(device), number)
    _call(cuda.cuDeviceGetName, name, NAME_BYTES, device)
    _call(cuda.cuDeviceGetAttribute, ctypes.byref(major), _MAJOR, device)
    _call(cuda.cuDeviceGetAttribute, ctypes.byref(minor), _MINOR, device)
    text = name.value.decode("utf-8", errors="replace").strip()
    return NvidiaGpu(text, (major.value, minor.value), _free_memory(cuda, device))


def _free_memory(cuda: Any, device: ctypes.c_int) -> int:
    """0 where the driver has not even the memory to say so, or another program has the GPU for itself."""
    context, free, total = ctypes.c_void_p(), ctypes.c_size_t(0), ctypes.c_size_t(0)
    # The memory is that of a context; the one that the framework will use is borrowed for the question.
    if cuda.cuDevicePrimaryCtxRetain(ctypes.byref(context), device) != 0:
        return 0
    try:
        _call(cuda.cuCtxPushCurrent_v2, context)
        _call(cuda.cuMemGetInfo_v2, ctypes.byref(free), ctypes.byref(total))
        _call(cuda.cuCtxPopCurrent_v2, ctypes.byref(context))
    finally:
        cuda.cuDevicePrimaryCtxRelease_v2(device)
    return free.value


def _call(function: Callable[..., int], *arguments: Any) -> None:
    """Raises DriverProblem if the driver reports an error."""
    error = function(*arguments)
    if error == _NO_DEVICE:
        raise DriverProblem(_NO_GPU)
    if error == _OUT_OF_MEMORY:
        raise DriverProblem("the GPU has no free memory")
    if error != 0:
        raise DriverProblem(f"the NVIDIA driver does not work (CUDA error {error})")
