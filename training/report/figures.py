"""The report's figures as files, on a light background, for light and dark surroundings."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image

from core.models.card import Card, Interval
from core.models.metrics import Metrics
from core.output import written

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

FOLDER = "figures"
# Okabe and Ito's colours, which colour-blind readers can tell apart, and a mark for grey prints.
STYLES = (
    ("#0072B2", "o"),
    ("#D55E00", "^"),
    ("#009E73", "s"),
    ("#CC79A7", "D"),
    ("#E69F00", "v"),
    ("#56B4E9", "P"),
)
GROUND, INK, QUIET, LINE = "#fbfbfc", "#1b2027", "#5a6472", "#d3d8df"
SCATTERS = {
    "pixels_pca": "Pixels, PCA",
    "pixels_tsne": "Pixels, t-SNE",
    "embedding_pca": "Embedding, PCA",
    "embedding_tsne": "Embedding, t-SNE",
}
VIEWS = {
    "border": "border only",
    "no_border": "border hidden",
    "centre": "middle only",
    "no_centre": "middle hidden",
}


def write_figures(folder: Path, card: Card, metrics: Metrics) -> tuple[str, ...]:
    """Draw everything that card and metrics hold into folder/figures; the names of the files."""
    target = folder / FOLDER
    target.mkdir(exist_ok=True)
    drawn: dict[str, Callable[[Card, Metrics], bytes]] = {
        "f1.svg": f1_bars,
        "confusion.svg": confusion_matrix,
        "reliability.svg": reliability_diagram,
        "roc.svg": roc_curves,
    }
    if card.shortcuts is not None:
        drawn["shortcuts.svg"] = shortcut_bars
    if metrics.scatters:
        drawn["scatter.png"] = scatters
    for name, draw in drawn.items():
        with _style(), written(target / name) as file:
            file.write(draw(card, metrics))
    return tuple(drawn)


def f1_bars(card: Card, metrics: Metrics) -> bytes:
    """F1 of every class and their mean with intervals."""
    rows = [
        (name, figures.f1_interval or Interval(value=figures.f1, low=figures.f1, high=figures.f1))
        for name, figures in card.performance.classes.items()
    ]
    figure, axes = _figure(4.6, 0.9 + 0.42 * (len(rows) + 1))
    _bars(axes, [("macro-F1", card.performance.macro_f1), *rows])
    axes.set_title("F1 on the test part, 95 % interval", loc="left")
    return _svg(figure)


def shortcut_bars(card: Card, metrics: Metrics) -> bytes:
    """Macro-F1 with parts of the image covered, beside the whole image and the largest class."""
    test = card.shortcuts
    assert test is not None
    rows = [("whole image", test.whole), *((VIEWS[view.name], view.macro_f1) for view in test.views)]
    figure, axes = _figure(4.6, 1.05 + 0.42 * len(rows))
    _bars(axes, rows)
    axes.axvline(test.guess, color=STYLES[1][0], linewidth=1.2, linestyle="--")
    axes.set_title("Macro-F1 with parts of the image hidden", loc="left")
    axes.set_xlabel(f"dashed: always naming the largest class, {test.guess:.2f}")
    return _svg(figure)


def confusion_matrix(card: Card, metrics: Metrics) -> bytes:
    """Counts by true and predicted class; the shade is the share of the true class."""
    table = np.array(card.performance.confusion)
    shares = table / np.maximum(table.sum(axis=1, keepdims=True), 1)
    side = 1.5 + 0.75 * len(table)
    figure, axes = _figure(side + 0.3, side)
    axes.imshow(shares, cmap="Blues", vmin=0, vmax=1.15)
    for (row, column), count in np.ndenumerate(table):
        colour = "white" if shares[row, column] > 0.6 else INK
        axes.text(column, row, str(count), ha="center", va="center", color=colour, fontsize=10)
    names = [name.replace("_", " ") for name in card.classes]
    axes.set_xticks(range(len(names)), names)
    axes.set_yticks(range(len(names)), names)
    axes.set_xlabel("the model says")
    axes.set_ylabel("it is")
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)
    axes.set_title("Test images", loc="left")
    return _svg(figure)


def reliability_diagram(card: Card, metrics: Metrics) -> bytes:
    """The share of correct predictions by probability, before and after temperature scaling."""
    calibration = card.performance.calibration
    assert calibration is not None
    figure, axes = _figure(3.9, 3.8)
    axes.plot((0, 1), (0, 1), color=LINE, linewidth=1.2)
    both = (
        ("before", calibration.before, calibration.error_before),
        ("after", calibration.after, calibration.error_after),
    )
    for number, (word, bins, error) in enumerate(both):
        colour, mark = STYLES[1 - number]
        most = max(each.images for each in bins)
        xs, ys = [each.confidence for each in bins], [each.accuracy for each in bins]
        sizes = [10 + 70 * each.images / most for each in bins]
        axes.plot(xs, ys, color=colour, linewidth=1.2, linestyle=("--", "-")[number])
        axes.scatter(xs, ys, s=sizes, color=colour, marker=mark, label=f"{word}: ECE {error:.3f}", zorder=3)
    axes.set_xlabel("probability of the class said")
    axes.set_ylabel("share of images that were right")
    axes.set_title(f"Reliability, temperature {metrics.temperature:.2f}", loc="left")
    axes.legend(loc="lower right", frameon=False)
    _unit(axes)
    return _svg(figure)


def roc_curves(card: Card, metrics: Metrics) -> bytes:
    """Every class against the rest."""
    figure, axes = _figure(3.9, 3.8)
    axes.plot((0, 1), (0, 1), color=LINE, linewidth=1.2)
    dashes = ("-", "--", "-.", ":")
    for number, (name, curve) in enumerate(metrics.roc.items()):
        area = card.performance.classes[name].auc
        words = name.replace("_", " ") + (f": AUC {area.value:.3f}" if area else "")
        colour = STYLES[number % len(STYLES)][0]
        axes.plot(
            curve.false_positives,
            curve.true_positives,
            color=colour,
            linestyle=dashes[number % 4],
            label=words,
        )
    axes.set_xlabel("false positive rate")
    axes.set_ylabel("true positive rate")
    axes.set_title("ROC, one class against the rest", loc="left")
    axes.legend(loc="lower right", frameon=False)
    _unit(axes)
    return _svg(figure)


def scatters(card: Card, metrics: Metrics) -> bytes:
    """Test images as points, train faint behind them, by pixels and by the embedding."""
    figure = _sheet(7.2, 7.4)
    labels = np.array([row.label for row in metrics.scatter_rows])
    tested = np.array([row.part == "test" for row in metrics.scatter_rows])
    for number, (name, title) in enumerate(SCATTERS.items()):
        axes = figure.add_subplot(2, 2, number + 1)
        points = np.array([metrics.scatters[name].x, metrics.scatters[name].y])
        for label, word in enumerate(card.classes):
            colour, mark = STYLES[label % len(STYLES)]
            for part, alpha, size in ((~tested, 0.22, 7), (tested, 0.9, 11)):
                class_points = points[:, part & (labels == label)]
                name_in_legend = word.replace("_", " ") if alpha > 0.5 else None
                axes.scatter(
                    class_points[0],
                    class_points[1],
                    s=size,
                    c=colour,
                    marker=mark,
                    alpha=alpha,
                    linewidths=0,
                    label=name_in_legend,
                )
        axes.set_title(title, loc="left")
        axes.set_xticks([])
        axes.set_yticks([])
    legend = figure.axes[0].get_legend_handles_labels()
    figure.legend(
        *legend, loc="outside lower center", ncols=len(card.classes), frameon=False, markerscale=1.8
    )
    return _small_png(figure)


def _bars(axes: "Axes", rows: Sequence[tuple[str, Interval]]) -> None:
    for at, (_, interval) in enumerate(rows):
        colour = INK if at == 0 else STYLES[0][0]
        axes.barh(at, interval.value, height=0.55, color=colour, alpha=0.85)
        axes.plot((interval.low, interval.high), (at, at), color=QUIET, linewidth=1.6)
        axes.plot((interval.low, interval.high), (at, at), "|", color=QUIET, markersize=7)
        axes.text(
            1.03,
            at,
            f"{interval.value:.2f} ({interval.low:.2f} to {interval.high:.2f})",
            va="center",
            fontsize=8,
        )
    axes.set_yticks(range(len(rows)), [name.replace("_", " ") for name, _ in rows])
    axes.invert_yaxis()
    axes.set_xlim(0, 1)
    axes.tick_params(axis="y", length=0)
    axes.grid(axis="x", color=LINE, linewidth=0.6)
    axes.set_axisbelow(True)
    axes.spines[["top", "right", "left"]].set_visible(False)


def _unit(axes: "Axes") -> None:
    axes.set_xlim(-0.01, 1.01)
    axes.set_ylim(-0.01, 1.03)
    axes.set_aspect("equal")
    axes.grid(color=LINE, linewidth=0.6)
    axes.set_axisbelow(True)
    axes.spines[["top", "right"]].set_visible(False)


def _figure(width: float, height: float) -> "tuple[Figure, Axes]":
    """A figure of this size in inches with one axes."""
    sheet = _sheet(width, height)
    return sheet, sheet.add_subplot()


def _sheet(width: float, height: float) -> "Figure":
    from matplotlib.figure import Figure

    return Figure(figsize=(width, height), dpi=110, layout="constrained", facecolor=GROUND)


@contextmanager
def _style() -> Iterator[None]:
    """Fonts and colours of all figures; text stays text, which keeps the files small."""
    from matplotlib import rc_context

    settings: Any = {
        "svg.fonttype": "none",
        "svg.hashsalt": "saliscope",
        "font.size": 8.5,
        "axes.titlesize": 9.5,
        "axes.titleweight": "bold",
        "axes.facecolor": GROUND,
        "axes.edgecolor": QUIET,
        "text.color": INK,
        "axes.labelcolor": QUIET,
        "xtick.color": QUIET,
        "ytick.color": INK,
        "text.parse_math": False,
    }
    with rc_context(settings):
        yield


def _svg(figure: "Figure") -> bytes:
    buffer = BytesIO()
    figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": "Saliscope"})
    return buffer.getvalue()


def _small_png(figure: "Figure") -> bytes:
    """PNG in 128 colours, which suffice for a few classes and their shades."""
    raw, small = BytesIO(), BytesIO()
    figure.savefig(raw, format="png", metadata={"Software": "Saliscope"})
    with Image.open(raw) as image:
        image.convert("RGB").quantize(128).save(small, format="png", optimize=True)
    return small.getvalue()
