"""How far maps agree, as a matrix of coloured cells with their figures."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from core.checks.agreement import Matrix
from core.figures.overlay import FOOTER
from core.number_text import fixed

if TYPE_CHECKING:
    from matplotlib.figure import Figure

TITLE = "Agreement of the maps: rank correlation (Spearman) of their values"
SCALE = (
    f"1: the same order of all pixels; 0: no relation; {fixed(-1, 0)}: the opposite order; empty: not defined"
)
# Lengths in inches.
CELL, LONGEST_LABEL, HEAD, FOOT = 0.62, 3.2, 0.75, 0.75
LETTER = 0.075
# Cells of stronger colour have white figures.
DARK_FROM = 0.6


def agreement_figure(labels: Sequence[str], correlations: Matrix) -> "Figure":
    """The matrix. labels: of the maps in its order; correlations: -1 to 1, None where there is none."""
    from matplotlib.figure import Figure

    count = len(labels)
    side, names = CELL * count, min(LETTER * max(map(len, labels)) + 0.6, LONGEST_LABEL)
    width, height = max(names + side + 0.3, 6.2), HEAD + 0.25 + side + FOOT
    figure = Figure(figsize=(width, height), dpi=150, facecolor="white")
    axes = figure.add_axes((names / width, FOOT / height, side / width, side / height))
    values = [[float("nan") if value is None else value for value in row] for row in correlations]
    axes.imshow(values, cmap="RdBu_r", vmin=-1, vmax=1)
    for row, cells in enumerate(correlations):
        for column, value in enumerate(cells):
            if value is not None:
                colour = "white" if abs(value) > DARK_FROM else "black"
                axes.text(column, row, fixed(value), ha="center", va="center", fontsize=8, color=colour)
    axes.set_xticks(range(count), [str(number + 1) for number in range(count)], fontsize=8)
    rows = [_row_label(number, label) for number, label in enumerate(labels, 1)]
    axes.set_yticks(range(count), rows, fontsize=8, parse_math=False)
    axes.xaxis.tick_top()
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)
    figure.text(0.15 / width, 1 - 0.3 / height, TITLE, fontsize=9.5, va="center")
    figure.text(0.15 / width, 0.42 / height, SCALE, fontsize=7.5)
    figure.text(0.15 / width, 0.15 / height, FOOTER, fontsize=7, color="0.35")
    return figure


def _row_label(number: int, label: str) -> str:
    most = int((LONGEST_LABEL - 0.6) / LETTER)
    shown = label if len(label) <= most else f"{label[: most - 2]} …"
    return f"{shown}  {number}"
