"""Cases of DICOM sources: the example workspace's maps on a slice of a real or synthetic series."""

from dataclasses import replace
from pathlib import Path

import numpy as np

from core.exports.contract import ExportSubject
from core.file_hash import file_sha256
from core.images.grid_map import GridMap
from core.images.slice import Slice
from core.images.turn import Turn
from core.images.windowing import displayed
from core.readers.index import index_path, read
from core.readers.protocol import SeriesEntry
from core.workspace.document import GridRecord, SliceGeometry
from core.workspace.workspace import CaseData
from tests.core.readers.dicom_files import dicom_file
from tests.core.workspace.example import GRID, example_workspace

FRAME_OF_REFERENCE = "1.2.826.0.1.77"
NAME, NUMBER = "Zaphod-Müller^Jürgen", "PID4711X"
ORIENTATION = [0.8, 0.6, 0.0, 0.0, 0.0, -1.0]


def source_file(path: Path, pixels: np.ndarray | None = None, **elements) -> Path:
    """An oblique CT image with patient, study and private elements."""
    pixels = np.arange(40 * 60, dtype=np.uint16).reshape(40, 60) if pixels is None else pixels
    values = {
        "StudyInstanceUID": "1.2.826.0.1.2",
        "SeriesInstanceUID": "1.2.826.0.1.3",
        "FrameOfReferenceUID": FRAME_OF_REFERENCE,
        "PatientName": NAME,
        "PatientID": NUMBER,
        "PatientSex": "O",
        "PatientBirthDate": "19610917",
        "StudyDate": "20260102",
        "StudyTime": "101112",
        "AccessionNumber": "A77",
        "StudyID": "S5",
        "ImageOrientationPatient": ORIENTATION,
        "ImagePositionPatient": [-30.125, 12.0625, 99.875],
        "PixelSpacing": [2.0, 1.0],
        "SliceThickness": 4.0,
        "InstitutionName": "Private Clinic",
        "BurnedInAnnotation": "NO",
    }
    file = dicom_file(path, pixels, **(values | elements))
    return _with_private_elements(file)


def case_of(path: Path, slice_number: int = 1, series: int = 0) -> tuple[ExportSubject, Slice]:
    """The first map of the example, on a slice (counted from 1) of a series below `path`; and the slice."""
    entry = index_path(path)[series]
    image, _ = read(entry, slice_number - 1)
    return subject_on(path, image, entry, slice_number), image


def subject_on(path: Path, image: Slice, entry: SeriesEntry, slice_number: int) -> ExportSubject:
    """The example's case with this source."""
    workspace = example_workspace()
    case = workspace.document.cases[0]
    frame = entry.source(slice_number - 1)
    shape = image.shape
    margin = shape[0] / 8
    grid_map = GridMap(
        GRID, shape, (margin, -margin, shape[0] - 0.5, shape[1] - 0.5), Turn(is_transposed=True)
    )
    record = case.image.image.model_copy(
        update={
            "file": frame.path.name,
            "sha256": file_sha256(frame.path),
            "modality": image.modality,
            "rows": shape[0],
            "columns": shape[1],
            "slice": slice_number,
            "slices": entry.frames,
        }
    )
    affine = image.affine_lps_mm
    mask = np.zeros(shape, np.bool_)
    mask[shape[0] // 4 : shape[0] // 2, shape[1] // 4 : shape[1] // 2] = True
    case = case.model_copy(
        update={
            "source": case.source.model_copy(
                update={"name": path.name, "file_sha256": record.sha256, "series": entry.key}
            ),
            "image": case.image.model_copy(update={"image": record}),
            "geometry": SliceGeometry(
                shape=shape,
                spacing_mm=image.spacing_mm,
                affine_lps_mm=None if affine is None else tuple(map(tuple, affine.tolist())),
            ),
            "grid": GridRecord.of(grid_map),
        }
    )
    arrays = {
        **workspace.arrays,
        "case-1-region-1": mask,
        "case-1-picture": displayed(image).astype(np.uint8),
    }
    return ExportSubject(CaseData(case, arrays), case.maps[0], path)


def with_map(subject: ExportSubject, number: int) -> ExportSubject:
    """The same with another map of the case, counted from 0."""
    return replace(subject, map=subject.case.maps[number])


def map_on_slice(subject: ExportSubject) -> np.ndarray:
    """(rows, columns) the map's values on the slice, NaN outside of the network's input."""
    return subject.case.grid.grid_map.to_slice(subject.data.values_of(subject.map))


def _with_private_elements(file: Path) -> Path:
    from pydicom import dcmread

    dataset = dcmread(file)
    block = dataset.private_block(0x0019, "ZAPHOD PRIVATE", create=True)
    block.add_new(0x01, "LO", "Zaphod again")
    dataset.save_as(file)
    return file
