"""What checks of a map say before they are made: an obstacle, or their cost."""

from app.texts import checks as texts
from app.texts.explain import MEASURING_SPEED
from app.window.states.explain import ExplainState
from app.window.states.maps import MapEntry
from app.window.states.pace import Pace
from app.window.states.prediction import PredictionState
from app.window.states.region import on_grid
from app.window.states.shown import ShownState
from core.arrays import Array
from core.checks import check_named
from core.checks.contract import CheckFacts, is_constant_image, require_checkable
from core.errors import SaliscopeError
from core.images.grid_map import GridMap
from core.methods import method_named
from core.network.attribution_map import AttributionMap
from core.network.cost import Cost
from core.network.parameters import checked_parameters


class CheckOffers:
    """Obstacles and costs of checks of the shown image's maps.

    region: where the evidence should lie, (rows, columns) bool of the slice; None where nothing is said.
    """

    def __init__(self, shown: ShownState, prediction: PredictionState, explain: ExplainState) -> None:
        self._shown, self._prediction, self._explain = shown, prediction, explain
        self._region: Array | None = None
        self._on_grid: tuple[GridMap, Array | None] | None = None

    @property
    def region(self) -> Array | None:
        return self._region

    @region.setter
    def region(self, region: Array | None) -> None:
        self._region, self._on_grid = region, None

    def obstacle(self, entry: MapEntry, name: str) -> str:
        """Why this map cannot be checked so; nothing where it can."""
        facts = self._check_facts(entry)
        if facts is None:
            return texts.CHECK_NEEDS_PREDICTION
        try:
            require_checkable(check_named(name), facts)
        except SaliscopeError as error:
            return error.message
        return ""

    def cost(self, entry: MapEntry, name: str) -> Cost | None:
        """The network calls of the check; None where it cannot be made."""
        facts = self._check_facts(entry)
        if facts is None:
            return None
        check = check_named(name)
        try:
            return check.cost(check.Params(), facts)
        except SaliscopeError:
            return None  # said as the obstacle

    def seconds(self, entry: MapEntry, name: str) -> float | None:
        """What the check is expected to take on this machine; None while its pace is not known."""
        cost = self.cost(entry, name)
        return self.pace.seconds_of(cost, entry.method) if cost is not None else None

    def expected_time(self, entry: MapEntry, name: str) -> str:
        """The same in words; empty where it will not be known."""
        seconds = self.seconds(entry, name)
        if seconds is not None:
            return texts.short_time(seconds)
        return MEASURING_SPEED if self.pace.is_pending else ""

    @property
    def pace(self) -> Pace:
        return self._explain.pace

    def _check_facts(self, entry: MapEntry) -> CheckFacts | None:
        """What obstacles and costs of checks depend on; None while the network has not predicted."""
        network, record, x = self._explain.facts, entry.record, self._prediction.input
        if network is None or record is None or entry.values is None or x is None:
            return None
        method = method_named(record.name)
        return CheckFacts(
            network=network,
            map=AttributionMap(entry.values, record.signed, record.cells, record.diagnostics, record.choices),
            method=method,
            params=checked_parameters(method, dict(record.parameters)),
            target=record.target.target((record.target.class_name, record.target.against or "")),
            is_image_constant=is_constant_image(x),
            region=self._region_on_grid(),
            no_share=record.no_share,
            no_order=record.no_order,
            partial=record.partial.words if record.partial is not None else "",
        )

    def _region_on_grid(self) -> Array | None:
        """Computed once for a region and a grid map."""
        grid_map, region = self._shown.current.grid_map, self.region
        if region is None or grid_map is None:
            return None
        if self._on_grid is None or self._on_grid[0] is not grid_map:
            self._on_grid = grid_map, on_grid(region, grid_map)
        return self._on_grid[1]
