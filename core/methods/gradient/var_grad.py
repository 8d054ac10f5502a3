"""VarGrad (Adebayo et al. 2018, arXiv 1810.03307)."""

from core.methods.contract import Family
from core.methods.gradient.gradient import Gradient, GradientParams
from core.methods.smoothing import NoiseParams, Smoothed


class VarGradParams(NoiseParams, GradientParams):
    """Parameters of VarGrad."""


VAR_GRAD = Smoothed(
    name="var_grad",
    title="VarGrad",
    summary="Where the gradient varies most among noisy copies of the image; one gradient a sample.",
    doi="arXiv:1810.03307",
    family=Family.GRADIENT,
    inner=Gradient(),
    Params=VarGradParams,
    variance=True,
    unit="variance of the score's change per unit of intensity",
)
