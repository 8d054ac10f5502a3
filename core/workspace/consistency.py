"""Whether a workspace's document and arrays belong together, before anything is made of them."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import isfinite, prod

import numpy as np

from core.arrays import Array
from core.methods.control.edge_map import EdgeMap
from core.methods.control.random_map import RandomMap
from core.workspace.document import SavedCase, WorkspaceDocument
from core.workspace.geometry import geometry_contradiction

# As a card allows of a network's grid (`Preprocessing`), and as readers allow of a slice.
MOST_CELLS, MOST_PIXELS = 2048 * 2048, 10**8
# Curves make these control maps themselves, so that they are no maps of the case.
CONTROL_MAPS = (RandomMap.name, EdgeMap.name)
# Channels of a network's input.
CHANNELS = (1, 3)
POINTS = {"distance": 2, "angle": 3}
# Background images of a model.
MOST_BACKGROUND = 256
ANY_COUNT = None
Shape = tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class ArrayRule:
    """What an array must be. shapes: the possible ones; ANY_COUNT stands for 1 to MOST_BACKGROUND."""

    dtype: str
    shapes: tuple[Shape, ...]

    def allows(self, dtype: np.dtype[np.generic], shape: tuple[int, ...]) -> bool:
        """Whether an array of this type and shape is right."""
        return dtype == np.dtype(self.dtype) and any(_fits(shape, allowed) for allowed in self.shapes)


def contradiction(document: WorkspaceDocument) -> str:
    """What in the document contradicts itself, as a clause; empty if nothing does."""
    return next(_contradictions(document), "")


def array_rules(document: WorkspaceDocument) -> Mapping[str, ArrayRule]:
    """What each array that a document without contradiction names must be."""
    return dict(_rules(document))


def wrong_values(values: Array) -> str:
    """Why an array of any shape cannot be used whatever its place, as a clause; empty if it can."""
    if values.dtype.kind == "f" and not np.isfinite(values).all():
        return "holds values that are not finite"
    if values.dtype == np.bool_ and values.size and values.view(np.uint8).max() > 1:
        return "holds values that are neither true nor false"
    return ""


def _contradictions(document: WorkspaceDocument) -> Iterator[str]:
    cases = {case.id: case for case in document.cases}
    if repeated := _repeated([case.id for case in document.cases]):
        yield f"two cases are called {repeated}"
    for case in document.cases:
        yield from _contradictions_in(case)
    view = document.view
    if view.case and view.case not in cases:
        yield "the view shows a case that is not there"
    shown_maps = [saved.id for saved in cases[view.case].maps] if view.case else []
    if view.map and view.map not in shown_maps:
        yield "the view shows a map that is not there"
    rules: dict[str, ArrayRule] = {}
    for name, rule in _rules(document):
        if rules.setdefault(name, rule) != rule:
            yield f"the array {name} is used for two things"


def _contradictions_in(case: SavedCase) -> Iterator[str]:
    shape, maps, regions = case.geometry.shape, [m.id for m in case.maps], [r.id for r in case.regions]
    record = case.image.image
    if case.grid.slice_shape != shape or (record.rows, record.columns) != shape:
        yield f"the slice of {case.id} has two sizes"
    if min(*shape, *case.grid.grid) < 1:
        yield f"the sizes of {case.id} are not positive"
    if prod(shape) > MOST_PIXELS or prod(case.grid.grid) > MOST_CELLS:
        yield f"the sizes of {case.id} are beyond what is supported"
    if impossible := geometry_contradiction(case.geometry):
        yield f"the slice of {case.id} {impossible}"
    if repeated := _repeated(maps) or _repeated(regions):
        yield f"{case.id} holds {repeated} twice"
    if any(finding.region and finding.region not in regions for m in case.maps for finding in m.findings):
        yield f"a finding of {case.id} names a region that is not there"
    yield from _wrong_places(case)
    for curves in case.curves:
        if not set(curves.maps.values()).issubset(maps):
            yield f"curves of {case.id} name a map that is not there"
        if not set(measured_maps(curves.curves.methods)).issubset(curves.maps):
            yield f"curves of {case.id} do not name their maps"


def _rules(document: WorkspaceDocument) -> Iterator[tuple[str, ArrayRule]]:
    for case in document.cases:
        grid, shape = case.grid.grid, case.geometry.shape
        yield case.picture, ArrayRule("|u1", (shape, (*shape, 3)))
        inputs = tuple((*grid, channels) for channels in CHANNELS)
        if case.network_input:
            yield case.network_input, ArrayRule("<f4", inputs)
        if case.background:
            yield case.background, ArrayRule("<f4", tuple((ANY_COUNT, *one_input) for one_input in inputs))
        for saved in case.maps:
            yield saved.values, ArrayRule("<f4", (grid,))
        for region in case.regions:
            yield region.mask, ArrayRule("|b1", (shape,))


def _wrong_places(case: SavedCase) -> Iterator[str]:
    """What lies nowhere: the slice in its series, the display window, the grid, or a measurement."""
    if not 1 <= case.image.image.slice <= case.image.image.slices:
        yield f"the slice of {case.id} lies outside its series"
    window = case.window
    if window is not None and not (isfinite(window.centre) and isfinite(window.width) and window.width > 0):
        yield f"the display window of {case.id} shows nothing"
    top, left, bottom, right = case.grid.box
    if not (np.isfinite(case.grid.box).all() and top < bottom and left < right):
        yield f"the network's grid lies nowhere on {case.id}"
    places = [number for each in case.measurements for point in each.points for number in point]
    if not np.isfinite(places).all():
        yield f"a measurement of {case.id} lies nowhere"
    if any(len(each.points) != POINTS[each.kind] for each in case.measurements):
        yield f"a measurement of {case.id} has another number of points"


def measured_maps(names: tuple[str, ...]) -> tuple[str, ...]:
    """Of the names in a curve set those that are maps, not the control maps that curves make."""
    return tuple(name for name in names if name not in CONTROL_MAPS)


def _repeated(ids: list[str]) -> str:
    return next((name for name, count in Counter(ids).items() if count > 1), "")


def _fits(shape: tuple[int, ...], allowed: Shape) -> bool:
    return len(shape) == len(allowed) and all(
        1 <= length <= MOST_BACKGROUND if expected is ANY_COUNT else length == expected
        for length, expected in zip(shape, allowed, strict=True)
    )
