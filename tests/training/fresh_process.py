"""Run by itself: loads a bundle, and writes its logits and a Grad-CAM map for each input of a file."""

import sys
from pathlib import Path

import numpy as np

from core.methods.activation.grad_cam import GradCam
from core.models.bundle import read_bundle
from core.models.handle import ModelHandle
from core.network.target import LogitTarget
from tests.core.methods.maps import map_of


def main(folder: str, inputs_file: str, results_file: str) -> None:
    handle = ModelHandle.load(read_bundle(Path(folder)))
    inputs = np.load(inputs_file)
    logits = handle.logits(inputs)
    method = GradCam()
    maps = [
        map_of(method, handle, x, LogitTarget(int(row.argmax())), method.Params()).values
        for x, row in zip(inputs, logits, strict=True)
    ]
    np.savez(results_file, logits=logits, maps=np.stack(maps))


if __name__ == "__main__":
    main(*sys.argv[1:])
