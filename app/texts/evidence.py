"""The sentences of what is known of a map's worth: Agreement, Reveal, Sanity, and the evidence strip."""

from collections.abc import Iterable

from core.curves.curve_set import CurveScore
from core.network.cost import Cost
from core.results.records import MethodRecord

# Agreement
AGREEMENT = "Agreement"
AGREEMENT_NEEDS_MAPS = (
    "This panel compares the maps of this image with each other. Explain with at least two methods."
)
LIKENESS = "Compare by"
LIKENESSES = {"spearman": "Rank correlation (Spearman)", "overlap": "Overlap of the highest pixels"}
TOP_SHARE = "Highest"
COMPARING = "Comparing…"
PAIR = "The two maps"
MATRIX_TIP = "Choose a cell to see both maps"

# Of the rank correlation, and of the overlap beyond chance: below the first they disagree, from the
# second on they agree.
APART, ALIKE = 0.3, 0.7


def share_words(share: float) -> str:
    return f"{100 * share:g} %"


def top_share(share: float) -> str:
    return f"{TOP_SHARE} {share_words(share)}"


def disagree(value: float, share: float | None) -> bool:
    """Whether two maps say different things; share: of the highest pixels, None for a rank correlation."""
    return _beyond_chance(value, share) < APART


def rank_agreement(first: str, second: str, value: float) -> str:
    shown = correlation(value)
    if value <= -APART:
        said = f"{first} and {second} contradict each other: what one ranks high the other ranks low"
    elif value < APART:
        said = f"{first} and {second} disagree: their orders of the pixels have little in common"
    elif value < ALIKE:
        said = f"{first} and {second} agree in part"
    else:
        said = f"{first} and {second} agree"
    return f"{said} (rank correlation {shown}; 1 is the same order, 0 is none)."


def overlap_agreement(first: str, second: str, value: float, share: float) -> str:
    beyond = _beyond_chance(value, share)
    word = "disagree" if beyond < APART else "agree in part" if beyond < ALIKE else "agree"
    return (
        f"{first} and {second} {word}: of the highest {share_words(share)} of the pixels they share"
        f" {100 * value:.0f} %; two unrelated maps would share {share_words(share)}."
    )


def incomparable(first: str, second: str, reason: str) -> str:
    return f"{first} and {second} cannot be compared: {reason}"


def correlation(value: float) -> str:
    """Two digits, without a minus before nothing."""
    return f"{value + 0.0 if abs(value) >= 0.005 else 0.0:.2f}".replace("-", "−")


def agreement_summary(apart: int, pairs: int, lowest: tuple[str, str]) -> str:
    least = f"{lowest[0]} and {lowest[1]}"
    if not apart:
        return f"No two maps disagree; least alike are {least}."
    if pairs == 1:
        return "The two maps disagree. They are shown side by side and never averaged."
    return f"{apart} of {pairs} pairs of maps disagree, most of all {least}. Maps are never averaged."


def _beyond_chance(value: float, share: float | None) -> float:
    """A rank correlation as it is; an overlap from 0 at chance to 1 at the same pixels."""
    return value if share is None else (value - share) / (1 - share)


# Reveal
REVEAL = "Reveal"
REVEAL_MAP = "Map"
REVEAL_NEEDS_CURVES = (
    "This panel shows the pictures that a map reveals and what the model says to each. Draw the curves first."
)
REVEAL_UNDEFINED = "This image has no curve under this protocol, so that nothing is revealed."
MAKING_PICTURES = "Making the pictures…"
DIRECTION = "Order"
DIRECTIONS = {"top": "Highest values first", "bottom": "Lowest values first"}
GO_TO_CURVES = "Draw curves"
ONLY_FROM_TOP = "The protocol PAIR reveals the highest values only."
PIN_TIP = "Click to look at this place in Reveal"
REVEALED_PICTURES = "Revealed pictures"


def revealed_share(share: float) -> str:
    if share <= 0:
        return "blurred"
    return "whole image" if share >= 1 else f"{100 * share:g} %"


def revealed_class(name: str, right: bool) -> str:
    return f"✓ {name}" if right else f"✗ {name}"


def class_probability(name: str, probability: float, mean: bool) -> str:
    """mean: over the shifted grids."""
    return f"{name} {probability:.2f}" + (" (mean)" if mean else "")


def revealed_words(title: str, top: bool, share: float, said: str, name: str, probability: float) -> str:
    """What one picture of the strip tells. said: the predicted class, empty where it is not recorded."""
    order = "highest" if top else "lowest"
    if share <= 0:
        what = "The blurred image, of which nothing is revealed"
    elif share >= 1:
        what = "The whole image"
    else:
        what = f"The {100 * share:g} % of the image that {title} ranks {order}"
    if said:
        return f"{what}: the model says {said}; the probability of {name} is {probability:.2f}."
    return f"{what}: the probability of {name} is {probability:.2f}, the mean over the shifted grids."


def enough(title: str, share: float | None, name: str) -> str:
    """share: from which on the model keeps saying the class; None where it never does before the end."""
    if share is None:
        return f"The model says {name} only when the whole image is shown."
    if share <= 0:
        return f"The blurred image alone is already called {name}, so that this strip shows little."
    return f"Revealing the {100 * share:g} % ranked highest by {title} is enough for the model to say {name}."


# Checks
CHECK_NEEDS_PREDICTION = "The model has not predicted this image yet."
CHECKING = "checking"
CLICK_TO_CHECK = "Click to check."
CLICK_TO_RETRY = "Click to check again."
EVIDENCE_OF = "What is known of this map"
SYMBOLS = {
    "yes": "✓",
    "partly": "~",
    "no": "✗",
    "undecided": "?",
    "unknown": "○",
    "running": "…",
    "failed": "–",
}


def checking(title: str, metric: str, done: int, total: int) -> str:
    so_far = f", {done} of {total}" if total > 1 else "…"
    return f"Checking {title}: {metric}{so_far}" if title else f"Checking: {metric}{so_far}"


# The chips beside a map: the question when nothing is known, and the word for each answer.
CHIP_QUESTIONS = {
    "random": "beats random?",
    "weights": "trained weights?",
    "repeatable": "repeatable?",
    "region": "inside region?",
    "complete": "adds up?",
}
CHIP_ANSWERS = {
    "random": {
        "yes": "beats random",
        "no": "no better than random",
        "undecided": "random: undecided",
        "failed": "random: no curve",
    },
    "weights": {
        "yes": "needs trained weights",
        "partly": "needs weights in part",
        "no": "ignores the weights",
        "undecided": "weights: undecided",
        "failed": "weights: no answer",
    },
    "repeatable": {
        "yes": "repeatable",
        "partly": "repeatable in part",
        "no": "not repeatable",
        "undecided": "repeats: undecided",
        "failed": "repeats: no answer",
    },
    "region": {
        "yes": "in the region",
        "partly": "partly in the region",
        "no": "outside the region",
        "undecided": "region: undecided",
        "failed": "region: no answer",
    },
    "complete": {"yes": "adds up", "partly": "nearly adds up", "no": "does not add up"},
}
CHIP_EXPLAINED = {
    "random": "Is the map better than random on this image? Drawing the curves tells.",
    "weights": "Does the map depend on what the model has learnt? Randomising its layers tells.",
    "repeatable": "Does another seed give the same map?",
    "region": "Does the evidence lie inside the outlined region?",
    "complete": "Do the map's values add up to the score that they explain?",
}


def chip_words(question: str, answer: str) -> str:
    """Symbol and word; the symbol alone would be a riddle, the colour alone unreadable to some."""
    said = CHIP_ANSWERS[question].get(answer, CHIP_QUESTIONS[question])
    return f"{SYMBOLS[answer]} {said}"


def chip_unknown(question: str, seconds: float | None, can_run: bool, obstacle: str) -> str:
    """The tooltip of a chip that knows nothing yet."""
    if obstacle:
        return f"{CHIP_EXPLAINED[question]} Cannot be checked: {obstacle}"
    words = f"{CHIP_EXPLAINED[question]} Not checked yet."
    return f"{words} {CLICK_TO_CHECK}{expected(seconds)}" if can_run else words


def chip_failed(reason: str, can_run: bool) -> str:
    """The tooltip of a chip whose check gave no answer."""
    return f"{reason} {CLICK_TO_RETRY}" if can_run else reason


def expected(seconds: float | None) -> str:
    if seconds is None:
        return ""
    return " " + duration(seconds)


def duration(seconds: float) -> str:
    if seconds < 1.5:
        return "Takes about a second."
    return (
        f"Takes about {seconds:.0f} seconds." if seconds < 90 else f"Takes about {seconds / 60:.0f} minutes."
    )


def completeness(error: float) -> str:
    return f"The map's values add up to the score within {100 * error:.1f} %."


def chip_accessible(title: str, words: str, tip: str) -> str:
    return f"{title}: {words}. {tip}"


def beats_random(title: str, score: CurveScore) -> str:
    """The verdict of the curves on this image."""
    by = {
        "yes": f"{title} is better than random on this image",
        "no": f"{title} is no better than random on this image",
        "undecided": f"It is undecided whether {title} is better than random on this image",
    }[score.better_than_random or "undecided"]
    return f"{by}: the gap of its {score.kind.upper()} is {correlation(score.score)}; 0 knows nothing."


# Why a map has no share of evidence, in the space of a card.
NO_SHARE = {
    "no_positive_evidence": "no positive evidence",
    "zero_up_to_rounding": "zero up to rounding",
    "probability_saturated": "probability saturated: explain the logit",
}


def grid_words(record: MethodRecord) -> str:
    """On how many cells the map was computed, or that it holds nothing for the target."""
    if record.no_share:
        return NO_SHARE[record.signal.state if record.signal is not None else "no_positive_evidence"]
    return f"{record.cells[0]} × {record.cells[1]} cells"


# Sanity
SANITY = "Sanity"
SANITY_NEEDS_MAPS = (
    "This panel checks whether a map deserves belief: whether it depends on what the model has learnt,"
    " repeats, and stands noise and shifts. Explain first."
)
CHECK = "CheckResult"
CHECK_AGAIN = "Again"
CHECK_ALL = "Check all"
STOP = "Stop"
WAITING = "waiting"
NO_ANSWER = "no answer"
NOT_POSSIBLE = "not possible"
STEPS = "Steps of the check"
THIS_MAP = "this map"
OWN_SCALES = "Each picture has its own scale."
# Short names for the rows of the panel; the engine's own titles stand in tooltips.
METRIC_TITLES = {
    "randomisation_cascading": "Trained weights",
    "randomisation_independent": "Weights, block by block",
    "repeatability": "Repeats with other seeds",
    "max_sensitivity": "Small changes (max-sensitivity)",
    "noise_robustness": "Noise",
    "shift_robustness": "Shift by a pixel",
}
# The figures that are drawn over steps.
FIGURES = {
    "spearman_abs": "rank correlation of magnitudes",
    "spearman": "rank correlation",
    "ssim": "structural similarity (SSIM)",
    "hog": "similarity of gradients (HOG)",
    "sensitivity": "relative change",
}
# The same in a legend.
SHORT_FIGURES = {"spearman_abs": "rank (magnitudes)", "spearman": "rank", "ssim": "SSIM", "hog": "HOG"}


def figure_name(name: str) -> str:
    return FIGURES.get(name, name.replace("_", " "))


def found(answer: str, headline: float | None) -> str:
    figure = "" if headline is None else f"{headline:.2f}".replace("-", "−")
    return f"{SYMBOLS[answer]} {answer}, {figure}" if answer else f"✓ {figure}"


def so_far(done: int, total: int) -> str:
    return f"{done} of {total}" if total > 1 else f"{CHECKING}…"


def check_cost(cost: Cost | None, seconds: float | None) -> str:
    """Expected time where the machine's speed is known, else the model calls."""
    if cost is None:
        return ""
    calls = cost.forwards + cost.gradients
    if seconds is not None:
        return short_duration(seconds)
    return f"{calls:,} model calls" if calls != 1 else "1 model call"


def short_duration(seconds: float) -> str:
    if seconds < 1.5:
        return "about 1 s"
    return f"about {seconds:.0f} s" if seconds < 90 else f"about {seconds / 60:.0f} min"


def step_label(step: dict[str, float | str], at: int) -> str:
    """The name of a step: the layer down to which weights are drawn anew, or its number."""
    return str(step["layer"]) if "layer" in step else str(at)


# Region
OPEN_MASK = "Open reference mask…"


def mask_filter(suffixes: Iterable[str]) -> str:
    """Which files the dialog that opens a mask offers; suffixes: the endings of image files."""
    return f"Masks ({' '.join(f'*{suffix}' for suffix in suffixes)});;All files (*)"


def inside(title: str, share: float | None, covered: float, no_share: str = "") -> str:
    """How much of a map's positive evidence lies in the region; no_share: why that means nothing."""
    size = f"the region covers {percent_of(covered)} of the image"
    if not title:
        return f"{size[0].upper()}{size[1:]}."
    if no_share:
        return f"{title}: {no_share} {size[0].upper()}{size[1:]}."
    if share is None:
        return f"{title} holds no positive evidence; {size}."
    return f"{percent_of(share)} of the positive evidence of {title} lies inside; {size}."


def percent_of(share: float) -> str:
    return f"{100 * share:.1f} %" if share < 0.01 else f"{100 * share:.0f} %"


def in_region(symbol: str, share: float) -> str:
    return f"{symbol} {percent_of(share)} in the region"
