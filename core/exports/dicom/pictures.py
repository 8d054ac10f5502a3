"""The picture of a map over its slice, as pixels."""

from io import BytesIO

import numpy as np
from PIL import Image

from core.arrays import Array
from core.figures.overlay import overlay_png
from core.images.slice import Slice
from core.images.windowing import EIGHT_BIT
from core.network.attribution_map import AttributionMap
from core.workspace.document import SavedMap
from core.workspace.workspace import CaseData


def map_picture(data: CaseData, saved: SavedMap) -> Array:
    """(rows, columns, 3) uint8: the map over the slice as displayed, with title, scale and footer."""
    geometry = data.case.geometry
    shown = Slice(
        values=data.picture,
        modality=data.case.image.image.modality,
        windows=(EIGHT_BIT,),
        spacing_mm=geometry.spacing_mm,
        stated_aspect=geometry.stated_aspect,
    )
    record = saved.record
    values = AttributionMap(data.values_of(saved), record.signed, record.cells)
    png = overlay_png(shown, data.case.grid.grid_map, values, record)
    return np.asarray(Image.open(BytesIO(png)).convert("RGB"))
