"""Stores the maps that `saliscope self-test --full` compares with: `python -m training.self_test_maps`.

Without arguments those of methods that have none; with names of methods those, anew. Each is a file of its
own in resources/self_test/maps, made on the CPU by the smallest bundle that the method can explain.
"""

import os
import sys
from collections.abc import Iterator, Sequence
from functools import cache

from core.methods import METHODS, method_named
from core.models.bundle import RESOURCES, WEIGHTS_NAME
from core.models.handle import ModelHandle
from core.readers.process import ReaderProcess
from core.samples import sample
from core.self_test.stored_maps import new_map, stored_map

SAMPLE = "brain_glioma"


def models() -> Iterator[ModelHandle]:
    """The shipped models for the sample, the smallest first."""
    modality = sample(SAMPLE).model.partition("_")[0]
    folders = (RESOURCES / "models").glob(f"{modality}*")
    for folder in sorted(folders, key=lambda folder: (folder / WEIGHTS_NAME).stat().st_size):
        yield _loaded(folder.name)


@cache
def _loaded(name: str) -> ModelHandle:
    return ModelHandle.load(name)


def main(names: Sequence[str]) -> None:
    """Write the maps of these methods, or of all that have none."""
    chosen = [method_named(name) for name in names]
    chosen = chosen or [method for method in METHODS if stored_map(method.name) is None]
    with ReaderProcess() as reader:
        (entry,) = reader.index(sample(SAMPLE).path)
        image, _ = reader.read(entry, 0)
    for method in chosen:
        new_map(method, SAMPLE, image, models()).write()
        sys.stdout.write(f"{method.name}\n")


if __name__ == "__main__":
    os.environ["CUDA_VISIBLE_DEVICES"] = ""
    main(sys.argv[1:])
