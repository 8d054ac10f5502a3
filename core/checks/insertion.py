"""Insertion (Petsiuk et al. 2018, arXiv 1806.07421)."""

from typing import ClassVar, final

from pydantic import Field

from core.checks.pixel_curve import PixelCurveCheck
from core.checks.removal import FILL_WORDS, Fill
from core.network.parameters import Parameters


class InsertionParams(Parameters):
    """Parameters of insertion."""

    steps: int = Field(32, ge=1, le=1000, description="equal steps from no pixel to the whole image")
    fill: Fill = Field("blur", description=FILL_WORDS)


@final
class Insertion(PixelCurveCheck):
    """Area under the probability of the class while the pixels are restored, the map's highest first."""

    name = "insertion"
    title = "Insertion"
    summary = (
        "How soon does the class come when the highest pixels are shown first? Good: near the whole image's."
    )
    better = "higher"
    question = "Does the class come sooner than with a random map?"
    is_restoring = True
    Params: ClassVar[type[InsertionParams]] = InsertionParams
