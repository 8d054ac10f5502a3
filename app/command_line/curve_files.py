"""Computing the information curves of the maps of one image, and writing them."""

import csv
from dataclasses import replace
from io import StringIO

from app.command_line.maps import Findings, MapRequest, PredictedSlice, write_maps
from app.command_line.output import Output
from core.api import curves
from core.curves.curve_set import CurveSet
from core.curves.settings import CurveSettings
from core.figures.curves import TITLES, curves_png, score_text, tidy_rows
from core.methods import METHODS
from core.network.run import Run
from core.output import write_document, written
from core.results.curves import CurveSetDocument, ExplainedCurves
from core.results.result import Result

METHOD_TITLES = {method.name: method.title for method in METHODS}
ANSWERS = {
    "yes": "better than random on this image",
    "no": "not better than random on this image",
    "undecided": "undecided against random on this image",
    None: "",  # random itself, and where too few random maps were drawn
}


def with_curves(
    subject: PredictedSlice, result: Result, settings: CurveSettings, output: Output
) -> tuple[Result, CurveSet]:
    """The result with the curves of all its maps, which follow the class of the target, and the curves.

    Raises Cancelled.
    """
    class_index = subject.model.card.classes.index(result.target.class_name)
    with output.progress("Curves", Run()) as run:
        curve_set = curves(subject.model, subject.prepared, result.maps, class_index, settings, run)
    return replace(result, curves=curve_set), curve_set


def print_scores(curve_set: CurveSet, output: Output) -> None:
    """The scores of each kind of curve, and why a kind has none."""
    for kind, title in TITLES.items():
        scores = [score for score in curve_set.scores if score.kind == kind]
        if scores:
            output.print(f"  {title}:")
        rows = [
            (METHOD_TITLES[score.method], score_text(score), ANSWERS[score.better_than_random])
            for score in scores
        ]
        output.table(rows, indent=4)
    for reason in curve_set.undefined:
        output.print(f"  {TITLES[reason.kind]}: none on this image. {reason.message} {reason.hint}".rstrip())


def write_curves(
    subject: PredictedSlice, result: Result, curve_set: CurveSet, request: MapRequest, findings: Findings
) -> ExplainedCurves:
    """The folder of one image with its maps and curves. findings: as for `write_maps`. Raises DiskFull."""
    explained = write_maps(subject, result, request, findings)
    folder, class_name = request.out / explained.folder, result.target.class_name
    document = CurveSetDocument(
        image=explained.image, model=explained.model, class_name=class_name, curves=curve_set
    )
    write_document(folder / "curves.json", document)
    for name, content in (
        ("curves.csv", _csv(curve_set)),
        ("curves.png", curves_png(curve_set, subject.model.card.words_of(class_name), METHOD_TITLES)),
    ):
        with written(folder / name) as file:
            file.write(content)
    files = (*explained.files, "curves.csv", "curves.json", "curves.png")
    return ExplainedCurves(
        **dict(explained) | {"files": tuple(sorted(files))},
        scores=curve_set.scores,
        undefined=curve_set.undefined,
    )


def _csv(curve_set: CurveSet) -> bytes:
    buffer = StringIO(newline="")
    csv.writer(buffer, lineterminator="\n").writerows(tidy_rows(curve_set))
    return buffer.getvalue().encode("utf-8")
