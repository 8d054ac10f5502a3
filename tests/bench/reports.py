"""Reports of one case with five maps, checks and curves, on a slice of 512 x 512 and a film of 3000 x 2500.

python dev.py bench reports [--rounds N] [--out FOLDER]

The case is made without a network. 1 if a bound does not hold.
"""

import argparse
import time
from dataclasses import replace
from pathlib import Path

import numpy as np

from core.arrays import Array
from core.exports.contract import Exporter, ExportSubject
from core.exports.report_html import ReportHtml
from core.exports.report_pdf import ReportPdf
from core.images.grid_map import GridMap
from core.workspace.document import GridRecord, SavedCurves, SliceGeometry
from core.workspace.workspace import CaseData
from tests.bench import table
from tests.bench.setting import ROOT
from tests.bench.table import Figure
from tests.bench.timing import seconds_of
from tests.core.exports.hard_cases import example_subject
from tests.core.test_figures import curve_set

SLICE, FILM = (512, 512), (3000, 2500)
GRID, MAPS, CHECKS = (225, 225), 5, 8
PDF_S = 5.0


def five_maps(shape: tuple[int, int] = SLICE) -> ExportSubject:
    """A case of tissue and noise, whose pictures compress as real ones do. shape: rows and columns."""
    subject = example_subject()
    generator = np.random.default_rng(0)
    rows, columns = (np.linspace(-1, 1, size) for size in shape)
    body = np.exp(-3 * np.add.outer(rows**2, columns**2))
    arrays: dict[str, Array] = dict(subject.data.arrays)
    arrays["picture"] = np.clip(255 * body + generator.normal(0, 8, body.shape), 0, 255).astype(np.uint8)
    arrays["mask"] = np.hypot(rows[:, None] - 0.2, columns[None]) < 0.2
    first = subject.case.maps[0]
    maps = []
    for number in range(MAPS):
        arrays[f"map-{number}"] = generator.normal(0, 1, GRID).astype(np.float32)
        record = first.record.model_copy(update={"signed": number % 2 == 1})
        findings = first.findings * CHECKS
        changes = {"id": f"map-{number}", "values": f"map-{number}", "record": record, "findings": findings}
        maps.append(first.model_copy(update=changes))
    region = subject.case.regions[0].model_copy(update={"mask": "mask"})
    case = subject.case.model_copy(
        update={
            "picture": "picture",
            "geometry": SliceGeometry(shape=shape, spacing_mm=(0.5, 0.5)),
            "grid": GridRecord.of(GridMap(GRID, shape, (-0.5, -0.5, shape[0] - 0.5, shape[1] - 0.5))),
            "maps": tuple(maps),
            "regions": (region,),
            "curves": (SavedCurves(class_name="glioma", curves=curve_set(), maps={"grad_cam": "map-0"}),),
        }
    )
    return replace(subject, data=CaseData(case, arrays), map=case.maps[0])


def measure(exporter: Exporter, extent: str, subject: ExportSubject, rounds: int) -> Figure:
    """The first time of a process, which brings up the libraries, and the median of the later ones.

    That of the processor tells how much of it other programs took.
    """
    params = exporter.Params.model_validate({"extent": extent})
    times, processor = [], []
    for _ in range(rounds + 1):
        begun = time.process_time()
        times.append(seconds_of(lambda: exporter.files(subject, params)))
        processor.append(time.process_time() - begun)
    bound = table.at_most(PDF_S) if exporter.suffix == ".pdf" else None
    later = {"later": float(np.median(times[1:])), "of the processor": float(np.median(processor[1:]))}
    rows, columns = subject.case.geometry.shape
    name = f"{extent} {exporter.suffix}, {rows} x {columns}, first time, s"
    return Figure("reports", name, times[0], bound, later, rounds)


def main() -> int:
    """Measure; 1 if a bound does not hold."""
    parser = argparse.ArgumentParser(prog="dev.py bench reports", description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3, help="how often each report is made again")
    parser.add_argument("--out", type=Path, default=ROOT / "out" / "bench", help="folder of the results")
    arguments = parser.parse_args()
    subjects = [five_maps(shape) for shape in (SLICE, FILM)]
    figures = [
        measure(exporter, extent, subject, arguments.rounds)
        for subject in subjects
        for exporter in (ReportPdf(), ReportHtml())
        for extent in ("full", "clinical")
    ]
    for figure in figures:
        print(table.line_of(figure), flush=True)
    table.write(arguments.out, "reports", "Reports of one case with five maps", figures)
    return 1 if any(figure.verdict == "DOES NOT HOLD" for figure in figures) else 0


if __name__ == "__main__":
    raise SystemExit(main())
