"""What of drawn curves is plotted and stands in the table."""

from dataclasses import dataclass

from app.texts import curves as texts
from app.window.states.control_maps import CONTROL_MAPS
from app.window.states.drawn_curves import DrawnCurves, Protocol, map_identities
from app.window.states.maps import MapsState
from core.curves.curve_set import CurveScore
from core.curves.protocol import CurveKind
from core.methods import METHODS


@dataclass(frozen=True, slots=True)
class PlotLine:
    """One line of a plot: x and y from 0 to 1."""

    method: str
    title: str
    x: tuple[float, ...]
    y: tuple[float, ...]
    is_control_map: bool
    number: int
    """Place among the maps, which chooses the colour, the same in both plots and in the table."""


@dataclass(frozen=True, slots=True)
class CurveRow:
    """A map's figures for both kinds; None where a curve is undefined."""

    method: str
    title: str
    is_control_map: bool
    number: int
    aic: CurveScore | None
    sic: CurveScore | None

    @property
    def figure(self) -> float:
        """By which rows are sorted."""
        score = self.sic or self.aic
        return score.score if score is not None else float("-inf")


class CurveTable:
    """The lines and rows of drawn curves; empty ones without curves."""

    def __init__(self, drawn: DrawnCurves | None, maps: MapsState) -> None:
        self._drawn, self._maps = drawn, maps
        self._curves = drawn.curves if drawn is not None else None

    def lines(self, kind: CurveKind) -> tuple[PlotLine, ...]:
        """What to plot: control maps first, so that the maps lie above them."""
        if self._curves is None:
            return ()
        rows = {row.method: row for row in self.rows}
        lines = []
        for method in self._curves.methods:
            curve, row = self._curves.curve(method, kind), rows[method]
            if curve is not None:
                lines.append(PlotLine(method, row.title, curve.x, curve.y, row.is_control_map, row.number))
        return tuple(sorted(lines, key=lambda line: not line.is_control_map))

    @property
    def rows(self) -> tuple[CurveRow, ...]:
        """Maps by falling SIC score, then the control maps."""
        if self._curves is None:
            return ()
        rows = []
        for at, method in enumerate(self._curves.methods):
            scores = self._curves.score(method, "aic"), self._curves.score(method, "sic")
            rows.append(CurveRow(method, self.title_of(method), method in CONTROL_MAPS, at, *scores))
        return tuple(sorted(rows, key=lambda row: (row.is_control_map, -row.figure)))

    @property
    def undefined(self) -> tuple[str, ...]:
        """A sentence for each kind of curve that this image does not have."""
        return tuple(texts.undefined_curve(u) for u in self._curves.undefined) if self._curves else ()

    @property
    def verdict_kind(self) -> CurveKind:
        """The score by which the rows are sorted and compared with random: SIC where there is one."""
        kinds = {score.kind for score in self._curves.scores} if self._curves is not None else set()
        return "aic" if kinds == {"aic"} else "sic"

    @property
    def axis_words(self) -> str:
        """What the horizontal axis of the plots measures."""
        return texts.AXES[self._curves.settings.entropy] if self._curves is not None else ""

    def settings_words(self, protocol: Protocol) -> str:
        """Protocol and axis in words, with what the image itself says."""
        if self._curves is None:
            return texts.protocol(protocol)
        saturated = any(score.saturated for score in self._curves.scores)
        is_background = self._drawn is not None and self._drawn.is_background
        return texts.curve_settings(self._curves.settings, saturated, is_background)

    def title_of(self, name: str) -> str:
        """Maps of one method are told apart as everywhere."""
        entry = self._drawn.maps.get(name) if self._drawn is not None else None
        if entry is None:
            return next((method.title for method in METHODS if method.name == name), name)
        wanted, titles = map_identities([entry]), dict(self._maps.choices)
        same = (other.number for other in self._maps.finished if map_identities([other]) == wanted)
        return titles.get(next(same, 0), entry.name)
