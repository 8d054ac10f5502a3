"""Smooth Blur IG: BlurIg on noisy copies of the image (Smilkov et al. 2017, arXiv 1706.03825)."""

from typing import final

from pydantic import Field

from core.methods.contract import Family
from core.methods.path.blur_ig import BlurIg, BlurIgParams
from core.methods.smoothing import SmoothedMethod, SmoothingParams


class SmoothBlurIgParams(SmoothingParams, BlurIgParams):
    """Parameters of Smooth Blur IG. Few samples of short paths: both multiply the cost."""

    steps: int = Field(
        32, ge=2, le=1024, description="points on each path from the blurred to the sharp image"
    )
    samples: int = Field(8, ge=2, le=1000, description="noisy copies of the image")


@final
class SmoothBlurIg(SmoothedMethod):
    """Blur IG averaged over noisy copies of the image."""

    name = "smooth_blur_ig"
    title = "Smooth Blur IG"
    summary = "Blur IG averaged over noisy copies of the image; samples times steps gradients."
    family = Family.PATH
    doi = "arXiv:1706.03825"
    Params = SmoothBlurIgParams
    needs = BlurIg.needs
    inner = BlurIg()
