"""The public face for scripts and notebooks: open, load, predict, explain, curves, checks.

import saliscope as api

image = api.open_image("slice.dcm")  # of a volume the middle slice, or slice=12, position_mm=-35
model = api.load_model("brain_tumor_mri_densenet121")
subject = api.prepare(model, image)
print(api.predict(model, subject).name)
explanation = api.explain(model, subject, "grad_cam")
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from core.checks.contract import CheckInput, Finding
from core.curves.curves import CurveSet, CurveSettings, Glimpse
from core.curves.protocol import Frame
from core.engine import (
    Request,
    check_fit,
    check_input_of,
    curves,
    explain,
    explain_all,
    map_of,
    predict,
    prepare,
    reveal,
    run_check,
    target_of,
)
from core.errors import NoSlice, Unsupported, UsageError
from core.exports.exporters import all_exporters, exporter_named
from core.exports.sources import source_locator
from core.exports.writing import ExportChoice, ExportOutcome, Values, export_all
from core.images.planes import PlaneName
from core.images.region import region_on_grid
from core.images.slice import Slice
from core.images.volume import Volume
from core.layer_views import LayerUnits, layers, units
from core.methods.activation.layer_strip import LayerMap
from core.methods.activation.unit_ranking import UnitRanking
from core.models.fit import Fit
from core.models.prediction import Prediction
from core.models.preprocessing import Subject
from core.network.attribution_map import AttributionMap
from core.network.network_picture import NetworkPicture
from core.network.objective import LayerObjective
from core.network.run import Run
from core.network.target import LogitTarget, Target
from core.policy import policy
from core.readers.process import ReaderProcess
from core.readers.protocol import SeriesEntry
from core.readers.slice_choice import SliceChoice, read_slice, spacing_of
from core.readers.stack_builder import StackBuilder
from core.results.records import MethodRecord, TargetRecord
from core.results.result import Explanation, Result
from core.visualise import Visualised, visualise
from core.workspace import making
from core.workspace.background import background_of
from core.workspace.file import read_workspace, write_workspace
from core.workspace.making import (
    NO_EXTRAS,
    PATHS_ONLY,
    CaseExtras,
    SavedPrivacy,
    case_of_source,
    with_relative_paths,
    without_paths,
)
from core.workspace.sources import read_source
from core.workspace.workspace import Workspace

if TYPE_CHECKING:
    from core.models.handle import ModelHandle

__all__ = [
    "BACKGROUND_IMAGES",
    "AttributionMap",
    "CaseExtras",
    "CheckInput",
    "CurveSet",
    "CurveSettings",
    "Explanation",
    "ExportOutcome",
    "Finding",
    "Fit",
    "Frame",
    "Glimpse",
    "LayerMap",
    "LayerObjective",
    "LayerUnits",
    "LogitTarget",
    "MethodRecord",
    "NetworkPicture",
    "Prediction",
    "Request",
    "Run",
    "SavedPrivacy",
    "SeriesEntry",
    "Slice",
    "SliceChoice",
    "Subject",
    "Target",
    "TargetRecord",
    "UnitRanking",
    "Visualised",
    "Volume",
    "Workspace",
    "check_fit",
    "check_input_of",
    "curves",
    "explain",
    "explain_all",
    "export",
    "layers",
    "load_model",
    "map_of",
    "open_image",
    "open_series",
    "open_volume",
    "open_workspace",
    "predict",
    "prepare",
    "region_on_grid",
    "reveal",
    "run_check",
    "save_workspace",
    "target_of",
    "units",
    "use_background",
    "visualise",
    "workspace_of",
]

BACKGROUND_IMAGES = 16


def open_series(path: str | Path) -> list[SeriesEntry]:
    """Every series under `path` (a file or folder), from headers alone, in the order of their files.

    Raises InputError or ResourceError.
    """
    with ReaderProcess() as reader:
        return reader.index(Path(path))


def open_image(
    source: str | Path | SeriesEntry,
    slice: int | None = None,
    position_mm: float | None = None,
    plane: PlaneName = "",
) -> Slice:
    """One slice of a series, or of the first series under a path; without a choice the middle one.

    slice: counted from 1 through all volumes, as in the window. position_mm: the nearest slice along the
    normal of the slices, in LPS (toward the patient's left, back or head). plane: axial, coronal or
    sagittal, cut along the volume's own axes; empty for the slices as stored. Decoding
    happens in a process of its own. Raises InputError or ResourceError, UsageError for both choices at once.
    """
    if slice is not None and position_mm is not None:
        raise UsageError("A slice is chosen by its number or by its position, not by both.")
    choice = SliceChoice(number=slice, position_mm=position_mm, plane=plane)
    with ReaderProcess() as reader:
        entry = _series(reader, source)
        (chosen,) = choice.slices(entry)
        image, _ = read_slice(reader, entry, chosen)
    return image


def open_volume(source: str | Path | SeriesEntry, volume: int = 1) -> Volume:
    """One volume (time point, counted from 1) of a series, or of the first series under a path.

    Its values are (slices, rows, columns), with a last axis of 3 for colour. Raises InputError or
    ResourceError; Unsupported for a series whose slices form no volume.
    """
    with ReaderProcess() as reader:
        entry = _series(reader, source)
        if not 1 <= volume <= entry.volumes:
            raise NoSlice(
                f"The series has no volume {volume}; it has {entry.volumes}.", "Choose another one."
            )
        if entry.no_volume:
            raise Unsupported(f"The series forms no volume. {entry.no_volume}", "Open its slices one by one.")
        first = (volume - 1) * entry.slices
        builder = StackBuilder(entry, reader.read(entry, first + entry.slices // 2)[0])
        for index in range(entry.slices):
            builder.add(index, reader.read(entry, first + index)[0])
    stack = builder.volume()
    return replace(stack, spacing_mm=spacing_of(entry), notes=(*entry.notes, *stack.notes))


def _series(reader: ReaderProcess, source: str | Path | SeriesEntry) -> SeriesEntry:
    return source if isinstance(source, SeriesEntry) else reader.index(Path(source))[0]


def load_model(name: str) -> "ModelHandle":
    """The handle of an installed model, or of the bundle in the folder `name`.

    Raises UnknownModel or DamagedBundle.
    """
    # Imported late: it brings up the framework, which takes seconds and which listing and help need not.
    from core.models.handle import ModelHandle

    return ModelHandle.load(name)


def export(
    workspace: str | Path | Workspace,
    folder: str | Path,
    names: Sequence[str] = (),
    options: Mapping[str, Values] | None = None,
    source: str | Path | None = None,
    with_identity: bool = False,
    replaces: bool = False,
) -> list[ExportOutcome]:
    """What became of each export of a workspace; each case has its folder in `folder`.

    names: of exporters, as `saliscope export --list` shows them; without any all that apply, those
    that hold the patient's identity (DICOM results) only `with_identity`. options: by the
    exporter's name, then by theirs. source: a file or folder with the images, for exports that read them.
    replaces: whether files of an earlier export are replaced; else UsageError.
    One that fails or does not apply has its error in its outcome. Raises UsageError, BadParameter.
    """
    if isinstance(workspace, Workspace):
        opened, place = workspace, Path.cwd()
    else:
        opened, place = read_workspace(Path(workspace)), Path(workspace).absolute().parent
    exporters = tuple(map(exporter_named, names)) or all_exporters(with_identity)
    with source_locator(place, None if source is None else Path(source)) as source_of:
        choice = ExportChoice(exporters, values=options or {}, source_of=source_of, replaces=replaces)
        return list(export_all(opened, Path(folder), choice))


def workspace_of(
    model: "ModelHandle",
    source: str | Path | SeriesEntry,
    explanations: Sequence[Explanation],
    choice: SliceChoice | None = None,
    curves: CurveSet | None = None,
    extras: CaseExtras = NO_EXTRAS,
    privacy: SavedPrivacy = PATHS_ONLY,
) -> Workspace:
    """The workspace of maps that `model` made of one slice, and of what was computed of them.

    source, choice: as for `open_image`: the slice is read again, so that the workspace says where it came
    from; of the patient only by `privacy`. explanations: the first gives the target of the case. curves: of
    these maps, by the names of their methods. extras: findings, regions and more.

    Raises UsageError without a map, IncompatibleInput for maps of another grid, InputError, ResourceError.
    """
    if not explanations:
        raise UsageError("A workspace of a model holds at least one map.", "Explain the image first.")
    path = source.path if isinstance(source, SeriesEntry) else Path(source)
    with ReaderProcess() as reader:
        entry = _series(reader, source)
        (chosen,) = (choice or SliceChoice()).slices(entry)
        case_source = read_source(reader, path, entry, chosen)
    subject = prepare(model, case_source.image)
    for explanation in explanations:
        check_input_of(model, subject, explanation)  # refuses a map of another grid
    fit = check_fit(model, case_source.image, subject)
    image = case_source.predicted(model.card, subject, fit, predict(model, subject), model.calls.device)
    records = [explanation.record for explanation in explanations]
    result = Result(image, records[0].target, tuple(explanations), curves=curves)
    extras = replace(extras, background=background_of(model, records))
    return making.workspace_of([case_of_source("case-1", case_source, subject, result, extras, privacy)])


def save_workspace(path: str | Path, workspace: Workspace) -> None:
    """Write a workspace; an earlier file stays until the new one is whole. Raises DiskFull.

    Where the administrator does not let workspaces say where their images lie, it says nothing of that.
    """
    may_hold_paths = policy().allows("workspace_paths")
    saved = with_relative_paths(workspace, Path(path).parent) if may_hold_paths else without_paths(workspace)
    write_workspace(Path(path), saved)


def open_workspace(path: str | Path) -> Workspace:
    """The workspace in a file; the images that it was made of are not read. Raises InputError."""
    return read_workspace(Path(path))


def use_background(model: "ModelHandle", folder: str | Path, most: int = BACKGROUND_IMAGES) -> None:
    """Take the first `most` images under `folder` as the model's background, for Expected Gradients.

    Raises InputError or ResourceError.
    """
    with ReaderProcess() as reader:
        images = [reader.read(entry, entry.middle_frame)[0] for entry in reader.index(Path(folder))[:most]]
    model.use_background(np.stack([prepare(model, image).x for image in images]))
