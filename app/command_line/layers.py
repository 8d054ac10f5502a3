"""`saliscope layers`: the layers of a network, how information flows through them, and their units."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from app.command_line.images import OpenedSlice, for_each_image, named_images
from app.command_line.model_choice import ModelChoice
from app.command_line.options import image_options, out_option, output_options, target_option
from app.command_line.output import Output
from core.methods.activation.unit_ranking import CARRIED_SHARE, FIRST_UNITS
from core.number_text import counted, exact_percent, fixed, significant
from core.readers.slice_choice import SliceChoice
from core.results.document import Document
from core.results.explanation import PredictedImage
from core.results.image import FailedImage
from core.results.records import TargetRecord
from core.values import FrozenRecord

if TYPE_CHECKING:
    from app.command_line.maps import PredictedSlice
    from core.layer_views import LayerUnits
    from core.methods.activation.layer_strip import LayerMap

STRIP_FILES, UNIT_FILES = ("layers.png", "layers.csv"), ("units.png", "units.csv")


class LayerRecord(FrozenRecord):
    """A layer with a grid. highest: of its Grad-CAM; None but for the last layer of each grid."""

    name: str
    rows: int
    columns: int
    channels: int
    is_default: bool
    highest: float | None = None


class UnitRecord(FrozenRecord):
    """A unit and what it contributes to the target, to first order. rank: from 1, the highest first."""

    unit: int
    rank: int
    contribution: float


class UnitsRecord(FrozenRecord):
    """The units of a layer, the highest contribution first.

    total: the sum of contributions; supporting, opposing: of those above and below 0. carrying_count: the
    fewest units that hold `carried_share` of the sum of magnitudes.
    """

    layer: str
    total: float
    supporting: float
    opposing: float
    carried_share: float
    carrying_count: int
    units: tuple[UnitRecord, ...]


class LayersImage(PredictedImage):
    """What the layers give for one image. folder, files: empty without --out."""

    target: TargetRecord
    layers: tuple[LayerRecord, ...]
    units: UnitsRecord | None = None
    folder: str = ""
    files: tuple[str, ...] = ()


class LayersDocument(Document, name="layers"):
    """`saliscope layers --json`."""

    images: tuple[LayersImage | FailedImage, ...]


@dataclass(frozen=True, slots=True)
class LayersChoice:
    """What is asked of every image. layer: whose units; None for none. out: None writes no files."""

    layer: str | None
    count: int
    target: str
    out: Path | None


@click.command()
@image_options
@click.option(
    "--units",
    "layer",
    metavar="LAYER",
    help="Also what each unit (filter) of this layer contributes; `last` is the last one.",
)
@click.option(
    "--count",
    type=click.IntRange(min=1),
    default=FIRST_UNITS,
    show_default=True,
    help="How many units are printed and drawn.",
)
@target_option
@out_option("Write layers.png and layers.csv, and with --units units.png and units.csv, for each image.")
@output_options(lambda: LayersDocument)
def layers(
    images: tuple[Path, ...],
    sample_ids: tuple[str, ...],
    model_id: str | None,
    slice_choice: SliceChoice,
    layer: str | None,
    count: int,
    target: str,
    out: Path | None,
    output: Output,
) -> int:
    """Show how information flows through a network's layers.

    Of each size of grid the last layer's Grad-CAM is made, from fine to coarse (Zeineldin and others 2022).
    With --units each unit of a layer has its contribution: the sum of its activations times the target's
    gradients, which is how far the score would fall without it, to first order.

    \b
    Example:
      saliscope layers --sample brain_glioma --out out
      saliscope layers slice.dcm --units last --count 10 --json
    """
    from app.command_line.maps import PredictedSlice
    from app.command_line.sentences import headline, prediction_lines

    named, choice = named_images(images, sample_ids), ModelChoice(model_id)
    request = LayersChoice(layer, count, target, out)

    def work(opened: OpenedSlice) -> LayersImage:
        subject = PredictedSlice.of(opened, choice.handle(opened))
        record = subject.record()
        for line in (headline(record), *prediction_lines(record, subject.model.card)):
            output.print(line)
        return _shown(subject, record, request, output)

    results = for_each_image(named, slice_choice, work)
    output.document(LayersDocument(images=tuple(results.records)))
    return results.exit_code


def _shown(
    subject: "PredictedSlice", record: PredictedImage, request: LayersChoice, output: Output
) -> LayersImage:
    """Computed, printed and, where a folder is named, written."""
    from core.api import Run
    from core.api import layers as strip_of
    from core.api import units as units_of

    target, card, run = subject.target(request.target), subject.model.card, Run()
    strip = strip_of(subject.model, subject.prepared, target, run=run)
    target_record = TargetRecord.of(target, card.classes)
    words = target_record.words_by(card.words_of)
    found = None
    if request.layer is not None:
        name = "" if request.layer == "last" else request.layer
        found = units_of(subject.model, subject.prepared, name, target, request.count, run=run)
    layer_records = _layer_records(subject, strip)
    _print_layers(strip, len(layer_records), words, output)
    if found is not None:
        _print_units(found, words, output)
    folder, files = "", tuple[str, ...]()
    if request.out is not None:
        folder, files = _write(subject, strip, found, words, request.out)
        output.print(f"  Written to {folder}: {', '.join(files)}")
    output.print()
    return LayersImage(
        **dict(record),
        target=target_record,
        layers=layer_records,
        units=_units_record(found) if found is not None else None,
        folder=folder,
        files=files,
    )


def _layer_records(subject: "PredictedSlice", strip: Sequence["LayerMap"]) -> tuple[LayerRecord, ...]:
    highest = {each.layer.name: float(each.values.max()) for each in strip}
    known = subject.model.facts.layers
    return tuple(
        LayerRecord(
            name=layer.name,
            rows=layer.grid[0],
            columns=layer.grid[1],
            channels=layer.channels,
            is_default=layer is known[-1],
            highest=highest.get(layer.name),
        )
        for layer in known
    )


def _units_record(found: "LayerUnits") -> UnitsRecord:
    ranking = found.ranking
    return UnitsRecord(
        layer=ranking.layer.name,
        total=ranking.total,
        supporting=ranking.supporting,
        opposing=ranking.total - ranking.supporting,
        carried_share=CARRIED_SHARE,
        carrying_count=ranking.count_for(),
        units=tuple(
            UnitRecord(unit=unit, rank=ranking.rank(unit), contribution=float(ranking.contributions[unit]))
            for unit in ranking.order
        ),
    )


def _print_layers(strip: Sequence["LayerMap"], count: int, words: str, output: Output) -> None:
    output.print(f"  Grad-CAM ({words}) of the last layer of each grid, of {counted(count, 'layer')}:")
    rows = [("layer", "grid", "channels", "highest")]
    rows += [
        (
            each.layer.name,
            " x ".join(map(str, each.layer.grid)),
            f"{each.layer.channels:,}",
            significant(float(each.values.max())),
        )
        for each in strip
    ]
    output.table(rows, indent=4)


def _print_units(found: "LayerUnits", words: str, output: Output) -> None:
    ranking = found.ranking
    channels = ranking.layer.channels
    output.print(
        f"  Units of {ranking.layer.name}: contributions to the {words} sum to "
        f"{fixed(ranking.total, 3, sign=True)}; {ranking.count_for():,} of {channels:,} carry "
        f"{exact_percent(CARRIED_SHARE)} of the sum of magnitudes."
    )
    rows = [("rank", "unit", "contribution")]
    rows += [
        (f"{ranking.rank(unit)}", f"{unit}", fixed(float(ranking.contributions[unit]), 4, sign=True))
        for unit in found.units
    ]
    output.table(rows, indent=4)


def _write(
    subject: "PredictedSlice",
    strip: Sequence["LayerMap"],
    found: "LayerUnits | None",
    words: str,
    out: Path,
) -> tuple[str, tuple[str, ...]]:
    """The name of the image's folder and its files. Raises DiskFull."""
    from core.exports.tables import plain_csv_bytes
    from core.figures.contact_sheet import SheetMap, contact_sheet_png
    from core.output import unique_folder, written

    def sheet(maps: list[SheetMap], title: str) -> bytes:
        return contact_sheet_png(subject.opened.image, subject.prepared.grid_map, maps, title)

    maps = [SheetMap(each.values, _layer_caption(each)) for each in strip]
    layer_rows = [list(dict(record).values()) for record in _layer_records(subject, strip)]
    contents = dict(
        zip(
            STRIP_FILES,
            (
                sheet(maps, f"Grad-CAM by layer, {words}; each in its own scale"),
                plain_csv_bytes([list(LayerRecord.model_fields), *layer_rows]),
            ),
            strict=True,
        )
    )
    if found is not None:
        ranking, record = found.ranking, _units_record(found)
        maps = [
            SheetMap(values, f"unit {unit}, rank {ranking.rank(unit)}\n{_contribution(found, unit)}")
            for unit, values in zip(found.units, found.maps, strict=True)
        ]
        title = f"Units of {ranking.layer.name}, contributions to the {words}; each in its own scale"
        unit_rows = [list(dict(each).values()) for each in record.units]
        tables = sheet(maps, title), plain_csv_bytes([list(UnitRecord.model_fields), *unit_rows])
        contents |= dict(zip(UNIT_FILES, tables, strict=True))
    folder = unique_folder(out, subject.opened.label)
    for name, content in contents.items():
        with written(folder / name) as file:
            file.write(content)
    return folder.name, tuple(contents)


def _layer_caption(each: "LayerMap") -> str:
    rows, columns = each.layer.grid
    return f"{each.layer.name}\n{rows} x {columns}, {each.layer.channels:,} channels"


def _contribution(found: "LayerUnits", unit: int) -> str:
    return fixed(float(found.ranking.contributions[unit]), 4, sign=True)
