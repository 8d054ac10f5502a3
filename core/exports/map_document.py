"""The facts of an exported map, as JSON beside its values."""

from core.exports.contract import ExportSubject
from core.exports.statement import Statement, statement_of
from core.results.document import Document
from core.results.records import MethodRecord, PredictionRecord
from core.workspace.document import GridRecord, SavedFinding, SavedMap, SliceGeometry


class ExportedMapDocument(Document, name="exported-map"):
    """What an exported map is: how it was made, on which slice, and how its values lie.

    It names neither files nor folders nor the patient. values: what an element of the array is, in sentences.
    slice: counted from 1, of `slices`. plane, position_mm: as in `core.results.image.ImageRecord`.
    """

    statement: Statement
    values: tuple[str, ...]
    method: MethodRecord
    prediction: PredictionRecord
    modality: str
    slice: int
    slices: int
    plane: str
    position_mm: float | None
    geometry: SliceGeometry
    grid: GridRecord
    findings: tuple[SavedFinding, ...]


def map_json(subject: ExportSubject, saved: SavedMap, values: tuple[str, ...]) -> bytes:
    """The document of an exported map in UTF-8. values: as in `ExportedMapDocument`."""
    case = subject.case
    document = ExportedMapDocument(
        statement=statement_of(subject),
        values=values,
        method=saved.record.model_copy(update={"map_file": None}),
        prediction=case.image.prediction,
        modality=case.image.image.modality,
        slice=case.image.image.slice,
        slices=case.image.image.slices,
        plane=case.image.image.plane,
        position_mm=case.image.image.position_mm,
        geometry=case.geometry,
        grid=case.grid,
        findings=saved.findings,
    )
    return document.model_dump_json(indent=2).encode("utf-8") + b"\n"
