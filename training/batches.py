"""Images in memory, and the batches of an epoch, the same for the same seed and epoch."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import psutil

from core.arrays import Array
from core.errors import InputError, OutOfMemory, Unreadable
from core.images.resample import resampled
from core.models.preprocessing import Preprocessing
from training.augmentation import Augmentation
from training.datasets import LabelledImage, listed
from training.sources.pixels import labelled_slice, outline

# The rest is left to the network, its gradients and other programs.
USABLE_MEMORY = 0.8


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
    """The images of one step: inputs (n, h, w, c), labels (n,), masks (n, grid, grid, 1)."""

    inputs: Array
    labels: Array
    masks: Array


def load(records: Sequence[LabelledImage], classes: Sequence[str], preprocessing: Preprocessing) -> Images:
    """Read, preprocess and stack the images of `records`.

    Raises OutOfMemory before anything is read if they do not fit, and Unreadable with every image that
    cannot be used.
    """
    require_memory(len(records), preprocessing)
    inputs = np.empty((len(records), *preprocessing.shape), np.float32)
    masks = np.zeros((len(records), preprocessing.height, preprocessing.width), np.float32)
    problems = []
    for index, record in enumerate(records):
        try:
            image = labelled_slice(record.path)
            prepared = preprocessing.apply(image)
            inputs[index] = prepared.x
            if record.mask is not None:
                masks[index] = prepared.grid_map.from_slice(outline(record.mask, image.shape))
        except InputError as error:
            problems.append(error.message.rstrip("."))
    if problems:
        raise Unreadable(
            f"{len(problems)} of {len(records)} images cannot be used: {listed(problems)}.",
            "Correct these images, or leave them out.",
        )
    labels = np.array([list(classes).index(record.label) for record in records])
    return Images(inputs, labels, masks)


def require_memory(count: int, preprocessing: Preprocessing) -> None:
    """Raises OutOfMemory if `count` images with their masks do not fit into the memory that is free."""
    height, width, channels = preprocessing.shape
    needed = count * height * width * (channels + 1) * np.dtype(np.float32).itemsize
    free = psutil.virtual_memory().available
    if needed > USABLE_MEMORY * free:
        raise OutOfMemory(
            f"{count} images of {width} x {height} take {needed / 2**30:.1f} GiB of memory; "
            f"{free / 2**30:.1f} GiB are free.",
            "Close other programs, train on fewer images, or take a recipe with smaller stages.",
        )


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
