"""The worked pictures of the help: a bundled sample beside the map of each method.

The maps are made by the command line, in as many runs as one likes:

    saliscope explain --sample brain_meningioma --method gradient --method cam --out runs/help
    python -m training.help_pictures runs/help/* --outline MASK.png

MASK is the tumour as the data set's authors drew it; it is drawn into the sample alone.
"""

from collections.abc import Iterator, Sequence
from io import BytesIO
from pathlib import Path

import click
import numpy as np
from PIL import Image

from core.arrays import Array
from core.errors import InputError
from core.figures.blending import ColourScale, blended
from core.figures.overlay import draw_bar
from core.images.grid_map import GridMap
from core.images.resample import resampled
from core.methods import METHODS
from core.models.bundle import RESOURCES
from core.output import write_document, written
from core.results.explanation import ExplanationDocument
from core.results.records import MethodRecord
from core.samples import Sample, samples
from core.values import FrozenRecord

HELP_METHODS = RESOURCES / "help" / "methods"
PICTURES = "pictures.json"
SIDE, GAP, BAR, BAR_PLACE = 300, 8, 14, 70
# Lossy, since a PNG of the grainy ones would be five times as large.
QUALITY = 80
# Between the reds and blues of signed maps and the yellows of one-sided ones.
OUTLINE = (0, 210, 130)


class DrawnMap(FrozenRecord):
    """How a map was made. inside: the share of its positive values within the outline."""

    record: MethodRecord
    inside: float | None


class HelpPictures(FrozenRecord):
    """`pictures.json`: how the pictures were made, by which a test checks that they are up to date.

    outline: the share of the image that it covers.
    """

    sample: str
    model: str
    weights_sha256: str
    outline: float | None
    maps: tuple[DrawnMap, ...]


def picture_of(sample: Array, values: Array, signed: bool, outline: Array | None = None) -> bytes:
    """WebP of a sample (rows, columns; uint8) beside its map (height, width) laid over it.

    outline: a mask (rows, columns) of any size; its border is drawn into the sample.
    """
    grid_map = GridMap(values.shape, (SIDE, SIDE), (-0.5, -0.5, SIDE - 0.5, SIDE - 0.5))
    grey = np.rint(resampled(sample, (SIDE, SIDE))).astype(np.uint8)
    scale = ColourScale.of(values, signed)
    left = np.repeat(grey[..., None], 3, axis=2)
    if outline is not None:
        left[_border(resampled(outline, (SIDE, SIDE)) >= 0.5)] = OUTLINE
    ground = np.zeros((SIDE, GAP, 3), np.uint8)
    return _with_bar(np.hstack([left, ground, blended(grey, grid_map.to_slice(values), scale)]), scale)


def _border(mask: Array) -> Array:
    """The pixels of a mask that have a neighbour outside it."""
    wide = np.pad(mask, 1)
    return mask & ~(wide[2:, 1:-1] & wide[:-2, 1:-1] & wide[1:-1, 2:] & wide[1:-1, :-2])


def _with_bar(picture: Array, scale: ColourScale) -> bytes:
    from matplotlib.figure import Figure

    rows, columns = picture.shape[0], picture.shape[1] + GAP + BAR + BAR_PLACE
    figure = Figure(figsize=((columns + 0.01) / 100, (rows + 0.01) / 100), dpi=100, facecolor="black")
    figure.figimage(picture, origin="upper")
    left, low = picture.shape[1] + GAP, GAP
    axes = figure.add_axes((left / columns, low / rows, BAR / columns, 1 - 2 * low / rows))
    draw_bar(axes, scale)
    axes.tick_params(colors="0.8", length=3)
    png, webp = BytesIO(), BytesIO()
    figure.savefig(png, format="png", dpi=100)
    Image.open(png).convert("RGB").save(webp, format="WEBP", quality=QUALITY, method=6)
    return webp.getvalue()


def share_inside(values: Array, outline: Array | None) -> float | None:
    """Of the positive values of a map (height, width), the share within a mask of any size."""
    positive = np.maximum(values, 0).astype(np.float64)
    if outline is None or not positive.any():
        return None
    inside = resampled(outline, values.shape) >= 0.5
    return round(float(positive[inside].sum() / positive.sum()), 4)


def maps_in(folders: Sequence[Path]) -> Iterator[tuple[ExplanationDocument, MethodRecord, Array]]:
    """Every map (height, width) in folders that `saliscope explain` wrote, with document and record."""
    for folder in folders:
        text = (folder / "explanation.json").read_text(encoding="utf-8")
        document = ExplanationDocument.model_validate_json(text)
        for record in document.methods:
            yield document, record, np.load(folder / f"{record.map_file}", allow_pickle=False)


def write_pictures(folders: Sequence[Path], outline: Array | None, into: Path) -> HelpPictures:
    """Write one picture for every map, and the record of how they were made beside that of earlier ones.

    outline: a mask (rows, columns) of any size. Raises InputError if the maps are not of one sample and one
    model, DiskFull.
    """
    drawn: dict[str, DrawnMap] = {}
    origins: set[tuple[str, str, str]] = set()
    for document, record, values in maps_in(folders):
        sample = _sample_of(document)
        origins.add((sample.id, document.model.id, document.model.weights_sha256))
        content = picture_of(np.asarray(Image.open(sample.path)), values, record.signed, outline)
        with written(into / f"{record.name}.webp") as file:
            file.write(content)
        stored = record.model_copy(update={"map_file": None})
        drawn[record.name] = DrawnMap(record=stored, inside=share_inside(values, outline))
    if len(origins) != 1:
        raise InputError(
            f"The maps are of {len(origins)} samples or models.", "Take the maps of one of each."
        )
    ((sample_id, model, weights),) = origins
    facts = HelpPictures(
        sample=sample_id,
        model=model,
        weights_sha256=weights,
        outline=None if outline is None else round(float((outline >= 0.5).mean()), 4),
        maps=(),
    )
    every = _earlier_maps(into / PICTURES, facts) | drawn
    facts = facts.model_copy(
        update={"maps": tuple(every[method.name] for method in METHODS if method.name in every)}
    )
    write_document(into / PICTURES, facts)
    return facts


def _earlier_maps(path: Path, facts: HelpPictures) -> dict[str, DrawnMap]:
    """The maps that an earlier run drew of the same sample, model and outline."""
    if not path.exists():
        return {}
    earlier = HelpPictures.model_validate_json(path.read_text(encoding="utf-8"))
    same = earlier.model_copy(update={"maps": ()}) == facts
    return {each.record.name: each for each in earlier.maps} if same else {}


def _sample_of(document: ExplanationDocument) -> Sample:
    for sample in samples():
        if sample.file == document.image.file:
            return sample
    raise InputError(f"{document.image.file} is not a bundled sample.", "Explain with --sample.")


@click.command()
@click.argument("folders", nargs=-1, required=True, type=click.Path(path_type=Path, file_okay=False))
@click.option("--outline", type=click.Path(path_type=Path, dir_okay=False), help="Mask of the finding.")
def main(folders: tuple[Path, ...], outline: Path | None) -> None:
    """Draw the help's pictures from the FOLDERS that `saliscope explain` wrote."""
    mask = None if outline is None else np.asarray(Image.open(outline)).astype(float)
    facts = write_pictures(folders, mask, HELP_METHODS)
    click.echo(f"{len(facts.maps)} pictures of {facts.sample} in {HELP_METHODS}")


if __name__ == "__main__":
    main()
