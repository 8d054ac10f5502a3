"""VarGrad (Adebayo et al. 2018, arXiv 1810.03307)."""

from typing import final

from core.methods.contract import Family
from core.methods.gradient.gradient import Gradient, GradientParams
from core.methods.smoothing import NoiseParams, SmoothedMethod


class VarGradParams(NoiseParams, GradientParams):
    """Parameters of VarGrad."""


@final
class VarGrad(SmoothedMethod):
    """The variance of the gradient over noisy copies of the image."""

    name = "var_grad"
    title = "VarGrad"
    summary = "Where the gradient varies most among noisy copies of the image; one gradient a sample."
    family = Family.GRADIENT
    doi = "arXiv:1810.03307"
    Params = VarGradParams
    needs = Gradient.needs
    inner = Gradient()
    is_variance = True
    variance_unit = "variance of the score's change per unit of intensity"
