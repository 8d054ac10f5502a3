"""Cases of different origin in one workspace: each gets an id, and arrays, of its own."""

from core.arrays import Array
from core.workspace.workspace import CaseData


def renamed(data: CaseData, case_id: str) -> CaseData:
    """The same case with this id, its arrays named after it, and none that it does not use."""
    case, arrays = data.case, dict[str, Array]()

    def keep(name: str, part: str) -> str:
        new_name = f"{case_id}-{part}" if name else ""
        if name:
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
    changes = {
        "id": case_id,
        "maps": maps,
        "regions": regions,
        "picture": keep(case.picture, "picture"),
        "network_input": keep(case.network_input, "input"),
        "background": keep(case.background, "background"),
    }
    return CaseData(case.model_copy(update=changes), arrays)
