"""What stands at a colour bar: the map's name above its scale, figures beside it, and details below."""

from dataclasses import dataclass
from typing import Self

from app.texts import image as texts
from app.window.states.shading import Overlay
from core.number_text import significant


@dataclass(frozen=True, slots=True)
class ScaleTexts:
    """head, foot: lines above and below. Places on the scale go from 0 (low end) to 1 (high end).

    ticks: labels with their places. thresholds: the places at which drawing begins.
    """

    head: tuple[str, ...]
    ticks: tuple[tuple[str, float], ...]
    foot: tuple[str, ...]
    thresholds: tuple[float, ...]

    @classmethod
    def of(cls, overlay: Overlay, threshold: float) -> Self:
        """threshold: as a share of full colour."""
        words = texts.threshold_words(threshold, overlay.full)
        return cls(
            head=tuple(filter(None, (overlay.title, overlay.subtitle, overlay.target))),
            ticks=_ticks(overlay.full, overlay.signed),
            foot=tuple(filter(None, (overlay.layer, overlay.unit, overlay.normalisation, words))),
            thresholds=_thresholds(threshold, overlay.signed),
        )

    @property
    def sentence(self) -> str:
        """All of it in one line, for assistive technology."""
        return ", ".join((*self.head, *(label for label, _ in self.ticks), *self.foot))


def _ticks(full: float, signed: bool) -> tuple[tuple[str, float], ...]:
    half = full / 2
    if not signed:
        return ((texts.at_least(full), 1.0), (significant(half), 0.5), ("0", 0.0))
    against, support = texts.AGAINST_FOR
    return (
        (f"{texts.at_least(full)} {support}", 1.0),
        (significant(half), 0.75),
        ("0", 0.5),
        (significant(-half), 0.25),
        (f"{texts.at_most(-full)} {against}", 0.0),
    )


def _thresholds(threshold: float, signed: bool) -> tuple[float, ...]:
    if threshold == 0:
        return ()
    return (0.5 - threshold / 2, 0.5 + threshold / 2) if signed else (threshold,)
