"""Subjects of exports: the example's case with changed fields, arrays and maps."""

from typing import Any

from core.arrays import Array
from core.exports.contract import ExportSubject
from core.images.grid_map import GridMap
from core.workspace.document import GridRecord, SliceGeometry
from core.workspace.workspace import CaseData
from tests.core.workspace.example import example_workspace


def subject_of(map_id: str = "map-1", **changes: Any) -> ExportSubject:
    """The example's case with a map (none for an empty id). changes: of the fields of the case."""
    (data,) = example_workspace().cases
    case = data.case.model_copy(update=changes)
    saved = next((saved for saved in case.maps if saved.id == map_id), None)
    return ExportSubject(CaseData(case, data.arrays), saved)


def subject_on(values: Array, geometry: SliceGeometry, grid_map: GridMap | None = None) -> ExportSubject:
    """The example's case on a slice of this geometry, with a map of these values (rows, columns).

    grid_map: by default the grid's cells are the pixels of the slice.
    """
    rows, columns = geometry.shape
    grid_map = grid_map or GridMap((rows, columns), (rows, columns), (-0.5, -0.5, rows - 0.5, columns - 0.5))
    subject = subject_of(geometry=geometry, grid=GridRecord.of(grid_map))
    arrays = {**subject.data.arrays, "case-1-map-1": values}
    return ExportSubject(CaseData(subject.case, arrays), subject.map)
