"""The explanation methods. To add one: its file, its line in METHODS, its help page, its test."""

from core.errors import UnknownMethod
from core.methods.blur_ig import BlurIg
from core.methods.cam import Cam
from core.methods.edge_baseline import EdgeBaseline
from core.methods.expected_gradients import ExpectedGradients
from core.methods.grad_cam import GradCam
from core.methods.grad_cam_pp import GradCamPlusPlus
from core.methods.gradient import Gradient
from core.methods.guided_ig import GuidedIg
from core.methods.input_x_gradient import InputXGradient
from core.methods.integrated_gradients import IntegratedGradients
from core.methods.layer_cam import LayerCam
from core.methods.occlusion import Occlusion
from core.methods.protocol import Method
from core.methods.random_baseline import RandomBaseline
from core.methods.rise import Rise
from core.methods.score_cam import ScoreCam
from core.methods.smooth_blur_ig import SMOOTH_BLUR_IG
from core.methods.smooth_grad import SMOOTH_GRAD
from core.methods.smooth_guided_ig import SMOOTH_GUIDED_IG
from core.methods.smooth_ig import SMOOTH_IG
from core.methods.var_grad import VAR_GRAD
from core.methods.xrai import FastXrai30, Xrai

METHODS: tuple[Method, ...] = (  # the order in the window
    Gradient(),
    InputXGradient(),
    SMOOTH_GRAD,
    VAR_GRAD,
    IntegratedGradients(),
    GuidedIg(),
    BlurIg(),
    SMOOTH_IG,
    SMOOTH_GUIDED_IG,
    SMOOTH_BLUR_IG,
    ExpectedGradients(),
    Xrai(),
    FastXrai30(),
    Cam(),
    GradCam(),
    GradCamPlusPlus(),
    ScoreCam(),
    LayerCam(),
    Occlusion(),
    Rise(),
    RandomBaseline(),
    EdgeBaseline(),
)


def method(name: str) -> Method:
    """The method of this name. Raises UnknownMethod, with the nearest name as a hint."""
    for found in METHODS:
        if found.name == name:
            return found
    raise UnknownMethod(name, [known.name for known in METHODS])
