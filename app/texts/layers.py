"""Texts of the panel Layers, and of the layers of a network wherever they are listed."""

from core.methods.activation.unit_ranking import CARRIED_SHARE, UnitRanking
from core.network.layer import Layer
from core.number_text import counted, exact_percent, fixed, no_break

LAYERS = "Layers"
FLOW = "Information flow"
UNITS = "Units"
NEEDS_PREDICTION = (
    "This panel shows what the layers of the network see in the image. Open an image; its prediction comes"
    " first."
)
COMPUTING = "Computing layers and units…"
STRIP = "Grad-CAM by layer"
UNIT_LIST = "Units by contribution"
UNITS_OF = "Units of layer"
FIND_UNIT = "Find unit"
FIND_UNIT_TIP = "Number of the unit, from 0; Enter shows it"
CARRIED = "How many units carry the score"
CHOOSE_LAYER = "Click a layer to choose it"
SHOW_LAYER_TIP = "Click to lay this Grad-CAM over the image"
SHOW_UNIT_TIP = "Click to lay the activation of this unit over the image"
NOTHING_POSITIVE = "no positive evidence"
DEFAULT_MARK = "default"


def layer(known: Layer) -> str:
    """A layer as a choice: its name, its grid and its number of channels."""
    return f"{known.name} ({grid(known)}, {counted(known.channels, 'channel')})"


def last_of_grid(known: Layer) -> str:
    """The same for the last layer of a size of grid."""
    return f"● {layer(known)}, last of its grid"


def default_layer(known: Layer) -> str:
    """The choice that leaves the layer to the method."""
    return f"Automatic: {layer(known)}"


def grid(known: Layer) -> str:
    """Rows and columns."""
    return f"{known.grid[0]} × {known.grid[1]}"


def flow_sentence(target: str) -> str:
    """target: what is explained."""
    return (
        f"Grad-CAM of the {target} in the last layer of each grid, from fine to coarse;"
        " each in its own scale."
    )


def strip_entry(known: Layer, is_empty: bool, is_default: bool, does: str) -> str:
    """For tool tips and assistive technology. does: what a click does."""
    marks = [DEFAULT_MARK] * is_default + [NOTHING_POSITIVE] * is_empty
    return f"{', '.join([layer(known), *marks])}. {does}"


def contribution(value: float) -> str:
    """In the unit of the target."""
    return fixed(value, 3 if abs(value) >= 0.01 else 5, sign=True)


def unit_lines(unit: int, rank: int, value: float) -> tuple[str, str]:
    """The two lines below a thumbnail."""
    return f"#{rank:,}: unit {unit}", contribution(value)


def unit_entry(unit: int, rank: int, value: float, channels: int) -> str:
    """For tool tips and assistive technology."""
    return f"Unit {unit}, rank {rank:,} of {channels:,}, contribution {contribution(value)}. {SHOW_UNIT_TIP}"


def units_sentence(ranking: UnitRanking, target: str) -> str:
    """What the units add up to, and how many matter. target: what is explained."""
    opposing = ranking.total - ranking.supporting
    return (
        f"Contributions to the {target} sum to {no_break(contribution(ranking.total))}"
        f" ({no_break(contribution(ranking.supporting))} for, {no_break(contribution(opposing))} against)."
        f" {carried(ranking)} Highest first; each picture in its own scale."
    )


def carried(ranking: UnitRanking) -> str:
    """How many units hold most of the sum of magnitudes."""
    count, channels = ranking.count_for(), len(ranking.contributions)
    if not count:
        return "No unit contributes anything."
    carry = "carries" if count == 1 else "carry"
    return f"{count:,} of {channels:,} units {carry} {exact_percent(CARRIED_SHARE)} of the sum of magnitudes."


def carrying(reached: int, count: int) -> str:
    """Below the curve: where it reaches the dashed line, and where it ends."""
    return f"{reached:,} of {count:,} units"


def more(count: int) -> str:
    """The button that lists further units."""
    return f"Show {counted(count, 'more unit')}"
