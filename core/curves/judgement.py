"""From the network's predictions to curves, scores and verdicts."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import final

import numpy as np

from core.arrays import Array
from core.curves.curve_set import Curve, CurveScore, Glimpse, MapFacts, UndefinedCurve
from core.curves.measurement import Measurement, scores
from core.curves.protocol import CurveKind, CurveLine, CurveProtocol, CurveReason, Direction
from core.curves.settings import CurveSettings
from core.curves.verdict import chance_of
from core.methods.control.random_map import RandomMap

KINDS: tuple[CurveKind, ...] = ("aic", "sic")


@final
@dataclass(frozen=True, slots=True)
class EndProbabilities:
    """Class probabilities of the blurred pictures (starts, classes) and of the original (classes,)."""

    blurred: Array
    original: Array
    target_class: int

    def scores(self, kind: CurveKind, number: int = 0) -> tuple[float, float]:
        """At share 0 of a pass and at share 1."""
        low = scores(self.blurred[number % len(self.blurred)], kind, self.target_class)
        return float(low), float(scores(self.original, kind, self.target_class))

    @property
    def saturated(self) -> bool:
        """The first blurred picture already has the class."""
        return int(self.blurred[0].argmax()) == self.target_class


@final
@dataclass(frozen=True, slots=True)
class Judgement:
    """The measurements of one image under one protocol, with the curves and scores that follow from them."""

    rules: CurveProtocol
    settings: CurveSettings
    ends: EndProbabilities
    measurements: list[Measurement]

    def curves(self, kind: CurveKind) -> Iterator[Curve]:
        """The mean curve of each map and direction."""
        for item in self.measurements:
            for direction in self.rules.directions:
                yield _mean_curve(item.method, kind, direction, self._lines(item, kind, direction))

    def scores(self, kind: CurveKind) -> Iterator[CurveScore]:
        """The score of each map, with its verdict against the random maps."""
        figures = {item.method: self._figures(item, kind) for item in self.measurements}
        random = figures[RandomMap.name]
        by_gap = "bottom" in self.rules.directions
        chance = chance_of(random.tolist(), 0.0 if by_gap else None)
        for item in self.measurements:
            rounds = figures[item.method]
            mean = float(rounds.mean())
            is_random = item.method == RandomMap.name
            yield CurveScore(
                method=item.method,
                kind=kind,
                score=mean,
                area=float(np.mean([line.area for line in self._lines(item, kind, "top")])),
                gap=mean if by_gap else None,
                spread=float(rounds.std(ddof=1)) if rounds.size > 1 else None,
                rounds=rounds.size,
                saturated=self.ends.saturated,
                margin=chance.margin if chance is not None else None,
                random_mean=chance.mean if chance is not None else None,
                better_than_random=None if is_random or chance is None else chance.verdict(mean),
            )

    def map_facts(self) -> tuple[MapFacts, ...]:
        """What weakens each map's curve, and the predictions behind it."""
        return tuple(self._facts(item) for item in self.measurements)

    def _figures(self, item: Measurement, kind: CurveKind) -> Array:
        """(rounds,) gap or area of each."""
        tops = np.array([line.area for line in self._lines(item, kind, "top")])
        if "bottom" not in self.rules.directions:
            return tops
        return tops - np.array([line.area for line in self._lines(item, kind, "bottom")])

    def _lines(self, item: Measurement, kind: CurveKind, direction: Direction) -> list[CurveLine]:
        index = self.rules.directions.index(direction)
        heights = scores(item.probabilities[:, index], kind, self.ends.target_class)
        lines = []
        for number, x, y in zip(item.passes, item.x[:, index], heights, strict=True):
            low, high = self.ends.scores(kind, number)
            if self.rules.reason_without_curve(low, high) is None:
                lines.append(self.rules.curve_line(x, y, low, high))
        return lines

    def _facts(self, item: Measurement) -> MapFacts:
        target = self.ends.target_class
        glimpses = [
            glimpse(share, x, answer, target)
            for share, x, answer in zip(
                self.settings.thresholds, item.x[0, 0], item.probabilities[0, 0], strict=True
            )
        ]
        return MapFacts(
            method=item.method,
            constant=bool(np.ptp(item.values) == 0),
            tied_pixels=self.rules.tied_pixels(item.values),
            unsorted=bool((np.diff(item.x, axis=-1) < 0).any()),
            revealed_pixels=item.pixels,
            glimpses=(
                glimpse(0.0, 0.0, self.ends.blurred[0], target),
                *glimpses,
                glimpse(1.0, 1.0, self.ends.original, target),
            ),
        )


def glimpse(share: float, x: float, probabilities: Array, target_class: int) -> Glimpse:
    """A prediction as plain figures; probabilities: (classes,)."""
    predicted = int(probabilities.argmax())
    return Glimpse(
        share=share,
        x=float(x),
        predicted_class=predicted,
        probability=float(probabilities[predicted]),
        target_probability=float(probabilities[target_class]),
    )


def undefined(
    rules: CurveProtocol, kind: CurveKind, ends: EndProbabilities, settings: CurveSettings
) -> UndefinedCurve | None:
    """Why the image has no curve of this kind, on any mask; None if it has one."""
    reasons = [rules.reason_without_curve(*ends.scores(kind, number)) for number in range(len(rules.starts))]
    if None in reasons:
        return None
    low, high = ends.scores(kind)
    reason = rules.reason_without_curve(low, high)
    assert reason is not None  # it is the first of the reasons
    message, hint = reason_words(reason, kind, low, high, rules, settings)
    return UndefinedCurve(kind=kind, reason=reason, message=message, hint=hint)


def reason_words(
    reason: CurveReason,
    kind: CurveKind,
    low: float,
    high: float,
    rules: CurveProtocol,
    settings: CurveSettings,
) -> tuple[str, str]:
    """The sentence and what to do about it. low, high: the scores of the blurred and of the whole image."""
    another = "Use the protocol cells, which does not need this."
    match reason:
        case CurveReason.CONSTANT_IMAGE:
            return "The image is constant, so that nothing can be revealed.", "Choose another image."
        case CurveReason.LOW_PREDICTION if kind == "aic":
            return "The model does not predict this class on the whole image.", "Choose the predicted class."
        case CurveReason.LOW_PREDICTION:
            return (
                f"The probability of the class on the whole image, {high:.3f}, is below "
                f"{settings.min_prediction:g}.",
                "Choose the predicted class or lower the smallest prediction.",
            )
        case CurveReason.NOT_SIMPLER:
            blurred, original = rules.information
            return (
                f"The blurred image is not simpler than the original ({settings.entropy}: {blurred:.6g} "
                f"against {original:.6g}).",
                "Use the protocol cells by area, which does not need this.",
            )
        case CurveReason.NOT_WORSE if kind == "aic":
            return "The model already predicts the class on the blurred image.", another
        case CurveReason.NOT_WORSE:
            return (
                f"The probability of the class on the blurred image, {low:.3f}, is not below the "
                f"original's, {high:.3f}.",
                another,
            )


def _mean_curve(method: str, kind: CurveKind, direction: Direction, lines: list[CurveLine]) -> Curve:
    by_share = [np.argsort(line.shares, kind="stable") for line in lines]
    x = np.mean([line.x[order] for line, order in zip(lines, by_share, strict=True)], axis=0)
    y = np.mean([line.y[order] for line, order in zip(lines, by_share, strict=True)], axis=0)
    along = np.argsort(x, kind="stable")
    return Curve(
        method=method,
        kind=kind,
        direction=direction,
        shares=tuple(np.sort(lines[0].shares)[along].tolist()),
        x=tuple(x[along].tolist()),
        y=tuple(y[along].tolist()),
        area=float(np.mean([line.area for line in lines])),
    )
