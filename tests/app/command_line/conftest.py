"""The command line in this process, with a small network in place of a large one."""

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
from core.models.bundle import write_bundle
from tests.cards import make_card, small_model

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
    """Runs the command line as the program does, short of the process."""

    def ran(*arguments: object) -> Ran:
        capfd.readouterr()
        code = run([str(argument) for argument in arguments])
        return Ran(code, *capfd.readouterr())

    return ran


@pytest.fixture(scope="session")
def _small_weights() -> dict[str, Any]:
    from core.models.handle import named_weights

    return named_weights(small_model(SIZE))


@pytest.fixture
def bundle(_small_weights: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A bundle in a folder, of a network small enough for tests."""
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
