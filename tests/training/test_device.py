"""Facts of the device that trains: which of them compute in half precision."""

from types import SimpleNamespace

import pytest

from core.models import runtime
from training import device

GPU = "PhysicalDevice(GPU:0)"


@pytest.fixture
def gpu(monkeypatch):
    """Lets TensorFlow report these details of its first GPU, or that it has none."""

    def set_details(details):
        experimental = SimpleNamespace(get_device_details=lambda which: details if which == GPU else {})
        config = SimpleNamespace(
            get_visible_devices=lambda kind: [GPU] * (details is not None), experimental=experimental
        )
        monkeypatch.setattr(runtime, "frameworks", lambda: (None, SimpleNamespace(config=config)))
        monkeypatch.setattr(device, "on_gpu", lambda: details is not None)
        monkeypatch.setattr(device, "_backend", lambda: "tensorflow")

    return set_details


@pytest.mark.parametrize(
    ("details", "gains"),
    [
        ({"device_name": "NVIDIA H100", "compute_capability": (9, 0)}, True),
        ({"device_name": "NVIDIA A100", "compute_capability": (8, 0)}, True),
        ({"device_name": "Tesla T4", "compute_capability": (7, 5)}, False),
        ({"device_name": "NVIDIA GeForce GTX 1080", "compute_capability": (6, 1)}, False),
        ({"device_name": "AMD Instinct MI210"}, False),
    ],
)
def test_that_a_gpu_gains_from_half_precision_only_if_it_computes_in_it(gpu, details, gains) -> None:
    gpu(details)
    assert runtime.compute_capability() == details.get("compute_capability")
    assert device.gains_from_half() is gains


def test_that_a_gpu_under_another_backend_reports_nothing(gpu, monkeypatch) -> None:
    gpu({"compute_capability": (9, 0)})
    monkeypatch.setattr(device, "_backend", lambda: "torch")
    assert not device.gains_from_half()


@pytest.mark.parametrize(
    ("flags", "gains"), [("fpu avx512f avx512_bf16", True), ("fpu amx_bf16", True), ("fpu avx512f", False)]
)
def test_that_a_processor_gains_if_its_flags_say_so(gpu, monkeypatch, tmp_path, flags, gains) -> None:
    gpu(None)
    processors = tmp_path / "cpuinfo"
    processors.write_text(f"flags\t: {flags}\n", encoding="utf-8")
    monkeypatch.setattr(device, "_PROCESSORS", processors)
    assert runtime.compute_capability() is None
    assert device.gains_from_half() is gains


def test_that_a_computer_that_hides_its_processors_gains_nothing(gpu, monkeypatch, tmp_path) -> None:
    gpu(None)
    monkeypatch.setattr(device, "_PROCESSORS", tmp_path / "none")
    assert not device.gains_from_half()
