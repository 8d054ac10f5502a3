"""Judging the maps of one image and writing their curves."""

import csv
from io import StringIO
from pathlib import Path

from app.command_line.maps import Explained, write_maps
from app.command_line.output import Output
from core.api import curves
from core.curves.curve_set import CurveSet
from core.curves.settings import CurveSettings
from core.figures.curves import TITLES, curves_png, score_words, tidy_rows
from core.methods import METHODS
from core.network.run import Run
from core.output import write_document, written
from core.results.curves import CurveSetDocument, ExplainedCurves

KNOWN_TITLES = {method.name: method.title for method in METHODS}
ANSWERS = {
    "yes": "better than random on this image",
    "no": "not better than random on this image",
    "undecided": "undecided against random on this image",
    None: "",  # random itself, and where too few random maps were drawn
}


def judged(found: Explained, rules: CurveSettings, out: Path, output: Output) -> ExplainedCurves:
    """Curves of all maps of one image, said and written beside them. Raises DiskFull, CurveUndefined."""
    seen, class_name = found.seen, found.seen.model.card.classes[found.target.index]
    maps = {method.name: explanation.map for method, explanation in found.maps}
    with output.progress("Curves", Run()) as run:
        curve_set = curves(seen.model, seen.prepared, maps, found.target.index, rules, run)
    _say(curve_set, output)
    written_maps = write_maps(found, out)
    folder = out / written_maps.folder
    document = CurveSetDocument(
        image=written_maps.image, model=written_maps.model, class_name=class_name, curves=curve_set
    )
    write_document(folder / "curves.json", document)
    for name, content in (
        ("curves.csv", _csv(curve_set)),
        ("curves.png", curves_png(curve_set, class_name, KNOWN_TITLES)),
    ):
        with written(folder / name) as file:
            file.write(content)
    files = (*written_maps.files, "curves.csv", "curves.json", "curves.png")
    return ExplainedCurves(
        **dict(written_maps) | {"files": tuple(sorted(files))},
        scores=curve_set.scores,
        undefined=curve_set.undefined,
    )


def _say(found: CurveSet, output: Output) -> None:
    for kind, title in TITLES.items():
        scores = [score for score in found.scores if score.kind == kind]
        if scores:
            output.say(f"  {title}:")
        rows = [
            (KNOWN_TITLES[score.method], score_words(score), ANSWERS[score.better_than_random])
            for score in scores
        ]
        output.table(rows, indent=4)
    for reason in found.undefined:
        output.say(f"  {TITLES[reason.kind]}: none on this image. {reason.message} {reason.hint}".rstrip())


def _csv(found: CurveSet) -> bytes:
    buffer = StringIO(newline="")
    csv.writer(buffer, lineterminator="\n").writerows(tidy_rows(found))
    return buffer.getvalue().encode("utf-8")
