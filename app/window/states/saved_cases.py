"""A slice with its results as a case of a workspace."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields, replace

import numpy as np

from app.window.states.case_capture import CaseResults
from app.window.states.case_origin import CaseOrigin, saved_findings, saved_regions, shares
from app.window.states.display import DisplaySettings
from app.window.states.maps import MapEntry, map_identity
from app.window.states.prediction import PredictionAnswer
from app.window.states.read_files import chosen_slice
from app.window.states.shown import Shown
from app.window.states.tool import Tool
from core.arrays import Array
from core.checks.contract import Finding
from core.exports.messages import SourceFile
from core.images.slice import Identity, Slice
from core.images.windowing import displayed
from core.output import shown_name
from core.results.explanation import PredictedImage
from core.results.image import FailedMethod, ModelRecord
from core.results.look_first import LookFirstRecord
from core.results.records import ErrorRecord, TargetRecord
from core.results.versions import versions_now
from core.workspace.document import (
    DisplayWindow,
    GridRecord,
    SavedCase,
    SavedCurves,
    SavedMap,
    SavedMeasurement,
    SourceRecord,
)
from core.workspace.geometry import slice_geometry
from core.workspace.making import SavedPrivacy, name_of_source, name_without_person
from core.workspace.paths import path_names_person
from core.workspace.sources import image_record
from core.workspace.workspace import CaseData


@dataclass(frozen=True, slots=True, eq=False)
class HeldCase:
    """A case of the workspace as it is kept: with all names, of which saving leaves out some.

    number: of the case in the window; 0 for one whose source was not located. file: that holds the slice;
    None where it is not known. identity: of the patient, as the header says.
    is_automatic: it is no more than what the program computes by itself of a sample.
    """

    data: CaseData
    number: int = 0
    file: SourceFile | None = None
    identity: Identity | None = None
    is_automatic: bool = False

    def with_look_first(self, record: LookFirstRecord | None) -> "HeldCase":
        """The same case with what its reader said of it."""
        if record is None or record.impression is None:
            return self
        case = self.data.case.model_copy(update={"look_first": record})
        return replace(self, data=replace(self.data, case=case))

    def to_be_saved(self, privacy: SavedPrivacy) -> CaseData:
        """The case without the names that must stay out of the file."""
        case = self.data.case
        person = self.identity or _identity_in(case)
        source, record = case.source, case.image.image
        is_named = not privacy.has_identity and path_names_person(source.path, person)
        if is_named or not privacy.has_paths:
            source = source.model_copy(update={"path": "", "relative_path": ""})
        name = name_of_source(source.name, record.file, person, privacy)
        source = source.model_copy(update={"name": name})
        record = record.model_copy(update={"file": name_without_person(record.file, person, privacy)})
        file = name_without_person(case.image.file, person, privacy)
        image = case.image.model_copy(update={"file": file, "image": record})
        # What an opened workspace says of the patient stays in it, if it may still say that.
        identity = {name: text for name, text in asdict(person).items() if text} or case.identity
        changes = {
            "source": source,
            "image": image,
            "identity": identity if privacy.has_identity else {},
        }
        return replace(self.data, case=case.model_copy(update=changes))


@dataclass(frozen=True, slots=True, eq=False)
class DisplayedSlice:
    """A slice as the window shows it. picture: (rows, columns) or (rows, columns, 3) uint8."""

    image: Slice
    settings: DisplaySettings
    picture: Array

    @classmethod
    def of(cls, image: Slice, settings: DisplaySettings) -> "DisplayedSlice":
        """Its picture is made."""
        picture = np.ascontiguousarray(displayed(image, settings.window, settings.is_inverted))
        return cls(image, settings, picture)

    def is_of(self, image: Slice, settings: DisplaySettings) -> bool:
        """Whether this very slice looks so."""
        return self.image is image and self.settings == settings


def _identity_in(case: SavedCase) -> Identity:
    """Who the patient is, as the opened workspace says; empty where it does not."""
    names = {field.name for field in fields(Identity)}
    return Identity(**{name: text for name, text in case.identity.items() if name in names})


def held_cases(
    shown: Shown,
    answer: PredictionAnswer,
    results: CaseResults,
    displayed_slice: DisplayedSlice,
    identity: Identity | None,
    file: SourceFile | None,
    origins: Sequence[CaseOrigin] = (),
) -> tuple[HeldCase, ...]:
    """The slice of a prediction with its results; the last case is the present one.

    origins: cases of an opened workspace from which some come. Results of other weights or versions than
    those of now stay in cases beside it.

    shown: the slice of `answer`, at the place that it has in its series now. displayed_slice: of it.
    file: that holds it.
    """
    case, image, card, display = shown.case, shown.image, shown.card, displayed_slice.settings
    assert case is not None
    assert image is not None
    assert card is not None
    assert case.entry is not None, "its slice was read"
    assert shown.grid_map is not None
    entry, chosen = case.entry, chosen_slice(shown.position)
    arrays: dict[str, Array] = {"picture": displayed_slice.picture}
    if answer.input is not None:
        arrays["input"] = answer.input.astype(np.float32, copy=False)
    record = image_record(entry, chosen, image, "")
    saved = SavedCase(
        id="case",
        source=SourceRecord(
            name=shown_name((case.folder or case.path).name),
            sample=case.sample.id if case.sample is not None else "",
            path="" if case.sample is not None else str((case.folder or case.path).absolute()),
            file_sha256="",
            series=entry.key,
            axis=chosen.axis,
            format=entry.reader,
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
            device=answer.message.device,
        ),
        geometry=slice_geometry(image, entry, chosen),
        grid=GridRecord.of(shown.grid_map),
        window=DisplayWindow(
            centre=display.window.centre,
            width=display.window.width,
            inverted=display.is_inverted != image.inverted,
            unit=image.unit,
        ),
        picture="picture",
        network_input="input" if "input" in arrays else "",
        versions=versions_now(),
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
    data, numbers = CaseData(saved, arrays), [entry.number for entry in (*results.maps, *results.failed)]
    cases = []
    for origin, share in shares(numbers, origins, saved.image):
        is_present = origin is not None and origin.is_made_with(saved.image)
        described = data if origin is None else origin.described(data, is_present)
        # The file is that of the opened case, by its hash; one without a hash gets none afterwards.
        of_case = file if origin is None or file is None else SourceFile(path=file.path)
        described = with_results(described, results.part(share), origin)
        cases.append(HeldCase(described, case.number, of_case, identity, is_automatic))
    return tuple(cases)


def with_results(data: CaseData, results: CaseResults, origin: CaseOrigin | None = None) -> CaseData:
    """A case with maps, findings, curves, regions, and the methods that gave no map.

    origin: the case of a workspace from which some come.
    """
    arrays, earlier = dict(data.arrays), origin.data.case if origin is not None else None
    regions = saved_regions(results.mask, results.is_reference, results.notes, origin, arrays)
    region_id = regions[0].id if results.mask is not None else ""
    findings: dict[int, list[Finding]] = {}
    for (number, _), finding in results.findings:
        findings.setdefault(number, []).append(finding)
    maps = []
    for entry in results.maps:
        assert entry.record is not None
        assert entry.values is not None
        arrays[_map_id(entry)] = entry.values.astype(np.float32, copy=False)
        restored = origin.findings_of(entry.number) if origin is not None else ()
        saved = saved_findings(findings.get(entry.number, ()), restored, earlier, region_id)
        maps.append(SavedMap(id=_map_id(entry), record=entry.record, values=_map_id(entry), findings=saved))
    failed = tuple(
        FailedMethod(
            name=entry.method,
            title=entry.title,
            error=ErrorRecord(code=entry.error.code, message=entry.error.message, hint=entry.error.hint),
        )
        for entry in results.failed
        if entry.error is not None
    )
    changes: dict[str, object] = {
        "maps": tuple(maps),
        "failed": failed,
        "regions": regions,
        "curves": _curves(results),
    }
    if origin is not None and origin.numbers.issuperset(entry.number for entry in results.maps):
        changes["target"] = origin.data.case.target
    return CaseData(data.case.model_copy(update=changes), arrays)


def _curves(results: CaseResults) -> tuple[SavedCurves, ...]:
    """The curves whose maps are still there."""
    ids = {map_identity(entry.record): _map_id(entry) for entry in results.maps if entry.record}
    saved = []
    for drawn in results.curves:
        records = {name: entry.record for name, entry in drawn.maps.items() if entry.record is not None}
        maps = {name: ids.get(map_identity(record), "") for name, record in records.items()}
        if all(maps.values()):
            # Curves follow one class: those of a workspace say it, others were made of maps of it.
            class_names = [entry.target.class_name for entry in drawn.maps.values()]
            saved.append(
                SavedCurves(class_name=drawn.class_name or class_names[0], curves=drawn.curves, maps=maps)
            )
    return tuple(saved)


def _map_id(entry: MapEntry) -> str:
    return f"map-{entry.number}"


def _target(maps: Sequence[MapEntry], answer: PredictionAnswer) -> TargetRecord:
    """Of the newest map; without maps the logit of the predicted class."""
    if maps:
        return maps[-1].target
    return TargetRecord(class_name=answer.message.prediction.class_name)
