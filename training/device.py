"""The device of a training run, on any backend of Keras."""

import os
from pathlib import Path

from core.errors import ModelError, SaliscopeError
from core.models.runtime import compute_capability, computing_device, frameworks

# The processors that multiply in bfloat16; elsewhere it is emulated and costs time.
_HALF_FLAGS = {"avx512_bf16", "amx_bf16"}
# Of NVIDIA's GPUs those from Ampere on: https://docs.nvidia.com/cuda/cuda-c-programming-guide/
_HALF_CAPABILITY = (8, 0)
_PROCESSORS = Path("/proc/cpuinfo")
# What TensorFlow and PyTorch raise if a device is full, and the messages of JAX and PyTorch on a CPU in
# errors of a general kind.
_SHORTAGE_KINDS = {"ResourceExhaustedError", "OutOfMemoryError"}
_SHORTAGE_PHRASES = ("resource_exhausted", "out of memory", "status_alloc_failed", "can't allocate memory")


def prepare_framework() -> None:
    """Import Keras on the backend that KERAS_BACKEND names, by default TensorFlow. Raises ModelError."""
    backend = os.environ.get("KERAS_BACKEND", "tensorflow")
    if backend == "tensorflow":
        _, tf = frameworks()
        # As TensorFlow trains by default: weights are measured after training and need no repeated bits.
        tf.config.experimental.enable_tensor_float_32_execution(True)
        return
    try:
        import keras  # noqa: F401
    except (ImportError, ValueError) as error:
        raise ModelError(
            f"Keras cannot be started on {backend!r}: {error}.", "Install it, or leave KERAS_BACKEND unset."
        ) from None


def on_tensorflow() -> bool:
    """Whether Keras runs on TensorFlow, which writing a bundle needs and training does not."""
    return _backend() == "tensorflow"


def device_text() -> str:
    """The device that computes, as text."""
    if on_tensorflow():
        return computing_device().name
    where = f"GPU {_place()}" if on_gpu() else f"CPU, {os.cpu_count()} cores"
    return f"{where}, Keras on {_backend()}"


def on_gpu() -> bool:
    """Whether Keras computes on a GPU by itself."""
    return any(word in _place() for word in ("gpu", "cuda", "mps"))


def _backend() -> str:
    import keras

    return str(keras.backend.backend())


def _place() -> str:
    import keras

    # Where a new array lies is the one answer that all backends give.
    return str(keras.ops.zeros((1,)).device).lower()


def is_shortage(error: BaseException) -> bool:
    """Whether an error means that the device or the computer had no memory left, on any backend."""
    if isinstance(error, SaliscopeError):
        return False
    if isinstance(error, MemoryError):
        return True
    if any(kind.__name__ in _SHORTAGE_KINDS for kind in type(error).__mro__):
        return True
    message = str(error).lower()
    return any(phrase in message for phrase in _SHORTAGE_PHRASES)


def gains_from_half() -> bool:
    """Whether half precision (bfloat16) makes this device faster; False if a GPU does not report it."""
    if on_gpu():
        capability = compute_capability() if on_tensorflow() else None
        return capability is not None and capability >= _HALF_CAPABILITY
    try:
        text = _PROCESSORS.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return False
    return not _HALF_FLAGS.isdisjoint(text.split())
