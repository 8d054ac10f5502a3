"""The rules of the protocol that the settings name, for one image."""

from core.arrays import FloatArray
from core.curves.cells import CellsCurves
from core.curves.pair import PairCurves, random_mask
from core.curves.protocol import CurveProtocol
from core.curves.settings import CurveSettings, Stream


def rules_of(x: FloatArray, settings: CurveSettings) -> CurveProtocol:
    """For input x (height, width, channels); all that depends on the image alone is computed here."""
    if settings.protocol == "pair":
        drawn = (settings.generator(Stream.MASK, number) for number in range(settings.masks))
        return PairCurves.of(x, settings, [random_mask(x.shape[:2], generator) for generator in drawn])
    return CellsCurves.of(x, settings)
