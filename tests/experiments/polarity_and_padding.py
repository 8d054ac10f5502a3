"""How many test images a shipped model gets right when the same picture is stored in another way.

Polarity: 24 chest films of the test part as PNG, and as DICOM of 12 bits in MONOCHROME2 and MONOCHROME1.
Padding: 24 brain slices of the test part as PNG, and as DICOM whose outer ring holds PixelPaddingValue.

    python -m tests.experiments.polarity_and_padding
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from PIL import Image
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import DigitalXRayImageStorageForPresentation, ExplicitVRLittleEndian, MRImageStorage

from core import api
from core.arrays import Array
from core.models.bundle import RESOURCES
from core.models.handle import ModelHandle
from core.readers.process import ReaderProcess

DATA = Path(__file__).parents[3] / "shared" / "data"
IMAGES = 24
RING, PADDING_VALUE = 12, 63536
CHEST, BRAIN = "chest_xray_densenet121", "brain_tumor_mri_densenet121"
STORAGE = {"DX": DigitalXRayImageStorageForPresentation, "MR": MRImageStorage}


@dataclass(frozen=True, slots=True)
class Stored:
    """One way to store a picture: the photometric interpretation, and whether it has a ring of padding."""

    photometric: str
    padded: bool = False


FORMS = {
    CHEST: {"MONOCHROME2": Stored("MONOCHROME2"), "MONOCHROME1": Stored("MONOCHROME1")},
    BRAIN: {"ring of padding": Stored("MONOCHROME2", padded=True)},
}
MODALITIES = {CHEST: "DX", BRAIN: "MR"}


def scored_images(model: str) -> list[tuple[Path, str]]:
    """The pictures of a model's test part with their classes, in the order of the index."""
    folder = DATA / model.rpartition("_")[0]
    with (RESOURCES / "models" / model / "split.csv").open(encoding="utf-8", newline="") as stream:
        test = {row["id"]: row["label"] for row in csv.DictReader(stream) if row["part"] == "test"}
    with (folder / "index.csv").open(encoding="utf-8", newline="") as stream:
        return [
            (folder / row["file"], test[row["id"]]) for row in csv.DictReader(stream) if row["id"] in test
        ]


def chosen(model: str) -> list[tuple[Path, str]]:
    """24 pictures of the test part with their classes: equally many a class, spread over the index."""
    part, pictures = scored_images(model), []
    classes = sorted({name for _, name in part})
    for name in classes:
        of_class = [row for row in part if row[1] == name]
        places = np.linspace(0, len(of_class) - 1, IMAGES // len(classes)).round().astype(int)
        pictures += [of_class[place] for place in places]
    return pictures


def write_dicom(path: Path, picture: Array, modality: str, form: Stored) -> None:
    """A picture (rows, columns) uint8 as DICOM of 12 bits, or of 16 with a ring of padding."""
    values = picture.astype(np.uint16) * 16
    dataset = Dataset()
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    dataset.file_meta.MediaStorageSOPClassUID = dataset.SOPClassUID = STORAGE[modality]
    dataset.file_meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID = "1.2.3.4"
    dataset.Modality = modality
    dataset.Rows, dataset.Columns = values.shape
    dataset.SamplesPerPixel, dataset.PixelRepresentation, dataset.BitsAllocated = 1, 0, 16
    dataset.BitsStored = 16 if form.padded else 12
    dataset.HighBit = dataset.BitsStored - 1
    dataset.PhotometricInterpretation = form.photometric
    if form.photometric == "MONOCHROME1":
        values = 4095 - values
    if form.padded:
        ring = np.ones(values.shape, bool)
        ring[RING:-RING, RING:-RING] = False
        values[ring] = dataset.PixelPaddingValue = PADDING_VALUE
    dataset.PixelData = values.tobytes()
    dataset.save_as(path, enforce_file_format=True)


def rows(folder: Path, most: int = IMAGES) -> Iterator[tuple[str, str, int, int, int]]:
    """Model, form, images, how many are right, and how many get another class than their PNG.

    folder: where files may be written. most: images a model, for a quick run.
    """
    for model, forms in FORMS.items():
        handle, pictures = api.load_model(model), chosen(model)
        pictures = pictures[:: max(len(pictures) // most, 1)]
        with ReaderProcess() as reader:
            plain = [_predicted_class(handle, reader, path) for path, _ in pictures]
            yield model, "PNG", *_counted(plain, plain, pictures)
            for name, form in forms.items():
                answers = []
                for path, _ in pictures:
                    file = folder / f"{path.stem}.dcm"
                    write_dicom(file, np.asarray(Image.open(path)), MODALITIES[model], form)
                    answers.append(_predicted_class(handle, reader, file))
                yield model, name, *_counted(answers, plain, pictures)


def _predicted_class(handle: ModelHandle, reader: ReaderProcess, path: Path) -> str:
    image, _ = reader.read(reader.index(path)[0], 0)
    return api.predict(handle, api.prepare(handle, image)).name


def _counted(answers: list[str], plain: list[str], pictures: list[tuple[Path, str]]) -> tuple[int, int, int]:
    right = sum(answer == truth for answer, (_, truth) in zip(answers, pictures, strict=True))
    changed = sum(answer != other for answer, other in zip(answers, plain, strict=True))
    return len(answers), right, changed


if __name__ == "__main__":
    with TemporaryDirectory() as temporary:
        print(f"{'model':32} {'stored as':18} images right changed")
        for model, name, images, right, changed in rows(Path(temporary)):
            print(f"{model:32} {name:18} {images:6} {right:5} {changed:7}", flush=True)
