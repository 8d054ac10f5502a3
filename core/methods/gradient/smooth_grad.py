"""SmoothGrad (Smilkov et al. 2017, arXiv 1706.03825)."""

from core.methods.contract import Family
from core.methods.gradient.gradient import Gradient, GradientParams
from core.methods.smoothing import Smoothed, SmoothingParams


class SmoothGradParams(SmoothingParams, GradientParams):
    """Parameters of SmoothGrad."""


SMOOTH_GRAD = Smoothed(
    name="smooth_grad",
    title="SmoothGrad",
    summary="The mean gradient over noisy copies of the image: less grain; one gradient a sample.",
    doi="arXiv:1706.03825",
    family=Family.GRADIENT,
    inner=Gradient(),
    Params=SmoothGradParams,
)
