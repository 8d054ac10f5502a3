"""A workspace of results: the window, the command line and the API make theirs here, before it is saved."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path, PurePath
from typing import Literal

import numpy as np

from core.arrays import Array
from core.images.slice import Identity, Slice
from core.images.windowing import default_window, displayed
from core.models.preprocessing import Subject
from core.output import shown_name
from core.results.explanation import PredictedImage
from core.results.look_first import LookFirstRecord
from core.results.result import Result
from core.results.versions import versions_now
from core.workspace.background import Background
from core.workspace.document import (
    DisplayWindow,
    GridRecord,
    SavedCase,
    SavedCurves,
    SavedFinding,
    SavedMap,
    SavedMeasurement,
    SavedRegion,
    SavedView,
    SourceRecord,
    WorkspaceDocument,
)
from core.workspace.geometry import slice_geometry
from core.workspace.paths import path_names_person
from core.workspace.sources import CaseSource
from core.workspace.workspace import CaseData, Workspace


@dataclass(frozen=True, slots=True)
class SavedPrivacy:
    """What a person lets a workspace say of its sources.

    has_paths: where they lie, unless that names the patient. has_identity: who the patient is, in the header
    and in paths.
    """

    has_paths: bool = True
    has_identity: bool = False


@dataclass(frozen=True, slots=True)
class RegionMask:
    """A region of the slice. mask: (rows, columns) bool. The other fields are as in `SavedRegion`."""

    mask: Array
    origin: Literal["drawn", "reference"]
    title: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CaseExtras:
    """What a case may hold beside its maps and curves.

    findings: of the checks, by the place of their map among `Result.explanations`. regions: get the ids
    region-1, region-2 ..., which findings name. display: the slice (rows, columns) or (rows, columns, 3)
    uint8 as shown with `window`; without them as files show it, with its own first window. curves: further
    sets beside that of the result; their maps are map-1, map-2 ... by their places. background: as
    `background_of` gives it, where the model is at hand.
    """

    findings: Mapping[int, Sequence[SavedFinding]]
    regions: Sequence[RegionMask] = ()
    measurements: Sequence[SavedMeasurement] = ()
    curves: Sequence[SavedCurves] = ()
    look_first: LookFirstRecord | None = None
    display: Array | None = None
    window: DisplayWindow | None = None
    background: Background | None = None


NO_EXTRAS = CaseExtras(findings={})
PATHS_ONLY = SavedPrivacy()


def map_id(place: int) -> str:
    """The id of the map at a place among the explanations, counted from 0."""
    return f"map-{place + 1}"


def region_id(place: int) -> str:
    """The id of the region at a place among the regions, counted from 0."""
    return f"region-{place + 1}"


def source_record(
    path: Path,
    image: PredictedImage,
    identity: Identity,
    privacy: SavedPrivacy = PATHS_ONLY,
    series: str = "",
    axis: Literal[0, 1, 2] = 0,
    file_format: str = "",
) -> SourceRecord:
    """Where the image came from, as far as `privacy` allows.

    path: the file or folder that was opened. A sample is known by its id and needs no path. file_format: the
    name of its reader.
    """
    absolute = path.absolute()
    is_named = not privacy.has_identity and path_names_person(absolute, identity)
    has_path = privacy.has_paths and not is_named and not image.sample
    return SourceRecord(
        name=name_of_source(shown_name(path.name), image.image.file, identity, privacy),
        sample=image.sample or "",
        path=shown_name(str(absolute)) if has_path else "",
        file_sha256=image.image.sha256,
        series=series,
        axis=axis,
        format=file_format,
    )


def name_of_source(name: str, file: str, identity: Identity, privacy: SavedPrivacy) -> str:
    """The name of what was opened, as it is stored. file: the name of the file that holds the slice.

    The name of a folder is part of a path, and is left out with it.
    """
    return name_without_person(name, identity, privacy) if privacy.has_paths or name == file else ""


def name_without_person(name: str, identity: Identity, privacy: SavedPrivacy) -> str:
    """The name of a file, or only its ending where the rest would name the patient."""
    if privacy.has_identity or not path_names_person(name, identity):
        return name
    suffix = "".join(PurePath(name).suffixes[-2:])
    return f"image{suffix}" if not path_names_person(suffix, identity) else "image"


def case_of(
    case_id: str,
    source: SourceRecord,
    image: Slice,
    subject: Subject,
    result: Result,
    extras: CaseExtras = NO_EXTRAS,
    identity: Identity | None = None,
    privacy: SavedPrivacy = PATHS_ONLY,
) -> CaseData:
    """The case of one slice with its arrays.

    identity: of the patient, by which names of files are cleared of it; stored only with
    `privacy.has_identity`.
    """
    person = identity or Identity()
    picture = displayed(image) if extras.display is None else extras.display
    arrays: dict[str, Array] = {
        f"{case_id}-picture": np.ascontiguousarray(picture),
        f"{case_id}-input": subject.x.astype(np.float32, copy=False),
    }
    maps = _maps(case_id, result, extras, arrays)
    case = SavedCase(
        id=case_id,
        source=source,
        image=_without_person(result.image, person, privacy),
        geometry=slice_geometry(image),
        grid=GridRecord.of(subject.grid_map),
        window=extras.window or _own_window(image),
        picture=f"{case_id}-picture",
        network_input=f"{case_id}-input",
        background=_background_name(extras.background, arrays),
        background_sha256="" if extras.background is None else extras.background.sha256,
        versions=versions_now(),
        target=result.target,
        maps=maps,
        failed=result.failed,
        curves=(*_own_curves(result), *extras.curves),
        regions=_regions(case_id, extras.regions, arrays),
        measurements=tuple(extras.measurements),
        look_first=extras.look_first,
        identity={key: value for key, value in asdict(person).items() if value}
        if privacy.has_identity
        else {},
    )
    return CaseData(case, arrays)


def case_of_source(
    case_id: str,
    source: CaseSource,
    subject: Subject,
    result: Result,
    extras: CaseExtras = NO_EXTRAS,
    privacy: SavedPrivacy = PATHS_ONLY,
) -> CaseData:
    """The case of a slice that `read_source` has read, otherwise as `case_of`."""
    entry, axis = source.entry, source.chosen.axis
    record = source_record(source.path, result.image, source.identity, privacy, entry.key, axis, entry.reader)
    data = case_of(case_id, record, source.image, subject, result, extras, source.identity, privacy)
    geometry = slice_geometry(source.image, entry, source.chosen)
    return replace(data, case=data.case.model_copy(update={"geometry": geometry}))


def workspace_of(
    cases: Sequence[CaseData], view: SavedView | None = None, created: datetime | None = None
) -> Workspace:
    """A workspace of cases, saved now. created: of the workspace that is saved again; now for a new one.

    Of each case only the arrays that it names are taken.
    """
    now = datetime.now(UTC)
    document = WorkspaceDocument(
        created=created or now,
        saved=now,
        cases=tuple(data.case for data in cases),
        view=view or SavedView(),
    )
    return Workspace(document, {name: data.arrays[name] for data in cases for name in data.array_names})


def with_relative_paths(workspace: Workspace, folder: Path) -> Workspace:
    """The same, with the paths of its sources also as seen from the folder in which it will be saved."""
    cases = []
    for case in workspace.document.cases:
        relative = _relative(case.source.path, folder) if case.source.path else ""
        source = case.source.model_copy(update={"relative_path": relative})
        cases.append(case.model_copy(update={"source": source}))
    document = workspace.document.model_copy(update={"cases": tuple(cases)})
    return Workspace(document, workspace.arrays)


def without_paths(workspace: Workspace) -> Workspace:
    """The same without where its sources lie."""
    cases = []
    for case in workspace.document.cases:
        # The name of a folder is part of a path.
        name = case.source.name if case.source.name == case.image.image.file else ""
        source = case.source.model_copy(update={"name": name, "path": "", "relative_path": ""})
        cases.append(case.model_copy(update={"source": source}))
    document = workspace.document.model_copy(update={"cases": tuple(cases)})
    return Workspace(document, workspace.arrays)


def _maps(case_id: str, result: Result, extras: CaseExtras, arrays: dict[str, Array]) -> tuple[SavedMap, ...]:
    maps = []
    for place, explanation in enumerate(result.explanations):
        name = f"{case_id}-{map_id(place)}"
        arrays[name] = explanation.map.values.astype(np.float32, copy=False)
        # The file beside which it was written, if any, is not in the workspace.
        record = explanation.record.model_copy(update={"map_file": None})
        findings = tuple(extras.findings.get(place, ()))
        maps.append(SavedMap(id=map_id(place), record=record, values=name, findings=findings))
    return tuple(maps)


def _own_curves(result: Result) -> tuple[SavedCurves, ...]:
    if result.curves is None:
        return ()
    places = {explanation.record.name: place for place, explanation in enumerate(result.explanations)}
    maps = {name: map_id(places[name]) for name in result.curves.methods if name in places}
    return (SavedCurves(class_name=result.target.class_name, curves=result.curves, maps=maps),)


def _regions(
    case_id: str, regions: Sequence[RegionMask], arrays: dict[str, Array]
) -> tuple[SavedRegion, ...]:
    saved = []
    for place, region in enumerate(regions):
        name = f"{case_id}-{region_id(place)}"
        arrays[name] = np.ascontiguousarray(region.mask)
        saved.append(
            SavedRegion(
                id=region_id(place), mask=name, origin=region.origin, title=region.title, notes=region.notes
            )
        )
    return tuple(saved)


def _background_name(background: Background | None, arrays: dict[str, Array]) -> str:
    """The name of its array, equal for all cases with the same one; empty where none is stored."""
    if background is None or background.images is None:
        return ""
    name = f"background-{background.sha256[:16]}"
    arrays[name] = background.images.astype(np.float32, copy=False)
    return name


def _own_window(image: Slice) -> DisplayWindow:
    window = default_window(image)
    return DisplayWindow(centre=window.centre, width=window.width, inverted=image.inverted, unit=image.unit)


def _without_person(image: PredictedImage, identity: Identity, privacy: SavedPrivacy) -> PredictedImage:
    record = image.image.model_copy(update={"file": name_without_person(image.image.file, identity, privacy)})
    file = name_without_person(image.file, identity, privacy)
    # Only the fields of a prediction: results of the command line add files, which are not in the workspace.
    fields = {name: getattr(image, name) for name in PredictedImage.model_fields}
    return PredictedImage(**fields | {"file": file, "image": record})


def _relative(path: str, folder: Path) -> str:
    try:
        return PurePath(os.path.relpath(path, folder.absolute())).as_posix()
    except ValueError:  # another drive
        return ""
