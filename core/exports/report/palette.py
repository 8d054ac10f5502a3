"""The colours of reports in both schemes: those of the window. Paper is light."""

from dataclasses import dataclass

from core.figures.scheme_colours import CONTROL_ON_DARK, CONTROL_ON_LIGHT, ON_DARK, ON_LIGHT


@dataclass(frozen=True, slots=True)
class ReportPalette:
    """Colours as #rrggbb. text and muted stand on background and panel, caution on caution_back.

    curves: of the methods, in their order. control: of control maps.
    """

    background: str
    panel: str
    line: str
    text: str
    muted: str
    caution: str
    caution_back: str
    bar: str
    bar_back: str
    curves: tuple[str, ...]
    control: str


LIGHT = ReportPalette(
    background="#ffffff",
    panel="#f3f5f8",
    line="#d3d8df",
    text="#1b2027",
    muted="#525c69",
    caution="#7a5200",
    caution_back="#fdf1d3",
    bar="#5a6472",
    bar_back="#e3e7ed",
    curves=ON_LIGHT,
    control=CONTROL_ON_LIGHT,
)
DARK = ReportPalette(
    background="#17191d",
    panel="#1f2227",
    line="#353a43",
    text="#e6e8ec",
    muted="#9ba3af",
    caution="#f0c05a",
    caution_back="#372f1c",
    bar="#9ba3af",
    bar_back="#2a2e35",
    curves=ON_DARK,
    control=CONTROL_ON_DARK,
)
MARKS = ("circle", "square", "triangle", "diamond")
