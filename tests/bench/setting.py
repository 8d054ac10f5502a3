"""What the methods are measured on: the bundled model, its samples, and bare calls of its functions."""

import csv
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from core import api
from core.arrays import Array
from core.methods import method_named
from core.methods.region.segments import label_images
from core.models.handle import ModelHandle
from core.models.runtime import frameworks
from core.models.scores import class_weights
from core.network.attribution_map import AttributionMap
from core.network.target import LogitTarget, Target
from core.readers.index import index_path, read
from core.samples import samples
from tests.bench.timing import seconds_of
from tests.core.methods.maps import map_of

MODEL = "brain_tumor_mri_densenet121"
ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT.parent / "shared" / "data" / "brain_tumor_mri"


@dataclass(frozen=True)
class Setting:
    """The model, an image with its target, and how thoroughly to measure.

    folder: where results and what is kept between runs go.
    """

    quick: bool
    folder: Path

    @cached_property
    def handle(self) -> ModelHandle:
        return api.load_model(MODEL)

    @cached_property
    def prepared(self) -> api.Subject:
        return self.prepare(samples()[0].path)

    @property
    def x(self) -> Array:
        return self.prepared.x

    @cached_property
    def target(self) -> Target:
        return self.target_of(self.x)

    @property
    def batch(self) -> int:
        return self.handle.best_batch

    def warm_up(self) -> None:
        """Trace every kind of call and load what is loaded late, so that no row pays for it."""
        for kind in ("logits", "gradients"):
            for batch in (1, self.batch):
                self.bare(kind, batch)()
        self.map("grad_cam")
        label_images(self.x)

    def rounds(self, usual: int) -> int:
        return 1 if self.quick else usual

    def prepare(self, path: Path) -> api.Subject:
        image, _ = read(index_path(path)[0], 0)
        return api.prepare(self.handle, image)

    def target_of(self, x: Array) -> Target:
        return LogitTarget(self.handle.predict(x).index)

    def map(self, name: str, **params: Any) -> AttributionMap:
        """The map of a method, alone."""
        chosen = method_named(name)
        return map_of(chosen, self.handle, self.x, self.target, chosen.Params(**params))

    def images(self, count: int) -> list[Array]:
        """Inputs of the model: the bundled samples, then slices of its test part where they are at hand."""
        paths = [sample.path for sample in samples() if sample.modality == "MR"]
        if (DATA / "index.csv").is_file():
            with (DATA / "index.csv").open(encoding="utf-8") as file:
                rows = [row for row in csv.DictReader(file) if row["part"] == "test"]
            # From all over the list, which goes by class and person.
            chosen = np.linspace(0, len(rows) - 1, max(count, 2)).astype(int)
            paths += [DATA / rows[number]["file"] for number in chosen]
        return [self.prepare(path).x for path in paths[:count]]

    def bare(self, kind: str, batch: int) -> Callable[[], object]:
        """One call of the compiled function and nothing else, on a whole batch."""
        handle = self.handle
        inputs = np.repeat(self.x[None], batch, axis=0).astype(np.float32)
        weights = np.tile(class_weights(self.target, handle.card), (batch, 1))
        arguments = {"logits": (), "gradients": (weights,)}[kind]
        # Logits come from the function that gives the content too.
        keys = {"logits": ("forward",), "gradients": ("gradients", "logit")}
        function, tensor = handle.functions.function(*keys[kind]), frameworks()[1].constant

        def call() -> object:
            input_tensor = tensor(inputs)
            return [output.numpy() for output in function(input_tensor, *arguments)]

        return call

    def bare_seconds(self, gradients: int = 0, forwards: int = 0) -> float:
        """So many evaluations at the best batch, from as many whole batches as come nearest to them."""
        total = 0.0
        for kind, count in (("gradients", gradients), ("logits", forwards)):
            if count:
                call, batches = self.bare(kind, self.batch), max(round(count / self.batch), 1)
                spent = seconds_of(lambda call=call, batches=batches: [call() for _ in range(batches)])
                total += spent * count / (batches * self.batch)
        return total
