"""A workspace in memory: its document and the arrays that the document names."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from core.arrays import Array
from core.workspace.document import SavedCase, SavedMap, SavedRegion, WorkspaceDocument


@dataclass(frozen=True, slots=True)
class CaseData:
    """One case. arrays: of any shape, by the names that the case gives them; `SavedCase` says which."""

    case: SavedCase
    arrays: Mapping[str, Array]

    @property
    def picture(self) -> Array:
        """(rows, columns) or (rows, columns, 3) uint8, as displayed."""
        return self.arrays[self.case.picture]

    @property
    def network_input(self) -> Array | None:
        """(height, width, channels) float32, or None where it was not kept."""
        return self.arrays[self.case.network_input] if self.case.network_input else None

    @property
    def array_names(self) -> tuple[str, ...]:
        """The names of the arrays that the case uses, each once."""
        case = self.case
        names = (case.picture, case.network_input, case.background)
        maps, regions = (saved.values for saved in case.maps), (region.mask for region in case.regions)
        return tuple(dict.fromkeys(name for name in (*names, *maps, *regions) if name))

    def values_of(self, saved: SavedMap) -> Array:
        """(height, width) float32 on the network's grid."""
        return self.arrays[saved.values]

    def mask_of(self, region: SavedRegion) -> Array:
        """(rows, columns) bool of the slice."""
        return self.arrays[region.mask]

    def region(self, region_id: str) -> SavedRegion | None:
        """The region of this id."""
        return next((region for region in self.case.regions if region.id == region_id), None)


@dataclass(frozen=True, slots=True)
class Workspace:
    """document: what it holds. arrays: of any shape, by the names that the document gives them."""

    document: WorkspaceDocument
    arrays: Mapping[str, Array]

    @property
    def cases(self) -> Iterator[CaseData]:
        """Its cases, each with the arrays."""
        return (CaseData(case, self.arrays) for case in self.document.cases)
