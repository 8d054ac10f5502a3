"""The tables of a run as text: tidy CSV for programs, Markdown for people."""

import csv
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import StringIO

from core.checks import CHECKS
from core.checks.contract import CheckFamily
from core.datasets.aggregate import AggregatedCurve, axis
from core.datasets.summary import Estimated, LeftOut, Score, Stability
from core.datasets.task import TaskResult
from core.values import FrozenRecord

CURVE_TITLES = {"aic": "AIC", "sic": "SIC"}
ROW_COLUMNS = (
    *("image", "file", "slice", "label", "group", "repeat", "predicted", "fit", "target"),
    *("method", "metric", "setting", "figure", "value", "reason", "sentence", "note"),
)
# Measures whose figures stand on the region that the index names.
_ON_REGIONS = {metric.name for metric in CHECKS if metric.family is CheckFamily.LOCALISATION}


class NotedImage(FrozenRecord):
    """What is to be known of one image, in sentences."""

    image: str
    file: str
    notes: tuple[str, ...]


def rows_csv(results: Iterable[TaskResult]) -> bytes:
    """A row for each image, method, metric and figure, with a value or a reason.

    file: the name of the image's file without its folders; image: the index's id, by which rows are joined
    to it. slice: the one that was judged, counted from 1. group: the patient's number, in the order of the
    index. fit: whether the image fits the model, as in `core.models.fit.Fit`. note: what is to be known of
    the region on which the figure stands.
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
class Line:
    """A method in the table of one measure; score: None where no image has a value.

    images: how many have a value; where another method has one on more, of how many, such as '38 of 40'.
    """

    method: str
    images: str
    score: Score | None


@dataclass(frozen=True, slots=True)
class Section:
    """What a run comes to by one measure: metric, setting, figure."""

    measure: tuple[str, str, str]
    scores: tuple[Score, ...]
    stability: Stability | None
    left_out: tuple[LeftOut, ...]

    @property
    def lines(self) -> list[Line]:
        """In the order of the ranking, methods that are not in it last."""
        order = {name: place for place, name in enumerate(self.stability.methods)} if self.stability else {}
        # What every method lacks stands under no method's name.
        lacks = Counter[str]()
        for one in self.left_out:
            lacks[one.method] += one.images
        scores = {score.method: score for score in self.scores}
        names = sorted(scores, key=lambda name: order.get(name, len(order)))
        names += [name for name in lacks if name and scores and name not in scores]
        counts = {name: scores[name].images if name in scores else 0 for name in names}
        return [
            Line(
                method=name,
                images=f"{count} of {count + lacks[name]}" if lacks[name] else str(count),
                score=scores.get(name),
            )
            for name, count in counts.items()
        ]


def sections(
    scores: Sequence[Score], stabilities: Sequence[Stability], left_out: Sequence[LeftOut]
) -> list[Section]:
    """One for each measure, in the order in which they were taken."""
    return [
        Section(
            measure=measure,
            scores=tuple(one for one in scores if _measure(one) == measure),
            stability=next((one for one in stabilities if _measure(one) == measure), None),
            left_out=tuple(one for one in left_out if _measure(one) == measure),
        )
        for measure in dict.fromkeys([*map(_measure, scores), *map(_measure, left_out)])
    ]


def table_md(
    found: Sequence[Section],
    titles: Mapping[str, str],
    misfits: Sequence[NotedImage] = (),
    noted: Sequence[NotedImage] = (),
) -> str:
    """The images that do not fit the model, the measures, and the notes on regions.

    Of each measure its methods best first, how stable that is, and what was left out.
    """
    parts = [_listed("Images that do not fit the model", misfits)] if misfits else []
    parts += ["\n".join((f"## {measure_words(*one.measure)}", *_section(one, titles))) for one in found]
    parts += [_listed("Notes on regions", noted)] if noted else []
    return "\n\n".join(parts) + "\n"


def _listed(title: str, noted: Sequence[NotedImage]) -> str:
    lines = (f"- {one.image} ({one.file}): {' '.join(one.notes)}" for one in noted)
    return "\n".join((f"## {title}", "", *lines))


def noted_images(results: Iterable[TaskResult]) -> tuple[NotedImage, ...]:
    """The images on whose regions there is something to be known, each once."""
    found = {one.image: one for one in results if one.notes}
    return tuple(NotedImage(image=one.image, file=one.file, notes=one.notes) for one in found.values())


def misfitting_images(results: Iterable[TaskResult]) -> tuple[NotedImage, ...]:
    """The images that do not fit the model, each once, with the reasons."""
    found = {one.image: (one.file, one.fit) for one in results if one.misfit}
    return tuple(
        NotedImage(image=image, file=file, notes=fit.reasons if fit else ())
        for image, (file, fit) in found.items()
    )


def measure_words(metric: str, setting: str, figure: str) -> str:
    """Such as 'SIC by cells/area: gap'."""
    if setting:
        return f"{CURVE_TITLES[metric]} by {setting}: {figure}"
    found = next((known for known in CHECKS if known.name == metric), None)
    return f"{found.title}: {figure.replace('_', ' ')}" if found else f"{metric}: {figure}"


def interval_words(found: Estimated | None) -> str:
    """Such as '+0.312 (+0.250 to +0.370)'."""
    return "" if found is None else f"{found.value:+.3f} ({found.low:+.3f} to {found.high:+.3f})"


def _measure(one: Score | Stability | LeftOut) -> tuple[str, str, str]:
    return one.metric, one.setting, one.figure


def _section(found: Section, titles: Mapping[str, str]) -> Iterator[str]:
    if found.scores:
        yield ""
        names = ("method", "images", "patients", "mean (95 %)", "median", "over random (95 %)")
        yield f"| {' | '.join((*names, 'better than random'))} |"
        yield "| --- | --- | --- | --- | --- | --- | --- |"
    for line in found.lines:
        cells = (titles.get(line.method, line.method), line.images, *_cells(line.score))
        yield f"| {' | '.join(cells)} |"
    if found.stability:
        yield ""
        yield _stability_words(found.stability)
    for one in found.left_out:
        who = titles.get(one.method, one.method) if one.method else "every method"
        yield ""
        yield f"Left out for {who}: {one.images} ({one.reason}), such as: {one.example}"


def _cells(score: Score | None) -> tuple[str, ...]:
    if score is None:
        return ("0", "", "", "", "")
    share = "" if score.better_than_random is None else f"{100 * score.better_than_random:.0f} %"
    return (
        str(score.patients),
        interval_words(score.mean),
        f"{score.median:+.3f}",
        interval_words(score.over_random),
        share,
    )


def _stability_words(stable: Stability) -> str:
    words = [f"Ranking on the {stable.images} images of {stable.patients} patients that every method has"]
    if stable.tau_halves is not None:
        words.append(
            f"median Kendall's tau between {stable.halves} random halves by patient {stable.tau_halves:.2f} "
            f"(nine of ten above {stable.tau_halves_low:.2f})"
        )
    if stable.tau_image_halves is not None and stable.patients < stable.images:
        words.append(f"{stable.tau_image_halves:.2f} between halves of the images, whoever they are of")
    if stable.tau_seeds is not None:
        words.append(f"between seeds {stable.tau_seeds:.2f}")
    if stable.spread is not None and stable.range > 0:
        words.append(
            f"spread of one score over grids {stable.spread:.3f}, that is "
            f"{100 * stable.spread / stable.range:.0f} % of the range from first to last ({stable.range:.3f})"
        )
    return f"{'; '.join(words)}."


def _score_line(score: Score) -> tuple[str, ...]:
    more = score.over_random
    reasons = "; ".join(f"{reason}: {count}" for reason, count in score.left_out.items())
    return (
        *(score.metric, score.setting, score.figure, score.method, str(score.images), str(score.patients)),
        *map(repr, (score.mean.value, score.mean.low, score.mean.high, score.median)),
        _number(score.spread),
        *(_number(value) for value in ((more.value, more.low, more.high) if more else (None, None, None))),
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
