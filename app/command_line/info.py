"""`saliscope info`: what a file or folder contains."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click
import numpy as np

from app.command_line.images import ImageRecords, readable_entries
from app.command_line.options import output_options
from app.command_line.output import Output
from app.command_line.program_facts import show_program
from core.errors import UsageError
from core.images.slice import Slice, Window
from core.number_text import significant
from core.output import shown_name
from core.policy import policy
from core.results.info import InfoDocument, SeriesRecord, SkippedRecord, SliceRecord, WindowRecord

if TYPE_CHECKING:
    from core.readers.header_tags import Tag
    from core.readers.process import ReaderProcess
    from core.readers.protocol import SeriesEntry


@click.command()
@click.argument("path", metavar="[PATH]", required=False, type=click.Path(path_type=Path))
@click.option("--identity", "with_identity", is_flag=True, help="Also show the patient's identity.")
@click.option("--tags", "with_tags", is_flag=True, help="Also list the header of the middle slice.")
@output_options(lambda: InfoDocument)
def info(path: Path | None, with_identity: bool, with_tags: bool, output: Output) -> int:
    """Show what files and folders contain, one row a series.

    Without PATH it shows this installation: versions, folders, and the policy of the administrator.
    Of a single series the middle slice is read too. Images that cannot be
    read are reported on standard error, as are archives, videos and images in other formats. The patient's
    identity stays hidden unless --identity is given, also in the elements that --tags lists.

    \b
    Example:
      saliscope info scan.dcm
      saliscope info study --tags
    """
    from core.readers.process import ReaderProcess

    if path is None:
        return show_program(output)
    if with_identity and not policy().allows("identity_display"):
        raise UsageError("Showing the patient's identity is switched off by your administrator.")
    results: ImageRecords[SeriesRecord] = ImageRecords()
    with ReaderProcess() as reader:
        contents = reader.contents(path)
        is_single = contents.files == 1
        request = _Request(is_single, with_identity, with_tags)
        for entry in readable_entries(contents, results):
            if is_single:
                results.records.append(_record(reader, entry, request))
                continue
            with results.failing_alone(shown_name(entry.path.name)):
                results.records.append(_record(reader, entry, request))
    records = [record for record in results.records if isinstance(record, SeriesRecord)]
    if is_single:
        _show(records[0], output)
    else:
        output.table(_without_empty_columns([_row(record) for record in records]))
    for record in records:
        _show_tags(record, output)
    skipped = (SkippedRecord(file=shown_name(file.path.name), kind=file.kind) for file in contents.skipped)
    output.document(InfoDocument(images=tuple(results.records), skipped=tuple(skipped)))
    return results.exit_code


@dataclass(frozen=True, slots=True)
class _Request:
    """What is told of each series beside what stands in its headers."""

    with_slice: bool
    with_identity: bool
    with_tags: bool


def _record(reader: "ReaderProcess", entry: "SeriesEntry", request: _Request) -> SeriesRecord:
    from core.readers.slice_choice import plane_of, spacing_of

    shown, identity = None, None
    if request.with_slice or request.with_identity:
        frame = entry.middle_frame
        image, patient = reader.read(entry, frame)
        shown = _slice_record(image, frame + 1) if request.with_slice else None
        identity = {name: value for name, value in asdict(patient).items() if value}
    spacing = spacing_of(entry)
    return SeriesRecord(
        file=shown_name(entry.path.name),
        reader=entry.reader,
        title=entry.title,
        modality=entry.modality,
        role=entry.role,
        files=len({source.path for source in entry.sources}) or 1,
        slices=entry.slices,
        volumes=entry.volumes,
        rows=entry.rows,
        columns=entry.columns,
        plane=plane_of(entry, 0),
        slice_spacing_mm=None if spacing is None or entry.slices == 1 else spacing[0],
        pixel_spacing_mm=None if spacing is None else spacing[1:],
        no_volume=entry.no_volume,
        notes=entry.notes,
        shown=shown,
        identity=identity if request.with_identity else None,
        tags=_tags_of(reader, entry, request.with_identity) if request.with_tags else None,
    )


def _tags_of(reader: "ReaderProcess", entry: "SeriesEntry", with_identity: bool) -> "tuple[Tag, ...]":
    """The header of the file with the middle slice."""
    from core.readers.messages import ReadTags, TagsRead

    request = ReadTags(entry=entry, frame=entry.middle_frame, with_identity=with_identity)
    return reader.ask(request, TagsRead)[0].tags


def _slice_record(image: Slice, number: int) -> SliceRecord:
    values = image.image_values
    finite = values[np.isfinite(values)]
    return SliceRecord(
        slice=number,
        modality=image.modality,
        unit=image.unit,
        dtype=str(image.values.dtype),
        colour=image.is_colour,
        minimum=float(finite.min()) if finite.size else None,
        maximum=float(finite.max()) if finite.size else None,
        not_finite=int(values.size - finite.size),
        padding=0 if image.padding is None else int(image.padding.sum()),
        inverted=image.inverted,
        windows=tuple(map(_window_record, image.windows)),
        spacing_mm=image.spacing_mm,
        spacing_source=image.spacing_source,
        stated_aspect=image.stated_aspect,
        affine_lps_mm=None
        if image.affine_lps_mm is None
        else tuple(map(tuple, image.affine_lps_mm.tolist())),
        notes=image.notes,
    )


def _window_record(window: Window) -> WindowRecord:
    function = "table" if window.table is not None else window.function
    return WindowRecord(name=window.name, centre=window.centre, width=window.width, function=function)


def _row(record: SeriesRecord) -> tuple[str, ...]:
    """First file, modality, title, role, size, volumes, spacing with plane, and notes."""
    return (
        record.file,
        record.modality or record.reader,
        record.title,
        record.role,
        f"{record.slices} x {record.rows} x {record.columns}",
        f"{record.volumes} volumes" if record.volumes > 1 else "",
        " ".join(filter(None, (_stack_spacing(record), record.plane))),
        " ".join(filter(None, (record.no_volume, *record.notes))),
        " ".join((record.identity or {}).values()),
    )


def _without_empty_columns(rows: Sequence[tuple[str, ...]]) -> list[tuple[str, ...]]:
    columns = [column for column in zip(*rows, strict=True) if any(column)]
    return list(zip(*columns, strict=True))


def _stack_spacing(record: SeriesRecord) -> str:
    """Distances between slices, rows and columns; empty where they are unknown."""
    if record.pixel_spacing_mm is None:
        return ""
    between = () if record.slice_spacing_mm is None else (record.slice_spacing_mm,)
    return " x ".join(significant(distance) for distance in (*between, *record.pixel_spacing_mm)) + " mm"


def _slices(record: SeriesRecord) -> str:
    slices = f"{record.slices} slice{'s' if record.slices > 1 else ''}"
    return f"{record.volumes} volumes of {slices}" if record.volumes > 1 else slices


def _show(record: SeriesRecord, output: Output) -> None:
    shown = record.shown
    assert shown is not None, "the slice of a single file is read"
    unit = f" {shown.unit}" if shown.unit else ""
    values = "none is finite" if shown.minimum is None else f"{shown.minimum:g} to {shown.maximum:g}{unit}"
    spacing = (
        f"unknown, pixels {shown.stated_aspect:g} times as high as wide" if shown.stated_aspect else "unknown"
    )
    if shown.spacing_mm:
        spacing = f"{shown.spacing_mm[0]:g} x {shown.spacing_mm[1]:g} mm ({shown.spacing_source})"
    between = record.slice_spacing_mm
    rows = [
        ("file", record.file),
        ("read as", record.reader),
        ("files", str(record.files)),
        ("title", record.title or "none"),
        ("role", record.role or "unknown"),
        ("modality", shown.modality or "unknown"),
        ("size", f"{record.columns} x {record.rows} pixels, {_slices(record)}"),
        ("slice read", f"slice {shown.slice}, {shown.dtype}{', colour' if shown.colour else ''}"),
        ("values", values + (f"; {shown.not_finite} are not finite" if shown.not_finite else "")),
        ("padding", _padding_text(shown.padding)),
        ("display", "low values bright (MONOCHROME1, MinIsWhite)" if shown.inverted else "low values dark"),
        ("spacing", spacing),
        ("between slices", f"{significant(between)} mm" if between else "unknown"),
        ("plane", record.plane or "unknown"),
        ("orientation", "known" if shown.affine_lps_mm else "unknown"),
    ]
    rows += [("window", _window_text(window)) for window in shown.windows]
    rows += [("note", note) for note in (record.no_volume, *record.notes, *shown.notes) if note]
    rows += [(name.replace("_", " "), value) for name, value in (record.identity or {}).items()]
    output.table(rows)


def _show_tags(record: SeriesRecord, output: Output) -> None:
    """The elements of a header, one a line; those within sequences are indented."""
    if record.tags:
        output.print()
        output.print(f"Header of the middle slice of {record.file}")
        output.table([("  " * tag.level + tag.tag, tag.vr, tag.name, tag.value) for tag in record.tags])


def _padding_text(pixels: int) -> str:
    if not pixels:
        return "none"
    return "1 pixel holds no image" if pixels == 1 else f"{pixels} pixels hold no image"


def _window_text(window: WindowRecord) -> str:
    text = f"centre {window.centre:g}, width {window.width:g}"
    curve = window.function if window.function in ("sigmoid", "table") else ""
    return " ".join(filter(None, (f"{text}, {curve}" if curve else text, window.name)))
