"""The one place where Keras and TensorFlow are loaded: processor, backend, device, threads, messages."""

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from types import ModuleType
from typing import NamedTuple

from threadpoolctl import threadpool_limits

from core.errors import ModelError, UnsupportedComputer
from core.models.device import ComputingDevice, DeviceChoice, use_policy_device
from core.models.gpu import set_device
from core.models.processor import require_processor
from core.system_libraries import missing_library_of

OLDEST_SAFE_KERAS = (3, 13, 1)


class _Started(NamedTuple):
    keras: ModuleType
    tensorflow: ModuleType
    device: ComputingDevice


def frameworks() -> tuple[ModuleType, ModuleType]:
    """(keras, tensorflow), imported once, Keras on TensorFlow, on the device that the environment names.

    On a CPU, every core is for TensorFlow alone. Keras is loaded as if scikit-learn were not installed (see
    `hidden_package`): its wrappers for scikit-learn, `keras.wrappers`, can be imported but not used in this
    process. Nothing here uses them.

    Raises UnsupportedComputer where the processor or the system cannot run them, ModelError where they are
    missing or Keras is so old that it runs code hidden in model files, UsageError for an unknown device.
    """
    started = _started()
    return started.keras, started.tensorflow


def computing_device() -> ComputingDevice:
    """The device that computes in this process, by `core.models.device.DeviceChoice`. Raises as above."""
    return _started().device


@cache
def _started() -> _Started:
    # In a script too; the program's own processes have it in their environment already.
    use_policy_device(os.environ, is_final=True)
    choice = DeviceChoice.of_environment(os.environ)
    # First of all: the framework ends the process on a processor that it is not compiled for.
    require_processor()
    os.environ.setdefault("KERAS_BACKEND", "tensorflow")
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    with _native_messages_held_back(), hidden_package("sklearn"):
        try:
            import keras
            import tensorflow as tf
        except ImportError as error:
            raise _cannot_load(error) from error
        device = set_device(tf, choice)
    _limit_blas_threads()
    if tuple(int(part) for part in keras.__version__.split(".")[:3]) < OLDEST_SAFE_KERAS:
        raise ModelError(
            f"Keras {keras.__version__} is too old to be safe.", "Install Keras 3.13.1 or newer."
        )
    return _Started(keras, tf, device)


def _cannot_load(error: ImportError) -> ModelError | UnsupportedComputer:
    library = missing_library_of(str(error))
    if library is not None:
        return UnsupportedComputer(
            f"The network's software needs {library.words}, which this system lacks.", library.advice
        )
    missing = error.name or "a library"
    return ModelError(
        f"The network's software cannot be loaded: {missing} is missing or damaged.",
        "Install Saliscope again with its extra 'cpu' or 'gpu'.",
    )


def _limit_blas_threads() -> None:
    """One thread for numpy's and scipy's BLAS, whether it is loaded already or will be.

    What it multiplies here is small, and its idle threads stay awake for a while and keep TensorFlow's
    from their cores: with two on a busy machine a blur takes ten times as long.
    """
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    threadpool_limits(limits=1, user_api="blas")


def compute_capability() -> tuple[int, int] | None:
    """The compute capability (major, minor) of the NVIDIA GPU in use; None on every other device."""
    _, tf = frameworks()
    gpus = tf.config.get_visible_devices("GPU")
    if not gpus:
        return None
    details = tf.config.experimental.get_device_details(gpus[0])
    capability: tuple[int, int] | None = details.get("compute_capability")
    return capability


@contextmanager
def hidden_package(name: str) -> Iterator[None]:
    """Let imports of a package fail as if it were not installed, unless it is loaded already.

    Keras loads scikit-learn, which only its wrappers use, wherever it finds it: a fifth of its start.
    It does not depend on it and is loaded without it here; the package can be imported afterwards.
    """
    if name in sys.modules:
        yield
        return
    # A name that stands for None cannot be imported: https://docs.python.org/3/reference/import.html
    sys.modules[name] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        del sys.modules[name]


@contextmanager
def _native_messages_held_back() -> Iterator[None]:
    """Hold back what native code prints on standard error while starting, and show it only on failure.

    TensorFlow prints lines that no setting suppresses, and standard error is for the program's own errors.
    """
    if sys.stderr is None:  # a program of Windows without a console has none
        yield
        return
    sys.stderr.flush()
    standard_error = os.dup(2)
    with tempfile.TemporaryFile() as messages:
        os.dup2(messages.fileno(), 2)
        try:
            yield
        except BaseException:
            messages.seek(0)
            os.write(standard_error, messages.read())
            raise
        finally:
            os.dup2(standard_error, 2)
            os.close(standard_error)
