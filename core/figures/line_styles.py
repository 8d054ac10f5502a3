"""How the lines of information curves are drawn, in pictures and in reports."""

from typing import Literal

from core.methods.control.edge_map import EdgeMap
from core.methods.control.random_map import RandomMap

LineStyle = Literal["solid", "dotted", "dashed", "dashdot"]
# Lengths of strokes and gaps in points, where they are not drawn by matplotlib, which has the same names.
STROKES: dict[LineStyle, tuple[float, ...]] = {
    "solid": (),
    "dotted": (1.0, 1.6),
    "dashed": (3.0, 2.0),
    "dashdot": (5.0, 1.5, 1.0, 1.5),
}
HIGHEST_FIRST: LineStyle = "solid"
LOWEST_FIRST: LineStyle = "dotted"
CONTROL_LINES: dict[str, LineStyle] = {RandomMap.name: "dashed", EdgeMap.name: "dashdot"}
