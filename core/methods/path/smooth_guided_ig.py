"""Smooth Guided IG: GuidedIg on noisy copies of the image (Smilkov et al. 2017, arXiv 1706.03825)."""

from typing import final

from pydantic import Field

from core.methods.contract import Family
from core.methods.path.guided_ig import GuidedIg, GuidedIgParams
from core.methods.smoothing import SmoothedMethod, SmoothingParams


class SmoothGuidedIgParams(SmoothingParams, GuidedIgParams):
    """Parameters of Smooth Guided IG. Few samples of short paths: both multiply the cost."""

    steps: int = Field(50, ge=1, le=1000, description="steps of each path; each waits for the one before")
    samples: int = Field(8, ge=2, le=1000, description="noisy copies of the image")


@final
class SmoothGuidedIg(SmoothedMethod):
    """Guided IG averaged over noisy copies of the image."""

    name = "smooth_guided_ig"
    title = "Smooth Guided IG"
    summary = "Guided IG averaged over noisy copies of the image; samples times steps gradients."
    family = Family.PATH
    doi = "arXiv:1706.03825"
    Params = SmoothGuidedIgParams
    needs = GuidedIg.needs
    inner = GuidedIg()
