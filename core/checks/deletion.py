"""Deletion (Petsiuk et al. 2018, arXiv 1806.07421)."""

from typing import ClassVar, final

from pydantic import Field

from core.checks.pixel_curve import PixelCurveCheck
from core.checks.removal import FILL_WORDS, Fill
from core.network.parameters import Parameters


class DeletionParams(Parameters):
    """Parameters of deletion."""

    steps: int = Field(32, ge=1, le=1000, description="equal steps from the whole image to no pixel of it")
    fill: Fill = Field("mean", description=FILL_WORDS)


@final
class Deletion(PixelCurveCheck):
    """Area under the probability of the class while the pixels are removed, the map's highest first."""

    name = "deletion"
    title = "Deletion"
    summary = (
        "How soon does the class go when the highest pixels are removed first? Good: near the empty image's."
    )
    better = "lower"
    question = "Does the class go sooner than with a random map?"
    is_restoring = False
    Params: ClassVar[type[DeletionParams]] = DeletionParams
