"""The explanation methods. To add one: its file, its line in PIXEL_METHODS, its help page, its test."""

from core.errors import UnknownMethod
from core.methods.activation.ablation_cam import AblationCam
from core.methods.activation.cam import Cam
from core.methods.activation.eigen_cam import EigenCam
from core.methods.activation.grad_cam import GradCam
from core.methods.activation.grad_cam_pp import GradCamPlusPlus
from core.methods.activation.hires_cam import HiResCam
from core.methods.activation.layer_cam import LayerCam
from core.methods.activation.multi_layer_cam import MultiLayerCam
from core.methods.activation.respond_cam import RespondCam
from core.methods.activation.score_cam import ScoreCam
from core.methods.activation.unit_activation import UnitActivation
from core.methods.activation.x_grad_cam import XGradCam
from core.methods.contract import Family, Method
from core.methods.control.edge_map import EdgeMap
from core.methods.control.random_map import RandomMap
from core.methods.gradient.gradient import Gradient
from core.methods.gradient.input_x_gradient import InputXGradient
from core.methods.gradient.smooth_grad import SmoothGrad
from core.methods.gradient.var_grad import VarGrad
from core.methods.optimisation.extremal_perturbation import ExtremalPerturbation
from core.methods.optimisation.meaningful_perturbation import MeaningfulPerturbation
from core.methods.path.blur_ig import BlurIg
from core.methods.path.expected_gradients import ExpectedGradients
from core.methods.path.gradient_shap import GradientShap
from core.methods.path.guided_ig import GuidedIg
from core.methods.path.integrated_gradients import IntegratedGradients
from core.methods.path.smooth_blur_ig import SmoothBlurIg
from core.methods.path.smooth_guided_ig import SmoothGuidedIg
from core.methods.path.smooth_ig import SmoothIg
from core.methods.perturbation.hipe import Hipe
from core.methods.perturbation.occlusion import Occlusion
from core.methods.perturbation.rise import Rise
from core.methods.region.xrai import FastXrai30, Xrai
from core.methods.relevance.deconvnet import Deconvnet
from core.methods.relevance.deep_lift import DeepLift
from core.methods.relevance.deep_shap import DeepShap
from core.methods.relevance.deep_taylor import DeepTaylor
from core.methods.relevance.guided_backpropagation import GuidedBackpropagation
from core.methods.relevance.guided_grad_cam import GuidedGradCam
from core.methods.relevance.lrp import Lrp
from core.methods.surrogate.kernel_shap import KernelShap
from core.methods.surrogate.lime import Lime

PIXEL_METHODS: tuple[Method, ...] = (
    Gradient(),
    InputXGradient(),
    SmoothGrad(),
    VarGrad(),
    IntegratedGradients(),
    GuidedIg(),
    BlurIg(),
    SmoothIg(),
    SmoothGuidedIg(),
    SmoothBlurIg(),
    ExpectedGradients(),
    GradientShap(),
    Lrp(),
    DeepTaylor(),
    DeepLift(),
    DeepShap(),
    GuidedBackpropagation(),
    Deconvnet(),
    GuidedGradCam(),
    Cam(),
    GradCam(),
    GradCamPlusPlus(),
    ScoreCam(),
    LayerCam(),
    HiResCam(),
    XGradCam(),
    AblationCam(),
    EigenCam(),
    RespondCam(),
    MultiLayerCam(),
    UnitActivation(),
    Occlusion(),
    Rise(),
    Hipe(),
    Lime(),
    KernelShap(),
    MeaningfulPerturbation(),
    ExtremalPerturbation(),
    RandomMap(),
    EdgeMap(),
)
"""The methods that give each pixel or cell a value of its own."""

REGION_METHODS: tuple[Method, ...] = (Xrai(PIXEL_METHODS), FastXrai30(PIXEL_METHODS))
"""The methods that rank whole regions by the map of another method."""

# The order in the window: by family, then as listed above.
METHODS: tuple[Method, ...] = tuple(
    method for family in Family for method in (*PIXEL_METHODS, *REGION_METHODS) if method.family is family
)


def method_named(name: str) -> Method:
    """The method of this name. Raises UnknownMethod, with the nearest name as a hint."""
    for method in METHODS:
        if method.name == name:
            return method
    raise UnknownMethod(name, [method.name for method in METHODS])
