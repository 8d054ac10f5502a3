"""What a report contains: sections of texts, tables and pictures, without a form of file.

All words are plain text. Sides and places in pictures are those of the slice as displayed: rows go down,
columns right.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from core.arrays import Array
from core.figures.line_styles import LineStyle
from core.images.geometry import EdgeLetters

Tone = Literal["plain", "strong", "caution", "small"]
Extent = Literal["clinical", "full"]


@dataclass(frozen=True, slots=True)
class Text:
    """One paragraph. strong: the answer, read first; caution: what weakens an answer; small: origin."""

    words: str
    tone: Tone = "plain"


@dataclass(frozen=True, slots=True)
class Items:
    """A list of sentences."""

    entries: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FactBlock:
    """Names with their values."""

    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Table:
    """title: what the rows are. shares: of the width, by column. rows: as many cells as `header` has."""

    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    shares: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class ReportBar:
    """A share of 1 as a bar, with its name and its figure in words."""

    name: str
    share: float
    words: str


@dataclass(frozen=True, slots=True)
class Bars:
    """Bars below one another; the first is the answer. title: what they show."""

    title: str
    bars: tuple[ReportBar, ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer of a check. symbol: stands before it, so that no colour is needed."""

    question: str
    symbol: str
    answer: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Verdicts:
    """The answers to several questions."""

    verdicts: tuple[Verdict, ...]


@dataclass(frozen=True, slots=True)
class ReportColourBar:
    """The colours of a map from its lowest value to its highest.

    pixels: (rows, columns, 3) uint8, the highest value first. ticks: the share of the height, from below,
    with the number that stands there.
    """

    pixels: Array
    ticks: tuple[tuple[float, str], ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """pixels: (rows, columns, 3) uint8 with square pixels. alt: what it shows, in words.

    letters: the patient's sides at its edges where they are known. note: stands in the picture in its place
    of evidence that it lacks.
    """

    pixels: Array
    alt: str
    caption: str
    letters: EdgeLetters | None = None
    bar: ReportColourBar | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Pictures:
    """Pictures side by side."""

    pictures: tuple[Picture, ...]


@dataclass(frozen=True, slots=True)
class Series:
    """One line of a plot: points (x, y) in 0 to 1.

    style: number of its colour and mark; None for a control map. line: how it is drawn. label: in the legend;
    empty for a line that belongs to the one before it.
    """

    label: str
    points: tuple[tuple[float, float], ...]
    style: int | None
    line: LineStyle = "solid"


@dataclass(frozen=True, slots=True)
class Plot:
    """Lines over two axes from 0 to 1. note: why there are none."""

    title: str
    x_label: str
    y_label: str
    series: tuple[Series, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Plots:
    """Plots side by side."""

    plots: tuple[Plot, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """blocks: in their order, among them sections of the next lower level."""

    title: str
    blocks: tuple["Block", ...]


@dataclass(frozen=True, slots=True)
class ColumnBlock:
    """Two columns of equal width."""

    left: tuple["Block", ...]
    right: tuple["Block", ...]


WordBlock = Text | Items | FactBlock | Table | Bars | Verdicts
Block = WordBlock | Pictures | Plots | Section | ColumnBlock


@dataclass(frozen=True, slots=True)
class Report:
    """The content of one report. caution: its first and last line. subtitle: what was explained."""

    extent: Extent
    title: str
    subtitle: str
    caution: str
    body: tuple[Block, ...]
    statement: tuple[str, ...]
    date: datetime
