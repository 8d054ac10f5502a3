"""`workspace.json` of a workspace: what was opened, computed, drawn and decided.

Arrays stand beside it in the same archive and are named here. Rows go down and columns right as displayed,
pixel centres at integers; geometry is LPS in mm. Nothing here names a person unless `identity` does.
"""

from datetime import datetime
from math import isclose
from typing import Annotated, Literal

from pydantic import Field

from core.checks.contract import Finding
from core.curves.curve_set import CurveSet
from core.images.grid_map import GridMap
from core.images.planes import Axis
from core.images.turn import Turn
from core.results.document import Document
from core.results.explanation import PredictedImage
from core.results.image import FailedMethod
from core.results.look_first import LookFirstRecord
from core.results.records import MethodRecord, TargetRecord
from core.results.versions import Versions
from core.values import FrozenRecord

# The name of an array, which is that of a member of the archive: never a path.
ArrayName = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,99}$")]
Id = Annotated[str, Field(min_length=1, max_length=100)]
Point = tuple[float, float]
AffineRows = tuple[tuple[float, float, float, float], ...]


class SourceRecord(FrozenRecord):
    """Where the image of a case came from.

    sample: the id of a bundled sample; else empty. name: of the file or folder that was opened; empty where
    it would name the patient, and for a folder without paths. path: of it, absolute; empty where it would
    name the patient or the person who saved left paths out. relative_path: the same, seen from the folder of
    the workspace; empty as `path` is. file_sha256: of the file that holds the slice. series: the key of its
    series among all under `path`. axis: of the volume, along which the slices advance (0: as stored).
    format: the name of the reader of the file; empty in workspaces of before it was noted.
    """

    name: str
    sample: str = ""
    path: str = ""
    relative_path: str = ""
    file_sha256: str
    series: str = ""
    axis: Axis = 0
    format: str = ""


class VolumePlace(FrozenRecord):
    """The place of a slice in its volume.

    shape: slices, rows and columns of the volume. affine_lps_mm: (4, 4) as rows, (slice, row, column, 1) to
    LPS in mm. axis: of the volume, across which the slice was cut (0: as stored); it is displayed as
    `core.images.planes.plane_views` says. index: along that axis, counted from 0.
    """

    shape: tuple[int, int, int]
    affine_lps_mm: AffineRows
    axis: Axis = 0
    index: int


class SliceGeometry(FrozenRecord):
    """The geometry of a slice, as in `core.images.slice.Slice`.

    affine_lps_mm: (4, 4) as rows, (slice, row, column, 1) to LPS in mm with slice 0 for this one. shape: rows
    and columns. volume: None for a single slice, and where the slices form no regular stack.
    """

    shape: tuple[int, int]
    spacing_mm: tuple[float, float] | None = None
    affine_lps_mm: AffineRows | None = None
    stated_aspect: float | None = None
    orientation_letters: tuple[str, str] = ("", "")
    volume: VolumePlace | None = None


class GridRecord(FrozenRecord):
    """The position of the network's grid on the slice, as in `core.images.grid_map.GridMap`."""

    grid: tuple[int, int]
    slice_shape: tuple[int, int]
    box: tuple[float, float, float, float]
    is_transposed: bool = False
    reverses_rows: bool = False
    reverses_columns: bool = False

    @classmethod
    def of(cls, grid_map: GridMap) -> "GridRecord":
        """The record of a grid map."""
        turn = grid_map.turn
        return cls(
            grid=grid_map.grid,
            slice_shape=grid_map.slice_shape,
            box=grid_map.box,
            is_transposed=turn.is_transposed,
            reverses_rows=turn.reverses_rows,
            reverses_columns=turn.reverses_columns,
        )

    def is_like(self, grid_map: GridMap) -> bool:
        """Whether maps on this grid lie on the other one: of its shape, turn and, but for rounding, place."""
        other = GridRecord.of(grid_map)
        is_there = all(isclose(a, b, abs_tol=0.01) for a, b in zip(self.box, other.box, strict=True))
        return is_there and self.model_copy(update={"box": other.box}) == other

    @property
    def grid_map(self) -> GridMap:
        """The grid map again."""
        turn = Turn(self.is_transposed, self.reverses_rows, self.reverses_columns)
        return GridMap(self.grid, self.slice_shape, self.box, turn)


class DisplayWindow(FrozenRecord):
    """The display window of the picture, in modality values. inverted: the lowest value is shown white."""

    centre: float
    width: float
    inverted: bool = False
    unit: str = ""


class SavedFinding(FrozenRecord):
    """The finding of a check of one map.

    seed: with which it was made; its other parameters are its own. region: the id of the region it was
    measured with; empty where it needs none.
    """

    finding: Finding
    seed: int = 0
    region: str = ""


class SavedMap(FrozenRecord):
    """One map.

    id: names it within the case. values: the name of its array (height, width) float32 on the grid.
    record: method, parameters, target and seed, from which it is computed anew. findings: of the checks.
    """

    id: Id
    record: MethodRecord
    values: ArrayName
    findings: tuple[SavedFinding, ...] = ()


class SavedCurves(FrozenRecord):
    """Information curves of some maps of the case.

    maps: for the names of `curves.methods` that are maps of this case, the id of the map.
    """

    class_name: str
    curves: CurveSet
    maps: dict[str, str]


class SavedRegion(FrozenRecord):
    """A region of the slice. mask: the name of its array (rows, columns) bool.

    origin: drawn by a person, or read from a reference. notes: of the reading.
    """

    id: Id
    mask: ArrayName
    origin: Literal["drawn", "reference"]
    title: str = ""
    notes: tuple[str, ...] = ()


class SavedMeasurement(FrozenRecord):
    """A distance (two points) or an angle (three, its apex between the others) on the slice.

    points: (row, column) in pixels. words: the result with its unit, as it was shown.
    """

    kind: Literal["distance", "angle"]
    points: tuple[Point, ...]
    words: str


class SavedCase(FrozenRecord):
    """One slice as one model sees it, with everything that was computed of it.

    id: names the case within the workspace. picture: the name of the array of the slice as displayed with
    `window`, (rows, columns) or (rows, columns, 3) uint8, so that a report needs no source; graphics of the
    file are not in it. network_input: the name of the array (height, width, channels) float32 that the
    network got; empty where it was not kept.
    versions: with which the results were computed. background: the name of the array (n, height, width,
    channels) float32 of the model's background images where they are not those of its bundle; else empty.
    background_sha256: of their values, for methods that draw from them; empty where there are none.
    """

    id: Id
    source: SourceRecord
    image: PredictedImage
    geometry: SliceGeometry
    grid: GridRecord
    window: DisplayWindow | None = None
    picture: ArrayName
    network_input: ArrayName | Literal[""] = ""
    background: ArrayName | Literal[""] = ""
    background_sha256: str = ""
    versions: Versions | None = None
    target: TargetRecord
    maps: tuple[SavedMap, ...] = ()
    failed: tuple[FailedMethod, ...] = ()
    curves: tuple[SavedCurves, ...] = ()
    regions: tuple[SavedRegion, ...] = ()
    measurements: tuple[SavedMeasurement, ...] = ()
    look_first: LookFirstRecord | None = None
    identity: dict[str, str] = Field({}, description="as in core.images.slice.Identity; only by choice")


class SavedView(FrozenRecord):
    """What the window showed. case, map: their ids; empty for none."""

    case: str = ""
    map: str = ""
    overlay: dict[str, float | str | bool] = Field({}, description="by the names of the overlay's settings")


class WorkspaceDocument(Document, name="workspace"):
    """`workspace.json`. created, saved: in UTC."""

    created: datetime
    saved: datetime
    cases: tuple[SavedCase, ...]
    view: SavedView = SavedView()
