"""The worked pictures of the help on pictures of the network: side by side, as the command line makes them.

    saliscope visualise activation_maximisation --class glioma --model MODEL --out runs
    python -m training.visualisation_pictures runs/*

The folders of one visualisation become one picture, in their order; the image that it began with stands
before them.
"""

from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

import click
import numpy as np
from PIL import Image

from core.arrays import Array
from core.images.resample import resampled
from core.models.bundle import RESOURCES
from core.output import written
from core.results.visualisation import VisualiseDocument
from core.samples import sample

PAGES = RESOURCES / "help" / "visualisations"
SIDE, GAP, QUALITY = 225, 8, 85


def side_by_side(pictures: Sequence[Array]) -> bytes:
    """WebP of grey pictures (rows, columns) in 0 to 255, each brought to SIDE x SIDE."""
    ground = np.zeros((SIDE, GAP))
    parts = [ground]
    for picture in pictures:
        parts += [resampled(picture, (SIDE, SIDE)), ground]
    joined = np.rint(np.hstack(parts[1:-1])).astype(np.uint8)
    buffer = BytesIO()
    Image.fromarray(joined).save(buffer, format="WEBP", quality=QUALITY)
    return buffer.getvalue()


def _grey(path: Path) -> Array:
    with Image.open(path) as picture:
        return np.asarray(picture.convert("L"))


@click.command()
@click.argument("folders", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True))
@click.option("--out", type=click.Path(path_type=Path), default=PAGES, help="Where the pictures go.")
def main(folders: tuple[Path, ...], out: Path) -> None:
    """Draw the picture of each visualisation's page from FOLDERS of `saliscope visualise`."""
    pictures: dict[str, list[Array]] = {}
    for folder in folders:
        text = (folder / "picture.json").read_text(encoding="utf-8")
        document = VisualiseDocument.model_validate_json(text)
        drawn = pictures.setdefault(document.picture.name, [])
        if not drawn and document.image is not None and document.image.sample:
            drawn.append(_grey(sample(document.image.sample).path))
        drawn.append(_grey(folder / "picture.png"))
        made = document.picture
        click.echo(f"{made.maximised}: {made.score_start:.3g} to {made.score_end:.3g}, {made.probabilities}")
    for name, parts in pictures.items():
        with written(out / f"{name}.webp") as file:
            file.write(side_by_side(parts))


if __name__ == "__main__":
    main()
