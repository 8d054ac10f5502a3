"""What is shown of the network's layers: the strip, the units of one layer, and the maps of both."""

from PySide6.QtCore import QObject

from app.window.links import JobLink
from app.window.states.background import BackgroundScheduler
from app.window.states.explain import ExplainState
from app.window.states.image import ImageState
from app.window.states.layer_maps import LayerMaps
from app.window.states.layer_strip import LayerStripState
from app.window.states.maps import MapsState
from app.window.states.shown import ShownState
from app.window.states.unit_browser import UnitBrowserState


class LayerViews:
    """The states of one session that belong to layers."""

    def __init__(
        self,
        worker: JobLink,
        shown: ShownState,
        explain: ExplainState,
        maps: MapsState,
        image: ImageState,
        background: BackgroundScheduler,
        parent: QObject | None = None,
    ) -> None:
        self.strip = LayerStripState(worker, shown, explain, background, parent)
        self.browser = UnitBrowserState(worker, shown, explain, background, parent)
        self.maps = LayerMaps(explain, maps, image)

    @property
    def running(self) -> bool:
        """Whether something is being computed for one of them."""
        return self.strip.running or self.browser.questions.running
