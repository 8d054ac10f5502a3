"""A workspace of one slice of 512 x 512 with ten maps: saving and opening.

python dev.py bench workspaces [--rounds N] [--out FOLDER]

The maps are noise, which compresses worst. The volume of the slice is not in the workspace, so its size does
not matter. 1 if a bound does not hold.
"""

import argparse
import tempfile
from pathlib import Path

import numpy as np

from core.images.grid_map import GridMap
from core.workspace.document import GridRecord, SliceGeometry
from core.workspace.file import read_workspace, write_workspace
from core.workspace.workspace import Workspace
from tests.bench import table
from tests.bench.setting import ROOT
from tests.bench.table import Figure
from tests.bench.timing import seconds_of
from tests.core.workspace.example import example_workspace

SIDE, GRID, MAPS = 512, (225, 225), 10
SAVED_S = 2.0


def ten_maps() -> Workspace:
    """The example with a large slice and ten maps."""
    document = example_workspace().document
    (case,) = document.cases
    generator = np.random.default_rng(0)
    arrays = {f"map-{number}": generator.standard_normal(GRID).astype(np.float32) for number in range(MAPS)}
    maps = [case.maps[0].model_copy(update={"id": name, "values": name, "findings": ()}) for name in arrays]
    arrays["picture"] = generator.integers(0, 255, (SIDE, SIDE)).astype(np.uint8)
    arrays["input"] = generator.random((*GRID, 3)).astype(np.float32)
    record = case.image.image.model_copy(update={"rows": SIDE, "columns": SIDE})
    changes = {
        "maps": tuple(maps),
        "regions": (),
        "picture": "picture",
        "network_input": "input",
        "image": case.image.model_copy(update={"image": record}),
        "geometry": SliceGeometry(shape=(SIDE, SIDE)),
        "grid": GridRecord.of(GridMap(GRID, (SIDE, SIDE), (-0.5, -0.5, SIDE - 0.5, SIDE - 0.5))),
    }
    cases = (case.model_copy(update=changes),)
    return Workspace(document.model_copy(update={"cases": cases}), arrays)


def measure(rounds: int) -> list[Figure]:
    """The median time of saving and of opening."""
    workspace = ten_maps()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "case.saliscope"
        saved = [seconds_of(lambda: write_workspace(path, workspace)) for _ in range(rounds)]
        read = [seconds_of(lambda: read_workspace(path)) for _ in range(rounds)]
        size = {"megabytes": path.stat().st_size / 1e6}
    return [
        Figure("workspaces", "saving, s", float(np.median(saved)), table.at_most(SAVED_S), size, rounds),
        Figure("workspaces", "opening, s", float(np.median(read)), None, {}, rounds),
    ]


def main() -> int:
    """Measure; 1 if a bound does not hold."""
    parser = argparse.ArgumentParser(prog="dev.py bench workspaces", description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5, help="how often it is saved and opened")
    parser.add_argument("--out", type=Path, default=ROOT / "out" / "bench", help="folder of the results")
    arguments = parser.parse_args()
    figures = measure(arguments.rounds)
    for figure in figures:
        print(table.line_of(figure), flush=True)
    table.write(arguments.out, "workspaces", "A workspace with ten maps", figures)
    return 1 if any(figure.verdict == "DOES NOT HOLD" for figure in figures) else 0


if __name__ == "__main__":
    raise SystemExit(main())
