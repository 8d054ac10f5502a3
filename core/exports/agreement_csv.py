"""How far the maps of a case agree, as a table of all pairs."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, final

from pydantic import Field

from core.checks.agreement import Agreement, Matrix
from core.exports.compared_maps import agreement_of, require_two_maps
from core.exports.contract import Exporter, ExportSubject
from core.exports.tables import csv_bytes
from core.network.parameters import Parameters
from core.workspace.document import SavedMap


class AgreementCsvParams(Parameters):
    """Which of a map's pixels count as its highest."""

    share: float = Field(
        0.1, gt=0, le=0.5, description="of the pixels, the highest of each map, for overlap and Jaccard index"
    )


@final
class AgreementCsv(Exporter):
    """One row for each pair of maps, those of different targets too."""

    name = "agreement_csv"
    title = "Agreement as CSV"
    summary = "Rank correlation, overlap and Jaccard index of each pair of maps (.csv), for statistics."
    suffix = ".csv"
    scope = "case"
    Params = AgreementCsvParams

    def applies(self, subject: ExportSubject) -> None:
        require_two_maps(subject)

    def files(self, subject: ExportSubject, params: Any) -> Mapping[str, bytes]:
        result = agreement_of(subject, params.share)
        return {self.suffix: csv_bytes(subject, _rows(subject.case.maps, result))}


def _rows(maps: Sequence[SavedMap], result: Agreement) -> Iterator[Sequence[object]]:
    """A figure that does not exist is an empty cell, with the reason at the end of its row."""
    header = ("spearman", "overlap", "jaccard", "share", "pixels_of_share", "undefined")
    yield (*(f"{part}_{end}" for end in ("a", "b") for part in ("map", "method", "target")), *header)
    for row, first in enumerate(maps):
        for column, second in enumerate(maps[:row]):
            matrices = (result.spearman, result.overlap, result.jaccard)
            figures = (_cell(matrix, row, column) for matrix in matrices)
            reasons = [
                result.undefined[saved.id] for saved in (second, first) if saved.id in result.undefined
            ]
            ends = (*_map_cells(second), *_map_cells(first))
            yield (*ends, *figures, repr(result.share), result.count, " ".join(reasons))


def _cell(matrix: Matrix, row: int, column: int) -> str:
    value = matrix[row][column]
    return "" if value is None else repr(float(value))


def _map_cells(saved: SavedMap) -> tuple[str, str, str]:
    return saved.id, saved.record.name, saved.record.target.words
