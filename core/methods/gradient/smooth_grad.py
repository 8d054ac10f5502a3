"""SmoothGrad (Smilkov et al. 2017, arXiv 1706.03825)."""

from typing import final

from core.methods.contract import Family
from core.methods.gradient.gradient import Gradient, GradientParams
from core.methods.smoothing import SmoothedMethod, SmoothingParams


class SmoothGradParams(SmoothingParams, GradientParams):
    """Parameters of SmoothGrad."""


@final
class SmoothGrad(SmoothedMethod):
    """The gradient averaged over noisy copies of the image."""

    name = "smooth_grad"
    title = "SmoothGrad"
    summary = "The mean gradient over noisy copies of the image: less grain; one gradient a sample."
    family = Family.GRADIENT
    doi = "arXiv:1706.03825"
    Params = SmoothGradParams
    needs = Gradient.needs
    inner = Gradient()
