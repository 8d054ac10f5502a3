"""What stands at a colour bar: the map's name above its scale, figures beside it, and details below."""

from dataclasses import dataclass, replace
from typing import Self

from app.texts import image as texts
from app.window.states.shading import Overlay
from core.number_text import significant


@dataclass(frozen=True, slots=True)
class ScaleTexts:
    """head, foot: lines above and below. Places on the scale go from 0 (low end) to 1 (high end).

    ticks: labels, perhaps of two lines, with their places. thresholds: the places at which drawing begins.
    """

    head: tuple[str, ...]
    ticks: tuple[tuple[str, float], ...]
    foot: tuple[str, ...]
    thresholds: tuple[float, ...]

    @classmethod
    def of(cls, overlay: Overlay, threshold: float, has_heading: bool = False) -> Self:
        """threshold: as a share of full colour.

        has_heading: what the bar is of stands above the view already; beside another view there is little
        room, and the threshold is only marked.
        """
        words = "" if has_heading else texts.threshold_words(threshold, overlay.full)
        head = () if has_heading else (overlay.title, overlay.subtitle, overlay.target)
        normalisation = "" if has_heading else overlay.normalisation
        return cls(
            head=tuple(filter(None, head)),
            ticks=_ticks(overlay, "\n" if has_heading else " "),
            foot=tuple(filter(None, (overlay.layer, overlay.unit, normalisation, words))),
            thresholds=_thresholds(threshold, overlay.signed),
        )

    @property
    def with_few_ticks(self) -> Self:
        """Without the halves between the ends and zero, for a short scale."""
        few = tuple(tick for tick in self.ticks if tick[0] == "0" or tick[1] in (0.0, 1.0))
        return replace(self, ticks=few)

    @property
    def sentence(self) -> str:
        """All of it in one line, for assistive technology."""
        labels = (label.replace("\n", " ") for label, _ in self.ticks)
        return ", ".join((*self.head, *labels, *self.foot))


def _ticks(overlay: Overlay, between: str) -> tuple[tuple[str, float], ...]:
    """between: what separates the figures at the ends from what they mean."""
    full, half = overlay.full, overlay.full / 2
    if not overlay.signed:
        return ((texts.at_least(full), 1.0), (significant(half), 0.5), ("0", 0.0))
    if not overlay.is_for_or_against:
        return ((texts.at_least(full), 1.0), ("0", 0.5), (texts.at_most(-full), 0.0))
    against, support = texts.AGAINST_FOR
    lowest = [texts.at_most(-full), against]
    return (
        (between.join((texts.at_least(full), support)), 1.0),
        (significant(half), 0.75),
        ("0", 0.5),
        (significant(-half), 0.25),
        # Of two lines the figure is the lower one, at the end of the scale.
        (between.join(lowest if between == " " else lowest[::-1]), 0.0),
    )


def _thresholds(threshold: float, signed: bool) -> tuple[float, ...]:
    if threshold == 0:
        return ()
    return (0.5 - threshold / 2, 0.5 + threshold / 2) if signed else (threshold,)
