"""Smooth IG: IntegratedGradients on noisy copies of the image (Smilkov et al. 2017, arXiv 1706.03825)."""

from typing import Literal, final

from pydantic import Field

from core.methods.contract import Family
from core.methods.path.integrated_gradients import IntegratedGradients, IntegratedGradientsParams
from core.methods.smoothing import SmoothedMethod, SmoothingParams


class SmoothIgParams(SmoothingParams, IntegratedGradientsParams):
    """Parameters of Smooth IG. Few samples of short paths: both multiply the cost."""

    rule: Literal["gauss_legendre", "adaptive", "trapezoid", "pair"] = Field(
        "gauss_legendre", description="quadrature of each path, as for Integrated Gradients"
    )
    steps: int = Field(32, ge=2, le=1024, description="points on each path")
    samples: int = Field(8, ge=2, le=1000, description="noisy copies of the image")


@final
class SmoothIg(SmoothedMethod):
    """Integrated Gradients averaged over noisy copies of the image."""

    name = "smooth_ig"
    title = "Smooth IG"
    summary = "Integrated Gradients averaged over noisy copies of the image; samples times steps gradients."
    family = Family.PATH
    doi = "arXiv:1706.03825"
    Params = SmoothIgParams
    needs = IntegratedGradients.needs
    inner = IntegratedGradients()
