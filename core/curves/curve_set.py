"""The curves of one image as plain, frozen data, ready to be written as JSON."""

from pydantic import Field

from core.curves.protocol import CurveKind, CurveReason, Direction
from core.curves.settings import CurveSettings
from core.curves.verdict import Verdict
from core.number_text import fixed, plus_minus
from core.values import FrozenRecord


class Glimpse(FrozenRecord):
    """The network's prediction for one picture on the way from blurred (share 0) to original (share 1)."""

    share: float = Field(description="revealed share of the area that was asked for")
    x: float = Field(description="place on the curve's axis, 0 to 1")
    predicted_class: int
    probability: float = Field(description="of the predicted class")
    target_probability: float


class Curve(FrozenRecord):
    """One curve of one map; the points stand in the order of x.

    The points are the means over the shifted grids or masks (for the random control map: over its draws) at
    equal shares; `area` is the mean of the areas of each.
    """

    method: str
    kind: CurveKind
    direction: Direction = Field(description="top: highest values of the map revealed first; bottom: lowest")
    shares: tuple[float, ...]
    x: tuple[float, ...]
    y: tuple[float, ...] = Field(
        description="cells: probability of the class (sic) or share of the grids on which it is predicted "
        "(aic); pair: the same relative to blurred and original, as a running maximum"
    )
    area: float


class CurveScore(FrozenRecord):
    """The scores of one map's curves. score: the figure by which maps of one image are ranked."""

    method: str
    kind: CurveKind
    score: float = Field(description="cells: the gap; pair: the area")
    area: float = Field(description="of the curve from the top")
    gap: float | None = Field(description="area from the top minus area from the bottom; cells only")
    spread: float | None = Field(
        description="standard deviation of the score over grids, masks or random draws"
    )
    rounds: int = Field(
        1,
        description="grids, masks or random draws of which the score is the mean; masks without a curve "
        "of this kind are left out",
    )
    saturated: bool = Field(description="the blurred image already has the class")
    margin: float | None = Field(
        None,
        description="half the width of the interval around the score from which the verdict follows: how far "
        "above their mean one more random map stays in 39 cases of 40",
    )
    random_mean: float | None = Field(
        None, description="mean of the random maps' scores, above which the interval must lie; gap: 0"
    )
    better_than_random: Verdict | None

    def words(self, digits: int) -> str:
        """The score with its interval, such as '+0.34 ±0.36'."""
        if self.margin is None or self.random_mean is None:
            return fixed(self.score, digits, sign=self.gap is not None)
        return plus_minus(self.score, self.margin, self.random_mean, digits, sign=self.gap is not None)


class UndefinedCurve(FrozenRecord):
    """Why this kind of curve does not exist on this image, for whatever map."""

    kind: CurveKind
    reason: CurveReason
    message: str
    hint: str


class MapFacts(FrozenRecord):
    """Properties of a map that weaken its curve, and the predictions for the pictures it reveals."""

    method: str
    constant: bool = Field(description="all values equal; only the seed orders it")
    tied_pixels: int = Field(
        description="cells: pixels in cells that share their mean; pair: most pixels shown beyond the "
        "asked share"
    )
    unsorted: bool = Field(description="more revealed pixels gave a smaller x somewhere")
    revealed_pixels: tuple[int, ...] = Field(description="by the map, for each threshold")
    glimpses: tuple[Glimpse, ...] = Field(description="first grid, from the top, share 0 and 1 included")


class ImageFacts(FrozenRecord):
    """Properties of the image alone; under `pair` also on the first random mask."""

    blurred: Glimpse
    original: Glimpse
    information_blurred: float
    information_original: float
    unit: str = Field(description="of the information: pixels, bits or bytes")
    input_low: float = Field(description="input value that is 0 in the 8-bit picture")
    input_high: float = Field(description="input value that is 255 in the 8-bit picture")


class CurveSet(FrozenRecord):
    """All curves of one image: its maps and the control maps random and edge."""

    settings: CurveSettings
    target_class: int
    webp_version: str = Field(description="of libwebp; empty where the axis does not use it")
    image: ImageFacts
    methods: tuple[str, ...] = Field(description="as given, then random and edge")
    curves: tuple[Curve, ...]
    scores: tuple[CurveScore, ...]
    undefined: tuple[UndefinedCurve, ...]
    maps: tuple[MapFacts, ...] = Field(description="empty where no curve is defined")
    evaluations: int = Field(description="pictures shown to the network")

    def curve(self, method: str, kind: CurveKind, direction: Direction = "top") -> Curve | None:
        """The curve, or None where it is undefined."""
        key = (method, kind, direction)
        return next((c for c in self.curves if (c.method, c.kind, c.direction) == key), None)

    def score(self, method: str, kind: CurveKind) -> CurveScore | None:
        """The score, or None where it is undefined."""
        return next((s for s in self.scores if (s.method, s.kind) == (method, kind)), None)
