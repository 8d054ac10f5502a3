"""The slice of a case: read from its file, with all that is recorded of where it came from."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from core.errors import Unreadable
from core.file_hash import file_sha256
from core.images.slice import Identity, Slice
from core.models.card import Card
from core.models.device import ComputingDevice
from core.models.fit import Fit
from core.models.prediction import Prediction
from core.models.preprocessing import Subject
from core.output import shown_name
from core.readers.process import ReaderProcess
from core.readers.protocol import SeriesEntry
from core.readers.slice_choice import ChosenSlice, plane_of, read_slice, slice_number, slice_position_mm
from core.results.explanation import PredictedImage
from core.results.image import ImageRecord, ModelRecord
from core.results.records import PredictionRecord
from core.samples import Sample


@dataclass(frozen=True, slots=True)
class CaseSource:
    """A slice as it was read. path: the file or folder that was opened, in which the series lies."""

    path: Path
    entry: SeriesEntry
    chosen: ChosenSlice
    image: Slice = field(repr=False)
    identity: Identity = field(repr=False)
    record: ImageRecord
    sample: Sample | None = None

    def predicted(
        self, card: Card, subject: Subject, fit: Fit, prediction: Prediction, device: ComputingDevice
    ) -> PredictedImage:
        """The record of a model's prediction for the slice. subject: the slice as the model gets it.

        device: that computed the prediction and what else is recorded with it.
        """
        return PredictedImage(
            file=self.record.file,
            sample=self.sample.id if self.sample else None,
            image=self.record,
            model=ModelRecord.of(card),
            fit=fit,
            prediction=PredictionRecord.of(prediction),
            warnings=fit.warnings,
            input_notes=subject.notes,
            device=device,
        )


def readable_sha256(path: Path) -> str:
    """SHA-256 (hexadecimal) of a file. Raises Unreadable."""
    try:
        return file_sha256(path)
    except OSError as error:
        raise Unreadable(f"{shown_name(path.name)} cannot be read: {error.strerror}.") from None


def read_source(
    reader: ReaderProcess,
    path: Path,
    entry: SeriesEntry,
    chosen: ChosenSlice,
    sample: Sample | None = None,
    hash_of: Callable[[Path], str] = readable_sha256,
) -> CaseSource:
    """A slice of a series under `path`, with its record. Raises as `read_slice`, and Unreadable.

    hash_of: `readable_sha256`, or one that remembers, where many slices are in one file.
    """
    file = source_file(entry, chosen)
    image, identity = read_slice(reader, entry, chosen)
    if sample is not None and not image.modality:
        image = replace(image, modality=sample.modality)
    record = image_record(entry, chosen, image, hash_of(file))
    return CaseSource(path, entry, chosen, image, identity, record, sample)


def image_record(entry: SeriesEntry, chosen: ChosenSlice, image: Slice, sha256: str) -> ImageRecord:
    """The record of a slice. sha256: of the file that holds it."""
    return ImageRecord(
        file=shown_name(source_file(entry, chosen).name),
        sha256=sha256,
        modality=image.modality,
        rows=image.shape[0],
        columns=image.shape[1],
        slice=slice_number(entry, chosen),
        slices=entry.volumes * entry.volume_shape[chosen.axis],
        plane=plane_of(entry, chosen.axis) if chosen.axis else "",
        position_mm=slice_position_mm(entry, chosen),
        spacing_mm=image.spacing_mm,
        spacing_source=image.spacing_source,
        notes=image.notes,
    )


def source_file(entry: SeriesEntry, chosen: ChosenSlice) -> Path:
    """The file of a slice; the first one for a slice across several."""
    if chosen.axis:
        return entry.path
    return entry.source(slice_number(entry, chosen) - 1).path
