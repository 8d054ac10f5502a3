"""The speed of the methods, side by side with their own model evaluations and with the peers.

python dev.py bench methods [--row NAME ...] [--quick] [--out FOLDER]

Everything is measured in one run on the bundled model, with the sides of a row taking turns. The
table is printed as it grows and written as methods.json and methods.md.
"""

import argparse
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.bench import own_rows, peer_rows, table, worker_rows
from tests.bench.setting import ROOT, Setting
from tests.bench.table import Figure

# In the order of the table; those that take long last.
ROWS: dict[str, Callable[[Setting], Iterator[Figure]]] = {
    "cams": own_rows.cams,
    "click": worker_rows.click,
    "xrai_regions": peer_rows.xrai_regions,
    "score_cam_memory": own_rows.score_cam_memory,
    "ablation_cam": own_rows.ablation_cam,
    "kernel_shap": own_rows.kernel_shap,
    "guided_ig": own_rows.guided_ig,
    "batched": own_rows.batched,
    "optimisation": own_rows.optimisation,
    "occlusion": own_rows.occlusion,
    "relevance": own_rows.relevance,
    "blur_ig": peer_rows.blur_ig,
    "xrai": peer_rows.xrai,
    "score_cam": peer_rows.score_cam,
    "surrogates": peer_rows.surrogates,
    "ig_points": peer_rows.ig_points,
    "xrai_ranks": peer_rows.xrai_ranks,
    "memory": worker_rows.memory,
    "traces": worker_rows.traces,
}


def main() -> int:
    """Measure the requested rows; 1 if a bound does not hold."""
    parser = argparse.ArgumentParser(prog="dev.py bench methods", description=__doc__.splitlines()[0])
    parser.add_argument("--row", action="append", choices=list(ROWS), help="only this row; may be repeated")
    parser.add_argument("--quick", action="store_true", help="one round, few steps: whether it runs at all")
    parser.add_argument("--out", type=Path, default=ROOT / "out" / "bench", help="folder of the results")
    arguments = parser.parse_args()
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    setting, figures = Setting(arguments.quick, arguments.out), []
    title = "Speed of the methods" + (" (quick: not for comparison)" if arguments.quick else "")
    setting.warm_up()
    for name in arguments.row or ROWS:
        started = time.monotonic()
        for figure in ROWS[name](setting):
            print(table.line_of(figure), flush=True)
            figures.append(figure)
        # After every row, so that a run that is ended keeps what it has measured.
        written = table.write(arguments.out, "methods", title, figures)
        print(f"    {name}: {time.monotonic() - started:.0f} s", flush=True)
    failed = [figure for figure in figures if figure.verdict and figure.verdict != "holds"]
    print(f"\n{len(failed)} of {len(figures)} figures out of bounds; written: {', '.join(map(str, written))}")
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main())
