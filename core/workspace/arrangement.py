"""Workspaces put together from cases, each with arrays of its own."""

from collections.abc import Sequence

from core.arrays import Array
from core.workspace.document import SavedCase, WorkspaceDocument
from core.workspace.workspace import CaseData, Workspace


def renamed(data: CaseData, case_id: str) -> CaseData:
    """The same case with this id, its arrays named after it, and none that it does not use."""
    case, arrays = data.case, dict[str, Array]()

    def keep(name: str, part: str) -> str:
        new_name = f"{case_id}-{part}"
        arrays[new_name] = data.arrays[name]
        return new_name

    maps = tuple(
        saved.model_copy(update={"values": keep(saved.values, f"map-{at}")})
        for at, saved in enumerate(case.maps, 1)
    )
    regions = tuple(
        region.model_copy(update={"mask": keep(region.mask, f"region-{at}")})
        for at, region in enumerate(case.regions, 1)
    )
    changes: dict[str, object] = {"id": case_id, "maps": maps, "regions": regions}
    changes["picture"] = keep(case.picture, "picture")
    if case.network_input:
        changes["network_input"] = keep(case.network_input, "input")
    return CaseData(case.model_copy(update=changes), arrays)


def workspace_of(document: WorkspaceDocument, cases: Sequence[CaseData]) -> Workspace:
    """A workspace of these cases, whose arrays have different names; `document` gives everything else."""
    saved: tuple[SavedCase, ...] = tuple(data.case for data in cases)
    arrays = {name: values for data in cases for name, values in data.arrays.items()}
    return Workspace(document.model_copy(update={"cases": saved}), arrays)
