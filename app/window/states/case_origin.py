"""The case of an opened workspace from which results come, and which tells of what they were computed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from app.window.states.checks import SEED, is_about_region
from core.arrays import Array
from core.checks import CHECKS
from core.checks.contract import Finding
from core.models.device import is_comparable
from core.results.explanation import PredictedImage
from core.results.versions import versions_now
from core.workspace.document import SavedCase, SavedFinding, SavedRegion
from core.workspace.workspace import CaseData

REGION = "region-1"
# Before the names of arrays of the opened workspace, beside those of the window.
PREFIX = "origin-"


@dataclass(frozen=True, slots=True, eq=False)
class CaseOrigin:
    """data: the case as it was opened. maps: the numbers of its maps in the window, by their ids.

    failed: the numbers of its methods that gave no map.
    """

    data: CaseData
    maps: Mapping[str, int]
    failed: tuple[int, ...] = ()

    @property
    def numbers(self) -> frozenset[int]:
        """Of all its entries in the window's gallery."""
        return frozenset((*self.maps.values(), *self.failed))

    def is_made_with(self, image: PredictedImage) -> bool:
        """Whether results that are computed now, with this prediction, may stand beside those of the case."""
        case = self.data.case
        is_alike = case.image.model == image.model and is_comparable(case.image.device, image.device)
        return is_alike and case.versions == versions_now() and not case.background

    def described(self, data: CaseData, is_present: bool) -> CaseData:
        """`data`, the case of the same slice by the window, with what this case says of its results.

        is_present: results of now may stand beside them.
        """
        case, earlier, arrays = data.case, self.data.case, dict(data.arrays)
        record = case.image.image.model_copy(update={"sha256": earlier.image.image.sha256})
        image = earlier.image.model_copy(update={"file": case.image.file, "image": record})
        names = {"network_input": earlier.network_input, "background": earlier.background}
        for field, name in names.items():
            if name:
                names[field] = PREFIX + name
                arrays[names[field]] = self.data.arrays[name]
        if is_present and not earlier.network_input:
            names["network_input"] = case.network_input
        changes = {
            "image": image,
            "source": case.source.model_copy(update={"file_sha256": earlier.source.file_sha256}),
            "grid": earlier.grid,
            "versions": earlier.versions,
            "background_sha256": earlier.background_sha256,
            "identity": earlier.identity,
        }
        return CaseData(case.model_copy(update=changes | names), arrays)

    def findings_of(self, number: int) -> tuple[SavedFinding, ...]:
        """Of the map of this number."""
        saved = (each for each in self.data.case.maps if self.maps.get(each.id) == number)
        return next((each.findings for each in saved), ())


def saved_regions(
    mask: Array | None,
    is_reference: bool,
    notes: tuple[str, ...],
    origin: CaseOrigin | None,
    arrays: dict[str, Array],
) -> tuple[SavedRegion, ...]:
    """The region of the window, (rows, columns) bool, and those of the opened case that it does not show.

    Their masks are added to `arrays`.
    """
    earlier = origin.data.case.regions if origin is not None else ()
    regions = []
    if mask is not None:
        region_id, title = REGION, ""
        if origin is not None and earlier:
            region_id = earlier[0].id
            title = earlier[0].title if np.array_equal(origin.data.mask_of(earlier[0]), mask) else ""
        arrays[REGION] = np.ascontiguousarray(mask)
        kind = SavedRegion(id=region_id, mask=REGION, origin="drawn", title=title, notes=notes)
        regions.append(kind.model_copy(update={"origin": "reference"}) if is_reference else kind)
    for region in earlier[1:]:
        assert origin is not None
        arrays[PREFIX + region.mask] = origin.data.mask_of(region)
        regions.append(region.model_copy(update={"mask": PREFIX + region.mask}))
    return tuple(regions)


def saved_findings(
    shown: Sequence[Finding], earlier: Sequence[SavedFinding], case: SavedCase | None, region_id: str
) -> tuple[SavedFinding, ...]:
    """The findings of one map. shown: in the window. earlier: of the map in the opened case `case`.

    region_id: of the window's region; empty without one.
    """
    restored = [each for each in earlier if case is not None and is_restorable(each, case)]
    saved = []
    for finding in shown:
        same = next((each for each in restored if each.finding == finding), None)
        region = region_id if (same.region if same is not None else is_about_region(finding.metric)) else ""
        saved.append(
            SavedFinding(finding=finding, seed=same.seed if same is not None else SEED, region=region)
        )
    return (*saved, *(each for each in earlier if each not in restored))


def is_restorable(saved: SavedFinding, case: SavedCase) -> bool:
    """Whether the window shows a finding: of a check that it has, and of the first region if of any."""
    first = case.regions[0].id if case.regions else ""
    return saved.region in ("", first) and saved.finding.metric in {check.name for check in CHECKS}


def shares(
    numbers: Sequence[int], origins: Sequence[CaseOrigin], image: PredictedImage
) -> list[tuple[CaseOrigin | None, frozenset[int]]]:
    """Which of the window's entries, by their numbers, stand in one case, and the origin of each case.

    No case holds results of two weights, versions or GPUs. image: as it is predicted now. The last case is
    the present one.
    """
    groups = [(origin, origin.numbers.intersection(numbers)) for origin in origins]
    groups = [(origin, restored) for origin, restored in groups if restored]
    new = frozenset(numbers).difference(*(restored for _, restored in groups))
    if not groups:
        # A case without maps says what was predicted; maps that were removed say nothing any more.
        bare = [each for each in origins if not each.numbers and (not new or each.is_made_with(image))]
        return [(bare[-1] if bare else None, new)]
    if not new:
        return list(groups)
    home = next((origin for origin, _ in groups if origin.is_made_with(image)), None)
    restored_there = next((restored for origin, restored in groups if origin is home), frozenset[int]())
    return [
        *((each, restored) for each, restored in groups if each is not home),
        (home, restored_there | new),
    ]
