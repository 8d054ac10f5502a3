"""Results of a benchmark: figures with their bounds, as a table to read and as a file to store."""

import json
import math
import os
import platform
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from importlib.metadata import distributions, version
from pathlib import Path

from tests.bench.timing import Compared

PACKAGES = (
    "tensorflow",
    "tensorflow-cpu",
    "keras",
    "numpy",
    "scipy",
    "scikit-image",
    "saliency",
    "tf-keras-vis",
    "lime",
    "xplique",
)


@dataclass(frozen=True, slots=True)
class Bound:
    """The range that a figure must stay in."""

    value: float
    at_most: bool

    def holds(self, figure: float) -> bool:
        return figure <= self.value if self.at_most else figure >= self.value

    def __str__(self) -> str:
        return f"{'at most' if self.at_most else 'at least'} {self.value:.4g}"


def at_most(value: float) -> Bound:
    return Bound(value, True)


def at_least(value: float) -> Bound:
    return Bound(value, False)


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table.

    value: NaN where it was not measured. bound: nothing for a figure that stands beside a bounded one.
    seconds: the median of each side. rounds: how often each side ran; 0 where nothing was timed.
    """

    row: str
    what: str
    value: float
    bound: Bound | None = None
    seconds: dict[str, float] = field(default_factory=dict)
    rounds: int = 0
    note: str = ""

    @property
    def verdict(self) -> str:
        if self.bound is None:
            return ""
        return "holds" if self.bound.holds(self.value) else "DOES NOT HOLD"


def ratio_figure(
    row: str, what: str, timing: Compared, sides: tuple[str, str], bound: Bound | None, note: str = ""
) -> Figure:
    """The ratio of the first of `sides` to the second."""
    seconds = {name: round(timing.median(name), 4) for name in timing.seconds}
    return Figure(row, what, timing.ratio(*sides), bound, seconds, timing.rounds, note)


def machine() -> dict[str, str]:
    """The machine that the figures were measured on, and its load."""
    load = (
        ", ".join(f"{average:.1f}" for average in os.getloadavg()) if hasattr(os, "getloadavg") else "unknown"
    )
    installed = {each.metadata["Name"] for each in distributions()}
    versions = {name: version(name) for name in PACKAGES if name in installed}
    return {
        "date": time.strftime("%Y-%m-%d %H:%M"),
        "processor": platform.processor() or platform.machine(),
        "cores": str(os.cpu_count()),
        "load over 1, 5, 15 minutes": load,
        "python": platform.python_version(),
        **versions,
    }


def line_of(figure: Figure) -> str:
    """The figure as a line of a markdown table."""
    seconds = "; ".join(f"{name} {value:.3g} s" for name, value in figure.seconds.items())
    value = "" if math.isnan(figure.value) else f"{figure.value:.3g}"
    cells = [figure.row, figure.what, value, str(figure.bound or ""), figure.verdict]
    return "| " + " | ".join([*cells, seconds, str(figure.rounds or ""), figure.note]) + " |"


def markdown(title: str, figures: Sequence[Figure], on: dict[str, str]) -> str:
    head = ["row", "what", "figure", "bound", "verdict", "median seconds", "rounds", "note"]
    lines = [f"# {title}", "", "; ".join(f"{name} {value}" for name, value in on.items()) + ".", ""]
    lines += ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return "\n".join([*lines, *map(line_of, figures), ""])


def write(folder: Path, name: str, title: str, figures: Sequence[Figure]) -> tuple[Path, Path]:
    """`name`.json and `name`.md in `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    on = machine()
    rows = [
        asdict(figure)
        | {"bound": str(figure.bound or ""), "verdict": figure.verdict}
        | ({"value": None} if math.isnan(figure.value) else {})
        for figure in figures
    ]
    document = {"schema": f"saliscope/bench-{name}/1", "machine": on, "figures": rows}
    paths = folder / f"{name}.json", folder / f"{name}.md"
    paths[0].write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")
    paths[1].write_text(markdown(title, figures, on), encoding="utf-8")
    return paths
