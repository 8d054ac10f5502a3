"""Images in memory, and the batches of an epoch, the same for the same seed and epoch."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from core.arrays import Array
from core.errors import Unreadable
from core.images.resample import resampled
from core.images.slice import Slice
from core.models.preprocessing import Preprocessing
from training.augmentation import Augmentation
from training.datasets import Record


@dataclass(frozen=True, slots=True)
class Images:
    """inputs: (n, h, w, c) float32; labels: (n,) class indices; masks: (n, h, w) share of the lesion."""

    inputs: Array
    labels: Array
    masks: Array

    def __len__(self) -> int:
        return len(self.labels)


@dataclass(frozen=True, slots=True)
class Batch:
    """One step's worth; `masks` is on the grid asked for, (n, grid, grid, 1)."""

    inputs: Array
    labels: Array
    masks: Array


def load(records: Sequence[Record], classes: Sequence[str], preprocessing: Preprocessing) -> Images:
    """Read, preprocess and stack the images of `records`."""
    inputs = np.empty((len(records), *preprocessing.shape), np.float32)
    masks = np.zeros((len(records), preprocessing.height, preprocessing.width), np.float32)
    for index, record in enumerate(records):
        values = _pixels(record.path)
        inputs[index], grid_map = preprocessing.apply(Slice(values))
        if record.mask is not None:
            masks[index] = grid_map.from_slice(_pixels(record.mask) > 0)
    labels = np.array([list(classes).index(record.label) for record in records])
    return Images(inputs, labels, masks)


def _pixels(path: Path) -> Array:
    """The picture's values. Raises Unreadable."""
    try:
        return np.asarray(Image.open(path))
    except OSError as error:
        raise Unreadable(f"{path.name} cannot be read as a picture.", "Remove or mend its row.") from error


def epoch_batches(
    images: Images, batch: int, augmentation: Augmentation, grid: int, seed: int, epoch: int
) -> Iterator[Batch]:
    """Every image once, in a new order; the last, smaller batch is left out."""
    generator = np.random.default_rng((seed, epoch))
    order = generator.permutation(len(images))
    for start in range(0, len(order) - batch + 1, batch):
        chosen = order[start : start + batch]
        pairs = [augmentation.apply(images.inputs[i], images.masks[i], generator) for i in chosen]
        inputs = np.stack([pair[0] for pair in pairs]).astype(np.float32)
        masks = np.stack([resampled(pair[1], (grid, grid)) for pair in pairs])[..., None]
        yield Batch(inputs, images.labels[chosen], masks.astype(np.float32))
