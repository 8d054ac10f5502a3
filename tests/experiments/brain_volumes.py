"""What the brain models say of whole volumes: post-contrast gliomas, and T1 cut-outs around a hippocampus.

Of each volume the middle slice, the one with the highest probability of glioma among those that fit the model
and among all, and the one with the largest marked area. The volumes are unlike those of the training: the
gliomas are without skull, the hippocampus volumes without tumour and without contrast agent.

    python -m tests.experiments.brain_volumes [FOLDER for pictures]
"""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import numpy as np
from PIL import Image

from core import api, engine
from core.arrays import Array
from core.checks.localisation import evidence_inside
from core.figures.overlay import overlay_png
from core.images.region import largest_slice, region_on_grid, slice_areas
from core.images.slice import Slice
from core.images.slice_place import SlicePlace
from core.models.fit import Fit
from core.models.handle import ModelHandle
from core.models.prediction import Prediction
from core.readers.index import index_path
from core.readers.process import ReaderProcess

DATA = Path(__file__).parents[3] / "shared" / "data"
MODELS = ("brain_tumor_mri_densenet121", "brain_tumor_mri_efficientnetb0")
TARGET = "glioma"
HIPPOCAMPUS = ("hippocampus_003", "hippocampus_004", "hippocampus_006")


@dataclass(frozen=True, slots=True)
class Volume2D:
    """The slices of a volume, and the marked voxels (slices, rows, columns) on the same pixels."""

    name: str
    slices: tuple[Slice, ...]
    marked: Array


@dataclass(frozen=True, slots=True)
class Row:
    """One slice of one volume by one model.

    inside: share of Grad-CAM's positive evidence in the marked area. covered: that area's share of the slice.
    misfits: slices of the volume that do not fit.
    """

    model: str
    volume: str
    choice: str
    index: int | None
    count: int
    prediction: Prediction | None = None
    fit: Fit | None = None
    inside: float | None = None
    covered: float = 0.0
    picture: bytes = b""
    misfits: int = 0


def paths() -> Iterator[tuple[str, Path, Path]]:
    """Name, image and marks of each volume."""
    for folder in sorted((DATA / "nifti" / "glioma").iterdir()):
        yield f"{folder.name} t1ce", folder / "t1ce.nii.gz", folder / "seg.nii.gz"
    folder = DATA / "hippocampus_mri"
    for name in HIPPOCAMPUS:
        yield name, folder / "images" / f"{name}.nii.gz", folder / "labels" / f"{name}.nii.gz"


def volume_of(name: str, image: Path, marks: Path) -> Volume2D:
    """Reads all slices as the program does."""
    (entry,), (marks_entry,) = index_path(image), index_path(marks)
    with ReaderProcess() as reader:
        slices = tuple(reader.read(entry, frame)[0] for frame in range(entry.frames))
        places = [
            SlicePlace.of(image, frames=entry.frames, frame=frame) for frame, image in enumerate(slices)
        ]
        marked = [reader.read_mask(marks_entry, place).region for place in places]
    return Volume2D(name, slices, np.stack(marked))


def rows(model: ModelHandle, volume: Volume2D) -> Iterator[Row]:
    """The three slices; each as when it is opened in the window."""
    scanned = engine.scan(model, volume.slices)
    values = np.array([each.probabilities.get(TARGET, -1.0) if each.fits else -1.0 for each in scanned])
    misfits = sum(not each.fits for each in scanned)
    every = np.array([each.probabilities.get(TARGET, -1.0) for each in scanned])
    choices = {
        "middle": len(scanned) // 2,
        "highest that fits": int(np.argmax(values)) if values.max() >= 0 else None,
        "highest of all": int(np.argmax(every)),
        "largest area": largest_slice(slice_areas(volume.marked)),
    }
    for choice, index in choices.items():
        about = (model.card.id, volume.name, choice, index, len(scanned))
        yield Row(*about, misfits=misfits) if index is None else _row(model, volume, index, about, misfits)


def _row(
    model: ModelHandle,
    volume: Volume2D,
    index: int,
    about: tuple[str, str, str, int | None, int],
    misfits: int,
) -> Row:
    image, marked = volume.slices[index], volume.marked[index]
    subject = engine.prepare(model, image)
    prediction = engine.predict(model, subject)
    explanation = engine.explain(model, subject, "grad_cam")
    inside = None
    if marked.any() and not explanation.record.no_share:
        inside = evidence_inside(explanation.map.values, region_on_grid(marked, subject.grid_map))
    picture = overlay_png(image, subject.grid_map, explanation.map, explanation.record)
    fit = engine.check_fit(model, image, subject)
    return Row(*about, prediction, fit, inside, float(marked.mean()), picture, misfits)


def line(row: Row) -> str:
    """One line of the table."""
    start = f"{row.model.removeprefix('brain_tumor_mri_'):<15} {row.volume:<18} {row.choice:<18}"
    if row.prediction is None or row.fit is None or row.index is None:
        return f"{start} none ({row.misfits} of {row.count} slices do not fit)"
    chances = " ".join(
        f"{name[:6]} {chance:.2f}"
        for name, chance in zip(row.prediction.classes, row.prediction.probabilities, strict=True)
    )
    inside = "-" if row.inside is None else f"{row.inside:.2f}"
    distance = "-" if row.fit.distance is None else f"{row.fit.distance:.2f}"
    return (
        f"{start} {row.index + 1:>3}/{row.count:<3} {chances}  {row.fit.answer:<13} distance {distance}"
        f"  inside {inside} of {row.covered:.3f}  misfits {row.misfits}/{row.count}"
    )


def sheet(pictures: list[bytes], path: Path) -> None:
    """The pictures beside each other."""
    images = [Image.open(BytesIO(picture)).convert("RGB") for picture in pictures]
    height = max(image.height for image in images)
    images = [image.resize((round(image.width * height / image.height), height)) for image in images]
    whole = Image.new("RGB", (sum(image.width for image in images), height))
    left = 0
    for image in images:
        whole.paste(image, (left, 0))
        left += image.width
    whole.save(path)


def main(folder: Path | None) -> None:
    """Print the table and write the pictures."""
    volumes = [volume_of(*each) for each in paths()]
    for name in MODELS:
        model = api.load_model(name)
        for volume in volumes:
            reasons: dict[str, None] = {}
            pictures = []
            for row in rows(model, volume):
                print(line(row), flush=True)
                reasons |= dict.fromkeys(row.fit.reasons if row.fit is not None else ())
                pictures += [row.picture] if row.picture else []
            for reason in reasons:
                print(f"    {reason}", flush=True)
            if folder is not None:
                short = name.rpartition("_")[2]
                sheet(pictures, folder / f"brain_{volume.name.replace(' ', '_')}_{short}.png")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
