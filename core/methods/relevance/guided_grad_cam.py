"""Guided Grad-CAM (Selvaraju et al. 2017, doi 10.1109/ICCV.2017.74)."""

from typing import final

from pydantic import Field

from core.methods.activation.grad_cam import GradCam, GradCamParams
from core.methods.activation.layer_pass import LayerParams, layer_pass_of
from core.methods.contract import Family, Need, OneByOneMethod
from core.methods.meaning import Meaning, Origin, Sign
from core.network.attribution_map import AttributionMap
from core.network.channels import ChannelValues
from core.network.composite import modified_gradient
from core.network.cost import Cost
from core.network.facts import NetworkFacts
from core.network.method_input import MethodInput
from core.network.network import Network
from core.network.parameters import value_named
from core.network.run import Run


class GuidedGradCamParams(LayerParams):
    """Parameters of Guided Grad-CAM."""

    layer: str = Field(
        "",
        description="the layer of Grad-CAM; empty: the last one before pooling",
        json_schema_extra=value_named("", "automatic"),
    )


@final
class GuidedGradCam(OneByOneMethod):
    """Guided backpropagation times Grad-CAM, brought to the input's grid linearly: edges within its regions.

    Colour channels are added up.
    """

    name = "guided_grad_cam"
    title = "Guided Grad-CAM"
    summary = "The edges of guided backpropagation inside Grad-CAM's regions; two gradients."
    family = Family.RELEVANCE
    doi = "10.1109/ICCV.2017.74"
    Params = GuidedGradCamParams
    needs = frozenset({Need.GRADIENTS, Need.LAYERS, Need.RELEVANCE, Need.RELU})
    can_rank_regions = False

    def meaning(self, params: GuidedGradCamParams) -> Meaning:
        """A product of a changed gradient and an activation."""
        return Meaning("guided gradient x weighted activation", Sign.PATTERN, Origin.GRADIENT, in_score=False)

    def cost(self, params: GuidedGradCamParams, facts: NetworkFacts) -> Cost:
        """One gradient at the layer, which activation maps share, and one guided one."""
        return Cost(gradients=2)

    def explain_input(
        self, network: Network, method_input: MethodInput, params: GuidedGradCamParams, run: Run
    ) -> AttributionMap:
        """The map of one input. Raises what `layer_pass_of` raises."""
        x, target = method_input.x, method_input.target
        run.progress(0, 2)
        layer_pass = layer_pass_of(self.name, network, method_input, params.layer, run)
        run.progress(1, 2)
        guided = network.relevance(x[None], target, modified_gradient("guided"), run)[1][0]
        run.progress(2, 2)
        regions = layer_pass.map(GradCam().coarse_map(layer_pass, GradCamParams()), x.shape[:-1])
        by_channel = ChannelValues(guided * regions.values[..., None])
        values = by_channel.reduced()
        return AttributionMap(
            values, signed=True, cells=values.shape, choices=regions.choices, by_channel=by_channel
        )
