"""The colours of reports in both schemes: those of the window. Paper is light."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ReportPalette:
    """Colours as #rrggbb. text, muted, caution, good, bad stand on background, panel and caution_back.

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
    curves=("#1d68bd", "#9c4d07", "#17703d", "#7a3fb5", "#b8316a", "#0a6a71", "#665e00"),
    control="#5f6977",
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
    curves=("#5aa2f0", "#f2a65a", "#6fcf97", "#c792ea", "#f27da8", "#5fd3d0", "#d9d36a"),
    control="#a2a9b4",
)
MARKS = ("circle", "square", "triangle", "diamond")


def contrast(first: str, second: str) -> float:
    """The contrast ratio of two colours #rrggbb, 1 to 21 (WCAG 2.2, relative luminance)."""
    light, dark = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    channels = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
