"""The command line in this process, with a small network in place of a large one, and as a process."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from app.command_line.group import run
from core.models.architectures import ARCHITECTURES
from core.models.bundle import Bundle, find_bundle, write_bundle
from tests.app.command_line.processes import ended_process
from tests.cards import make_card, small_model
from tests.direct_reader import DirectReader

SIZE = 32


@dataclass(frozen=True)
class Ran:
    """What a command left: exit code, standard output and standard error."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> dict[str, Any]:
        return json.loads(self.out)

    @property
    def one_error(self) -> str:
        """The only line on standard error."""
        lines = self.err.splitlines()
        assert len(lines) == 1, lines
        assert lines[0].startswith("saliscope: error: ")
        return lines[0].removeprefix("saliscope: error: ")


@pytest.fixture
def saliscope(capfd: pytest.CaptureFixture[str]) -> Callable[..., Ran]:
    """Runs the command line in this process, otherwise as the program does."""

    def ran(*arguments: object) -> Ran:
        capfd.readouterr()
        code = run([str(argument) for argument in arguments])
        return Ran(code, *capfd.readouterr())

    return ran


@pytest.fixture
def process(repository, tmp_path):
    """Runs the command line, or Python with `code`, as a process."""

    def run(*arguments, code=None):
        start = ("-c", code) if code else ("-m", "saliscope")
        return ended_process(tmp_path, repository, *start, *arguments)

    return run


@pytest.fixture(scope="session")
def _small_weights() -> dict[str, Any]:
    from core.models.handle import named_weights

    return named_weights(small_model(SIZE))


@pytest.fixture
def bundle(_small_weights: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A bundle in a folder, of a network that is small enough for tests."""
    monkeypatch.setitem(ARCHITECTURES, "small", lambda shape, classes: small_model(shape[0]))
    folder = tmp_path / "bundles" / "small"
    write_bundle(folder, make_card(SIZE, architecture="small"), _small_weights)
    return folder


@pytest.fixture
def bundle_with_head(_small_weights: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Makes a bundle of that network with another kernel (channels, classes) and bias of its dense layer."""
    monkeypatch.setitem(ARCHITECTURES, "small", lambda shape, classes: small_model(shape[0]))

    def make(changed: Callable[[Any, Any], tuple[Any, Any]]) -> Path:
        kernel, bias = "logits/kernel", "logits/bias"
        values = changed(_small_weights[kernel], _small_weights[bias])
        folder = tmp_path / "bundles" / "changed"
        write_bundle(
            folder,
            make_card(SIZE, architecture="small"),
            _small_weights | dict(zip((kernel, bias), values, strict=True)),
        )
        return folder

    return make


@pytest.fixture
def picture(tmp_path: Path, generator: np.random.Generator) -> Path:
    """A grey picture of 48 x 40 pixels."""
    path = tmp_path / "picture.png"
    Image.fromarray(generator.integers(0, 255, (40, 48), np.uint8)).save(path)
    return path


@pytest.fixture
def volume(tmp_path: Path, generator: np.random.Generator) -> Path:
    """A NIfTI volume of five slices."""
    import nibabel

    path = tmp_path / "volume.nii.gz"
    values = generator.integers(0, 999, (48, 40, 5)).astype(np.int16)
    nibabel.save(nibabel.Nifti1Image(values, np.diag([1.0, 1.0, 3.0, 1.0])), path)
    return path


@pytest.fixture(scope="session")
def _handles():
    return {}


@pytest.fixture
def real_reader():
    """Files are decoded by the reader process, as the program does."""


@pytest.fixture
def one_handle(monkeypatch, _handles):
    """One handle for all tests, so that the network is traced once."""
    from core.models.handle import ModelHandle

    load = ModelHandle.load

    def loaded(name):
        bundle = name if isinstance(name, Bundle) else find_bundle(name)
        handle = _handles.get(bundle.card.weights_sha256)
        handle = handle or _handles.setdefault(bundle.card.weights_sha256, load(bundle))
        handle.bundle = bundle
        return handle

    monkeypatch.setattr(ModelHandle, "load", loaded)


@pytest.fixture
def quick_evaluation(request, monkeypatch, one_handle):
    """One handle for all tests; no reader process but on request."""
    if "real_reader" not in request.fixturenames:
        monkeypatch.setattr("core.datasets.evaluation.ReaderProcess", DirectReader)


@pytest.fixture
def quick_reader(request, monkeypatch, one_handle):
    """The same for commands on single images."""
    if "real_reader" not in request.fixturenames:
        monkeypatch.setattr("core.readers.process.ReaderProcess", DirectReader)


@pytest.fixture
def data(tmp_path: Path, generator: np.random.Generator) -> Path:
    """An index of four good images of two patients, a constant, a missing, and a broken one."""
    folder = tmp_path / "data"
    folder.mkdir()
    names = []
    for number in range(4):
        names.append(f"good{number}.png")
        Image.fromarray(generator.integers(0, 255, (32, 32), np.uint8)).save(folder / names[-1])
    Image.fromarray(np.full((32, 32), 7, np.uint8)).save(folder / "constant.png")
    (folder / "broken.png").write_bytes(b"no picture")
    names += ["constant.png", "missing.png", "broken.png"]
    labels = ["glioma", "meningioma", "pituitary", "glioma", "glioma", "glioma", "glioma"]
    lines = [f"{name},{label},p{n % 2}" for n, (name, label) in enumerate(zip(names, labels, strict=True))]
    path = folder / "index.csv"
    path.write_text("file,label,patient\n" + "\n".join(lines) + "\n", encoding="utf-8")
    return path
