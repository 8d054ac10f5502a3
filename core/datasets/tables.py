"""The tables of a run as text: tidy CSV for programs, Markdown for people."""

import csv
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import StringIO

from core.checks import CHECKS
from core.checks.contract import CheckFamily
from core.datasets.aggregate import AggregatedCurve, axis
from core.datasets.summary import LeftOut, Score, Stability
from core.datasets.task import TaskResult
from core.number_text import fixed, interval, percent
from core.values import FrozenRecord, Interval

CURVE_TITLES = {"aic": "AIC", "sic": "SIC"}
ROW_COLUMNS = (
    *("image", "file", "slice", "label", "group", "repeat", "predicted", "fit", "target"),
    *("method", "metric", "setting", "figure", "value", "reason", "sentence", "note"),
)
# Checks whose figures depend on the region that the index names.
_ON_REGIONS = {check.name for check in CHECKS if check.family is CheckFamily.LOCALISATION}


class NotedImage(FrozenRecord):
    """Notes on one image, in sentences."""

    image: str
    file: str
    notes: tuple[str, ...]


def rows_csv(results: Iterable[TaskResult]) -> bytes:
    """A row for each image, method, metric and figure, with a value or a reason.

    file: the name of the image's file without its folders; image: the index's id, by which rows are joined
    to it. slice: the one that was measured, counted from 1. group: the patient's number, in the order of the
    index. fit: whether the image fits the model, as in `core.models.fit.Fit`. note: notes on the region
    on which the figure depends.
    """
    lines = (
        (
            *(result.image, result.file, result.slice, result.label, result.group, result.repeat),
            *(result.predicted, result.fit.answer if result.fit else "", result.target),
            *(row.method, row.metric, row.setting, row.figure),
            # repr gives the shortest text that reads back as the same number.
            *("" if row.value is None else repr(row.value), row.reason, row.sentence),
            " ".join(result.notes) if row.metric in _ON_REGIONS else "",
        )
        for result in results
        for row in result.rows
    )
    return _csv(ROW_COLUMNS, lines)


def scores_csv(scores: Sequence[Score]) -> bytes:
    """A row for each measure and method."""
    header = (
        *("metric", "setting", "figure", "method", "images", "patients"),
        *("mean", "mean_low", "mean_high", "median", "spread"),
        *("over_random", "over_random_low", "over_random_high", "better_than_random", "left_out"),
    )
    return _csv(header, map(_score_line, scores))


def curves_csv(curves: Iterable[AggregatedCurve]) -> bytes:
    """A row for each point of each aggregated curve."""
    header = (
        *("setting", "kind", "method", "direction", "middle", "images", "patients"),
        *("x", "y", "low", "high"),
    )
    lines = (
        (
            *(curve.setting, curve.kind, curve.method, curve.direction, curve.middle),
            *(curve.images, curve.patients, *map(repr, point)),
        )
        for curve in curves
        for point in zip(axis().tolist(), curve.y, curve.low, curve.high, strict=True)
    )
    return _csv(header, lines)


@dataclass(frozen=True, slots=True)
class MethodLine:
    """A method in the table of one measure; score: None if no image has a value.

    images: how many have a value, and of how many if some have none, such as '38 of 40'.
    """

    method: str
    images: str
    score: Score | None


@dataclass(frozen=True, slots=True)
class MeasureTable:
    """The scores by one measure. measure: metric, setting, figure."""

    measure: tuple[str, str, str]
    scores: tuple[Score, ...]
    stability: Stability | None
    left_out: tuple[LeftOut, ...]

    @property
    def lines(self) -> list[MethodLine]:
        """The methods in the order of the ranking, those that are not in it last."""
        order = {name: place for place, name in enumerate(self.stability.methods)} if self.stability else {}
        # Images on which no method has a value are counted under the empty name.
        missing = Counter[str]()
        for entry in self.left_out:
            missing[entry.method] += entry.images
        scores = {score.method: score for score in self.scores}
        names = sorted(scores, key=lambda name: order.get(name, len(order)))
        names += [name for name in missing if name and scores and name not in scores]
        counts = {name: scores[name].images if name in scores else 0 for name in names}
        return [
            MethodLine(
                method=name,
                images=f"{count} of {count + missing[name]}" if missing[name] else str(count),
                score=scores.get(name),
            )
            for name, count in counts.items()
        ]


def measure_tables(
    scores: Sequence[Score], stabilities: Sequence[Stability], left_out: Sequence[LeftOut]
) -> list[MeasureTable]:
    """One table for each measure, in the order in which they were computed."""
    return [
        MeasureTable(
            measure=measure,
            scores=tuple(score for score in scores if _measure(score) == measure),
            stability=next((each for each in stabilities if _measure(each) == measure), None),
            left_out=tuple(entry for entry in left_out if _measure(entry) == measure),
        )
        for measure in dict.fromkeys([*map(_measure, scores), *map(_measure, left_out)])
    ]


def table_md(
    tables: Sequence[MeasureTable],
    titles: Mapping[str, str],
    misfits: Sequence[NotedImage] = (),
    noted: Sequence[NotedImage] = (),
) -> str:
    """The images that do not fit the model, the measures, and the notes on regions.

    Of each measure its methods best first, how stable that is, and what was left out.
    """
    parts = [_listed("Images that do not fit the model", misfits)] if misfits else []
    parts += [
        "\n".join((f"## {measure_text(*table.measure)}", *_table_lines(table, titles))) for table in tables
    ]
    parts += [_listed("Notes on regions", noted)] if noted else []
    return "\n\n".join(parts) + "\n"


def _listed(title: str, noted: Sequence[NotedImage]) -> str:
    lines = (f"- {each.image} ({each.file}): {' '.join(each.notes)}" for each in noted)
    return "\n".join((f"## {title}", "", *lines))


def noted_images(results: Iterable[TaskResult]) -> tuple[NotedImage, ...]:
    """The images with notes on their regions, each once."""
    with_notes = {result.image: result for result in results if result.notes}
    return tuple(
        NotedImage(image=result.image, file=result.file, notes=result.notes) for result in with_notes.values()
    )


def misfitting_images(results: Iterable[TaskResult]) -> tuple[NotedImage, ...]:
    """The images that do not fit the model, each once, with the reasons."""
    misfits = {result.image: (result.file, result.fit) for result in results if result.does_not_fit}
    return tuple(
        NotedImage(image=image, file=file, notes=fit.reasons if fit else ())
        for image, (file, fit) in misfits.items()
    )


def measure_text(metric: str, setting: str, figure: str) -> str:
    """Such as 'SIC by cells/area: gap'."""
    if setting:
        return f"{CURVE_TITLES[metric]} by {setting}: {figure}"
    check = next((check for check in CHECKS if check.name == metric), None)
    return f"{check.title}: {figure.replace('_', ' ')}" if check else f"{metric}: {figure}"


def interval_text(estimate: Interval | None) -> str:
    """Such as '+0.312 (+0.250 to +0.370)'; empty for None."""
    return "" if estimate is None else interval(estimate, digits=3, sign=True)


def _measure(entry: Score | Stability | LeftOut) -> tuple[str, str, str]:
    return entry.metric, entry.setting, entry.figure


def _table_lines(table: MeasureTable, titles: Mapping[str, str]) -> Iterator[str]:
    if table.scores:
        yield ""
        names = ("method", "images", "patients", "mean (95 %)", "median", "over random (95 %)")
        yield f"| {' | '.join((*names, 'better than random'))} |"
        yield "| --- | --- | --- | --- | --- | --- | --- |"
    for line in table.lines:
        cells = (titles.get(line.method, line.method), line.images, *_cells(line.score))
        yield f"| {' | '.join(cells)} |"
    if table.stability:
        yield ""
        yield _stability_text(table.stability)
    for entry in table.left_out:
        method = titles.get(entry.method, entry.method) if entry.method else "every method"
        yield ""
        yield f"Left out for {method}: {entry.images} ({entry.reason}), such as: {entry.example}"


def _cells(score: Score | None) -> tuple[str, ...]:
    if score is None:
        return ("0", "", "", "", "")
    share = "" if score.better_than_random is None else percent(score.better_than_random, digits=0)
    return (
        str(score.patients),
        interval_text(score.mean),
        fixed(score.median, 3, sign=True),
        interval_text(score.over_random),
        share,
    )


def _stability_text(stable: Stability) -> str:
    parts = [
        f"Ranking on the {stable.images} images of {stable.patients} patients with a value of every method"
    ]
    if stable.tau_halves is not None:
        parts.append(
            f"median Kendall's tau between {stable.halves} random halves by patient "
            f"{fixed(stable.tau_halves)} (nine of ten above {fixed(stable.tau_halves_low or 0.0)})"
        )
    if stable.tau_image_halves is not None and stable.patients < stable.images:
        parts.append(f"{fixed(stable.tau_image_halves)} between halves of the images, regardless of patients")
    if stable.tau_seeds is not None:
        parts.append(f"between seeds {fixed(stable.tau_seeds)}")
    if stable.spread is not None and stable.range > 0:
        parts.append(
            f"spread of one score over grids {fixed(stable.spread, 3)}, that is "
            f"{percent(stable.spread / stable.range, digits=0)} of the range from first to last "
            f"({fixed(stable.range, 3)})"
        )
    return f"{'; '.join(parts)}."


def _score_line(score: Score) -> tuple[str, ...]:
    gain = score.over_random
    reasons = "; ".join(f"{reason}: {count}" for reason, count in score.left_out.items())
    return (
        *(score.metric, score.setting, score.figure, score.method, str(score.images), str(score.patients)),
        *map(repr, (score.mean.value, score.mean.low, score.mean.high, score.median)),
        _number(score.spread),
        *(_number(value) for value in ((gain.value, gain.low, gain.high) if gain else (None, None, None))),
        _number(score.better_than_random),
        reasons,
    )


def _number(value: float | None) -> str:
    return "" if value is None else repr(value)


def _csv(header: Sequence[str], lines: Iterable[Sequence[object]]) -> bytes:
    buffer = StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(lines)
    return buffer.getvalue().encode("utf-8")
