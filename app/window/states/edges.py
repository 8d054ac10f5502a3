"""What the edges of a slice show of the patient: letters of R L A P H F."""

from core.images.geometry import edge_letters
from core.images.slice import Slice

_OPPOSITE = str.maketrans("RLAPHF", "LRPAFH")


def edges(image: Slice) -> tuple[str, str, str, str] | None:
    """Letters of the top, left, bottom and right edge; None where the file does not say."""
    if image.affine_lps_mm is None:
        return None
    top, left = edge_letters(image.affine_lps_mm)
    return top, left, top.translate(_OPPOSITE), left.translate(_OPPOSITE)
