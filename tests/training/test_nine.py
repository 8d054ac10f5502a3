"""Every architecture, from pictures to an explanation: two epochs, a bundle, another process."""

import os
import subprocess
import sys

import numpy as np
import pytest

from core.methods.activation.grad_cam import GradCam
from core.models.architectures import ARCHITECTURES
from core.models.handle import ModelHandle
from core.models.preprocessing import Preprocessing
from core.network.target import LogitTarget
from tests.core.methods.maps import map_of
from tests.training.toy import CLASSES, FACTS, TINY, write_index
from training.batches import load
from training.data import Data
from training.datasets import read_records
from training.make import Listener, make_bundle
from training.recipes import Stage

# These three leave nothing to pool of 64 pixels.
LARGER = {"xception": 80, "inceptionv3": 80, "inceptionresnetv2": 80}


@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("architecture", list(ARCHITECTURES))
def test_that_each_architecture_trains_and_explains_alike_in_a_fresh_process(
    architecture, tmp_path, repository
):
    size = LARGER.get(architecture, 64)
    facts = FACTS.model_copy(update={"preprocessing": Preprocessing(height=size, width=size)})
    recipe = TINY.model_copy(update={"stages": (Stage(size=size, epochs=2),)})
    index, lines = write_index(tmp_path), []
    bundle = make_bundle(
        Data(index), facts, architecture, recipe, 1, tmp_path / "work", tmp_path, Listener(lines.append)
    )
    assert [line["epoch"] for line in lines] == [1, 2]
    assert all(np.isfinite(line["loss"]) for line in lines)
    test = [each for each in read_records(index) if each.part == "test"][:3]
    inputs = load(test, CLASSES, facts.preprocessing).inputs
    np.save(tmp_path / "inputs.npy", inputs)
    subprocess.run(
        [
            *(sys.executable, "-m", "tests.training.fresh_process"),
            *(bundle.folder, tmp_path / "inputs.npy", tmp_path / "results.npz"),
        ],
        cwd=repository,
        env=os.environ | {"PYTHONPATH": str(repository)},
        check=True,
        timeout=900,
    )
    handle = ModelHandle.load(bundle)
    logits = handle.logits(inputs)
    method = GradCam()
    with np.load(tmp_path / "results.npz") as fresh:
        np.testing.assert_allclose(fresh["logits"], logits, rtol=1e-5, atol=1e-6)
        assert fresh["maps"].shape == (3, size, size)
        for x, row, other in zip(inputs, logits, fresh["maps"], strict=True):
            target = LogitTarget(int(row.argmax()))
            ours = map_of(method, handle, x, target, method.Params()).values
            np.testing.assert_allclose(other, ours, rtol=1e-4, atol=1e-6)
