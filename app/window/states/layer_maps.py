"""Maps of single layers and units: their thumbnails, and the way to the same map at full size."""

import numpy as np

from app.window.states.explain import ExplainState
from app.window.states.image import ImageState
from app.window.states.maps import MapsState
from app.window.states.shading import Overlay, full_colour
from core.arrays import Array
from core.images.grid_map import GridMap
from core.images.resample import resampled

# Cells a side: enough for a thumbnail, and few enough to make dozens of them at once.
THUMBNAIL_CELLS = 96
STRIP_METHOD, UNIT_METHOD = "grad_cam", "unit_activation"


class LayerMaps:
    """Lays the Grad-CAM of a layer, or the map of a unit, over the image."""

    def __init__(self, explain: ExplainState, maps: MapsState, image: ImageState) -> None:
        self._explain, self._maps, self._image = explain, maps, image

    def show_grad_cam(self, layer: str) -> None:
        """The Grad-CAM of a layer: the one that is there, else it is computed."""
        known = self._explain.layers
        # The map of the last layer is the one that Grad-CAM gives without a choice.
        values: dict[str, object] = {} if known and layer == known[-1].name else {"layer": layer}
        self._show(STRIP_METHOD, {"layer": layer}, values)

    def show_unit(self, layer: str, unit: int) -> None:
        """The activation of a unit: the one that is there, else it is computed."""
        self._show(UNIT_METHOD, {"layer": layer, "unit": str(unit)}, {"layer": layer, "unit": unit})

    def _show(self, method: str, choices: dict[str, str], values: dict[str, object]) -> None:
        """choices: by which a map that is there is known. values: the parameters that it is computed with."""
        target = self._explain.target
        if target is None:
            return
        number = next(
            (
                entry.number
                for entry in self._maps.finished
                if entry.record is not None
                and (entry.record.name, entry.record.target) == (method, target.record)
                and entry.record.choices == choices
            ),
            0,
        )
        if not number:
            number = self._explain.start([method], values={method: values}).get(method, 0)
        self._maps.select(number)
        self._image.set_overlay_on(True)


def thumbnail_overlay(values: Array, grid_map: GridMap) -> Overlay:
    """A map (rows, columns) of a layer's grid for a thumbnail, in the colours of its own largest value."""
    cells = resampled(values, (THUMBNAIL_CELLS, THUMBNAIL_CELLS)).astype(np.float32)
    rows, columns = values.shape
    return Overlay(cells, bool((cells < 0).any()), (rows, columns), grid_map, full_colour(cells))
