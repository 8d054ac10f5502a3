"""What the network saw of an image, in words: its size, its intensities, and what was changed."""

from collections.abc import Sequence

from core.images.slice import Slice
from core.models.preprocessing import PercentileIntensity, Preprocessing, WindowIntensity
from core.number_text import significant

TITLE = "What the network saw"
IMAGE_TITLE = "Image as it is shown"
VIEWER_SETTINGS = "The window and inversion of the view do not change this input."
NOT_INVERTED = "Not inverted."
FITTINGS = {
    "stretch": "stretched to the proportions of the network's input",
    "pad": "with its proportions kept and a border added",
    "crop": "with its proportions kept and the longer side cropped",
}


def steps(preprocessing: Preprocessing, image: Slice, notes: Sequence[str]) -> tuple[str, ...]:
    """A sentence for each: the size, the intensities, the inversion, and the notes of the preparation."""
    inversion = () if preprocessing.reverses(image) else (NOT_INVERTED,)
    return (resize(preprocessing, image), intensities(preprocessing), *inversion, *notes, VIEWER_SETTINGS)


def resize(preprocessing: Preprocessing, image: Slice) -> str:
    rows, columns = image.shape
    target = f"{preprocessing.width} × {preprocessing.height}"
    return f"Resized from {columns} × {rows} to {target}, {FITTINGS[preprocessing.aspect]}."


def intensities(preprocessing: Preprocessing) -> str:
    """How values become the network's."""
    match preprocessing.intensity:
        case PercentileIntensity(low=0.0, high=100.0):
            return "Intensities scaled from the lowest to the highest value."
        case PercentileIntensity(low=low, high=high):
            return f"Intensities scaled from percentile {significant(low)} to percentile {significant(high)}."
        case WindowIntensity(centre=centre, width=width):
            return f"Intensities scaled by a fixed window: C {significant(centre)}  W {significant(width)}."
        case _:
            return "Intensities scaled to mean 0 and standard deviation 1."
