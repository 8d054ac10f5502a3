"""The statistics of the region in words, computed once for a region and an image."""

from app.texts import region as texts
from app.window.states.shown import ShownState
from core.arrays import Array
from core.images.region_statistics import region_statistics
from core.images.slice import Slice


class RegionStatisticsState:
    """Describes the pixels of the shown slice in a region."""

    def __init__(self, shown: ShownState) -> None:
        self._shown = shown
        self._image: Slice | None = None
        self._mask: Array | None = None
        self._words = ""

    def words(self, mask: Array | None) -> str:
        """Mean, standard deviation, range and area; empty without a region of the shown slice."""
        image = self._shown.current.image
        if image is not self._image or mask is not self._mask:
            self._image, self._mask = image, mask
            self._words = _words(image, mask)
        return self._words


def _words(image: Slice | None, mask: Array | None) -> str:
    if image is None or mask is None or mask.shape != image.shape:
        return ""
    return texts.statistics(region_statistics(image, mask), image.unit, image.spacing_source)
