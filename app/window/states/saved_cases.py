"""A slice with its results as a case of a workspace."""

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePath

import numpy as np

from app.window.states.case_capture import CaseResults
from app.window.states.checks import SEED, is_about_region
from app.window.states.display import DisplaySettings
from app.window.states.maps import MapEntry, map_identity
from app.window.states.prediction import PredictionAnswer
from app.window.states.shown import Shown
from app.window.states.tool import Tool
from core.arrays import Array
from core.images.slice import Identity, Slice
from core.images.windowing import displayed
from core.output import shown_name
from core.readers.protocol import SeriesEntry
from core.readers.slice_choice import ChosenSlice, plane_of, slice_number, slice_position_mm
from core.results.explanation import PredictedImage
from core.results.image import ImageRecord, ModelRecord
from core.results.look_first import LookFirstRecord
from core.results.records import TargetRecord
from core.workspace.document import (
    GridRecord,
    SavedCase,
    SavedCurves,
    SavedFinding,
    SavedMap,
    SavedMeasurement,
    SavedRegion,
    SourceRecord,
    WindowRecord,
)
from core.workspace.geometry import slice_geometry
from core.workspace.privacy import identity_fields, names_patient
from core.workspace.workspace import CaseData

REGION = "region-1"


@dataclass(frozen=True, slots=True)
class SavingOptions:
    """What a person lets the file say. has_paths: where the sources lie. has_identity: who the patient is."""

    has_paths: bool = True
    has_identity: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class HeldCase:
    """A case of the workspace as it is kept: with all names, of which saving leaves out some.

    number: of the case in the window; 0 for one whose source was not located. file: that holds the slice,
    whose hash is to be computed; None where it is known. identity: of the patient, as the header says.
    is_automatic: it is no more than what the program computes by itself of a sample.
    """

    data: CaseData
    number: int = 0
    file: Path | None = None
    identity: Identity | None = None
    is_automatic: bool = False

    def with_look_first(self, record: LookFirstRecord | None) -> "HeldCase":
        """The same case with what its reader said of it."""
        if record is None or record.impression is None:
            return self
        case = self.data.case.model_copy(update={"look_first": record})
        return replace(self, data=replace(self.data, case=case))

    def to_be_saved(self, options: SavingOptions, folder: Path | None) -> CaseData:
        """The case without the names that the options leave out.

        folder: of the workspace's file, from which the source is also named; None where that is of no use.
        """
        case, may_name = self.data.case, options.has_identity
        source, person = case.source, None if may_name else self.identity
        path = PurePath(source.path)
        if not options.has_paths or names_patient(path, person):
            source = source.model_copy(update={"path": "", "relative_path": ""})
        elif source.path and folder is not None:
            source = source.model_copy(update={"relative_path": _relative(path, folder)})
        source = source.model_copy(update={"name": _name_without(source.name, person)})
        record = case.image.image.model_copy(update={"file": _name_without(case.image.image.file, person)})
        image = case.image.model_copy(
            update={"file": _name_without(case.image.file, person), "image": record}
        )
        identity = case.identity if may_name and self.identity is None else {}
        if may_name and self.identity is not None:
            identity = identity_fields(self.identity)
        changes = {"source": source, "image": image, "identity": identity}
        return replace(self.data, case=case.model_copy(update=changes))


def held_case(
    answer: PredictionAnswer,
    results: CaseResults,
    display: DisplaySettings,
    picture: Array,
    identity: Identity | None,
) -> HeldCase:
    """The slice of a prediction with its results. picture: of it as `display` shows it."""
    shown = answer.shown
    case, image, card = shown.case, shown.image, shown.card
    assert case is not None
    assert image is not None
    assert card is not None
    assert shown.grid_map is not None
    arrays: dict[str, Array] = {
        "picture": np.ascontiguousarray(displayed(image, display.window, display.is_inverted))
    }
    if answer.input is not None:
        arrays["input"] = answer.input.astype(np.float32, copy=False)
    entry = case.entry
    file = case.path if entry is None else source_file(entry, _chosen(shown))
    record = _image_record(shown, image, file)
    saved = SavedCase(
        id="case",
        source=SourceRecord(
            name=shown_name((case.folder or case.path).name),
            sample=case.sample.id if case.sample is not None else "",
            path="" if case.sample is not None else str((case.folder or case.path).absolute()),
            file_sha256="",
            series=entry.key if entry is not None else "",
        ),
        image=PredictedImage(
            file=record.file,
            sample=case.sample.id if case.sample is not None else None,
            image=record,
            model=ModelRecord.of(card),
            fit=answer.message.fit,
            prediction=answer.message.prediction,
            warnings=answer.message.fit.warnings if answer.message.fit is not None else (),
            input_notes=answer.message.input_notes,
        ),
        geometry=slice_geometry(image, entry, _chosen(shown)),
        grid=GridRecord.of(shown.grid_map),
        window=WindowRecord(
            centre=display.window.centre,
            width=display.window.width,
            inverted=display.is_inverted != image.inverted,
            unit=image.unit,
        ),
        picture="picture",
        network_input="input" if "input" in arrays else "",
        target=_target(results.maps, answer),
        measurements=tuple(
            SavedMeasurement(
                kind="angle" if each.tool is Tool.ANGLE else "distance",
                points=each.points,
                words=each.words(image),
            )
            for each in results.measurements
        ),
    )
    is_automatic = case.sample is not None and results.is_automatic
    data = with_results(CaseData(saved, arrays), results)
    return HeldCase(data, case.number, file, identity, is_automatic)


def picture_of(image: Slice, display: DisplaySettings) -> Array:
    """The slice as displayed, (rows, columns) or (rows, columns, 3) uint8."""
    return np.ascontiguousarray(displayed(image, display.window, display.is_inverted))


def with_results(data: CaseData, results: CaseResults) -> CaseData:
    """A case with maps, findings, curves and the region."""
    arrays = dict(data.arrays)
    regions: tuple[SavedRegion, ...] = ()
    if results.mask is not None:
        arrays[REGION] = np.ascontiguousarray(results.mask)
        origin = "reference" if results.is_reference else "drawn"
        regions = (SavedRegion(id=REGION, mask=REGION, origin=origin, notes=results.notes),)
    findings: dict[int, list[SavedFinding]] = {}
    for (number, name), finding in results.findings:
        region = REGION if regions and is_about_region(name) else ""
        findings.setdefault(number, []).append(SavedFinding(finding=finding, seed=SEED, region=region))
    maps = []
    for entry in results.maps:
        assert entry.record is not None
        assert entry.values is not None
        arrays[_map_id(entry)] = entry.values.astype(np.float32, copy=False)
        saved_findings = tuple(findings.get(entry.number, ()))
        maps.append(
            SavedMap(id=_map_id(entry), record=entry.record, values=_map_id(entry), findings=saved_findings)
        )
    changes = {"maps": tuple(maps), "regions": regions, "curves": _curves(results)}
    return CaseData(data.case.model_copy(update=changes), arrays)


def _curves(results: CaseResults) -> tuple[SavedCurves, ...]:
    """The curves whose maps are still there."""
    ids = {map_identity(entry.record): _map_id(entry) for entry in results.maps if entry.record}
    saved = []
    for drawn in results.curves:
        records = {name: entry.record for name, entry in drawn.maps.items() if entry.record is not None}
        maps = {name: ids.get(map_identity(record), "") for name, record in records.items()}
        if all(maps.values()):
            (class_name,) = {entry.target.class_name for entry in drawn.maps.values()}
            saved.append(SavedCurves(class_name=class_name, curves=drawn.curves, maps=maps))
    return tuple(saved)


def _map_id(entry: MapEntry) -> str:
    return f"map-{entry.number}"


def _target(maps: Sequence[MapEntry], answer: PredictionAnswer) -> TargetRecord:
    """Of the newest map; without maps the logit of the predicted class."""
    if maps:
        return maps[-1].target
    return TargetRecord(class_name=answer.message.prediction.class_name)


def _image_record(shown: Shown, image: Slice, file: Path) -> ImageRecord:
    entry = shown.case.entry if shown.case is not None else None
    chosen = _chosen(shown)
    return ImageRecord(
        file=shown_name(file.name),
        sha256="",
        modality=image.modality,
        rows=image.shape[0],
        columns=image.shape[1],
        slice=slice_number(entry, chosen) if entry is not None else 1,
        slices=entry.volumes * entry.volume_shape[chosen.axis] if entry is not None else 1,
        plane=plane_of(entry, chosen.axis) if entry is not None and chosen.axis else "",
        position_mm=slice_position_mm(entry, chosen) if entry is not None else None,
        spacing_mm=image.spacing_mm,
        spacing_source=image.spacing_source,
        notes=image.notes,
    )


def _chosen(shown: Shown) -> ChosenSlice:
    position = shown.position
    return ChosenSlice(axis=position.axis, index=position.index, volume=position.volume)


def source_file(entry: SeriesEntry, chosen: ChosenSlice) -> Path:
    """The file of a slice; the first one for a slice across several."""
    if chosen.axis:
        return entry.path
    return entry.source(slice_number(entry, chosen) - 1).path


def _name_without(name: str, identity: Identity | None) -> str:
    """The name of a file, or its ending alone where the rest would name the patient."""
    path = PurePath(name)
    return f"image{path.suffix}" if names_patient(path, identity) else name


def _relative(path: PurePath, folder: Path) -> str:
    try:
        return PurePath(os.path.relpath(path, folder)).as_posix()
    except ValueError:  # another drive
        return ""
