"""What stands in a strip of revealed images: pictures, the answer to each, and sentences on them."""

from dataclasses import dataclass, replace

from app.texts import reveal as texts
from core.arrays import Array
from core.curves.curve_set import CurveSet, MapFacts
from core.curves.protocol import Direction
from core.errors import SaliscopeError


@dataclass(frozen=True, slots=True, eq=False)
class RevealedFrame:
    """One picture of the strip.

    x: its position on the curve's axis. answer: the predicted class in words, empty where it is not recorded.
    probability: of the followed class. picture: (height, width, channels) uint8, None until it is made.
    """

    share: float
    x: float
    answer: str
    probability: float
    picture: Array | None = None


@dataclass(frozen=True, slots=True, eq=False)
class RevealStrip:
    """The strip of one map. curves: None without any. method, title: of the map, as the curves know it.

    classes: of the network in words, in the order of its outputs. pictures: None until they are made.
    error: why they never will be.
    """

    curves: CurveSet | None = None
    method: str = ""
    title: str = ""
    direction: Direction = "top"
    classes: tuple[str, ...] = ()
    pictures: Array | None = None
    error: SaliscopeError | None = None

    @property
    def class_words(self) -> str:
        """The class whose probability the curves follow, in words."""
        return self._class(self.curves.target_class) if self.curves is not None else ""

    @property
    def frames(self) -> tuple[RevealedFrame, ...]:
        """From the blurred image to the whole one."""
        facts = self._facts
        if self.curves is None or facts is None:
            return ()
        frames = self._of_top(facts) if self.direction == "top" else self._of_bottom(self.curves)
        if self.pictures is None or len(self.pictures) != len(frames):
            return frames
        pairs = zip(frames, self.pictures, strict=True)
        return tuple(replace(frame, picture=picture) for frame, picture in pairs)

    @property
    def sentence(self) -> str:
        """From which share on the network predicts the class, in words."""
        facts = self._facts
        if facts is None or self.curves is None or self.direction != "top":
            return ""
        right = [glimpse.predicted_class == self.curves.target_class for glimpse in facts.glimpses]
        first = next((at for at in range(len(right)) if all(right[at:])), len(right))
        share = None if first >= len(right) - 1 else facts.glimpses[first].share
        return texts.sufficient_share(self.title, share, self.class_words)

    @property
    def sentences(self) -> tuple[str, ...]:
        """What each picture tells."""
        is_top, name = self.direction == "top", self.class_words
        return tuple(
            texts.step_sentence(self.title, is_top, frame.share, frame.answer, name, frame.probability)
            for frame in self.frames
        )

    @property
    def _facts(self) -> MapFacts | None:
        maps = self.curves.maps if self.curves is not None else ()
        return next((facts for facts in maps if facts.method == self.method), None)

    def _of_top(self, facts: MapFacts) -> tuple[RevealedFrame, ...]:
        return tuple(
            RevealedFrame(g.share, g.x, self._class(g.predicted_class), g.target_probability)
            for g in facts.glimpses
        )

    def _of_bottom(self, curves: CurveSet) -> tuple[RevealedFrame, ...]:
        """Single answers are recorded from the top only; from the bottom there is the mean curve."""
        curve = curves.curve(self.method, "sic", "bottom")
        if curve is None:
            return ()
        points = sorted(zip(curve.shares, curve.x, curve.y, strict=True))
        return tuple(RevealedFrame(share, x, "", y) for share, x, y in points)

    def _class(self, index: int) -> str:
        return self.classes[index] if index < len(self.classes) else str(index)
