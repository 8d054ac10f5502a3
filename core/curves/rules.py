"""The rules of the protocol that the settings name, for one image."""

from core.arrays import FloatArray
from core.curves.cells import CellsCurves
from core.curves.entropy import WebpEntropy
from core.curves.pair import PairCurves, random_mask
from core.curves.protocol import CurveProtocol
from core.curves.settings import CurveSettings, Stream
from core.errors import NotApplicable


def rules_of(x: FloatArray, settings: CurveSettings) -> CurveProtocol:
    """For input x (*grid, channels); all that depends on the image alone is computed here.

    Raises NotApplicable for a volume and rules that are those of pictures.
    """
    if x.ndim != 3:
        _require_rules_of_volumes(settings)
    if settings.protocol == "pair":
        drawn = (settings.generator(Stream.MASK, number) for number in range(settings.masks))
        return PairCurves.of(x, settings, [random_mask(x.shape[:2], generator) for generator in drawn])
    return CellsCurves.of(x, settings)


def _require_rules_of_volumes(settings: CurveSettings) -> None:
    if settings.protocol == "pair":
        raise NotApplicable(
            "The protocol pair interpolates between pixels of a plane, and the input is a volume.",
            "Choose the protocol 'cells'.",
        )
    if settings.entropy == WebpEntropy.name:
        raise NotApplicable(
            "The axis webp is the size of a picture's file, and the input is a volume.",
            "Choose the axis 'area' or 'shannon'.",
        )
