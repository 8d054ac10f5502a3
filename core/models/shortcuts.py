"""The shortcut test: what a model predicts without seeing the finding, and what follows from it."""

from collections.abc import Sequence
from typing import Literal

from pydantic import Field

from core.number_text import interval, no_break, percent
from core.values import FrozenRecord, Interval

ViewName = Literal["border", "no_border", "centre", "no_centre"]
Sight = Literal["thumbnail", "border", "embedding"]
ProbeLabel = Literal["class", "source"]


class LesionBox(FrozenRecord):
    """A box in shares of the input's sides, and what is expected in it."""

    top: float = Field(0.25, ge=0, lt=1)
    left: float = Field(0.25, ge=0, lt=1)
    bottom: float = Field(0.75, gt=0, le=1)
    right: float = Field(0.75, gt=0, le=1)
    holds: str = "the finding"


class PartialView(FrozenRecord):
    """The model on test images of which only a part is visible.

    visible: share of the area that is left. lesion: share of the outlined lesions' area that is left, or
    None where the data has no outlines.
    """

    name: ViewName
    visible: float
    lesion: float | None = None
    macro_f1: Interval


class Probe(FrozenRecord):
    """A linear classifier fitted on the train part alone and scored on test.

    sees: 16 x 16 thumbnails, the border's pixels in them, or the input of the network's last layer.
    names: one of `kinds` classes or sources. chance_: of always naming the largest one of train.
    """

    sees: Sight
    names: ProbeLabel
    kinds: int
    macro_f1: Interval
    accuracy: Interval
    chance_macro_f1: float
    chance_accuracy: float

    @property
    def chance(self) -> float:
        """The better macro-F1 of two ways to guess: the largest always, or each as often."""
        return max(self.chance_macro_f1, 1 / self.kinds)


class Shortcuts(FrozenRecord):
    """The shortcut test. Hidden pixels get the mean of their image.

    border: width of the ring in shares of the side. guess: macro-F1 of always naming the largest class.
    """

    border: float
    region: LesionBox
    classes: int
    whole: Interval = Field(description="macro-F1 with the whole image")
    guess: float
    views: tuple[PartialView, ...]
    probes: tuple[Probe, ...]

    def view(self, name: ViewName) -> PartialView | None:
        """The view of this name, None if it was not measured."""
        return next((view for view in self.views if view.name == name), None)

    def sentences(self) -> tuple[str, ...]:
        """The results in sentences, the most important first."""
        sentences = [_of_view(self, view) for view in self.views]
        labels: tuple[ProbeLabel, ...] = ("class", "source")
        groups = [[probe for probe in self.probes if probe.names == label] for label in labels]
        sentences += [_of_probes(probes) for probes in groups if probes]
        return (*sentences, UNSEEN)


UNSEEN = (
    "The model was never trained on covered images, so a low figure here does not prove that it leaves that"
    " part alone."
)
SIGHTS: dict[Sight, str] = {
    "thumbnail": "from a thumbnail of 16 × 16 points",
    "border": "from the border of that thumbnail",
    "embedding": "from what the network's last layer is given",
}


def _of_view(test: Shortcuts, view: PartialView) -> str:
    """What is visible, how good the model still is, and what follows."""
    shown = {
        "border": f"With only the border visible ({_whole_percent(test.border)} of each side)",
        "no_border": f"With the border hidden ({_whole_percent(test.border)} of each side)",
        "centre": f"With only the middle visible ({_whole_percent(view.visible)} of the area)",
        "no_centre": f"With the middle hidden ({_whole_percent(1 - view.visible)} of the area)",
    }[view.name]
    holds = test.region.holds
    lesion = "" if view.lesion is None else f" {_share(view.lesion)} of {holds} can be seen there."
    above = view.macro_f1.low > max(test.guess, 1 / test.classes)
    still = "still reaches" if above else "falls to"
    guessed = f"; always naming the largest class gives {test.guess:.2f}" if view.name == "border" else ""
    first = f"{shown} the model {still} macro-F1 {interval(view.macro_f1)}{guessed}"
    return f"{first}: {_consequence(test, view, above)}.{lesion}"


def _consequence(test: Shortcuts, view: PartialView, above: bool) -> str:
    holds = test.region.holds
    if view.name in ("border", "no_centre"):
        if above:
            return f"part of its decision may lie outside {holds}"
        return f"what lies outside {holds} alone does not tell it the class"
    where = "the border" if view.name == "no_border" else "what surrounds the middle"
    if view.macro_f1.value < test.whole.low:
        return f"it needs {where} for what it reaches with the whole image, {test.whole.value:.2f}"
    return f"it does nearly as well without {where} as with the whole image, {test.whole.value:.2f}"


def _of_probes(probes: Sequence[Probe]) -> str:
    """What linear classifiers predict without the network, and from its last layer."""
    first = probes[0]
    reached = [f"{interval(probe.macro_f1)} {SIGHTS[probe.sees]}" for probe in probes]
    listed = ", ".join(reached[:-1]) + f" and {reached[-1]}" if len(reached) > 1 else reached[0]
    result = (
        f"A linear classifier names the {first.names} with macro-F1 {listed}; always naming the largest"
        f" {first.names} gives {first.chance_macro_f1:.2f}"
    )
    telling = [probe.sees for probe in probes if probe.macro_f1.low > probe.chance]
    if not telling:
        return f"{result}: nothing that can be told from guessing."
    if first.names == "source":
        return f"{result}: the images give away where they were taken."
    if "border" in telling or "thumbnail" in telling:
        return f"{result}: so much of the class can be told without looking closely."
    return f"{result}."


def _share(value: float) -> str:
    return "Nothing" if value == 0 else _whole_percent(value)


def _whole_percent(share: float) -> str:
    return no_break(percent(share, 0))
