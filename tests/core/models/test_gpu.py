"""The choice of the device: what TensorFlow is told, and the sentence where no GPU can be used.

No GPU is needed: the driver and TensorFlow's settings are stood in for.
"""

import ctypes
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from core.errors import UsageError
from core.models.device import ComputingDevice, DeviceChoice, is_comparable
from core.models.gpu import can_run, set_device
from core.models.nvidia import DriverProblem, NvidiaGpu, nvidia_gpus

GIB = 2**30
H100 = NvidiaGpu("NVIDIA H100", (9, 0), 70 * GIB)
T4 = NvidiaGpu("Tesla T4", (7, 5), 10 * GIB)
NO_GPU = "this computer has no NVIDIA GPU, or it is hidden from the program"
KINDS = ("sm_60", "sm_70", "sm_80", "sm_89", "compute_90")


class Settings:
    """TensorFlow as far as devices are set: it writes down what it is told, in order."""

    def __init__(self, has_cuda: bool = True, listed: int = 1, kinds: tuple[str, ...] = KINDS) -> None:
        self.told: list[tuple[Any, ...]] = []
        self.test = SimpleNamespace(is_built_with_cuda=lambda: has_cuda)
        self.sysconfig = SimpleNamespace(get_build_info=lambda: {"cuda_compute_capabilities": kinds})
        self.config = SimpleNamespace(
            list_physical_devices=lambda kind: [f"{kind}:{number}" for number in range(listed)],
            set_visible_devices=lambda devices, kind: self.told.append(("visible", kind, *devices)),
            experimental=SimpleNamespace(
                set_memory_growth=lambda device, is_on: self.told.append(("growth", device, is_on)),
                enable_tensor_float_32_execution=lambda is_on: self.told.append(("tf32", is_on)),
                enable_op_determinism=lambda: self.told.append(("deterministic",)),
            ),
        )


def probe_of(*gpus: NvidiaGpu) -> Callable[[int], tuple[NvidiaGpu, ...]]:
    return lambda oldest_driver: gpus


def no_probe(oldest_driver: int) -> tuple[NvidiaGpu, ...]:
    raise AssertionError("the driver was asked")


def broken_probe(reason: str) -> Callable[[int], tuple[NvidiaGpu, ...]]:
    def probe(oldest_driver: int) -> tuple[NvidiaGpu, ...]:
        raise DriverProblem(reason)

    return probe


def test_that_a_gpu_gets_memory_as_needed_and_no_shorter_numbers_before_it_is_used() -> None:
    tf = Settings()
    device = set_device(tf, DeviceChoice(), probe_of(H100))
    assert device == ComputingDevice(kind="gpu", name="NVIDIA H100 (GPU)")
    assert not device.is_repeatable
    assert tf.told == [("tf32", False), ("visible", "GPU", "GPU:0"), ("growth", "GPU:0", True)]


def test_that_the_deterministic_mode_is_set_and_recorded_on_a_gpu_alone() -> None:
    tf = Settings()
    device = set_device(tf, DeviceChoice(is_deterministic=True), probe_of(H100))
    assert (device.deterministic_mode, device.words) == (True, "NVIDIA H100 (GPU), deterministic")
    assert device.is_repeatable
    assert ("deterministic",) in tf.told
    tf = Settings(has_cuda=False, listed=0)
    device = set_device(tf, DeviceChoice(is_deterministic=True), no_probe)
    assert (device.kind, device.deterministic_mode, device.is_repeatable) == ("cpu", False, True)
    assert ("deterministic",) not in tf.told


def test_that_of_several_gpus_the_one_with_most_free_memory_is_used() -> None:
    tf = Settings(listed=3)
    old = NvidiaGpu("GTX 980", (5, 2), 100 * GIB)
    device = set_device(tf, DeviceChoice(), probe_of(old, T4, H100))
    assert device.name == "NVIDIA H100 (GPU)"
    assert ("visible", "GPU", "GPU:2") in tf.told
    assert ("growth", "GPU:2", True) in tf.told


@pytest.mark.parametrize("has_cuda", [True, False])
def test_that_a_chosen_cpu_hides_all_gpus_without_asking_for_any(has_cuda: bool) -> None:
    tf = Settings(has_cuda)
    device = set_device(tf, DeviceChoice(wish="cpu"), no_probe)
    assert (device.kind, device.fallback) == ("cpu", "")
    assert tf.told == [("tf32", False), ("visible", "GPU")]


def test_that_an_installation_for_the_cpu_computes_there_without_a_word_unless_a_gpu_is_wanted() -> None:
    assert set_device(Settings(has_cuda=False), DeviceChoice(), no_probe).fallback == ""
    wanted = set_device(Settings(has_cuda=False), DeviceChoice(wish="gpu"), no_probe)
    assert wanted.kind == "cpu"
    assert wanted.fallback == (
        "The CPU computes, since no GPU can be used: this installation of Saliscope has the software for the "
        "CPU alone."
    )


@pytest.mark.parametrize("wish", ["auto", "gpu"])
@pytest.mark.parametrize(
    ("probe", "listed", "reason"),
    [
        (broken_probe("no NVIDIA driver is installed"), 0, "no NVIDIA driver is installed"),
        (probe_of(H100), 0, "libraries of CUDA are missing or cannot be loaded"),
        (
            probe_of(H100._replace(free=GIB // 2)),
            1,
            "the NVIDIA H100 has only 0.5 GiB of free memory, and 1.0 GiB are needed",
        ),
        (
            probe_of(NvidiaGpu("GTX 980", (5, 2), 4 * GIB)),
            1,
            "TensorFlow is not made for the GTX 980 (compute capability 5.2)",
        ),
    ],
)
def test_that_without_a_usable_gpu_the_cpu_computes_and_one_sentence_says_why(
    wish: Any, probe: Callable[[int], tuple[NvidiaGpu, ...]], listed: int, reason: str
) -> None:
    tf = Settings(listed=listed)
    device = set_device(tf, DeviceChoice(wish=wish), probe)
    assert device.kind == "cpu"
    assert device.name.startswith("CPU, ")
    assert device.fallback == f"The CPU computes, since no GPU can be used: {reason}."
    assert tf.told[-1] == ("visible", "GPU")


@pytest.mark.parametrize(
    ("capability", "runs"),
    [
        ((5, 2), False),
        ((6, 1), True),
        ((7, 5), True),
        ((8, 6), True),  # machine code for 8.0
        ((9, 0), True),
        ((12, 0), True),  # translated by the driver from that for 9.0
    ],
)
def test_that_a_gpu_is_used_only_if_tensorflow_is_compiled_for_it(
    capability: tuple[int, int], runs: bool
) -> None:
    assert can_run(capability, KINDS) is runs
    assert can_run(capability, ())  # a TensorFlow that does not say what it is compiled for


def test_that_machine_code_runs_on_no_later_major_version() -> None:
    assert not can_run((9, 0), ("sm_80", "sm_89"))
    assert not can_run((8, 0), ("sm_86",))


class Driver:
    """NVIDIA's driver with GPUs as (name, capability, free bytes); every function but `failing` gives 0."""

    def __init__(
        self,
        *gpus: tuple[str, tuple[int, int], int],
        version: int = 12040,
        failing: dict[str, int] | None = None,
    ) -> None:
        self._gpus, self._version, self._failing = gpus, version, failing or {}
        self._current: int | None = None
        self.contexts = 0

    def __getattr__(self, name: str) -> Callable[..., int]:
        if not name.startswith("cu"):
            raise AttributeError(name)
        function = getattr(self, f"_{name}")
        return lambda *arguments: self._failing.get(name) or function(*arguments) or 0

    def _cuInit(self, flags: int) -> None:
        assert flags == 0

    def _cuDriverGetVersion(self, version: Any) -> None:
        version._obj.value = self._version

    def _cuDeviceGetCount(self, count: Any) -> None:
        count._obj.value = len(self._gpus)

    def _cuDeviceGet(self, device: Any, number: int) -> None:
        device._obj.value = 100 + number

    def _cuDeviceGetName(self, name: Any, length: int, device: ctypes.c_int) -> None:
        assert length >= 64
        name.value = self._gpus[device.value - 100][0].encode()

    def _cuDeviceGetAttribute(self, value: Any, attribute: int, device: ctypes.c_int) -> None:
        value._obj.value = self._gpus[device.value - 100][1][{75: 0, 76: 1}[attribute]]

    def _cuDevicePrimaryCtxRetain(self, context: Any, device: ctypes.c_int) -> None:
        context._obj.value = device.value
        self.contexts += 1

    def _cuCtxPushCurrent_v2(self, context: ctypes.c_void_p) -> None:
        assert context.value is not None
        self._current = context.value - 100

    def _cuMemGetInfo_v2(self, free: Any, total: Any) -> None:
        assert self._current is not None
        free._obj.value, total._obj.value = self._gpus[self._current][2], 80 * GIB

    def _cuCtxPopCurrent_v2(self, context: Any) -> None:
        self._current = None

    def _cuDevicePrimaryCtxRelease_v2(self, device: ctypes.c_int) -> None:
        self.contexts -= 1


def test_that_the_driver_describes_every_gpu_and_no_context_is_left() -> None:
    driver = Driver(("NVIDIA H100", (9, 0), 70 * GIB), ("Tesla T4", (7, 5), 10 * GIB))
    assert nvidia_gpus(12000, lambda name: driver) == (H100, T4)
    assert driver.contexts == 0


def test_that_a_gpu_that_another_program_has_for_itself_has_no_free_memory() -> None:
    driver = Driver(("NVIDIA H100", (9, 0), 70 * GIB), failing={"cuDevicePrimaryCtxRetain": 46})
    assert nvidia_gpus(12000, lambda name: driver)[0].free == 0
    assert driver.contexts == 0


@pytest.mark.parametrize(
    ("driver", "reason"),
    [
        (Driver(), "this computer has no NVIDIA GPU, or it is hidden from the program"),
        (
            Driver(failing={"cuInit": 100}),
            "this computer has no NVIDIA GPU, or it is hidden from the program",
        ),
        (Driver(failing={"cuInit": 999}), "the NVIDIA driver does not work (CUDA error 999)"),
        (
            Driver(version=11080),
            "the NVIDIA driver is too old (it supports CUDA 11.8, and 12.0 is needed)",
        ),
    ],
)
def test_that_a_driver_without_a_gpu_or_that_is_too_old_gives_the_reason(driver: Driver, reason: str) -> None:
    with pytest.raises(DriverProblem) as caught:
        nvidia_gpus(12000, lambda name: driver)
    assert str(caught.value) == reason


def test_that_a_missing_driver_is_the_reason() -> None:
    def load(name: str) -> Any:
        raise OSError(f"{name}: cannot open shared object file")

    with pytest.raises(DriverProblem, match=r"^no NVIDIA driver is installed$"):
        nvidia_gpus(12000, load)


@pytest.mark.parametrize(
    ("environment", "choice"),
    [
        ({}, DeviceChoice()),
        ({"SALISCOPE_DEVICE": " GPU "}, DeviceChoice(wish="gpu")),
        ({"SALISCOPE_DEVICE": "cpu", "SALISCOPE_DETERMINISTIC": "0"}, DeviceChoice(wish="cpu")),
        ({"SALISCOPE_DETERMINISTIC": "1"}, DeviceChoice(is_deterministic=True)),
    ],
)
def test_that_the_environment_says_what_computes(environment: dict[str, str], choice: DeviceChoice) -> None:
    assert DeviceChoice.of_environment(environment) == choice
    assert DeviceChoice.of_environment(choice.variables) == choice


def test_that_an_unknown_device_in_the_environment_is_a_usage_error() -> None:
    with pytest.raises(UsageError, match="SALISCOPE_DEVICE names no device"):
        DeviceChoice.of_environment({"SALISCOPE_DEVICE": "tpu"})


def test_that_results_of_two_gpus_or_of_gpu_and_cpu_are_kept_apart_and_those_of_cpus_are_not() -> None:
    gpu = ComputingDevice(kind="gpu", name="NVIDIA H100 (GPU)")
    few, many = (ComputingDevice(kind="cpu", name=f"CPU, {count} cores") for count in (2, 64))
    assert is_comparable(few, many)
    assert is_comparable(None, few)
    assert is_comparable(gpu, gpu.model_copy(update={"deterministic_mode": True}))
    assert not is_comparable(gpu, few)
    assert not is_comparable(None, gpu)
    assert not is_comparable(gpu, ComputingDevice(kind="gpu", name="Tesla T4 (GPU)"))
