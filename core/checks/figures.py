"""What the figures of checks are called, and their units; every list, table and report has it from here."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CheckFigure:
    """A figure of a finding or of a step behind it.

    name: in documents. title: for people, within a sentence. unit: 1 for shares, probabilities, correlations
    and ratios. short_title: in a legend, where it differs. over_steps: drawn as a line over the steps.
    """

    name: str
    title: str
    unit: str = "1"
    short_title: str = ""
    over_steps: bool = False

    @property
    def legend(self) -> str:
        """The title where there is little room."""
        return self.short_title or self.title


PIXELS, MAPS, LAYERS, SQUARED_SCORE = "pixels", "maps", "layers", "score^2"

SPEARMAN_ABS = CheckFigure(
    "spearman_abs", "rank correlation of magnitudes", short_title="rank (magnitudes)", over_steps=True
)
SPEARMAN = CheckFigure("spearman", "rank correlation", short_title="rank", over_steps=True)
SSIM = CheckFigure("ssim", "structural similarity (SSIM)", short_title="SSIM", over_steps=True)
HOG = CheckFigure("hog", "similarity of gradients (HOG)", short_title="HOG", over_steps=True)
# Of two maps, the order of lines and of rows.
LIKENESS = (SPEARMAN_ABS, SPEARMAN, SSIM, HOG)
LOWEST = CheckFigure("lowest", "lowest rank correlation")
EMPTY_MAPS = CheckFigure("empty_maps", "maps with one value everywhere", MAPS)

TIED_PIXELS = CheckFigure("tied_pixels", "pixels that share their value", PIXELS)
WHOLE = CheckFigure("whole", "probability, whole image")
CHANGED_SHARE = CheckFigure("share", "share of the pixels that are changed")
# Of pixels removed in both orders.
BOTH_ORDERS = (
    CheckFigure("gap", "gap between the two orders"),
    CheckFigure("morf", "mean probability, highest removed first"),
    CheckFigure("lerf", "mean probability, lowest removed first"),
    WHOLE,
    CHANGED_SHARE,
    CheckFigure("highest_first", "probability, highest removed first"),
    CheckFigure("lowest_first", "probability, lowest removed first"),
)
REGION_AREA = CheckFigure("area", "share of the area in the region")
